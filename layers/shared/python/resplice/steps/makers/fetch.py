"""The maker of downloads: the bytes behind a URL, and what a prober finds them to be."""

from __future__ import annotations

from resplice.ports import Ports
from resplice.ports.web import Validators
from resplice.steps.element_cache import TaskOutcome, facts_of, point_to
from resplice.steps.makers.maker import Job
from resplice.steps.makers.stored import probed, stored_media


def make(job: Job, ports: Ports) -> TaskOutcome:
    """Download what is not there or may have changed. Raises SourceError, StorageError."""
    cached = job.cached or stored_media(job, ports, job.task.url)
    if cached and not job.revalidate:
        return cached
    path, as_of_ms = job.folder / "download", ports.clock.now_ms()
    pointer = ports.cache_index.pointer(job.key) if cached else None
    known = Validators(pointer.get("etag"), pointer.get("last_modified")) if pointer else None
    fetched = ports.web.fetch(job.task.url, path, known)
    if cached and fetched is None:
        return cached
    assert fetched is not None
    facts = facts_of(fetched.digest, ports) or probed(path, job.task.url, ports)
    unchanged = cached if cached and fetched.digest == cached.facts.digest else None
    point_to(
        *(job.key, facts.digest, ports),
        run=None if unchanged else job.run,
        as_of_ms=as_of_ms,
        etag=fetched.validators.etag,
        last_modified=fetched.validators.last_modified,
    )
    return unchanged or TaskOutcome(facts, job.key, "miss")
