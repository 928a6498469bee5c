"""Pictures that HTML names: which of its words are URLs, and how they are changed there."""

from __future__ import annotations

import pytest
from resplice.core.text.css_urls import urls_in
from resplice.core.text.markup_urls import with_urls_in_markup


@pytest.mark.parametrize(
    ("markup", "urls"),
    [
        ("<img src='https://e.com/a.png'>", ["https://e.com/a.png"]),
        ('<IMG alt=x SRC = "a b.png">', ["a b.png"]),
        ("<img src=a.png>", ["a.png"]),
        ("<svg><image href='a.png'/><image xlink:href='b.png'/></svg>", ["a.png", "b.png"]),
        ("<img src='https://e.com/?a=1&amp;b=2'>", ["https://e.com/?a=1&b=2"]),
        ("<div style=\"background:url('a.png'), url(b.png)\">", ["a.png", "b.png"]),
        ("<div style='background:url(&quot;a.png&quot;)'>", ["a.png"]),
        ("<div style='background:url(https://e.com/?a=1&amp;b=2)'>", ["https://e.com/?a=1&b=2"]),
        ("<div style='background:url( \"a.png\" )'>", ["a.png"]),
        ("<rect fill='url(#gradient)'/><use href='#a'/>", []),
        ("<img src='data:image/png;base64,AAAA'>", []),
        ("<img src=''><img><div style='background:url()'>", []),
        ("<a href='https://e.com'>a</a><script src='b.js'></script>", []),
    ],
)
def test_urls_are_found(markup: str, urls: list[str]) -> None:
    assert urls_in("html", markup) == urls


def test_urls_are_changed_within_their_quotes() -> None:
    markup = "<img alt='1' src='a'><b style=\"background:url('b')\">url</b>"
    changed = with_urls_in_markup(markup, lambda url: f"{url}&\"'")
    assert changed == (
        "<img alt='1' src=\"a&amp;&quot;&#x27;\">"
        "<b style=\"background:url('b&amp;&quot;&#x27;')\">url</b>"
    )


def test_a_text_is_no_markup_and_names_nothing() -> None:
    assert urls_in("text", "<img src=a.png> url(b.png)") == []
