"""The library of templates that comes with us: a JSON file each, `<id>.json`.

`name`, `tags` and `changed`, the day of its last change, stand beside its `movie`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType

from resplice.core.schema.movie import size_said
from resplice.errors import StorageError
from resplice.ports.templates import Template

FOLDER = Path(__file__).with_name("library")
NOBODY = ""
"""Their owner."""


@cache
def library() -> Mapping[str, Template]:
    """All, by id; read once. Raises StorageError."""
    try:
        return MappingProxyType({each.id: each for each in _read()})
    except (OSError, ValueError) as error:
        raise StorageError(f"The library of templates cannot be read: {error}") from error


def _read() -> Iterator[Template]:
    for path in sorted(FOLDER.glob("*.json")):
        said = json.loads(path.read_text("utf-8"))
        changed = datetime.fromisoformat(said["changed"]).replace(tzinfo=UTC)
        at_ms, movie = int(changed.timestamp()) * 1000, said["movie"]
        width, height = size_said(movie) or (None, None)
        text = json.dumps(movie, ensure_ascii=False, separators=(",", ":"))
        own = (said["name"], tuple(said["tags"]), text, at_ms, at_ms)
        yield Template(path.stem, NOBODY, *own, shared=True, width=width, height=height)
