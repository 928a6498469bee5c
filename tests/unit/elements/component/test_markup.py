"""Texts in components: a few inline tags, balanced; everything else is shown literally."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.document.limits import MAX_TEXT_CHARS
from resplice.core.elements.component.markup import inline, paragraphs


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Ann & Bea", "Ann &amp; Bea"),
        ("First <em>thing</em>", "First <em>thing</em>"),
        ("<B>a</B><br/>b<br >c\nd\r\ne", "<b>a</b><br>b<br>c<br>d<br>e"),
        ("&nbsp;&eacute;&lt;b&gt;", "\u00a0é&lt;b&gt;"),
        ("<b onclick=x>a</b>", "&lt;b onclick=x&gt;a&lt;/b&gt;"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("</span></div>", "&lt;/span&gt;&lt;/div&gt;"),
        ("<b><i>a", "<b><i>a</i></b>"),
        ("<b><i>a</b></i>", "<b><i>a&lt;/b&gt;</i></b>"),
        (7, "7"),
    ],
)
def test_a_text_is_html(text: Any, html: str) -> None:
    assert inline(text) == html


def test_a_text_is_one_paragraph_and_a_list_is_several() -> None:
    assert paragraphs("a") == ("a",)
    assert paragraphs(["a", "", "<b>"]) == ("a", "", "<b></b>")
    assert paragraphs("") == paragraphs(None) == paragraphs([]) == ()


@pytest.mark.parametrize("value", [True, {"a": 1}, [["a"]], "x" * (MAX_TEXT_CHARS + 1)])
def test_what_is_no_text_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="must "):
        paragraphs(value)
