"""JSON without ambiguity: text to plain values, or the first reason why it is refused.

RFC 8259 leaves open what NaN, doubled keys, huge integers and lone surrogates mean. A fingerprint
cannot be open, so all are refused (as RFC 7493 does). No schema here: any object passes.
"""

from __future__ import annotations

import json
import math
import re
from functools import cache
from typing import Any

from resplice.core.document.limits import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_INTEGER,
    MAX_VALUES,
)
from resplice.core.document.paths import Location, element_name, json_path, shortened
from resplice.errors import DocumentError, Problem

_UP_TO_BRACKET = re.compile(
    r'[^][{}"]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"?[^][{}"]*+)*+([][{}]|\Z)', re.DOTALL
)
"""Skips strings. It matches from every position, so that no text makes the search start over."""
_DEEPER = {"[": 1, "{": 1, "]": -1, "}": -1, "": 0}
_TEXT = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""The end may be missing, for the same reason."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def parse(text: bytes | str) -> dict[str, Any]:
    """The movie in text: a JSON object that is not empty. Raises DocumentError, one Problem."""
    document = parse_value(text)
    if document == [] or document == {}:
        raise DocumentError([Problem("", "Error parsing movie JSON or the movie was empty")])
    if not isinstance(document, dict):
        raise DocumentError([Problem("", "No valid movie JSON received")])
    return document


def parse_value(text: bytes | str, noun: str = "movie", most_bytes: int = MAX_BYTES) -> Any:
    """Any JSON value of so many bytes; noun says in the error's words what it was to be.

    Raises DocumentError with one Problem: with its path where a value is refused, else with line
    and column in its words.
    """
    try:
        source = _decoded(text, most_bytes)
        if not source.strip(" \t\r\n"):
            raise DocumentError([Problem("", f"No {noun} JSON received")])
        _check_size(source)
        return _read(source)
    except _RefusedError as refused:
        place, name = json_path(refused.path), element_name(refused.path)
        reason = f"{name}: {refused}" if name else str(refused)
        message = f"Error parsing {noun} JSON or the {noun} was empty: {reason}"
        raise DocumentError([Problem(place, message)]) from None


class _RefusedError(Exception):
    def __init__(self, reason: str, path: Location = ()) -> None:
        super().__init__(reason)
        self.path = path


def _decoded(text: bytes | str, most_bytes: int) -> str:
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(raw) > most_bytes:
        raise _RefusedError(f"it is larger than {most_bytes // 2**20} MiB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _RefusedError(f"not UTF-8 at byte {error.start}") from None


def _check_size(source: str) -> None:
    """Before parsing, because the parser recurses, and makes a value of each digit."""
    if _most_values(source) > MAX_VALUES and _most_values(_TEXT.sub("", source)) > MAX_VALUES:
        raise _RefusedError(f"it has more than {MAX_VALUES} values")
    if source.count("[") + source.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for match in _UP_TO_BRACKET.finditer(source):
        depth += _DEEPER[match[1]]
        if depth > MAX_DEPTH:
            where = _line_and_column(source, match.start(1))
            raise _RefusedError(f"{where}: nested more than {MAX_DEPTH} deep")


def _most_values(source: str) -> int:
    """How many values there are at most: each is the first in its list or stands after a comma."""
    return source.count(",") + source.count("[") + source.count("{")


def _line_and_column(source: str, position: int) -> str:
    line = source.count("\n", 0, position) + 1
    return f"line {line}, column {position - source.rfind(chr(10), 0, position)}"


def _read(source: str) -> Any:
    reader = _Reader()
    try:
        value = reader.decoder().decode(source)
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        raise _RefusedError(f"{_line_and_column(source, error.pos)}: {reason}") from None
    if reader.marked or _ESCAPED_SURROGATE.search(source):
        _check_values(value, ())
    return value


class _Mark:
    """Stands in the tree for a value that was refused, until a walk tells its path."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


class _Reader:
    """The hooks of one parse; they see no path, so they leave marks."""

    def __init__(self) -> None:
        self.marked = False

    def decoder(self) -> json.JSONDecoder:
        return json.JSONDecoder(
            object_pairs_hook=self._object,
            # A document says few numbers, often: each is read once.
            parse_int=cache(self._integer),
            parse_float=cache(self._float),
            parse_constant=lambda name: self._mark(f"{name} is not a JSON number"),
        )

    def _mark(self, reason: str) -> _Mark:
        self.marked = True
        return _Mark(reason)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    members[key] = self._mark(f"the key '{shortened(key)}' appears twice")
                seen.add(key)
        return members

    def _integer(self, digits: str) -> int | _Mark:
        if len(digits) > 17 or abs(int(digits)) > MAX_INTEGER:
            return self._mark(f"the integer {digits[:25]} is beyond 2^53")
        return int(digits)

    def _float(self, digits: str) -> float | _Mark:
        number = float(digits)
        return number if math.isfinite(number) else self._mark(f"{digits[:25]} is too large")


def _check_values(value: Any, path: tuple[int | str, ...]) -> None:
    if isinstance(value, _Mark):
        raise _RefusedError(value.reason, path)
    if isinstance(value, str) and _SURROGATE.search(value):
        raise _RefusedError("half of a surrogate pair is not a character", path)
    if isinstance(value, dict):
        for key, member in value.items():
            if _SURROGATE.search(key):
                raise _RefusedError("a key holds half of a surrogate pair", path)
            _check_values(member, (*path, key))
    if isinstance(value, list):
        for index, item in enumerate(value):
            _check_values(item, (*path, index))
