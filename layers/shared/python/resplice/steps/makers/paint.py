"""The maker of painted pages: the browser paints them, and says where their ink lies."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from resplice.core.facts import AnimationFacts, MediaFacts, content_key
from resplice.core.tasks import AnimateTask, PaintTask
from resplice.ports import Ports
from resplice.ports.browser import Animated, PageFile, Painted, PaintFont, PaintPage
from resplice.steps.element_cache import BY_MAKER, TaskOutcome, point_to, put_content
from resplice.steps.makers.maker import Job


def make(job: Job, ports: Ports) -> TaskOutcome:
    """Paint the page and store its picture. Raises PaintError, NotFound, StorageError."""
    with page_of(job.task, ports) as page:
        return stored(job, ports.browser.paint(page), ports)


def stored(
    job: Job, made: Painted | Animated, ports: Ports, *, may_heal: bool = False, **more: Any
) -> TaskOutcome:
    """Store what the browser made of the job's page. Raises StorageError.

    What is as it was before is not new, unless it may heal: then it is this run's alone. may_heal:
    whether it lacks what may be there another time. more: what else its pointer says.
    """
    content = made.png if isinstance(made, Painted) else made.apng
    path = job.folder / "painted.png"
    path.write_bytes(content)
    facts = _facts(made, content)
    put_content(path, facts, BY_MAKER, ports)
    placed = replace(facts, x=made.x, y=made.y)
    is_as_before = job.cached and job.cached.facts == placed and not may_heal
    unchanged = job.cached if is_as_before else None
    point_to(
        *(job.key, facts.digest, ports),
        run=None if unchanged else job.run,
        as_of_ms=ports.clock.now_ms(),
        placed={"x": made.x, "y": made.y},
        warnings=made.warnings,
        may_heal=may_heal,
        **more,
    )
    return unchanged or TaskOutcome(placed, job.key, "miss", made.warnings, passing=may_heal)


def _facts(made: Painted | Animated, content: bytes) -> MediaFacts:
    """What a prober would say of our own picture: where texts are painted there may be none."""
    said = hashlib.sha256(content).hexdigest(), len(content)
    size = made.width, made.height
    if isinstance(made, Painted):
        return MediaFacts(*said, "image", "png_pipe", *size, has_alpha=True)
    moving = AnimationFacts(*said, "video", "apng", *size, has_alpha=True)
    return replace(moving, frames=made.frames, loop_from=made.loop_from)


@contextmanager
def page_of(task: PaintTask | AnimateTask, ports: Ports) -> Iterator[PaintPage]:
    """The task's page; its fonts and files are open meanwhile. Raises NotFound, StorageError."""
    with ExitStack() as stack:

        def opened(digest: str) -> Path:
            return stack.enter_context(ports.objects.open(content_key(digest)))

        fonts = tuple(PaintFont(family, opened(digest)) for family, digest in task.fonts)
        files = tuple(PageFile(name, opened(digest)) for name, digest in task.files)
        yield PaintPage(task.width, task.height, task.html, fonts, files)
