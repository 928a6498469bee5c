"""Every setting of the reference, its other names, and what is said of values that are wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from resplice.core.captions.appearance import Appearance
from resplice.core.captions.settings import (
    SETTINGS,
    CaptionSettings,
    CaptionSettingsRefused,
    read_settings,
    usual_look,
)
from resplice.core.composition import Canvas
from warned_lines import plainly

CANVAS = Canvas(1080, 1920, 30)
USUAL = Appearance(54)


def read(**settings: Any) -> CaptionSettings:
    return read_settings({key.replace("_", "-"): said for key, said in settings.items()}, CANVAS)


def test_what_nobody_says() -> None:
    assert usual_look(CANVAS) == USUAL
    assert read() == CaptionSettings(USUAL, max_words=4)


LOOKS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"style": "Boxed-Word"}, {"style": "boxed-word"}),
    ({"font_family": "Arial Bold"}, {"family": "Arial", "weight": 700}),
    ({"font_family": "Oswald", "font_weight": "300"}, {"family": "Oswald", "weight": 300}),
    ({"font_weight": 900, "font_family": "Oswald Bold"}, {"family": "Oswald", "weight": 900}),
    ({"font_size": "80"}, {"size_px": 80}),
    ({"font_size": 80.4}, {"size_px": 80}),
    ({"font_size": "80px"}, {"size_px": 80}),
    ({"position": "mid-top-center"}, {"position": "mid-top-center"}),
    ({"position": "custom", "x": 540, "y": "1470"}, {"position": "custom", "x": 540, "y": 1470}),
    ({"word_color": "red", "line_color": "#FFF"}, {"word_colour": "#ff0000"}),
    ({"highlight_color": "black"}, {"word_colour": "#000000"}),
    ({"font_color": "#123456"}, {"line_colour": "#123456"}),
    ({"color": "white", "line_color": "red"}, {"line_colour": "#ff0000"}),
    ({"box_color": "#11223380"}, {"box_colour": "#11223380"}),
    ({"box_color": "rgba(0, 0, 0, 0.5)"}, {"box_colour": "#00000080"}),
    ({"outline_color": "navy", "outline_width": 6}, {"outline_colour": "#000080", "outline_px": 6}),
    ({"outline_width": -1}, {"outline_px": 0}),
    ({"shadow_color": "#999", "shadow_offset": "3"}, {"shadow_colour": "#999999", "shadow_px": 3}),
    ({"style": None, "x": None}, {}),
    ({"font_url": "https://e.com/a.ttf", "unheard-of": 1}, {}),
]


@pytest.mark.parametrize(("settings", "look"), LOOKS)
def test_looks(settings: dict[str, Any], look: dict[str, Any]) -> None:
    found = read(**settings)
    assert found.look == replace(USUAL, **look)
    assert not found.warnings


def test_the_others() -> None:
    found = read(
        max_words_per_line="2",
        all_caps="true",
        keywords=["Resplice", " "],
        replace={"b": "c", "a": 1},
    )
    assert (found.max_words, found.all_caps, found.keywords) == (2, True, ("Resplice",))
    assert found.replacements == (("a", "1"), ("b", "c"))
    assert read(max_words_per_line=10**6).max_words == 50
    assert read(all_caps=False).all_caps is False


@pytest.mark.parametrize(
    ("said", "place"),
    [("bottom", "bottom-center"), ("top", "top-center"), ("center", "center-center"),
     ("mid-center", "center-center"), ("nowhere", "bottom-center")],
)  # fmt: skip
def test_positions_that_there_are_not_are_read_as_the_nearest(said: str, place: str) -> None:
    found = read(position=said)
    assert found.look.position == place
    assert plainly(found.warnings) == (f"the position '{said}' is not known: {place} is used",)


def test_a_style_that_there_is_not_is_classic() -> None:
    found = read(style="karaoke")
    assert found.look.style == "classic"
    assert "'karaoke' is not known: classic" in found.warnings[0]


FAULTS: list[tuple[str, Any, str]] = [
    ("font-size", "big", "must be a number"),
    ("font-size", 0, "must be 1 to 2000"),
    ("font-size", True, "must be a number"),
    ("font-size", float("nan"), "must be a number"),
    ("word-color", "reddish", "must be a colour"),
    ("word-color", 7, "must be a colour"),
    ("outline-width", 10**9, "must be -1 to 200"),
    ("max-words-per-line", 0, "must be 1"),
    ("keywords", {"a": 1}, "must be a list"),
    ("replace", ["a"], "must be an object"),
    ("replace", {"a": ["b"]}, "must be an object"),
    ("all-caps", "perhaps", "must be true or false"),
    ("font-family", "", "must be the name of a font"),
    ("font-family", "x;}", "must be a font name"),
]


@pytest.mark.parametrize(("key", "value", "words"), FAULTS)
def test_faults_name_their_key(key: str, value: Any, words: str) -> None:
    with pytest.raises(CaptionSettingsRefused) as refusal:
        read_settings({key: value, "color": []}, CANVAS)
    assert dict(refusal.value.faults)[key].startswith(words)
    assert "color" in dict(refusal.value.faults), "every fault is told at once"


def test_what_is_said_counts_more_than_what_is_usual() -> None:
    usual = replace(USUAL, style="boxed-word", size_px=99)
    assert read_settings({"style": "classic"}, CANVAS, usual).look == replace(
        usual, style="classic"
    )


def test_every_setting_of_the_reference_is_known() -> None:
    reference = {
        *("style", "font-family", "font-url", "font-weight", "font-size", "all-caps", "position"),
        *("x", "y", "word-color", "line-color", "box-color", "outline-color", "outline-width"),
        *("shadow-color", "shadow-offset", "max-words-per-line", "keywords", "replace"),
        *("color", "font-color", "highlight-color"),
    }
    assert set(SETTINGS) == reference
