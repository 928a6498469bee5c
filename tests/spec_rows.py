"""Rows of what the API is said to do: what is asked for, and what must come back.

A row is one test on each kind of records. What it needs beforehand is in `made`, by name, and
stands in its paths and bodies as {name}. A row may ask several times, and keep parts of an answer
for what it asks later; rows know nothing of each other.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from served import KEY, Calls

PATIENCE_S = 50.0
SHOWN = 1000
"""Characters of an answer that is not as it should be."""
EMPTY: Mapping[str, Any] = {}
MISSING = object()


@dataclass(frozen=True)
class Ask:
    """One request, "GET /v2/movies?project={done}", and what its answer is.

    sends: JSON, or bytes. has: by path ("movie.url", "files.0.name") a value, a type, several
    types or a pattern for the whole of a text. lacks: paths that are not there. only: all names of
    the answer beside its timestamp. told: the same as has, of headers; None: it is not there.
    keeps: name in `made` → path in the answer. in_time: ask again and again until it holds.
    """

    asks: str
    status: int = 200
    has: Mapping[str, Any] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    only: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    sends: Any = None
    key: str | None = KEY
    headers: Mapping[str, str] = field(default_factory=dict)
    keeps: Mapping[str, str] = field(default_factory=dict)
    in_time: bool = False

    def hold(self, api: Calls, made: dict[str, Any]) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while True:
            said = self._said(api, made)
            wrong = self._wrong(*said, made)
            if not wrong or not self.in_time or time.monotonic() > deadline_s:
                break
            time.sleep(0.05)
        assert not wrong, f"{self.asks}: {wrong} in {str(said)[:SHOWN]}"
        made.update({name: at(said[1], path) for name, path in self.keeps.items()})

    def _said(
        self, api: Calls, made: Mapping[str, Any]
    ) -> tuple[int, Any, Mapping[str, str | None]]:
        method, _, path = filled(self.asks, made).partition(" ")
        sent = filled(self.sends, made)
        response, answer = api.answered(method, path, sent, key=self.key, **self.headers)
        return response.status, answer, {name: response.getheader(name) for name in self.told}

    def _wrong(
        self, status: int, answer: Any, told: Mapping[str, str | None], made: Mapping[str, Any]
    ) -> list[str]:
        wanted = filled(dict(self.has), made)
        wrong = [
            f"{path} is not {what}" for path, what in wanted.items() if not fits(answer, path, what)
        ]
        wrong += [
            f"{name} is not {what}"
            for name, what in self.told.items()
            if not fits(told, name, what)
        ]
        wrong += [f"{path} is there" for path in self.lacks if at(answer, path) is not MISSING]
        if self.only and set(answer) != set(self.only.split()):
            wrong.append(f"names are not {self.only}")
        return wrong if status == self.status else [f"status is not {self.status}", *wrong]


@dataclass(frozen=True)
class Row:
    """says: what the specification does, in short."""

    says: str
    asked: tuple[Ask, ...]

    def __str__(self) -> str:
        return self.says

    def hold(self, api: Calls, made: Mapping[str, Any] = EMPTY) -> None:
        own = dict(made)
        for ask in self.asked:
            ask.hold(api, own)


def row(says: str, *asked: Ask) -> Row:
    return Row(says, asked)


def at(answer: Any, path: str) -> Any:
    """What stands there, or MISSING."""
    for name in path.split("."):
        if isinstance(answer, list) and name.isdecimal() and int(name) < len(answer):
            answer = answer[int(name)]
        elif isinstance(answer, dict) and name in answer:
            answer = answer[name]
        else:
            return MISSING
    return answer


def fits(answer: Any, path: str, what: Any) -> bool:
    found = at(answer, path)
    if isinstance(what, re.Pattern):
        return isinstance(found, str) and bool(what.fullmatch(found))
    if isinstance(what, type | tuple):
        return found is not MISSING and isinstance(found, what)
    return type(found) is type(what) and bool(found == what)


def filled(said: Any, made: Mapping[str, Any]) -> Any:
    """The same with values for all {names} that are made; one that stands alone keeps its type."""
    if isinstance(said, re.Pattern):
        return re.compile(filled(said.pattern, made))
    if isinstance(said, dict):
        return {name: filled(each, made) for name, each in said.items()}
    if isinstance(said, list):
        return [filled(each, made) for each in said]
    if not isinstance(said, str):
        return said
    for name, value in made.items():
        if said == f"{{{name}}}":
            return value
        said = said.replace(f"{{{name}}}", str(value))
    return said
