"""What must not be told is taken out of what others say: of a provider's reasons, which may echo
the key that they refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

TELLING_CHARS = 8
"""So much of a secret, from any place of it, is not shown."""
_MASK = "***"
_CARRIES_A_KEY = re.compile("key|auth|token|secret|cookie", re.I)


def without(text: str, secrets: Iterable[str]) -> str:
    """The text, with a mask in the place of every piece of a secret that tells something of it."""
    hidden = set[int]()
    for piece in {piece for secret in secrets for piece in _pieces(secret)}:
        for found in re.finditer(re.escape(piece), text, re.I):
            hidden.update(range(*found.span()))
    shown = [
        ("" if at - 1 in hidden else _MASK) if at in hidden else letter
        for at, letter in enumerate(text)
    ]
    return "".join(shown)


def keys_in(headers: Mapping[str, str]) -> tuple[str, ...]:
    """The keys that headers carry: `abc` of `Authorization: Bearer abc`."""
    carried = (value for name, value in headers.items() if _CARRIES_A_KEY.search(name))
    return tuple(value.split()[-1] for value in carried if value.split())


def _pieces(secret: str) -> Iterable[str]:
    if len(secret) <= TELLING_CHARS:
        return (secret,) if secret else ()
    return (secret[at : at + TELLING_CHARS] for at in range(len(secret) - TELLING_CHARS + 1))
