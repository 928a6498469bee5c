"""Keys: what a value is, as one SHA-256. Two values have the same key if they mean the same.

Canonical form is RFC 8785 (JCS): keys sorted, one spelling per number. Only a deny-list of inert
keys is left out, so an unknown or new field changes the key. Nothing here knows what is cached.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import rfc8785

SEMANTICS_VERSION = {
    "movie": 1,
    "SegmentTask": 1,
    "SoundTask": 1,
    "MixTask": 1,
}
"""Kind -> version, 1 when not listed. Raise it when the same value starts to mean other bytes.

Element tasks have theirs in core.tasks.
"""

INERT = frozenset(
    {
        "comment", "id", "client-data", "exports", "cache", "variables", "condition", "iterate",
        "iterate-as", "draft",
    }
)  # fmt: skip
"""Keys of movies, scenes and elements that change nothing that is seen or heard."""


def canonical(value: Any) -> bytes:
    """The RFC 8785 form of a JSON value: 1, 1.0 and 1e0 are `1`; -0.0 is `0`; tuples are arrays.

    Raises ValueError for NaN, infinity, integers beyond 2^53, lone surrogates and other types.
    """
    return rfc8785.dumps(value)


def fingerprint(kind: str, value: Any, *salts: str, version: int | None = None) -> str:
    """SHA-256, 64 hex digits, of what kind of thing a JSON value is, its meaning and its salts.

    salts name the tools that turn the value into bytes. version: of the kind's meaning, where
    SEMANTICS_VERSION does not say it. Raises ValueError as canonical does.
    """
    said = SEMANTICS_VERSION.get(kind, 1) if version is None else version
    framed = [kind, said, salts, value]
    return hashlib.sha256(canonical(framed)).hexdigest()


def fingerprint_of(task: Any, *salts: str, version: int | None = None) -> str:
    """The fingerprint of a frozen dataclass; its kind is the name of its class.

    Fields with compare=False are left out. Raises TypeError for a value that has no JSON form.
    """
    return fingerprint(type(task).__name__, _plain(task), *salts, version=version)


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
        named = {f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.compare}
        return {type(value).__name__: named}
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"{type(value).__name__} has no place in a key")
