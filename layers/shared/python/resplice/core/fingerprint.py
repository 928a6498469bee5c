"""Keys: what a value is, as one SHA-256. Two values have the same key if they mean the same.

Canonical form is RFC 8785 (JCS): keys sorted, one spelling per number. Only a deny-list of inert
keys is left out, so an unknown or new field changes the key. Nothing here knows what is cached.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import rfc8785

from resplice.core.document.fields import INERT
from resplice.core.document.limits import MAX_INTEGER

SEMANTICS_VERSION = {
    "movie": 1,
}
"""Kind -> version, 1 when not listed. Raise it when the same value starts to mean other bytes.

Pieces have theirs in piece_keys.PIECE_KINDS, element tasks in core.tasks.
"""


LATER = {"later": True}
"""Metadata of a dataclass's field that came when there were keys: none has its default in it."""

_WRITTEN_ALIKE = frozenset({str, bool, type(None)})
_JSON = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
)


def canonical(value: Any) -> bytes:
    """The RFC 8785 form of a JSON value: 1, 1.0 and 1e0 are `1`; -0.0 is `0`; tuples are arrays.

    Raises ValueError for NaN, infinity, integers beyond 2^53, lone surrogates and other types.
    """
    try:
        return _JSON.encode(_usual(value)).encode()
    except (_Unusual, TypeError, ValueError):
        return rfc8785.dumps(value)


class _Unusual(Exception):
    """A value that Python and RFC 8785 may write in two ways."""


def _usual(value: Any) -> Any:
    """The value with whole floats as integers: what is left, both write alike. Raises _Unusual.

    Nine documents of ten hold nothing else, and Python's own encoder is ten times as fast.
    """
    kind = type(value)
    if kind in _WRITTEN_ALIKE:
        return value
    if kind is int and -MAX_INTEGER <= value <= MAX_INTEGER:
        return value
    if kind is float:
        if value.is_integer() and abs(value) <= MAX_INTEGER:
            return int(value)
        if 1e-4 <= abs(value) < 1e15:
            return value
    if kind is dict:
        # Beyond ASCII the order of UTF-16 is not that of characters.
        if "".join(value).isascii():
            return {
                k: v
                if (kind := type(v)) in _WRITTEN_ALIKE
                or (kind is int and -MAX_INTEGER <= v <= MAX_INTEGER)
                else _usual(v)
                for k, v in value.items()
            }
    elif kind is list or kind is tuple:
        return [_usual(item) for item in value]
    raise _Unusual


def fingerprint(kind: str, value: Any, *salts: str, version: int | None = None) -> str:
    """SHA-256, 64 hex digits, of what kind of thing a JSON value is, its meaning and its salts.

    salts name the tools that turn the value into bytes. version: of the kind's meaning, where
    SEMANTICS_VERSION does not say it. Raises ValueError as canonical does.
    """
    return digest(said_of(kind, value, *salts, version=version))


def said_of(kind: str, value: Any, *salts: str, version: int | None = None) -> bytes:
    """What a fingerprint is the digest of, likewise."""
    said = SEMANTICS_VERSION.get(kind, 1) if version is None else version
    return canonical([kind, said, salts, value])


def digest(said: bytes) -> str:
    return hashlib.sha256(said).hexdigest()


def fingerprint_of(task: Any, *salts: str, kind: str = "", version: int | None = None) -> str:
    """The fingerprint of a frozen dataclass; its kind is the name of its class, unless given.

    Fields with compare=False are left out, and those of LATER at their default. Raises TypeError
    for a value that has no JSON form.
    """
    return fingerprint(kind or type(task).__name__, _plain(task), *salts, version=version)


def without_inert(document: Mapping[str, Any]) -> dict[str, Any]:
    """The movie without inert keys and nulls in itself, its scenes and all elements.

    Names are JSON's own (`client-data`). What lies deeper, such as `settings`, is left as it is.
    """
    return _live(document, {"scenes": {"elements": {}}, "elements": {}})


def _live(part: Mapping[str, Any], nested: Mapping[str, Any]) -> dict[str, Any]:
    live = {k: value for k, value in part.items() if k not in INERT and value is not None}
    for key in nested.keys() & live.keys():
        if isinstance(live[key], list | tuple):
            live[key] = [
                _live(item, nested[key]) if isinstance(item, Mapping) else item
                for item in live[key]
            ]
    return live


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        named = {f.name: getattr(value, f.name) for f in fields(value) if f.compare}
        late = {f.name for f in fields(value) if f.metadata == LATER and named[f.name] == f.default}
        said = {name: _plain(own) for name, own in named.items() if name not in late}
        return {type(value).__name__: said}
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"{type(value).__name__} has no place in a key")
