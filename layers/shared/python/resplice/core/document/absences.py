"""Variables that do not meet: placeholders that ask for one that is none, and those of a movie that
nothing asks for. Mostly slips of the pen, and never an error: JSON2Video takes both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from resplice.core.document.limits import MAX_WARNINGS
from resplice.core.document.paths import DocumentPath, json_path, shortened
from resplice.core.document.spelling import nearest
from resplice.core.document.variables import ANNOTATIONS
from resplice.errors import shown

MOST_NOTED = 1_000
"""Names that one text may miss, and which are counted."""
MOST_COMPARED = 300
"""Names that a name is compared to: a document may have as many as it has values."""
_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
_NAME = re.compile(r"[^\W\d]\w*")
_WHOLE = ("condition", "iterate")
"""Fields in which names stand outside of placeholders too."""


class Absences:
    """Names that no scope has, noted while a text is read and told with its place; the first 20."""

    def __init__(self) -> None:
        self._noted: dict[str, Iterable[str]] = {}
        self._told: dict[tuple[str, str], str] = {}
        self._more = 0

    @property
    def warnings(self) -> list[str]:
        told = list(self._told.values())
        if not self._more:
            return told
        from resplice.core.warned import left_out  # Late: most documents need none of its words.

        return [*told[:-1], left_out(self._more + 1)]

    @property
    def count(self) -> int:
        """How many are noted and not told yet."""
        return len(self._noted)

    def note(self, name: str, known: Iterable[str]) -> None:
        """known: the names that there are."""
        if len(self._noted) < MOST_NOTED:
            self._noted.setdefault(name, known)

    def forget(self, count: int = 0) -> None:
        """Forget what was noted after the first `count`: nobody misses it."""
        while len(self._noted) > count:
            self._noted.popitem()

    def tell(self, path: DocumentPath) -> None:
        """What is noted is missed there."""
        place = shown(json_path(path)) if self._noted else ""
        for name, known in self._noted.items():
            if (place, name) in self._told:
                continue
            if len(self._told) == MAX_WARNINGS:
                self._more += 1
            else:
                words = f"{place}: there is no variable '{shortened(name)}'"
                self._told[place, name] = _line("unknown-variable", words, name, known)
        self._noted.clear()


def _line(code: str, words: str, name: str, known: Iterable[str]) -> str:
    """A warning that asks whether another name is meant, where one is like it."""
    from resplice.core.warned import warned  # Late: most documents need none of its words.

    like = nearest(name, islice(known, MOST_COMPARED))
    return warned(code, words, f"did you mean '{like}'?" if like else None)


def unused(document: Mapping[str, Any], variables: Mapping[str, Any]) -> list[str]:
    """A warning for each of the movie's variables whose name stands in nothing that is evaluated,
    wherever that is; the first 20. Costs one look at each text.
    """
    if not variables:
        return []
    mentioned = dict.fromkeys(_mentioned(document))
    names = (each for each in variables if not each.startswith(ANNOTATIONS))
    found = [name for name in names if name not in mentioned]
    if not found:
        return []
    from resplice.core.warned import said_of  # Late: most documents need none of its words.

    def told(name: str) -> str:
        words = f"variables.{shortened(name)} is used nowhere"
        return _line("unused-variable", words, name, mentioned)

    return said_of(found, told, MAX_WARNINGS)


def _mentioned(value: Any, key: str = "") -> Iterator[str]:
    """Every word in an expression: that some are no names of variables does no harm."""
    if isinstance(value, str):
        if key in _WHOLE:
            yield from _NAME.findall(value)
        elif "{{" in value:
            for expression in _PLACEHOLDER.findall(value):
                yield from _NAME.findall(expression)
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from _mentioned(member, name)
    elif isinstance(value, list):
        for member in value:
            yield from _mentioned(member)
