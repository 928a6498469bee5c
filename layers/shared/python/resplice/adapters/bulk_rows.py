"""The stored form of a bulk's rows, whatever keeps it: a JSON list of [name, error]. No I/O."""

from __future__ import annotations

import json
from collections.abc import Iterable

from resplice.ports.bulks import BulkRow


def text_of(rows: Iterable[BulkRow]) -> str:
    return json.dumps([[row.name, row.error] for row in rows], ensure_ascii=False)


def rows_of(text: str | bytes) -> tuple[BulkRow, ...]:
    return tuple(BulkRow(name, error) for name, error in json.loads(text))
