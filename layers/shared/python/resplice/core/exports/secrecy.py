"""Secrecy: a document without the secrets of its destinations, as it is kept and shown. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from resplice.core.exports.kinds import SECRETS
from resplice.core.exports.model import Export

MASK = "********"
TELLING_CHARS = 4
"""A shorter part of a secret is in many texts by chance."""
_NAMES = re.compile(r"(\{\{\s*[A-Za-z_][\w.]*\s*\}\}\s*)+")


def without_secrets(document: dict[str, Any], exports: Iterable[Export]) -> dict[str, Any]:
    """The same document when it has none. exports: what it became when it was expanded, so that a
    secret that came through a variable of the movie is known.
    """
    said = (destination.said() for export in exports for destination in export.destinations)
    secrets = {str(value) for each in said for name, value in each.items() if name in SECRETS}
    if not secrets - {"", MASK}:
        return document
    places = {"exports": _masked, "variables": _without}
    return {
        name: places[name](value, secrets) if name in places else value
        for name, value in document.items()
    }


def tells_secrets(document: Mapping[str, Any]) -> bool:
    """Whether who reads the document, which is not expanded, reads a secret of its destinations."""
    variables = document.get("variables")
    own = variables if isinstance(variables, Mapping) else {}
    return any(_is_told(each, own) for each in _secrets_in(document.get("exports")))


def _secrets_in(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from [inner] if name in SECRETS else _secrets_in(inner)
    elif isinstance(value, list):
        for each in value:
            yield from _secrets_in(each)


def _is_told(value: Any, variables: Mapping[str, Any]) -> bool:
    if value in (None, "", MASK):
        return False
    if not _is_variable(value, ()):
        return True
    named = re.findall(r"[A-Za-z_]\w*", value)
    return any(variables.get(name) not in (None, "", MASK) for name in named)


def _masked(value: Any, secrets: Collection[str]) -> Any:
    if isinstance(value, list):
        return [_masked(each, secrets) for each in value]
    if not isinstance(value, Mapping):
        return value
    return {
        name: MASK
        if name in SECRETS and not _is_variable(inner, secrets)
        else _masked(inner, secrets)
        for name, inner in value.items()
    }


def _is_variable(value: Any, secrets: Collection[str]) -> bool:
    """Whether it says only where the secret comes from: what stands beside, or is quoted there, may
    be one.
    """
    return isinstance(value, str) and bool(_NAMES.fullmatch(value)) and value not in secrets


def _without(value: Any, secrets: Collection[str]) -> Any:
    if isinstance(value, list):
        return [_without(each, secrets) for each in value]
    if isinstance(value, Mapping):
        return {name: _without(inner, secrets) for name, inner in value.items()}
    return MASK if _is_part(str(value), secrets) else value


def _is_part(text: str, secrets: Collection[str]) -> bool:
    long = len(text) >= TELLING_CHARS
    return text in secrets or (long and any(text in secret for secret in secrets))
