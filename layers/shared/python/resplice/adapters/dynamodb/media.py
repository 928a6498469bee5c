"""Records of media in DynamoDB: an item each, and one that says what stands for the owner.

What is in the folder TEMP expires by itself, some time after nobody is shown it any more.
"""

from __future__ import annotations

from collections.abc import Sequence

from resplice.adapters.dynamodb.table import (
    Change,
    DynamoTable,
    Item,
    expires_at,
    removing,
    word,
)
from resplice.core.media import MediaFile

TOKEN = "#token"
"""Its sort key: no path has such a sign."""
SPARE_DAYS = 2
SAME = "#created_at_ms = :was_ms"


class DynamoMedia:
    """Implements ports.media.MediaRecords."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def token(self, owner: str) -> str | None:
        row = self._table.get(_pk(owner), TOKEN)
        return str(row["token"]) if row else None

    def claim_token(self, owner: str, token: str) -> str:
        had = self._table.add({"pk": _pk(owner), "sk": TOKEN, "token": token})
        return str(had["token"]) if had else token

    def add(self, owner: str, file: MediaFile) -> bool:
        by = word()
        had = self._table.add({**_row(owner, file), "by": by})
        return had is None or had.get("by") == by

    def get(self, owner: str, path: str) -> MediaFile | None:
        row = self._table.get(_pk(owner), path) if path else None
        return _file(row) if row else None

    def list(self, owner: str, folder: str) -> Sequence[MediaFile]:
        values = {"pk": _pk(owner), "first": f"{folder}/", "last": f"{folder}0"}
        if not folder:
            values |= {"first": "$", "last": "\x7f"}
        rows = self._table.query("#pk = :pk AND #sk BETWEEN :first AND :last", values)
        return [_file(row) for row in rows if row["sk"] not in values.values()]

    def replace(self, owner: str, was: MediaFile, file: MediaFile) -> bool:
        put = {name: value for name, value in _row(owner, file).items() if name not in ("pk", "sk")}
        change = Change(SAME, {"was_ms": was.created_at_ms}, put)
        return self._table.change(_pk(owner), was.path, change)[0]

    def remove(self, owner: str, file: MediaFile) -> bool:
        values = {"was_ms": file.created_at_ms}
        return self._table.together([removing(_pk(owner), file.path, SAME, values)])


def _pk(owner: str) -> str:
    return f"media#{owner}"


def _row(owner: str, file: MediaFile) -> Item:
    until_ms = file.expires_at_ms
    gone = {"expires_at": expires_at(until_ms, SPARE_DAYS)} if until_ms is not None else {}
    return {"pk": _pk(owner), "sk": file.path, **vars(file), **gone}


def _file(row: Item) -> MediaFile:
    return MediaFile(**{name: row[name] for name in MediaFile.__dataclass_fields__})
