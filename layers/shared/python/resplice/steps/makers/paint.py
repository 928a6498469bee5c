"""The maker of painted pages: the browser paints them, and says where their ink lies."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from resplice.core.facts import MediaFacts, content_key
from resplice.core.tasks.paint import PaintTask
from resplice.ports import Ports
from resplice.ports.browser import Painted, PaintFont, PaintPage
from resplice.steps.element_cache import BY_MAKER, TaskOutcome, point_to, put_content
from resplice.steps.makers.maker import Job


def make(job: Job, ports: Ports) -> TaskOutcome:
    """Paint the page and store its picture. Raises PaintError, NotFound, StorageError."""
    task = job.task
    with _fonts(task, ports) as fonts:
        painted = ports.browser.paint(PaintPage(task.width, task.height, task.html, fonts))
    path = job.folder / "painted.png"
    path.write_bytes(painted.png)
    facts = facts_of_painted(painted)
    put_content(path, facts, BY_MAKER, ports)
    point_to(
        *(job.key, facts.digest, ports),
        run=job.run,
        as_of_ms=ports.clock.now_ms(),
        placed={"x": painted.x, "y": painted.y},
        warnings=painted.warnings,
    )
    placed = replace(facts, x=painted.x, y=painted.y)
    return TaskOutcome(placed, job.key, "miss", painted.warnings)


def facts_of_painted(painted: Painted) -> MediaFacts:
    """What a prober would say of our own PNG: where texts are painted there may be none."""
    digest = hashlib.sha256(painted.png).hexdigest()
    size = (painted.width, painted.height)
    return MediaFacts(digest, len(painted.png), "image", "png_pipe", *size, has_alpha=True)


@contextmanager
def _fonts(task: PaintTask, ports: Ports) -> Iterator[tuple[PaintFont, ...]]:
    """The downloaded fonts of a page, open while it is painted."""
    with ExitStack() as stack:
        yield tuple(
            PaintFont(family, stack.enter_context(ports.objects.open(content_key(digest))))
            for family, digest in task.fonts
        )
