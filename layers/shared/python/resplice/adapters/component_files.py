"""The files of a component, wherever they lie: `<pack>/<id>/` and their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from resplice.core.components import ComponentFolder
from resplice.errors import StorageError

DECLARATION, PAGE, STYLE = "component.json", "page.html", "style.css"
FILES = (DECLARATION, PAGE, STYLE)
MAX_FILE_BYTES = 300_000
"""Who reads a longer one says that it is too long: a part of it is enough for that."""

MAX_COMPONENTS = 200


File = TypeVar("File")


def within_limit(files: Iterable[File]) -> Iterator[File]:
    """The same files. Raises StorageError where one place has more than that many components."""
    for number, each in enumerate(files):
        if number >= MAX_COMPONENTS * len(FILES):
            raise StorageError(f"There are more than {MAX_COMPONENTS} components in one place")
        yield each


def text_of(content: bytes) -> str:
    """The text of a file; what is no UTF-8 shows as such."""
    return content.decode("utf-8-sig", "replace")


def folders(texts: Mapping[str, str]) -> tuple[ComponentFolder, ...]:
    """The components of these files, by their paths; sorted by name. A folder without a
    component.json is none.
    """
    names = sorted(
        path.removesuffix(f"/{DECLARATION}") for path in texts if path.endswith(f"/{DECLARATION}")
    )
    return tuple(
        ComponentFolder(name, *(texts.get(f"{name}/{file}", "") for file in FILES))
        for name in names
    )
