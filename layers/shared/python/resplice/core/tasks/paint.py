"""A picture that the browser paints."""

from __future__ import annotations

from resplice.core.tasks.task import Task
from resplice.frozen import frozen


@frozen
class PaintTask(Task):
    """A page painted by the browser.

    fonts  (family, digest) of downloaded ones
    files  (name, digest) of what the page may load as core.text.page.FILES + name
    """

    width: int
    height: int
    html: str
    fonts: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
