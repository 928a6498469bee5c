"""Element: make one element task, or find it made. Download or paint, probe, store by content.

The bytes go under their digest, then a pointer to them under the task's key: a pointer whose
bytes are gone is a miss. A failure is never stored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from resplice.core.facts import FACTS_VERSION, MediaFacts, content_key
from resplice.core.keys import element_key
from resplice.core.report import Result
from resplice.core.sources import FetchTask, PaintTask, Wanted
from resplice.errors import NotFound
from resplice.ports import Facts, PaintFont, PaintPage, Ports, Validators


@dataclass(frozen=True)
class Made:
    """An element task's outcome."""

    facts: MediaFacts
    key: str
    result: Result
    warnings: tuple[str, ...] = ()


def make(want: Wanted, ports: Ports, *, revalidate: bool) -> Made:
    """Make the task, from the cache unless it is forced.

    revalidate: ask the other side whether a cached download is still current.
    Raises SourceError, PaintError, StorageError.
    """
    key = element_key(want.task, ports.tools)
    cached = None if want.forced else _cached(key, ports)
    if cached and not (revalidate and isinstance(want.task, FetchTask)):
        return cached
    with ports.scratch.scratch() as folder:
        if isinstance(want.task, PaintTask):
            made = _paint(want.task, key, folder, ports)
        else:
            made = _fetch(want.task, key, cached, folder, ports)
    return replace(made, result="bypass") if want.forced else made


def _cached(key: str, ports: Ports) -> Made | None:
    pointer = ports.objects.head(key)
    facts = _known(pointer.facts["digest"], ports) if pointer else None
    if not pointer or not facts:
        return None
    placed = replace(facts, x=pointer.facts["x"], y=pointer.facts["y"])
    return Made(placed, key, "hit", tuple(pointer.facts.get("warnings", ())))


def _known(digest: str, ports: Ports) -> MediaFacts | None:
    """The facts of stored bytes. Those that another prober found are found anew."""
    key = content_key(digest)
    stored = ports.objects.head(key)
    if not stored:
        return None
    if stored.facts.get("prober") == _prober(ports):
        return MediaFacts.from_json(stored.facts["media"])
    try:
        with ports.objects.open(key) as path:
            return _probed(path, "cached bytes", ports)
    except NotFound:
        return None


def _prober(ports: Ports) -> str:
    """Who found the facts: they may be others when we, or FFmpeg, know better."""
    return f"{FACTS_VERSION} {ports.tools.ffmpeg}"


def _probed(path: Path, url: str, ports: Ports) -> MediaFacts:
    """Find the facts of a file, and store its bytes with them. Raises SourceInvalid."""
    facts = ports.prober.probe(path, url)
    more = {"media": facts.as_json(), "prober": _prober(ports)}
    ports.objects.put(content_key(facts.digest), path, more)
    return facts


def _fetch(task: FetchTask, key: str, cached: Made | None, folder: Path, ports: Ports) -> Made:
    path = folder / "download"
    fetched = ports.http.fetch(task.url, path, _validators(key, cached, ports))
    if cached and (fetched is None or fetched.digest == cached.facts.digest):
        return cached
    assert fetched is not None
    facts = _known(fetched.digest, ports) or _probed(path, task.url, ports)
    tags = fetched.validators
    _publish(key, facts, folder, ports, etag=tags.etag, last_modified=tags.last_modified)
    return Made(facts, key, "miss")


def _validators(key: str, cached: Made | None, ports: Ports) -> Validators | None:
    pointer = ports.objects.head(key) if cached else None
    if not pointer:
        return None
    return Validators(pointer.facts.get("etag"), pointer.facts.get("last_modified"))


def _paint(task: PaintTask, key: str, folder: Path, ports: Ports) -> Made:
    with _fonts(task, ports) as fonts:
        painted = ports.browser.paint(PaintPage(task.width, task.height, task.html, fonts))
    path = folder / "painted.png"
    path.write_bytes(painted.png)
    facts = replace(_probed(path, "a painted text", ports), x=painted.x, y=painted.y)
    _publish(key, facts, folder, ports, warnings=painted.warnings)
    return Made(facts, key, "miss", painted.warnings)


@contextmanager
def _fonts(task: PaintTask, ports: Ports) -> Iterator[tuple[PaintFont, ...]]:
    """The downloaded fonts of a page, open while it is painted."""
    with ExitStack() as stack:
        yield tuple(
            PaintFont(family, stack.enter_context(ports.objects.open(content_key(digest))))
            for family, digest in task.fonts
        )


def _publish(key: str, facts: MediaFacts, folder: Path, ports: Ports, **more: Any) -> None:
    """The pointer, after the bytes."""
    pointer: Facts = {"digest": facts.digest, "x": facts.x, "y": facts.y, **more}
    path = folder / "pointer.json"
    path.write_text(json.dumps(pointer))
    ports.objects.put(key, path, pointer)
