"""A page whose animations the browser steps frame by frame."""

from __future__ import annotations

from resplice.core.tasks.task import Task
from resplice.frozen import frozen


@frozen
class AnimateTask(Task):
    """A page painted at each frame of a clock, until its animations have come to their end.

    It says nothing of how long it is shown: what holds at the end costs nothing, and one title is
    one task in scenes of any length. A page that stands still comes out as one picture.

    fps    frames per second of the clock
    fonts  (family, digest) of downloaded ones
    files  (name, digest) of what the page may load as core.text.page.FILES + name
    """

    width: int
    height: int
    html: str
    fps: int
    fonts: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
