"""What makers find in the store: bytes that are there are not made again, nor paid for again.

Their facts may be by an author of before, another version of ours or of FFmpeg: then they are
found anew, from the bytes.
"""

from __future__ import annotations

from pathlib import Path

from resplice.core.facts import MediaFacts, WrittenFacts, content_key, media, read_facts
from resplice.errors import NotFound
from resplice.ports import Ports
from resplice.steps.element_cache import (
    BY_MAKER,
    TaskOutcome,
    by_prober,
    facts_of,
    outcome_of,
    put_content,
    usable_pointer,
)
from resplice.steps.makers.maker import Job


def stored_media(job: Job, ports: Ports, url: str = "") -> TaskOutcome | None:
    """What a job is to make, when a media file is stored for it. url: where it is from, for errors.

    Raises SourceInvalid when the bytes cannot be read any more, StorageError.
    """
    pointer = usable_pointer(job.key, job.run, ports, forced=job.forced)
    facts = facts_in_store(pointer["digest"], ports, url) if pointer else None
    if not pointer or not facts:
        return None
    return outcome_of(pointer, facts, job.key, job.run, forced=job.forced)


def stored_writing(job: Job, kind: type[WrittenFacts], ports: Ports) -> TaskOutcome | None:
    """What a job is to make, when facts of that kind are stored for it as bytes that can be read.

    Raises StorageError.
    """
    pointer = usable_pointer(job.key, job.run, ports, forced=job.forced)
    if not pointer:
        return None
    digest = pointer["digest"]
    try:
        with ports.objects.open(content_key(digest)) as path:
            facts = read_facts(kind(digest, path.stat().st_size), path.read_bytes())
            put_content(path, facts, BY_MAKER, ports)
    except (NotFound, ValueError):
        return None
    return outcome_of(pointer, facts, job.key, job.run, forced=job.forced)


def facts_in_store(digest: str, ports: Ports, url: str = "") -> MediaFacts | None:
    """The facts of a stored media file, found anew if need be; None when it is gone.

    Raises SourceInvalid, StorageError.
    """
    known = facts_of(digest, ports)
    if known:
        return media(known)
    try:
        with ports.objects.open(content_key(digest)) as path:
            return probed(path, url, ports)
    except NotFound:
        return None


def probed(path: Path, url: str, ports: Ports) -> MediaFacts:
    """The facts of a file, which is stored with them. Raises SourceInvalid, StorageError."""
    facts = ports.prober.probe(path, url)
    put_content(path, facts, by_prober(ports), ports)
    return facts
