"""Texts that zoom and fall, buttons, counters, ratings: what is seen, at moments of each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from painted_components import Easel, page_of
from resplice.core.text.easing import curve_of
from stage import Document, Stage, shot

Picture = NDArray[np.int16]
WIDTH, HEIGHT = 640, 360
MIDDLE = (WIDTH / 2, HEIGHT / 2)


@pytest.fixture
def painter(shown: Easel) -> Easel:
    return shown


def at(painter: Easel, name: str, ms: float, **settings: Any) -> Picture:
    painted = painter.at(f"advanced/{name}", ms, settings, WIDTH, HEIGHT)
    return np.asarray(painted).astype(np.int16)


def reach(mask: NDArray[Any]) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of where the mask is."""
    rows, columns = np.nonzero(mask)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def extent(picture: Picture) -> tuple[int, int, int, int]:
    return reach(picture[..., 3] > 40)


def width(picture: Picture) -> int:
    left, _, right, _ = extent(picture)
    return right - left


def middle(mask: NDArray[Any]) -> tuple[float, float]:
    left, top, right, bottom = reach(mask)
    return (left + right) / 2, (top + bottom) / 2


def alike(picture: Picture, colour: tuple[int, int, int], tolerance: int = 24) -> NDArray[Any]:
    """Where the picture has that colour."""
    far = np.abs(picture[..., :3] - np.array(colour)).max(axis=2)
    return (picture[..., 3] > 200) & (far <= tolerance)


def is_empty(picture: Picture) -> bool:
    return bool(picture[..., 3].max() == 0)


@pytest.mark.parametrize("name", ["000", "001", "050", "051", "060", "070"])
def test_nothing_is_drawn_of_what_is_left_out(painter: Easel, name: str) -> None:
    assert is_empty(at(painter, name, 1000))


# Zooming texts


def test_a_text_comes_near_holds_and_flies_past_and_then_the_next_comes(painter: Easel) -> None:
    said = {"animation": {"text": ["HHHH", "H"], "font-size": "60px", "color": "#00ff00"}}
    before, coming, held, leaving = (at(painter, "000", ms, **said) for ms in (0, 300, 1200, 1750))
    second, gone = at(painter, "000", 1900 + 1200, **said), at(painter, "000", 3810, **said)
    assert is_empty(before) and is_empty(gone)
    assert width(coming) < width(held) < width(leaving)
    assert coming[..., 3].max() < 200 and leaving[..., 3].max() < 250
    assert width(second) < width(held) / 3
    assert alike(held, (0, 255, 0)).any()
    for picture in (coming, held, leaving, second):
        assert middle(picture[..., 3] > 40) == pytest.approx(MIDDLE, abs=3)
    assert width(held) == pytest.approx(width(at(painter, "000", 900, **said)), abs=0)


def test_sizes_of_zoom_and_their_times(painter: Easel) -> None:
    """Scale 0.2 to 1 by easeOutSine in 800 ms; 1 to 3 by easeInExpo in the 600 after 1300."""
    said = {"animation": {"text": "HHH", "font-size": "40px"}}
    whole = width(at(painter, "000", 1000, **said))
    near = 0.2 + 0.8 * curve_of("easeOutSine")(400 / 800)
    far = 1 + 2 * curve_of("easeInExpo")(540 / 600)
    assert width(at(painter, "000", 400, **said)) == pytest.approx(whole * near, abs=2)
    assert width(at(painter, "000", 1300 + 540, **said)) == pytest.approx(whole * far, abs=3)


@pytest.mark.parametrize("name", ["000", "001"])
def test_long_texts_wrap_and_long_words_shrink_and_none_leaves_the_picture(
    painter: Easel, name: str
) -> None:
    long = {"animation": "A text that is much too long for one line. " * 6}
    word = {"animation": "Donaudampfschifffahrtsgesellschaftskapitän"}
    set_size = {"animation": {"text": "Donaudampfschifffahrtsgesellschaft", "font-size": "80px"}}
    ms = 1000 if name == "000" else 60_000
    for said in (long, word, set_size):
        left, top, right, bottom = extent(at(painter, name, ms, **said))
        assert left > 8 and right < WIDTH - 8 and top > 8 and bottom < HEIGHT - 8
    assert width(at(painter, name, ms, **word)) > WIDTH * 0.8


@pytest.mark.parametrize("name", ["000", "001"])
def test_texts_stand_where_they_are_told_to(painter: Easel, name: str) -> None:
    look = {"text": "HH", "font-size": "40px", "font-family": "Roboto"}
    there = {**look, "vertical-align": "bottom", "text-align": "right"}
    left, top, right, bottom = extent(at(painter, name, 1200, animation=there))
    assert left > WIDTH / 2 and right > WIDTH - 40 and top > HEIGHT / 2 and bottom > HEIGHT - 40
    there = {**look, "vertical-align": "top", "text-align": "left"}
    left, top, right, bottom = extent(at(painter, name, 1200, animation=there))
    assert left < 40 and right < WIDTH / 2 and top < 40 and bottom < HEIGHT / 2


@pytest.mark.parametrize("name", ["000", "001"])
def test_texts_have_the_looks_that_are_set(painter: Easel, name: str) -> None:
    said = {"text": "HH", "font-size": "80px", "color": "#ff0000", "text-stroke": "4px #0000ff"}
    picture = at(painter, name, 1200, animation=said)
    assert alike(picture, (255, 0, 0)).sum() > 200 and alike(picture, (0, 0, 255)).sum() > 200
    plain = at(painter, name, 1200, animation="HH")
    assert alike(plain, (255, 255, 255)).any()
    assert plain[..., 3].max() == 255


# Falling words


def test_words_fall_one_after_the_other(painter: Easel) -> None:
    """At speed 4 a word takes 400 ms and the next begins after 240."""
    said = {"animation": {"text": "HHH HHH HHH", "font-size": "40px", "speed": 4}}
    rest = at(painter, "001", 3000, **said)
    left, _, right, _ = extent(rest)
    at_once = at(painter, "001", 0, **said)
    first = at(painter, "001", 120, **said)
    two = at(painter, "001", 2 * 240, **said)
    assert is_empty(at_once)
    assert width(first) > right - left and first[..., 3].max() < 255
    assert extent(two)[0] == left and extent(two)[2] < right - 50
    assert (at(painter, "001", 2 * 240 + 401, **said) == rest).all()
    assert not (at(painter, "001", 2 * 240 + 300, **said) == rest).all()
    assert middle(rest[..., 3] > 40) == pytest.approx(MIDDLE, abs=4)


@pytest.mark.parametrize("speed", [1, "2", 6])
def test_speed_is_how_long_a_word_falls(painter: Easel, speed: Any) -> None:
    said = {"animation": {"text": "HH", "font-size": "40px", "speed": speed}}
    rest, fall_ms = at(painter, "001", 5000, **said), 1600 / int(speed)
    assert (at(painter, "001", fall_ms + 1, **said) == rest).all()
    assert width(at(painter, "001", fall_ms * 0.8, **said)) > width(rest) * 1.05


def test_a_list_is_paragraphs_whose_words_go_on_falling(painter: Easel) -> None:
    said = {"animation": {"text": ["HH", "HH"], "font-size": "40px", "speed": 4}}
    first, both = at(painter, "001", 200, **said), at(painter, "001", 900, **said)
    _, top, _, bottom = extent(both)
    assert bottom - top > 60
    between = at(painter, "001", 239, **said)
    assert extent(between)[3] < (top + bottom) / 2 + 10
    assert not is_empty(first)


def test_words_of_hebrew_stand_from_right_to_left(painter: Easel) -> None:
    said = {"animation": {"text": "שלום עולם", "font-size": "40px", "speed": 4}}
    rest, one = at(painter, "001", 3000, **said), at(painter, "001", 239, **said)
    assert extent(one)[2] > extent(rest)[2] - 8
    assert extent(one)[0] > extent(rest)[0] + 40


# Buttons

RED = (255, 0, 0)
BUTTON = {"text": "Go", "background": "#ff0000", "font-size": "30px", "color": "#ffffff"}


def red(picture: Picture) -> tuple[int, int, int, int]:
    return reach(alike(picture, RED))


def red_width(picture: Picture) -> int:
    left, _, right, _ = red(picture)
    return right - left


def test_a_button_springs_up_and_pulses_every_second(painter: Easel) -> None:
    said = {"button": {**BUTTON, "width": "200px", "height": "100px"}}
    assert is_empty(at(painter, "050", 0, **said))
    sprung = red_width(at(painter, "050", 150, **said))
    rest, wide, again, later = (
        at(painter, "050", ms, **said) for ms in (800, 1300, 1800, 7 * 1000 + 1300)
    )
    assert sprung > 205
    assert red_width(rest) == 200 and red_width(wide) == pytest.approx(210, abs=1)
    assert (rest == again).all() and (wide == later).all()
    quarter = 1 + 0.05 * curve_of("easeInOutSine")(0.3)
    step = red_width(at(painter, "050", 950, **said))
    assert step == pytest.approx(200 * quarter, abs=1.5)
    for picture in (rest, wide):
        assert middle(picture[..., 3] > 40) == pytest.approx(MIDDLE, abs=1)


def test_a_pulse_has_no_seam_in_a_film_of_twenty_seconds(stage: Stage) -> None:
    """Every second of it is as every other, and no frame jumps."""
    size = {"width": "50%", "height": "50%", "border-radius": "0"}
    button = {**BUTTON, **size, "text": "", "background": "#ffffff"}
    element = {"type": "component", "component": "advanced/050", "settings": {"button": button}}
    canvas = {"width": 320, "height": 180, "fps": 24, "quality": "high"}
    frames = stage.frames({**canvas, "scenes": [shot(element, duration=20)]})
    assert len(frames) == 480
    # How much of the row is white, parts of pixels too.
    widths = frames[:, 90, :, 0].sum(axis=1) / 255
    pulses = widths[24 : 24 + 19 * 24].reshape(19, 24)
    assert np.abs(pulses - pulses[0]).max() < 1
    assert pulses[0].max() - pulses[0].min() == pytest.approx(0.05 * pulses[0].min(), rel=0.25)
    assert np.abs(np.diff(widths[24:])).max() < 1.2


@pytest.mark.parametrize("name", ["050", "051"])
def test_buttons_stand_where_they_are_told_and_look_as_they_are_told(
    painter: Easel, name: str
) -> None:
    there = {"vertical-align": "bottom", "horizontal-align": "right"}
    corner = at(painter, name, 3800, button={**BUTTON, **there})
    left, top, right, bottom = red(corner)
    assert left > WIDTH / 2 and top > HEIGHT / 2
    assert WIDTH - 40 < right < WIDTH and HEIGHT - 40 < bottom < HEIGHT
    wide = at(painter, name, 3800, button={**BUTTON, "padding": "0 15vw", "border-radius": "0"})
    round_corners = at(painter, name, 3800, button={**BUTTON, "border-radius": "20px"})
    assert red_width(wide) > 2 * 0.15 * WIDTH
    left, top, _, _ = red(wide)
    assert alike(wide, RED)[top + 1, left + 1]
    left, top, _, _ = red(round_corners)
    assert not alike(round_corners, RED)[top + 1, left + 1]
    two = at(painter, name, 3800, button={**BUTTON, "text": ["Go", "now"]})
    assert red(two)[3] - red(two)[1] > 60
    long = at(painter, name, 3800, button={**BUTTON, "text": "Go there as fast as you can " * 4})
    assert red(long)[0] > 8 and red(long)[2] < WIDTH - 8


@pytest.mark.parametrize("name", ["050", "051"])
def test_a_button_of_a_set_size_has_its_text_in_the_middle_as_large_as_fits(
    painter: Easel, name: str
) -> None:
    size = {"width": "50%", "height": "50%", "font-size": "auto", "font-weight": "700"}
    picture = at(painter, name, 3800, button={**BUTTON, **size, "text": "HHHH"})
    white = alike(picture, (255, 255, 255))
    assert middle(white) == pytest.approx(MIDDLE, abs=5)
    left, _, right, _ = reach(white)
    assert 0.85 < (right - left) / (red_width(picture) - 0.04 * WIDTH) <= 1.01


def test_a_cursor_comes_presses_the_button_and_fades(painter: Easel) -> None:
    said = {
        "button": {**BUTTON, "text": "", "width": "200px", "height": "100px"},
        "cursor": {"color": "#00ff00", "width": "10vw", "height": "10vw"},
    }
    green = (0, 255, 0)
    start, coming, there, pressed, fading, rest = (
        at(painter, "051", ms, **said) for ms in (0, 300, 1500, 1700, 1900, 3000)
    )
    assert not alike(start, green).any() and red_width(start) == 200
    far = curve_of("easeOutCirc")(0.2)
    tip = reach(alike(coming, green))[:2]
    assert tip[0] == pytest.approx(1.01 * WIDTH + (WIDTH / 2 - 1.01 * WIDTH) * far, abs=5)
    assert tip[1] == pytest.approx(1.01 * HEIGHT + (HEIGHT / 2 - 1.01 * HEIGHT) * far, abs=5)
    assert reach(alike(there, green))[:2] == pytest.approx(MIDDLE, abs=4)
    assert red_width(pressed) == pytest.approx(180, abs=1) and alike(pressed, green).any()
    assert red_width(fading) == 200 and not alike(fading, green).any()
    assert (fading[..., :3] != rest[..., :3]).any()
    assert red_width(rest) == 200 and not (rest[..., 1] > 100)[alike(rest, RED)].any()


def test_a_cursor_finds_the_middle_of_a_button_that_stands_elsewhere(painter: Easel) -> None:
    there = {"vertical-align": "top", "horizontal-align": "left", "margin": "5vw"}
    said = {"button": {**BUTTON, **there}, "cursor": {"color": "#00ff00"}}
    before, pressed = at(painter, "051", 0, **said), at(painter, "051", 1500, **said)
    tip = reach(alike(pressed, (0, 255, 0)))[:2]
    assert tip == pytest.approx(middle(alike(before, RED) | (before[..., 3] > 250)), abs=4)


# Counter


PLAIN = {"font-size": "40px", "font-family": "Roboto Mono", "text-align": "left"}
"""No kerning between what counters write and what stands beside it."""


def written(painter: Easel, text: Any, **more: Any) -> Picture:
    """The words as they are, without a number."""
    return at(painter, "060", 20_000, counter={"text": text, **PLAIN, **more})


def counted(painter: Easel, ms: float, text: Any, **more: Any) -> Picture:
    return at(painter, "060", ms, counter={"text": text, **PLAIN, **more})


@pytest.mark.parametrize(
    ("easing", "start", "end", "decimals"),
    [
        ("linear", 0, 1000, 0),
        ("easeInOutExpo", 0, 2500, 0),
        ("easeOutElastic", "400", "230", 0),
        ("easeOutCubic", -3, 2.5, 2),
        ("cubicBezier(0, 0, 1, 1)", 0.5, -0.5, 3),
        ("linear", 5, 3_000_000_000, 0),
    ],
)
def test_the_number_is_at_each_time_that_of_its_easing(
    painter: Easel, easing: str, start: Any, end: Any, decimals: int
) -> None:
    said = {"from": start, "to": end, "decimals": decimals, "easing": easing, "duration": "2000"}
    is_straight = easing in ("linear", "cubicBezier(0, 0, 1, 1)")
    curve = curve_of("linear" if is_straight else easing)
    for ms in (0, 700, 1300, 2000, 9000):
        way = curve(min(1.0, ms / 2000))
        exact = float(start) + (float(end) - float(start)) * way
        # Curves are sampled for CSS: the last digit may be another one, by that little.
        spread = 0 if is_straight else abs(float(end) - float(start)) * way * (1 - way) * 0.004
        step = 10.0**-decimals
        near = range(round((exact - spread) / step), round((exact + spread) / step) + 1)
        assert len(near) <= 4
        picture = counted(painter, ms, "__num__ x", **said)
        assert any(
            (picture == written(painter, f"{each * step:.{decimals}f} x")).all() for each in near
        ), (ms, exact)


def test_it_counts_frame_by_frame(painter: Easel) -> None:
    """A number a hundredth of a second: 0, 1, 2 …"""
    said = {"to": 300, "duration": 3000, "easing": "linear"}
    for number in (7, 8, 150, 151, 299):
        picture = counted(painter, number * 10, "__num__", **said)
        assert (picture == written(painter, str(number))).all()


def test_numbers_stand_wherever_the_text_says_so(painter: Easel) -> None:
    said = {"to": 42, "duration": 0}
    for text in ("__num__ of __num__", "<b>__num__</b> up, ($__num__)", ["a __num__", "__num__%"]):
        paragraphs = text if isinstance(text, list) else [text]
        plain = [each.replace("__num__", "42") for each in paragraphs]
        assert (counted(painter, 0, text, **said) == written(painter, plain)).all()
    assert (counted(painter, 0, "none", **said) == written(painter, "none")).all()


def test_a_counter_says_its_number_alone_and_in_any_font_and_size(painter: Easel) -> None:
    alone = at(painter, "060", 0, counter={"to": 5, "duration": 0})
    assert alike(alone, (255, 255, 255)).any()
    assert middle(alone[..., 3] > 40) == pytest.approx(MIDDLE, abs=6)
    larger = at(painter, "060", 0, counter={"to": 5, "duration": 0, "font-size": "30vw"})
    assert width(larger) > 2.5 * width(alone)
    look = {"font-family": "Oswald", "color": "#ff0000", "vertical-align": "bottom"}
    look |= {"horizontal-align": "left", "text-align": "left"}
    shown = counted(painter, 0, "__num__", to=77, duration=0, **look)
    assert (shown == written(painter, "77", **look)).all()
    left, top, _, bottom = extent(shown)
    assert left < 40 and top > HEIGHT / 2 and bottom > HEIGHT - 60 and alike(shown, RED).any()


def test_a_minus_stands_before_its_number_also_in_arabic(painter: Easel) -> None:
    shown = counted(painter, 0, "بعد __num__", to=-5, duration=0)
    assert (shown == written(painter, "بعد \u2066-5\u2069")).all()


def test_a_size_that_is_found_has_room_for_the_longest_number(painter: Easel) -> None:
    for start, end in ((10_000_000, 1), (1, 10_000_000)):
        said = {"from": start, "to": end, "font-size": "auto", "easing": "linear"}
        for ms in (0, 2500, 5000):
            left, _, right, _ = extent(at(painter, "060", ms, counter=said))
            assert left > 8 and right < WIDTH - 8
    assert width(at(painter, "060", 5000, counter=said)) > WIDTH * 0.85


# Rating

GOLD, BLUE = (255, 215, 0), (0, 0, 255)


def test_stars_pop_in_from_left_to_right(painter: Easel) -> None:
    said = {"rating": {"size": "60px"}}
    assert is_empty(at(painter, "070", 0, **said))
    rest = at(painter, "070", 1000, **said)
    left, top, right, bottom = reach(alike(rest, GOLD))
    assert middle(rest[..., 3] > 40) == pytest.approx(MIDDLE, abs=1)
    assert right - left == pytest.approx(5 * 60 + 4 * 12, abs=2)
    assert 55 < bottom - top <= 60
    two = reach(alike(at(painter, "070", 300, **said), GOLD))
    assert two[2] < left + 150
    four = reach(alike(at(painter, "070", 550, **said), GOLD))
    assert left + 190 < four[2] < right - 50
    assert (at(painter, "070", 901, **said) == rest).all()


@pytest.mark.parametrize("symbol", ["star", "heart"])
@pytest.mark.parametrize("value", [0, 2, "4.5", 3.25])
def test_a_part_of_a_symbol_is_lit(painter: Easel, symbol: str, value: Any) -> None:
    look = {"size": "60px", "color": "#00ff00", "off-color": "#0000ff", "symbol": symbol}
    picture = at(painter, "070", 1000, rating={**look, "value": value})
    lit, unlit = alike(picture, (0, 255, 0)), alike(picture, BLUE)
    first = (WIDTH - (5 * 60 + 4 * 12)) / 2
    whole, part = divmod(float(value), 1)
    edge = first + whole * 72 + part * 60 - (12 if not part and whole else 0)
    if value:
        assert reach(lit)[2] == pytest.approx(edge, abs=2)
    assert lit.any() == bool(float(value))
    assert reach(unlit)[0] == pytest.approx(edge + (0 if part or not whole else 12), abs=2)


def test_what_is_not_lit_is_not_seen_unless_it_has_a_colour(painter: Easel) -> None:
    there = {"vertical-align": "top", "horizontal-align": "left"}
    picture = at(painter, "070", 1000, rating={"value": 2, "size": "40px", **there})
    left, top, right, bottom = extent(picture)
    assert left < 40 and top < 40 and right - left == pytest.approx(88, abs=2) and bottom < 70
    assert alike(picture, GOLD).any()
    star, heart = (
        at(painter, "070", 1000, rating={"symbol": each, "size": "90px"})
        for each in ("star", "heart")
    )
    assert (star[..., 3] > 128).sum() < 0.75 * (heart[..., 3] > 128).sum()


# What cannot be


@pytest.mark.parametrize(
    ("name", "group", "setting", "words"),
    [
        ("001", "animation", {"speed": 7}, "1 to 6"),
        ("060", "counter", {"decimals": 4}, "0 to 3"),
        ("060", "counter", {"duration": 10001}, "0 to 10000"),
        ("060", "counter", {"easing": "easeSideways"}, "must be an easing"),
        ("060", "counter", {"from": "much"}, "must be a number"),
        ("070", "rating", {"value": 5.5}, "0 to 5"),
        ("070", "rating", {"symbol": "moon"}, "one of star, heart"),
    ],
)
def test_what_cannot_be_is_told(name: str, group: str, setting: Any, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        page_of(f"advanced/{name}", {group: setting})


def test_a_template_of_old_at_the_movie_s_level_is_the_component(stage: Stage) -> None:
    said: Document = {"settings": {"rating": {"size": "20vw", "color": "#ff0000"}}}
    old = {"type": "template", "template": "advanced/070", "width": 160, "height": 90, **said}
    canvas = {"width": 160, "height": 90, "fps": 5, "scenes": [shot(duration=2)]}
    last = stage.frames({**canvas, "elements": [old]})[-1]
    assert (last[..., 0] > 200).sum() > 500 and last[..., 1].max() < 60
