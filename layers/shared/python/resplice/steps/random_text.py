"""Text that nobody can guess: names of projects, API keys."""

from __future__ import annotations

import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def random_text(chars: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(chars))


def is_like(text: str, chars: int) -> bool:
    """Whether `random_text` could have made it."""
    return len(text) == chars and set(text) <= set(ALPHABET)
