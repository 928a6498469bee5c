"""Files that CSS settings name: which of a value's words are URLs, and nothing else changes."""

from __future__ import annotations

import pytest
from resplice.core.text.css_urls import names_file, urls_in, with_urls, without_urls


@pytest.mark.parametrize(
    ("key", "value", "urls"),
    [
        ("background-image", "https://e.com/a.png", ["https://e.com/a.png"]),
        ("background-image", " a b.png ", ["a b.png"]),
        ("background-image", "url(a.png)", ["a.png"]),
        ("background", "url('a.png') no-repeat, URL( \"b.png\" )", ["a.png", "b.png"]),
        ("background-image", "linear-gradient(red, blue), url(a.png)", ["a.png"]),
        ("background-image", "none", []),
        ("background-image", "", []),
        ("background", "red", []),
        ("color", "a.png", []),
        ("src", "a.png", ["a.png"]),
        ("font-url", "a.ttf", ["a.ttf"]),
        ("background-image", "url()", []),
        ("fill", "url(#gradient)", []),
        ("background-image", 7, []),
    ],
)
def test_urls_are_found(key: str, value: object, urls: list[str]) -> None:
    assert urls_in(key, value) == urls


def test_urls_are_changed_where_they_stand() -> None:
    value = "url(a.png) left, url('b.png')"
    assert with_urls("background", value, str.upper) == 'url("A.PNG") left, url("B.PNG")'
    assert with_urls("src", "a.png", str.upper) == "A.PNG"
    assert without_urls(value) == "none left, none"


def test_pictures_are_known_by_their_keys() -> None:
    named = [key for key in ("src", "logo-src", "border-image", "source") if names_file(key)]
    assert named == ["src", "logo-src", "border-image"]


@pytest.mark.parametrize("key", ["background", "html", "src"])
@pytest.mark.parametrize("begun", ["url(" + " " * 50_000, "url( " * 10_000, 'url("x' * 10_000])
def test_addresses_that_never_end_are_read_once(key: str, begun: str) -> None:
    """A reader that tried every way to part the spaces would need years."""
    urls_in(key, begun)


@pytest.mark.parametrize("said", ["url( a )", "url('a')", 'url( "a" )', "url(&quot;a&quot;)"])
def test_spaces_and_quotes_are_no_part_of_an_address(said: str) -> None:
    found = urls_in("html", f'<p style="background:{said}">')
    assert found == ["a"]
    assert said.startswith("url(&") or urls_in("background", said) == ["a"]
