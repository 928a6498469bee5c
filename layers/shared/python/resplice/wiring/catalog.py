"""Where components lie: places of the user's own, then the catalog that is built in."""

from __future__ import annotations

from functools import cache

from resplice.adapters.disk.component_folders import CATALOG, ComponentFolders
from resplice.core.components import ComponentFolder
from resplice.ports.components import Components


class InOrder:
    """Implements ports.components.Components: of several with one name the first place's counts."""

    def __init__(self, *places: Components) -> None:
        self._places = places

    def all(self) -> tuple[ComponentFolder, ...]:
        """Raises StorageError."""
        found = [each for place in self._places for each in place.all()]
        first = {each.name: each for each in reversed(found)}
        return tuple(first[name] for name in sorted(first))


class BuiltIn:
    """Implements ports.components.Components: what comes with us, which is read once."""

    def all(self) -> tuple[ComponentFolder, ...]:
        """Raises StorageError."""
        return _catalog()


@cache
def _catalog() -> tuple[ComponentFolder, ...]:
    return ComponentFolders(CATALOG).all()


def with_catalog(*own: Components) -> Components:
    """These, then what is built in."""
    return InOrder(*own, BuiltIn())
