"""The maker of downloads: the bytes behind a URL, and what a prober finds them to be."""

from __future__ import annotations

from pathlib import Path

from resplice.core.facts import Facts, content_key
from resplice.errors import NotFound
from resplice.ports import Ports
from resplice.ports.web import Validators
from resplice.steps.element_cache import (
    TaskOutcome,
    by_prober,
    facts_of,
    point_to,
    put_content,
)
from resplice.steps.makers.maker import Job


def make(job: Job, ports: Ports) -> TaskOutcome:
    """Download what is not there or may have changed. Raises SourceError, StorageError."""
    cached = job.cached or (None if job.forced else _probed_again(job, ports))
    if cached and not job.revalidate:
        return cached
    path, as_of_ms = job.folder / "download", ports.clock.now_ms()
    pointer = ports.cache_index.pointer(job.key) if cached else None
    known = Validators(pointer.get("etag"), pointer.get("last_modified")) if pointer else None
    fetched = ports.web.fetch(job.task.url, path, known)
    if cached and fetched is None:
        return cached
    assert fetched is not None
    facts = facts_of(fetched.digest, ports) or _probed(path, job.task.url, ports)
    unchanged = cached if cached and fetched.digest == cached.facts.digest else None
    point_to(
        *(job.key, facts.digest, ports),
        run=None if unchanged else job.run,
        as_of_ms=as_of_ms,
        etag=fetched.validators.etag,
        last_modified=fetched.validators.last_modified,
    )
    return unchanged or TaskOutcome(facts, job.key, "miss")


def _probed_again(job: Job, ports: Ports) -> TaskOutcome | None:
    """What is stored, with new facts when those that are stored are by an author of before."""
    pointer = ports.cache_index.pointer(job.key)
    if not pointer:
        return None
    try:
        with ports.objects.open(content_key(pointer["digest"])) as path:
            return TaskOutcome(_probed(path, job.task.url, ports), job.key, "hit")
    except NotFound:
        return None


def _probed(path: Path, url: str, ports: Ports) -> Facts:
    """The facts of a file, which is stored with them. Raises SourceInvalid."""
    facts = ports.prober.probe(path, url)
    put_content(path, facts, by_prober(ports), ports)
    return facts
