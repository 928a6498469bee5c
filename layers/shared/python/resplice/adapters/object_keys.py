"""What may be the key of an object, the start of one, and what those are told of its bytes who
download it, whatever store it lies in.
"""

from __future__ import annotations

import re

_PART = r"[a-z0-9_-][a-z0-9._-]*"
_KEY = re.compile(rf"{_PART}(/{_PART})+")
_PREFIX = re.compile(r"[a-z0-9._/-]*")

_TYPES = {
    ".mp4": "video/mp4",
    ".ass": "text/x-ssa; charset=utf-8",
    ".jpg": "image/jpeg",
    ".png": "image/png",
}


def content_type(key: str) -> str:
    """What those are told who download it."""
    return _TYPES.get(key[-4:], "application/octet-stream")


def cache_control(key: str) -> str | None:
    """How long those may keep it who download it; None: nobody does.

    Movies and what lies beside them are named by what is in them. CloudFront keeps them for a day,
    so that a deleted one is not to be had there for a year. RFC 8246, RFC 9111 §5.2.2.10.
    """
    named = key.startswith("movies/") and key[-4:] in _TYPES
    return "public, max-age=31536000, s-maxage=86400, immutable" if named else None


def check_key(key: str) -> None:
    """Raises ValueError when it is no key."""
    if not _KEY.fullmatch(key) or ".." in key:
        raise ValueError(f"not a key: {key!r}")


def check_prefix(prefix: str) -> None:
    """Raises ValueError when no key can start so."""
    if not _PREFIX.fullmatch(prefix) or ".." in prefix:
        raise ValueError(f"not the start of a key: {prefix!r}")
