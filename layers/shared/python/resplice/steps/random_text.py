"""Text that nobody can guess: names of projects, API keys."""

from __future__ import annotations

import hashlib
import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def random_text(chars: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(chars))


def derived_text(of: str, chars: int) -> str:
    """Always the same for a text, and nobody guesses it who does not know that. chars: 40 at
    most, which is what a digest has.
    """
    number, text = int(hashlib.sha256(of.encode()).hexdigest(), 16), ""
    for _ in range(chars):
        number, at = divmod(number, len(ALPHABET))
        text += ALPHABET[at]
    return text


def is_like(text: str, chars: int) -> bool:
    """Whether `random_text` could have made it."""
    return len(text) == chars and set(text) <= set(ALPHABET)
