"""Colours: as Pillow reads those that it knows, as CSS Color 4 has the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageColor
from resplice.core.document.colours import NAMES, background, hex_colour, with_alpha

levels = st.integers(0, 255)
percents = st.integers(0, 100)


def pillow(text: str) -> str:
    return "#" + "".join(f"{level:02x}" for level in ImageColor.getrgb(text)[:3])


def test_the_names_are_those_of_css() -> None:
    assert len(NAMES) == 148
    assert {name: hex_colour(name) for name in NAMES} == {
        name: pillow(name) for name in ImageColor.colormap
    }


@given(levels, levels, levels, levels)
def test_digits_and_rgb_are_read_as_pillow_reads_them(r: int, g: int, b: int, a: int) -> None:
    for text in (
        f"#{r:02x}{g:02X}{b:02x}",
        f"#{r:02x}{g:02x}{b:02x}{a:02x}",
        f"#{r % 16:x}{g % 16:x}{b % 16:X}",
        f"#{r % 16:x}{g % 16:x}{b % 16:x}{a % 16:x}",
        f"rgb({r}, {g},{b})",
        f"rgba({r}, {g}, {b}, {a})",
    ):
        assert hex_colour(text) == pillow(text)


@given(st.integers(0, 360), percents, percents)
def test_hsl_is_read_as_pillow_reads_it(hue: int, saturation: int, lightness: int) -> None:
    text = f"hsl({hue},{saturation}%,{lightness}%)"
    assert hex_colour(text) == pillow(text)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("rgb(100% 0% 50%)", "#ff0080"),
        ("rgb(30 144 255 / .5)", "#1e90ff"),
        ("hsl(0.5turn 100% 50%)", "#00ffff"),
        ("hsl(3.14159265rad, 100%, 50%)", "#00ffff"),
        ("hsl(200grad 100% 50% / 50%)", "#00ffff"),
        ("hsl(180deg 100 50)", "#00ffff"),
        ("hsl(-180, 100%, 50%)", "#00ffff"),
        ("hsl(0, 150%, 50%)", "#ff0000"),
        ("\tGREY\n", "#808080"),
    ],
)
def test_forms_of_css_that_pillow_does_not_know(given: str, read: str) -> None:
    assert hex_colour(given) == read


@pytest.mark.parametrize(
    "given",
    [
        *("", "transparent", "#", "#12", "#ggg", "rgb(256, 0, 0)", "rgb(-1 0 0)", "hsl(1,2)"),
        *("rgb(1" + " " * 10**7, "rgb(" + "1" * 10**7, "hwb(1 2% 3%)", "red;", "rgb(0, 0, 0) x"),
    ],
    ids=lambda given: given[:20],
)
def test_what_is_no_colour(given: str) -> None:
    with pytest.raises(ValueError, match="must be a colour like"):
        hex_colour(given)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (" Transparent", "transparent"),
        ("#1230", "transparent"),
        ("#12345600", "transparent"),
        ("hsl(1 2% 3% / 0%)", "transparent"),
        ("rgba(1, 2, 3, 0.0)", "transparent"),
        ("rgba(1, 2, 3, 0.01)", "#010203"),
        ("#123456ff", "#123456"),
        ("navy", "#000080"),
    ],
)
def test_a_background_that_nobody_sees_is_transparent(given: str, read: str) -> None:
    assert background(given) == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("navy", "#000080"),
        ("transparent", "#00000000"),
        ("#1238", "#11223388"),
        ("#12345680", "#12345680"),
        ("#123456FF", "#123456"),
        ("rgba(1, 2, 3, 0.5)", "#01020380"),
        ("rgba(1, 2, 3, 1)", "#010203"),
        ("rgb(1 2 3 / 50%)", "#01020380"),
        ("hsla(0, 100%, 50%, 0)", "#ff000000"),
        ("rgba(1, 2, 3, 7)", "#010203"),
    ],
)
def test_colours_that_let_something_through(given: str, read: str) -> None:
    assert with_alpha(given) == read


def test_what_is_no_colour_has_no_alpha_either() -> None:
    with pytest.raises(ValueError, match="must be a colour like"):
        with_alpha("see-through")
