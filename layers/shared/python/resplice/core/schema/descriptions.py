"""What the parts of a document say of themselves, read from the docstrings of their models. Pure.

A docstring says what the part is; then it has a row for each field: its name, two blanks or more,
what it does, over as many lines as that takes. Nobody reads them before somebody asks: docstrings
below the fields would be read from the sources whenever models are imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import BaseModel

_ROW = re.compile(r"(\w+) {2,}(\S.*)")


def of_part(model: type[BaseModel]) -> str:
    """What the part is: the beginning of its own docstring, or nothing."""
    said = (model.__doc__ or "").split("\n\n")[0]
    return " ".join(said.split())


def of_fields(model: type[BaseModel]) -> dict[str, str]:
    """What each field does, as the part says it, or the nearest that it is made of."""
    found = dict[str, str]()
    for each in reversed(model.__mro__):
        if issubclass(each, BaseModel):
            found |= {name: _sentence(words) for name, words in _rows(each.__doc__ or "")}
    return found


def _rows(docstring: str) -> Iterator[tuple[str, str]]:
    name, words = "", list[str]()
    for line in [*map(str.strip, docstring.splitlines()), ""]:
        row = _ROW.fullmatch(line)
        if name and (row or not line):
            yield name, " ".join(words)
            name = ""
        if row:
            name, words = row[1], [row[2]]
        else:
            words.append(line)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "." * (words[-1:] not in ".…")
