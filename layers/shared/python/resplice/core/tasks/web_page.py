"""A picture of a stranger's page, which the browser paints."""

from __future__ import annotations

from resplice.core.tasks.task import Task
from resplice.frozen import frozen


@frozen
class WebPageTask(Task):
    """A page painted by the browser: written out in `html`, or found behind `url`.

    width, height  the viewport, CSS pixels
    density        pixels of the picture for each of them
    css            declarations for its body
    wait_ms        its own time that passes before it is painted
    tailwind       the version of Tailwind CSS that it is written for; empty for none
    frames, fps    of its animations, painted from there on; 0 for a still
    """

    width: int
    height: int
    html: str = ""
    url: str = ""
    density: float = 1
    css: str = ""
    wait_ms: int = 0
    tailwind: str = ""
    frames: int = 0
    fps: int = 0
