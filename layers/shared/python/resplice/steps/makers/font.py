"""The maker of named fonts: asks an address that answers as Google Fonts does, and keeps the file.

It answers browsers with pieces of a font and everybody else with the whole. What cannot be had is
told and done without, unless the task is strict; nothing is kept then, so that it is asked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus, urljoin

from resplice.core.facts import AbsentFacts, MediaFacts
from resplice.core.tasks import FontTask
from resplice.errors import SourceError, SourceInvalid, SourceMissing, SourceUnavailable
from resplice.ports import Ports
from resplice.steps.element_cache import TaskOutcome, facts_of, point_to
from resplice.steps.makers.maker import Job
from resplice.steps.makers.stored import probed, stored_media

WEIGHTS = tuple(range(100, 1000, 100))
MAX_CSS_BYTES = 1 << 18
_URL = re.compile(r"""src:\s*url\(["']?([^"'()\s]{1,2000})["']?\)""")


def make(job: Job, ports: Ports) -> TaskOutcome:
    """Raises SourceError where the task is strict, StorageError."""
    task = job.task
    cached = job.cached or stored_media(job, ports, task.source)
    if cached and not job.revalidate:
        return cached
    try:
        facts = _fetched(job, ports)
    except SourceError as error:
        if task.strict:
            raise
        words = f"cannot be had ({error.reason})"
        passing = isinstance(error, SourceUnavailable)
        return TaskOutcome(AbsentFacts("", 0), job.key, "miss", (words,), passing=passing)
    unchanged = cached if cached and cached.facts.digest == facts.digest else None
    run = None if unchanged else job.run
    point_to(job.key, facts.digest, ports, run=run, as_of_ms=ports.clock.now_ms())
    return unchanged or TaskOutcome(facts, job.key, "miss")


def _fetched(job: Job, ports: Ports) -> MediaFacts:
    """Raises SourceError."""
    url, path = _file_url(job, ports), job.folder / "font"
    fetched = ports.web.fetch(url, path)
    assert fetched is not None
    known = facts_of(fetched.digest, ports)
    facts = known if isinstance(known, MediaFacts) else probed(path, url, ports)
    if facts.kind != "font":
        raise SourceInvalid(url, f"no font but {facts.kind}")
    return facts


def _file_url(job: Job, ports: Ports) -> str:
    """Where the font lies, in the nearest weight that there is. Raises SourceError."""
    task, path = job.task, job.folder / "fonts.css"
    usual = _said(task, None, path, ports)
    if usual is None:
        raise SourceMissing(_address(task, None), "no family of that name")
    for weight in _nearest_first(task.weight):
        if found := _said(task, weight, path, ports):
            return found
    return usual


def _said(task: FontTask, weight: int | None, path: Path, ports: Ports) -> str | None:
    """The file that the address names; None when it has no such font. Raises SourceError."""
    url = _address(task, weight)
    try:
        ports.web.fetch(url, path)
    except SourceMissing as error:
        if error.reason in ("400", "404"):
            return None
        raise
    with path.open("rb") as file:
        css = file.read(MAX_CSS_BYTES).decode("utf-8", "replace")
    if not (found := _URL.search(css)):
        raise SourceInvalid(url, "no style sheet that names a font")
    return urljoin(url, str(found[1]))


def _address(task: FontTask, weight: int | None) -> str:
    of_weight = f":wght@{weight}" if weight else ""
    return f"{task.source.rstrip('/')}/css2?family={quote_plus(task.family)}{of_weight}"


def _nearest_first(weight: int) -> Iterator[int]:
    """Weights as CSS looks for them: a bold one above first, a light one below first."""
    yield weight
    above = [each for each in WEIGHTS if each > weight]
    below = [each for each in reversed(WEIGHTS) if each < weight]
    if 400 <= weight <= 500:
        yield from (each for each in above if each <= 500)
        yield from below
        yield from (each for each in above if each > 500)
    else:
        yield from above + below if weight > 500 else below + above
