"""What a document says in CSS, as its page holds it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from resplice.core.text.sayings import Saying, held


def test_nothing_is_held_by_nothing() -> None:
    assert held(()) == ""


def test_values_stay_in_their_attribute() -> None:
    found: list[Any] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            found.append((tag, dict(attrs)))

    said = Saying("'quotes'", "quotes", """"><script> '&amp;'""")
    Reader().feed(held([said]))
    content = r"""[["'quotes'","quotes","\\"><script> '&amp;'"]]"""
    assert found == [("meta", {"name": "sayings", "content": content})]
