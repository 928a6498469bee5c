"""Templates in DynamoDB: each whole under its id, and without what is large in the lists it is in.

All places of a template are written in one transaction, so no list says what is not so.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from resplice.adapters.dynamodb.table import (
    DynamoTable,
    Item,
    adding,
    deleting,
    putting,
    removing,
    replacing,
)
from resplice.errors import StorageError
from resplice.ports.templates import Template

SHARED = "templates"
LARGE = ("movie", "ai_prompt")
"""What no list has."""


class DynamoTemplates:
    """Implements ports.templates.Templates. Raises StorageError."""

    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def add(self, template: Template) -> None:
        if not self._table.together([adding(_whole(template)), *_listed(template)]):
            raise StorageError(f"the template id {template.id} is taken")

    def get(self, owner: str, template_id: str) -> Template | None:
        item = self._table.get(_pk(template_id), "template")
        found = _template(item) if item else None
        return found if found and (found.owner == owner or found.shared) else None

    def list(self, owner: str) -> Sequence[Template]:
        return self._newest_first(_list_pk(owner))

    def shared(self, owner: str) -> Sequence[Template]:
        return [each for each in self._newest_first(SHARED) if each.owner != owner]

    def _newest_first(self, pk: str) -> Sequence[Template]:
        found = map(_template, self._table.query("#pk = :pk", {"pk": pk}))
        return sorted(found, key=lambda each: (each.updated_at_ms, each.id), reverse=True)

    def replace(self, template: Template, was_updated_at_ms: int) -> bool:
        whole = replacing(
            _whole(template),
            "#owner = :owner AND #updated_at_ms = :was",
            {"owner": template.owner, "was": was_updated_at_ms},
        )
        return self._table.together([whole, *_listed(template)])

    def remove(self, owner: str, template_id: str) -> bool:
        whole = removing(_pk(template_id), "template", "#owner = :owner", {"owner": owner})
        lists = [deleting(pk, template_id) for pk in (_list_pk(owner), SHARED)]
        return self._table.together([whole, *lists])


def _pk(template_id: str) -> str:
    return f"template#{template_id}"


def _list_pk(owner: str) -> str:
    return f"templates#{owner}"


def _whole(template: Template) -> Item:
    movie = zlib.compress(template.movie.encode())
    return {"pk": _pk(template.id), "sk": "template", **_values(template), "movie": movie}


def _listed(template: Template) -> Iterable[Mapping[str, Any]]:
    """The template in its owner's list, and in that of all which are shared, or out of it."""
    small = {name: value for name, value in _values(template).items() if name not in LARGE}
    yield putting({"pk": _list_pk(template.owner), "sk": template.id, **small})
    if template.shared:
        yield putting({"pk": SHARED, "sk": template.id, **small})
    else:
        yield deleting(SHARED, template.id)


def _values(template: Template) -> dict[str, Any]:
    values = {**vars(template), "tags": json.dumps(template.tags), "shared": int(template.shared)}
    return {name: value for name, value in values.items() if value is not None}


def _template(item: Item) -> Template:
    values = {name: value for name, value in item.items() if name not in ("pk", "sk")}
    movie = zlib.decompress(item["movie"]).decode() if "movie" in item else ""
    tags, shared = tuple(json.loads(item["tags"])), bool(item["shared"])
    return Template(**{**values, "movie": movie, "tags": tags, "shared": shared})
