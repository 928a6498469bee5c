"""What a document says in CSS, left in its page for the painter to ask the browser about. Pure.

A browser leaves out without a word what it does not understand, and only it knows what that is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from html import escape

NAME = "sayings"
"""Of the `meta` element that holds them."""


@dataclass(frozen=True)
class Saying:
    """called: the setting in a user's words, `'color' of 'headline'`; name, value: its CSS."""

    called: str
    name: str
    value: str


def held(sayings: Iterable[Saying]) -> str:
    """The element of a page that holds them; nothing for none."""
    listed = [astuple(each) for each in sayings]
    said = escape(json.dumps(listed, ensure_ascii=False, separators=(",", ":")))
    return f'<meta name="{NAME}" content="{said}">' if listed else ""
