"""Templates in SQLite."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from resplice.adapters.sqlite.file import SqliteFile
from resplice.errors import StorageError
from resplice.ports.templates import Template

NAMES = tuple(field.name for field in fields(Template))
COLUMNS = ", ".join(NAMES)
LEFT_OUT = {"movie": "''", "ai_prompt": "NULL"}
LISTED = ", ".join(LEFT_OUT.get(name, name) for name in NAMES)
VALUES = ", ".join(f":{name}" for name in NAMES)
NEWEST_FIRST = "ORDER BY updated_at_ms DESC, id DESC"


class SqliteTemplates:
    """Implements ports.templates.Templates. Raises StorageError."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def add(self, template: Template) -> None:
        added = self._file.rows(
            f"INSERT INTO templates ({COLUMNS}) VALUES ({VALUES}) "
            "ON CONFLICT (id) DO NOTHING RETURNING id",
            _row(template),
        )
        if not added:
            raise StorageError(f"the template id {template.id} is taken")

    def get(self, owner: str, template_id: str) -> Template | None:
        rows = self._file.rows(
            f"SELECT {COLUMNS} FROM templates WHERE id = ? AND (owner = ? OR shared)",
            (template_id, owner),
        )
        return _template(rows[0]) if rows else None

    def list(self, owner: str) -> Sequence[Template]:
        found = f"SELECT {LISTED} FROM templates WHERE owner = ? {NEWEST_FIRST}"
        return [_template(row) for row in self._file.rows(found, (owner,))]

    def shared(self, owner: str) -> Sequence[Template]:
        found = f"SELECT {LISTED} FROM templates WHERE shared AND owner != ? {NEWEST_FIRST}"
        return [_template(row) for row in self._file.rows(found, (owner,))]

    def replace(self, template: Template, was_updated_at_ms: int) -> bool:
        replaced = self._file.rows(
            f"UPDATE templates SET ({COLUMNS}) = ({VALUES}) "
            "WHERE id = :id AND owner = :owner AND updated_at_ms = :was RETURNING id",
            {**_row(template), "was": was_updated_at_ms},
        )
        return bool(replaced)

    def remove(self, owner: str, template_id: str) -> bool:
        gone = "DELETE FROM templates WHERE id = ? AND owner = ? RETURNING id"
        return bool(self._file.rows(gone, (template_id, owner)))


def _row(template: Template) -> dict[str, Any]:
    return {**vars(template), "tags": json.dumps(template.tags)}


def _template(row: tuple[Any, ...]) -> Template:
    values = dict(zip(NAMES, row, strict=True))
    tags, shared = tuple(json.loads(values["tags"])), bool(values["shared"])
    return Template(**{**values, "tags": tags, "shared": shared})
