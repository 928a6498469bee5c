"""Components in a folder: `<pack>/<id>/` with a component.json, a page.html and a style.css.

The built-in ones lie in the package. Files are read anew when they have changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from resplice.core.components import ComponentFolder
from resplice.errors import StorageError

DECLARATION, PAGE, STYLE = "component.json", "page.html", "style.css"
MAX_FILE_BYTES = 300_000
CATALOG = Path(__file__).resolve().parents[2] / "core/elements/component/catalog"

_State = tuple[tuple[str, int, int], ...]


class ComponentFolders:
    """The components of one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._read: dict[str, tuple[_State, ComponentFolder]] = {}

    def all(self) -> tuple[ComponentFolder, ...]:
        """Sorted by name. Raises StorageError when the folder cannot be read."""
        try:
            return tuple(self._component(folder) for folder in self._folders())
        except OSError as error:
            raise StorageError(f"The components in {self._root} cannot be read: {error}") from error

    def _folders(self) -> Iterator[Path]:
        if not self._root.is_dir():
            raise StorageError(f"There is no folder of components: {self._root}")
        return (path.parent for path in sorted(self._root.glob(f"*/*/{DECLARATION}")))

    def _component(self, folder: Path) -> ComponentFolder:
        name = folder.relative_to(self._root).as_posix()
        state = tuple(
            (path.name, path.stat().st_size, path.stat().st_mtime_ns)
            for path in (folder / file for file in (DECLARATION, PAGE, STYLE))
            if path.is_file()
        )
        known = self._read.get(name)
        if known is None or known[0] != state:
            texts = (_text(folder / file) for file in (DECLARATION, PAGE, STYLE))
            known = self._read[name] = (state, ComponentFolder(name, *texts))
        return known[1]


def _text(path: Path) -> str:
    """The text of a file; none when there is no such file. What is too long is told by who reads
    it: a part of it is enough.
    """
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return file.read(MAX_FILE_BYTES).decode("utf-8-sig", "replace")
