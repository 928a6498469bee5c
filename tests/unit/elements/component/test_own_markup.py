"""HTML of documents: what is kept as it is, what is left out, and that every box is closed."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resplice.core.elements.component.own_markup import MAX_DEPTH, boxed

PIECES = st.sampled_from(
    [
        *("<div>", "</div>", "<p>", "<b", ">", "</svg>", "<svg>", "<path/>", "<br>", "<style>"),
        *("</style>", "<!--", "-->", "<script>", "</script>", "<textarea>", "&lt;", "&", "'", '"'),
        *("<![CDATA[", "]]>", "<?", "<table>", "<td", "</", "<iframe srcdoc='", "\x00", "=", "/>"),
        "a<b",
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    "markup",
    [
        "<h1>A &amp; b</h1><p style=\"color:red\">c<br>d</p>",
        '<svg viewbox="0 0 9 9"><g><path d="M0 0"></path></g></svg>',
        "<style>a > b{color:red}</style>",
        "a &nbsp; &#8364; 1 &lt; 2",
        '<input disabled><img src="x">',
    ],
)  # fmt: skip
def test_what_is_well_made_stays(markup: str) -> None:
    assert boxed(markup) == markup


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<b>a", "<b>a</b>"),
        ("</div></body>a", "a"),
        ("<div><b>a</div>b", "<div><b>a</b></div>b"),
        ("<g/>", "<g></g>"),
        ("<script>a</script>b", "b"),
        ("<script>a", ""),
        ("<iframe src=x><p>a</p></iframe>b", "b"),
        ("<html><head><title>t</title></head><body><p>a</p></body></html>", "<p>a</p>"),
        ("<html><head><style>p{}</style></head><body>a", "<style>p{}</style>a"),
        ("<!-- a --><!doctype html><?x?>b", "b"),
        ("<meta http-equiv=refresh><link><base><embed>b", "b"),
        ("<img onerror=a src=b srcset=c>", '<img src="b">'),
        ("<b data-fit-max=9 data-split=words data-a=b>", '<b data-a="b"></b>'),
        ("<b title='\"><script>'>", '<b title="&quot;&gt;&lt;script&gt;"></b>'),
        ("<style><!--</style>", "<style>!--</style>"),
        ("1 < 2", "1 &lt; 2"),
        ("<img name=getAnimations src=b>", '<img src="b">'),
    ],
)
def test_what_would_leave_the_box_is_left_out(markup: str, found: str) -> None:
    assert boxed(markup) == found


@pytest.mark.parametrize("start", ["<a ", "<!--", "<a b='", "</", "&"])
def test_tags_without_end_are_read_once(start: str) -> None:
    """Were they read again from each of them, this would not end."""
    for end in ("", ">"):
        assert len(boxed(start * 20_000 + end)) < 600_000


def test_depth_has_a_bound() -> None:
    assert boxed("<i>" * 5000).count("<i>") == MAX_DEPTH


@given(st.lists(PIECES, max_size=40).map("".join))
def test_whatever_it_is_it_is_closed_and_stays_what_it_has_become(markup: str) -> None:
    found = boxed(markup)
    reader = _Depth()
    reader.feed(f"{found}<end>")
    assert (reader.least, reader.at_end) == (0, 0)
    assert not reader.tags & {"script", "iframe", "textarea"}
    assert boxed(found) == found


class _Depth(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.depth = self.least = 0
        self.at_end = -1
        self.tags = set[str]()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag == "end":
            self.at_end = self.depth
        elif tag != "br":
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1
        self.least = min(self.least, self.depth)


@pytest.mark.parametrize("begun", ["<a ", "<a b='", "<!--", "</", "<?", "<a/", "<![CDATA["])
@pytest.mark.parametrize("end", ["", ">", "'>", "-->"])
def test_what_never_ends_is_read_once(begun: str, end: str) -> None:
    """A parser that begins again at each of them would need minutes."""
    boxed((begun * 100_000)[:100_000] + end)


def test_what_is_not_closed_takes_nothing_along() -> None:
    assert boxed("<b>x</b><!-- y") == "<b>x</b>"
    assert boxed("<!-- a --><i>x</i><a href='y") == "<i>x</i>"
