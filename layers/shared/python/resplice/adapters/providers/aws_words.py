"""What AWS says of a refusal, for our callers: without names of accounts, roles and resources."""

from __future__ import annotations

import re

MAX_CHARS = 300
_NAMES = re.compile(r"arn:aws[\w-]*:\S+|\b\d{12}\b")


def in_words(code: object, message: object) -> str:
    """One line: `AccessDeniedException: User: … is not authorized to perform …`."""
    text = _NAMES.sub("…", f"{code or ''}: {message or ''}")
    return " ".join(text.split()).strip(": ")[:MAX_CHARS]
