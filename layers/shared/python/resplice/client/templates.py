"""The client's calls on templates."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from typing import Any

from resplice.client.transport import Transport
from resplice.client.values import Json, Template
from resplice.frozen import frozen


@frozen
class Templates:
    """All calls raise ApiError, NoAnswer."""

    _transport: Transport

    def list(self, *, tag: str | None = None) -> builtins.list[Template]:
        """Your own, without their movies, the one that was changed last first."""
        return self._listed("/templates", {"tag": tag})

    def library(self, tags: Sequence[str] = ()) -> builtins.list[Template]:
        """Those that are there for everybody."""
        return self._listed("/templates/library", {"tags": ",".join(tags) or None})

    def get(self, id: str, *, format: str | None = None) -> Template:
        """format: `make` or `jsonschema`, for descriptions of its variables."""
        told = self._transport.call("GET", "/templates", {"id": id, "format": format})
        return Template.of({"id": id, **(told.get("template") or {})})

    def create(
        self,
        name: str,
        movie: Mapping[str, Any] | str | None = None,
        *,
        tags: Sequence[str] | None = None,
        prompt: str | None = None,
    ) -> str:
        """The new template's id."""
        return self._saved(None, name=name, movie=movie, tags=tags, prompt=prompt)

    def update(
        self,
        id: str,
        *,
        name: str | None = None,
        movie: Mapping[str, Any] | str | None = None,
        tags: Sequence[str] | None = None,
        prompt: str | None = None,
    ) -> None:
        """Change what is given and leave the rest; a movie takes the place of the whole old one."""
        self._saved({"id": id}, name=name, movie=movie, tags=tags, prompt=prompt)

    def duplicate(
        self, id: str, *, name: str | None = None, variables: Mapping[str, Any] | None = None
    ) -> str:
        """The copy's id."""
        query = {"id": id, "action": "duplicate"}
        return self._saved(query, name=name, variables=variables)

    def delete(self, id: str) -> None:
        self._transport.call("DELETE", "/templates", {"id": id})

    def _listed(self, path: str, query: Mapping[str, str | None]) -> builtins.list[Template]:
        told = self._transport.call("GET", path, query)
        return [Template.of(each) for each in told.get("templates") or ()]

    def _saved(self, query: Mapping[str, str] | None, **fields: Any) -> str:
        body = {name: value for name, value in fields.items() if value is not None}
        told: Json = self._transport.call("POST", "/templates", query, body)
        return str(told.get("templateId") or "")
