"""The maker of pages that move: the browser steps them, frame by frame."""

from __future__ import annotations

from resplice.ports import Ports
from resplice.steps.element_cache import TaskOutcome
from resplice.steps.makers.maker import Job
from resplice.steps.makers.paint import page_of, stored


def make(job: Job, ports: Ports) -> TaskOutcome:
    """Store the page's frames, or its one picture when it stands still.

    Raises PaintError, NotFound, StorageError.
    """
    with page_of(job.task, ports) as page:
        return stored(job, ports.browser.animate(page, job.task.fps), ports)
