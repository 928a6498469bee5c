"""What Lambda lets a function answer. The local server keeps to it too: both answer the same."""

from __future__ import annotations

import json
from typing import Any

MAX_ANSWER_BYTES = 6_200_000
"""Of a value in an answer. A function gives back 6,291,556 bytes at most."""


def answer_bytes(value: Any) -> int:
    """What a JSON value takes in an answer: JSON in a text, which the runtime makes JSON again.

    Of the runtimes this is the one that escapes all that is not ASCII: others take less.
    """
    return len(json.dumps(json.dumps(value, ensure_ascii=False, separators=(",", ":"))))
