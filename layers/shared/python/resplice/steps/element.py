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

from resplice.core.facts import MediaFacts, content_key
from resplice.core.keys import element_key
from resplice.core.report import Result
from resplice.core.sources import FetchTask, PaintTask, Wanted
from resplice.ports import Facts, Fetched, PaintFont, PaintPage, Ports, Validators


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
    if not pointer or not ports.objects.head(content_key(pointer.facts["media"]["digest"])):
        return None
    warnings = tuple(pointer.facts.get("warnings", ()))
    return Made(MediaFacts.from_json(pointer.facts["media"]), key, "hit", warnings)


def _fetch(task: FetchTask, key: str, cached: Made | None, folder: Path, ports: Ports) -> Made:
    path = folder / "download"
    fetched = ports.http.fetch(task.url, path, _validators(key, cached, ports))
    if cached and (fetched is None or fetched.digest == cached.facts.digest):
        return cached
    assert fetched is not None
    facts = _probed(task.url, path, fetched, ports)
    tags = fetched.validators
    _publish(key, facts, folder, ports, etag=tags.etag, last_modified=tags.last_modified)
    return Made(facts, key, "miss")


def _validators(key: str, cached: Made | None, ports: Ports) -> Validators | None:
    pointer = ports.objects.head(key) if cached else None
    if not pointer:
        return None
    return Validators(pointer.facts.get("etag"), pointer.facts.get("last_modified"))


def _probed(url: str, path: Path, fetched: Fetched, ports: Ports) -> MediaFacts:
    """The facts of the bytes: known if the same bytes came before, under whatever URL."""
    stored = ports.objects.head(content_key(fetched.digest))
    if stored:
        return MediaFacts.from_json(stored.facts)
    facts = ports.prober.probe(path, url)
    ports.objects.put(content_key(facts.digest), path, facts.as_json())
    return facts


def _paint(task: PaintTask, key: str, folder: Path, ports: Ports) -> Made:
    with _fonts(task, ports) as fonts:
        painted = ports.browser.paint(PaintPage(task.width, task.height, task.html, fonts))
    path = folder / "painted.png"
    path.write_bytes(painted.png)
    facts = replace(ports.prober.probe(path, "text"), x=painted.x, y=painted.y)
    ports.objects.put(content_key(facts.digest), path, replace(facts, x=0, y=0).as_json())
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
    pointer: Facts = {"media": facts.as_json(), **more}
    path = folder / "pointer.json"
    path.write_text(json.dumps(pointer))
    ports.objects.put(key, path, pointer)
