"""The maker of caption files: what is behind a URL, as text."""

from __future__ import annotations

from pathlib import Path

from resplice.core.captions.captions_file import MAX_BYTES, CaptionsRefused
from resplice.core.captions.decoding import text_of
from resplice.core.facts import CaptionsFacts, written
from resplice.errors import SourceInvalid
from resplice.ports import Ports
from resplice.ports.web import Validators
from resplice.steps.element_cache import TaskOutcome, point_to, put_written
from resplice.steps.makers.maker import Job


def make(job: Job, ports: Ports) -> TaskOutcome:
    """Download what is not there or may have changed. Raises SourceError, StorageError."""
    cached, path, as_of_ms = job.cached, job.folder / "download", ports.clock.now_ms()
    pointer = ports.cache_index.pointer(job.key) if cached else None
    known = Validators(pointer.get("etag"), pointer.get("last_modified")) if pointer else None
    fetched = ports.web.fetch(job.task.url, path, known)
    if fetched is None:
        assert cached is not None
        return cached
    try:
        text, warnings = text_of(_start_of(path))
    except CaptionsRefused as error:
        raise SourceInvalid(job.task.url, f"of no use: {error.reason}") from None
    facts, content = written(CaptionsFacts, text=text)
    unchanged = cached if cached and cached.facts == facts else None
    put_written(facts, content, job.folder, ports)
    point_to(
        *(job.key, facts.digest, ports),
        run=None if unchanged else job.run,
        as_of_ms=as_of_ms,
        etag=fetched.validators.etag,
        last_modified=fetched.validators.last_modified,
        warnings=warnings,
    )
    return unchanged or TaskOutcome(facts, job.key, "miss", warnings)


def _start_of(path: Path) -> bytes:
    """As much of the file as captions may be, and a byte more: then it is refused."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)
