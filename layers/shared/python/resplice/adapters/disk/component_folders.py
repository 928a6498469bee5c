"""Components in a folder: `<pack>/<id>/` with a component.json, a page.html and a style.css.

The built-in ones lie in the package. Files are read anew when they have changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from resplice.adapters.component_files import FILES, MAX_FILE_BYTES, folders, text_of, within_limit
from resplice.core.components import ComponentFolder
from resplice.errors import StorageError

CATALOG = Path(__file__).resolve().parents[2] / "core/elements/component/catalog"


class ComponentFolders:
    """Implements ports.components.Components. One instance may serve many threads."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._read: dict[str, tuple[tuple[int, int], str]] = {}

    def all(self) -> tuple[ComponentFolder, ...]:
        """Raises StorageError when the folder cannot be read, or holds too many."""
        if not self._root.is_dir():
            raise StorageError(f"There is no folder of components: {self._root}")
        try:
            return folders(dict(self._texts()))
        except OSError as error:
            raise StorageError(f"The components in {self._root} cannot be read: {error}") from error

    def _texts(self) -> Iterator[tuple[str, str]]:
        for path in within_limit(self._files()):
            yield path.relative_to(self._root).as_posix(), self._text(path)

    def _files(self) -> Iterator[Path]:
        for path in self._root.glob("*/*/*"):
            if path.name in FILES and path.is_file():
                yield path

    def _text(self, path: Path) -> str:
        stat = path.stat()
        state, known = (stat.st_size, stat.st_mtime_ns), self._read.get(str(path))
        if known is None or known[0] != state:
            with path.open("rb") as file:
                known = self._read[str(path)] = (state, text_of(file.read(MAX_FILE_BYTES + 1)))
        return known[1]
