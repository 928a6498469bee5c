"""What can be read about movies: their schema, and the components of this installation."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from mcp.server.mcpserver.exceptions import ResourceNotFoundError

from resplice.core.components import ComponentFolder
from resplice.core.declarations import DeclarationRefused, read_declaration
from resplice.core.schema.json_schema import json_schema
from resplice.frozen import frozen

COMPONENTS = "resplice://components"


@frozen
class Reference:
    """components: those that there are."""

    components: Callable[[], Sequence[ComponentFolder]]

    def schema(self) -> str:
        """The JSON Schema of movies, with everything that elements may say."""
        return json.dumps(json_schema(self.components()), ensure_ascii=False)

    def catalog(self) -> str:
        """All components by name, with their titles. Each has a page: resplice://components/…"""
        found = [(each, _title(each)) for each in self.components()]
        lines = [
            {"name": each.name, "title": title, "read": f"{COMPONENTS}/{each.name}"}
            for each, title in found
            if title is not None
        ]
        return json.dumps(lines, ensure_ascii=False)

    def component(self, pack: str, id: str) -> str:
        """What a component may be told: all groups of its settings, with their defaults."""
        found = [each for each in self.components() if each.name == f"{pack}/{id}"]
        if not found:
            raise ResourceNotFoundError(f"There is no component {pack}/{id}; see {COMPONENTS}")
        return found[0].declaration


def _title(folder: ComponentFolder) -> str | None:
    """None of one that cannot be used."""
    try:
        return read_declaration(folder.declaration).title
    except DeclarationRefused:
        return None
