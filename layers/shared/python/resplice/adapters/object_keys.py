"""What may be the key of an object, and the start of one, whatever store it lies in."""

from __future__ import annotations

import re

_PART = r"[a-z0-9_-][a-z0-9._-]*"
_KEY = re.compile(rf"{_PART}(/{_PART})+")
_PREFIX = re.compile(r"[a-z0-9._/-]*")


def check_key(key: str) -> None:
    """Raises ValueError when it is no key."""
    if not _KEY.fullmatch(key) or ".." in key:
        raise ValueError(f"not a key: {key!r}")


def check_prefix(prefix: str) -> None:
    """Raises ValueError when no key can start so."""
    if not _PREFIX.fullmatch(prefix) or ".." in prefix:
        raise ValueError(f"not the start of a key: {prefix!r}")
