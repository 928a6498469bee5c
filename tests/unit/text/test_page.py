"""Text pages: what settings become, and what they may not become."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from resplice.core.text import FALLBACK_FAMILY
from resplice.core.text.page import lines, text_page
from resplice.core.text.settings import TextSettingsRefused


def page(text: str = "Hello", own_family: str | None = None, **settings: Any) -> str:
    said = {name.replace("_", "-"): value for name, value in settings.items()}
    return text_page(text, "001", said, 800, 400, 1920, 1080, own_family).html


def rules(**settings: Any) -> dict[str, str]:
    """The declarations of the text's box."""
    css = re.search(r'class="text" style="(.*?)"', page(**settings), re.DOTALL)
    assert css
    pairs = (rule.partition(":") for rule in html.unescape(css[1]).split(";") if rule)
    return {name: value for name, _, value in pairs}


def place(**settings: Any) -> tuple[str, str]:
    found = re.search(r"align-items:([\w-]+);justify-content:([\w-]+)", page(**settings))
    assert found
    return found[1], found[2]


def faults(**settings: Any) -> dict[str, str]:
    with pytest.raises(TextSettingsRefused) as refused:
        page(**settings)
    return dict(refused.value.faults)


def test_defaults_are_those_of_style_001() -> None:
    said = rules()
    assert said["font-family"] == f'"Inter","{FALLBACK_FAMILY}"'
    assert said["font-size"] == "76.8px"
    assert (said["font-weight"], said["color"]) == ("400", "#FFFFFF")
    assert said["text-shadow"] == "2px 2px rgba(33,33,33,0.5)"
    assert said["text-align"] == "center"
    assert place() == ("center", "center")


def test_the_viewport_is_the_element_box() -> None:
    made = text_page("x", "001", {}, 800, 400, 1920, 1080)
    assert (made.width, made.height) == (800, 400)
    assert "width:800px;height:400px" in made.html


@pytest.mark.parametrize(
    ("size", "css"),
    [
        ("40px", "40px"),
        (40, "40px"),
        (40.0, "40px"),
        ("40", "40px"),
        (" 12.5 ", "12.5px"),
        ("10vw", "192px"),
        ("10VH", "108px"),
        ("5vmin", "54px"),
        ("5dvw", "96px"),
        ("2em", "2em"),
        ("150%", "150%"),
        ("calc(1vw + 2px)", "calc(19.2px + 2px)"),
    ],
)
def test_font_sizes_count_the_elements_canvas(size: object, css: str) -> None:
    assert rules(font_size=size)["font-size"] == css


@pytest.mark.parametrize("name", ["line-height", "opacity", "font-weight"])
def test_bare_numbers_without_unit_stay_bare(name: str) -> None:
    assert rules(**{name: 2})[name] == "2"


def test_whole_floats_are_whole_numbers() -> None:
    assert page(font_weight=700.0) == page(font_weight=700) == page(font_weight="700")


def test_every_setting_of_the_reference_reaches_the_page() -> None:
    said = rules(
        font_family="Roboto",
        font_size="50px",
        font_weight="bold",
        font_color="#ff0000",
        background_color="rgba(0, 0, 0, 0.5)",
        text_align="right",
        line_height=1.5,
        letter_spacing="0.1em",
        text_shadow="none",
        text_decoration="underline",
        text_transform="uppercase",
        padding=10,
        opacity="0.5",
    )
    assert said["font-family"].startswith('"Roboto",')
    assert said["color"] == "#ff0000"
    assert said["background-color"] == "rgba(0, 0, 0, 0.5)"
    assert said["padding"] == "10px"
    assert said["letter-spacing"] == "0.1em"
    assert {said[name] for name in ("text-shadow", "text-decoration")} == {"none", "underline"}
    assert (said["text-transform"], said["opacity"], said["line-height"]) == (
        "uppercase",
        "0.5",
        "1.5",
    )


@pytest.mark.parametrize("name", ["-webkit-text-stroke", "white-space", "border-radius", "margin"])
def test_other_text_properties_pass(name: str) -> None:
    assert rules(**{name: "1px"})[name] == "1px"


@pytest.mark.parametrize(
    "name", ["position", "content", "display", "src", "behavior", "--x", "a;b"]
)
def test_unknown_settings_are_left_alone(name: str) -> None:
    assert page(**{name: "url(http://a/)"}) == page()


def test_old_spellings_mean_the_same_and_todays_wins() -> None:
    assert place(vertical_align="bottom", horizontal_align="right") == ("flex-end", "flex-end")
    assert place(vertical_position="top", vertical_align="bottom") == ("flex-start", "center")
    assert rules(color="#111111", font_color="#222222")["color"] == "#111111"


def test_aligned_lines_take_their_box_along() -> None:
    assert place(text_align="left") == ("center", "flex-start")
    assert place(text_align="left", horizontal_position="center") == ("center", "center")
    assert place(text_align="justify") == ("center", "center")


def test_numeric_shadow() -> None:
    assert rules(shadow=4)["text-shadow"] == "4px 4px rgba(33,33,33,0.5)"
    assert rules(shadow="0")["text-shadow"] == "none"
    assert "shadow" in faults(shadow="much")


def test_families() -> None:
    assert rules(font_family="'Open Sans', serif")["font-family"] == (
        f'"Open Sans","Noto Serif","{FALLBACK_FAMILY}"'
    )
    assert rules(font_family="https://a.example/f.ttf", own_family="own-1")["font-family"] == (
        f'"own-1","Inter","{FALLBACK_FAMILY}"'
    )
    assert "font-family" in faults(font_family='A"}body{background:url(x)')
    assert "font-family" in faults(font_family="")


def test_none_says_nothing() -> None:
    assert page(font_size=None, shadow=None) == page()


def test_text_is_literal_except_for_line_breaks() -> None:
    shown = page("<b>1 & 2</b><br>3<BR />4\n5\r\n6<br/>7</style><script>x")
    assert "&lt;b&gt;1 &amp; 2&lt;/b&gt;<br>3<br>4<br>5<br>6<br>7&lt;/style&gt;" in shown
    assert shown.count("<script") == 0
    assert shown.count("</style>") == 1


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a\nb", ["a", "b"]),
        ("a\r\nb\rc", ["a", "b", "c"]),
        ("a<br>b<br/>c<br />d<BR>e", ["a", "b", "c", "d", "e"]),
        ("a\n\n<br>", ["a", "", "", ""]),
        ("1&nbsp;2", ["1\N{NO-BREAK SPACE}2"]),
        ("R&amp;D &lt;b&gt; &quot;&#39;&#x27;", ["R&D <b> \"''"]),
        ("&eacute;&euro;&hellip;&#8364;&#x1F600;", ["é€…€\N{GRINNING FACE}"]),
        ("&lt;br&gt;", ["<br>"]),
        ("&amp;nbsp;", ["&nbsp;"]),
        ("R&D, a&b; x?a=1&copy=2&lt", ["R&D, a&b; x?a=1&copy=2&lt"]),
        ("&notit; &Amp; &nosuch;", ["&notit; &Amp; &nosuch;"]),
        ("&#xD800;&#0;&#99999999;", ["\N{REPLACEMENT CHARACTER}" * 3]),
        ("<b>bold</b><i>&ensp;</i><brr>", ["<b>bold</b><i>\N{EN SPACE}</i><brr>"]),
    ],
)
def test_breaks_break_entities_are_decoded_and_the_rest_is_literal(
    text: str, read: list[str]
) -> None:
    assert lines(text) == read
    whole = page(text).partition('<div class="text"')[2]
    shown = whole.partition(">")[2].partition("</div>")[0]
    assert "".join(shown) == "<br>".join(map(html.escape, read))


@pytest.mark.parametrize("braces", ["{text}", "{0}", "{{}}"])
def test_braces_in_text_are_only_text(braces: str) -> None:
    assert f">{braces}<" in page(braces)


@pytest.mark.parametrize(
    "value",
    [
        "url(http://a/)",
        "URL( 'http://a/' )",
        "u\\72l(http://a/)",
        "image-set('a.png' 1x)",
        "-webkit-image-set('a.png' 1x)",
        "cross-fade(a, b)",
        "element(#a)",
        "attr(href)",
        "var(--a)",
        "env(a)",
        "expression(alert(1))",
        "red;background:red",
        "red}body{color:red",
        "red</style>",
        "red/**/",
        "@import 'a'",
        "'open",
        '"a" "',
        "rgb(1,2,3",
        "rgb(1,2,3))",
        "a\nb",
        "a\x00",
        "",
        "  ",
        True,
        [1],
        {"a": 1},
        float("nan"),
        float("inf"),
        "1" * 1001,
    ],
)
def test_values_that_load_or_break_out_are_refused(value: object) -> None:
    assert list(faults(color=value)) == ["color"]


def test_every_fault_is_told_under_the_key_that_was_written() -> None:
    told = faults(font_color="url(a)", vertical_align="left", padding=[], font_size="1vw")
    assert set(told) == {"font-color", "vertical-align", "padding"}
    assert told["vertical-align"] == "must be one of top, center, middle, bottom"
    assert told["font-color"] == "must not use url()"


def test_long_digit_runs_are_cheap() -> None:
    assert rules(letter_spacing="1" * 1000)["letter-spacing"].endswith("px")
