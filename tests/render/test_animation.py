"""Pages that move, on the real browser: each frame is what a running page shows at its time."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageSequence
from resplice.adapters.chromium.browser import Chromium
from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.chromium.devtools import BrowserProcess
from resplice.adapters.chromium.frames import FIND, PAUSE, SET, stepping
from resplice.adapters.chromium.installed import find_chromium
from resplice.adapters.chromium.page_painter import _SCROLL, PagePainter
from resplice.adapters.chromium.pictures import Pictures
from resplice.core.text import FILES
from resplice.core.text.page import text_page
from resplice.errors import PaintError
from resplice.ports.browser import Animated, PageFile, Painted, PaintPage

FONTS = BundledFonts(Path(__file__).resolve().parents[2] / "layers" / "fonts")
FPS = 25


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    chromium = Chromium(find_chromium, FONTS)
    yield chromium
    chromium.close()


def title(text: str, style: str, density: int = 1, **settings: Any) -> PaintPage:
    said = {
        "font-size": "48px",
        **{name.replace("_", "-"): each for name, each in settings.items()},
    }
    made = text_page(text, style, said, 640, 200, 640, 200, density=density)
    return PaintPage(made.width, made.height, made.html)


def page(body: str, css: str = "", **more: Any) -> PaintPage:
    styles = f"<style>body{{margin:0}}i{{position:absolute;width:20px;height:20px}}{css}</style>"
    return PaintPage(400, 200, f"<!doctype html>{styles}{body}", **more)


def pictures(made: Animated, size: tuple[int, int]) -> list[NDArray[np.int16]]:
    """What is seen at each frame that differs from the one before, on a canvas of that size."""
    found = []
    for frame in ImageSequence.Iterator(Image.open(io.BytesIO(made.apng))):
        canvas = Image.new("RGBA", size)
        canvas.paste(frame.convert("RGBA"), (made.x, made.y))
        found.append(np.asarray(canvas).astype(np.int16))
    return found


def moving(browser: Chromium, of: PaintPage) -> Animated:
    made = browser.animate(of, FPS)
    assert isinstance(made, Animated)
    return made


def at_rest(tab: PagePainter, soon: float) -> NDArray[np.int16]:
    """What the window shows when nothing in it goes on."""
    last, now = window(tab, soon), window(tab, soon)
    while (last != now).any():
        last, now = now, window(tab, soon)
    return now


def window(tab: PagePainter, soon: float) -> NDArray[np.int16]:
    """What it shows now."""
    shot = tab._tab.call("Page.captureScreenshot", soon, format="png", optimizeForSpeed=True)
    png = io.BytesIO(base64.b64decode(shot["data"]))
    return np.asarray(Image.open(png).convert("RGBA")).astype(np.int16)


def as_seen(picture: NDArray[np.int16]) -> NDArray[np.float64]:
    """Colours as strong as they are opaque: where hardly anything is, any colour is stored."""
    opacity = picture[..., 3:] / 255
    return np.concatenate([picture[..., :3] * opacity, picture[..., 3:]], axis=2)


@pytest.mark.parametrize("style", ["003", "005", "006", "007", "008"])
def test_a_frame_is_what_a_running_page_shows_at_its_time(style: str) -> None:
    """A page that nobody steps runs by the clock in a whole window, and is stopped in full flight;
    then the same moment is stepped to, in a window of another size.
    """
    of, soon = title("Wie im Flug", style), time.monotonic() + 60
    process = BrowserProcess(find_chromium())
    try:
        tab = PagePainter(process, FONTS, Pictures(), soon)
        tab._laid_out(of, soon)
        run = "for (const each of stepped) each.startTime = document.timeline.currentTime"
        tab._evaluate(f"globalThis.stepped = document.getAnimations(); {run}", soon)
        time.sleep(0.7)
        stop = "for (const each of stepped) each.pause()"
        ready = "Promise.all(stepped.map(each => each.ready))"
        at = f"{ready}.then(() => stepped.map(each => each.currentTime))"
        tab._evaluate(stop, soon)
        stopped_ms = max(tab._evaluate(at, soon))  # Those that have ended stay at their end.
        live = at_rest(tab, soon)
        tab._evaluate(PAUSE, soon)
        tab._evaluate(FIND, soon)
        for ms in (0, 5000, stopped_ms):
            tab._evaluate(f"{SET}({ms})", soon)
        left, top, right, bottom = box = (100, 40, 560, 160)
        tab._resize(box[2] - box[0], box[3] - box[1], soon)
        tab._evaluate(f"{_SCROLL}({', '.join(map(str, box))})", soon)
        seen = window(tab, soon)
    finally:
        process.stop()
    assert 100 < stopped_ms < 5000, "in full flight"
    assert live[..., 3].max() > 100
    live = live[top:bottom, left:right]
    if style in ("007", "008"):
        # What grows in a running page is drawn once and stretched: blurred, but in the same place.
        live, seen = (each.reshape(30, 4, 115, 4, 4).mean(axis=(1, 3)) for each in (live, seen))
        assert np.abs(live - seen)[..., 3].max() <= 60
    else:
        assert np.abs(as_seen(live) - as_seen(seen)).max() <= 2


def test_two_browsers_give_the_same_bytes(browser: Chromium) -> None:
    other = Chromium(find_chromium, FONTS)
    try:
        for style in ("005", "009", "010"):
            of = title("Zweimal gleich", style)
            assert moving(browser, of).apng == moving(other, of).apng, style
    finally:
        other.close()


def test_another_text_has_other_chances(browser: Chromium) -> None:
    one, other = (
        pictures(moving(browser, title(t, "009")), (640, 200)) for t in ("OO", "OO\u200b")
    )
    assert any((a != b).any() for a, b in zip(one, other, strict=False))


def test_a_page_that_stands_still_is_the_picture_that_paint_makes(browser: Chromium) -> None:
    of = title("Still", "001")
    assert browser.animate(of, FPS) == browser.paint(of)
    unseen = page("<i></i>", "i{animation:a 1s}@keyframes a{from{left:9px}}")
    assert isinstance(browser.animate(unseen, FPS), Painted)


def test_a_frame_count_ends_with_the_last_animation(browser: Chromium) -> None:
    css = "i{background:#f00;animation:a 1s linear 500ms both}@keyframes a{to{left:100px}}"
    made = moving(browser, page("<i></i>", css))
    assert (made.frames, made.loop_from) == (39, None)  # 1.5 s are 37.5 frames, then it rests
    seen = pictures(made, (400, 200))
    lefts = [int(np.flatnonzero(each[10, :, 3]).min()) for each in seen]
    assert lefts[0] == 0 and lefts[-1] == 100 and lefts == sorted(lefts)
    assert (made.x, made.y, made.width, made.height) == (0, 0, 120, 20)


def test_a_page_smaller_than_its_ink_is_shot_where_the_ink_is(browser: Chromium) -> None:
    """Twice the density is twice the pixels, at twice the place."""
    once, twice = (
        moving(browser, title("Ob", "005")),
        moving(browser, title("Ob", "005", density=2)),
    )
    for one, two in ((once.x, twice.x), (once.y, twice.y), (once.width, twice.width)):
        assert abs(2 * one - two) <= 3


def test_what_leaves_the_reckoned_box_is_shot_whole(browser: Chromium) -> None:
    """Between the sampled moments it is far away, for two frames."""
    css = (
        "i{background:#0f0;top:90px;left:10px;animation:a 12s linear both}"
        "@keyframes a{49.9%{left:10px}50%{left:370px}50.6%{left:370px}50.7%{left:10px}}"
    )
    made = moving(browser, page("<i></i>", css))
    assert (made.x, made.width) == (10, 380)


def test_what_rests_is_shot_once() -> None:
    """The state of its animations is asked at each frame; the picture is only taken of new ones."""
    states, shots = iter(["0", "0.5", "1", "1", "1,0.2"]), []

    def shoot() -> None:
        out = io.BytesIO()
        Image.new("RGBA", (2, 2), (len(shots), 0, 0, 255)).save(out, "PNG")
        shots.append(album.show(out.getvalue()))

    with closing(Pictures()) as pictures, pictures.album(time.monotonic() + 60) as album:
        stepping(lambda script: next(states), shoot, [0, 40, 80, 120, 160], album)
        apng, _ = album.apng(25, for_ever=False)
    lengths = [
        each.info["duration"] for each in ImageSequence.Iterator(Image.open(io.BytesIO(apng)))
    ]
    assert (len(shots), lengths) == (4, [40, 40, 80, 40])


def test_what_never_ends_begins_again(browser: Chromium) -> None:
    css = (
        "i{background:#00f;animation:a 400ms linear both,b 1s ease-in-out 400ms infinite alternate}"
        "@keyframes a{from{top:50px}}@keyframes b{to{left:80px}}"
    )
    made = moving(browser, page("<i></i>", css))
    assert (made.loop_from, made.frames) == (10, 60)


def test_a_page_that_moves_for_too_long_is_told(browser: Chromium) -> None:
    css = "i{background:#00f;animation:a 900s linear both}@keyframes a{to{left:80px}}"
    with pytest.raises(PaintError, match=r"it moves for 900 s, .* at most 60 s are painted: "):
        browser.animate(page("<i></i>", css), FPS)


def test_a_page_shows_its_files_and_no_others(browser: Chromium, tmp_path: Path) -> None:
    red = tmp_path / "red.png"
    Image.new("RGB", (30, 30), "#ff0000").save(red)
    body = f'<img src="{FILES}one"><img src="{FILES}two"><img src="file://{red}">'
    shown = (browser.paint(page(body, files=files)) for files in ((PageFile("one", red),), ()))
    reds = [
        Image.open(io.BytesIO(painted.png)).convert("RGB").getcolors(1 << 16) for painted in shown
    ]
    counts = [sum(n for n, colour in found or () if colour == (255, 0, 0)) for found in reds]
    assert counts == [900, 0], "what another page had is not there any more"


def inked(picture: NDArray[np.int16]) -> list[int]:
    return [int(column) for column in np.flatnonzero((picture[..., 3] > 100).any(axis=0))]


@pytest.mark.parametrize(
    ("style", "text", "rightmost_first"),
    [
        ("003", "HHH III", False),
        ("003", "שלום עולם", True),
        ("003", "مرحبا بالعالم", True),
        ("003", "नमस्ते दुनिया", False),
        ("005", "HHH III", False),
        ("005", "שלום עולם", True),
    ],
)
def test_words_come_in_the_order_of_reading(
    browser: Chromium, style: str, text: str, rightmost_first: bool
) -> None:
    seen = pictures(moving(browser, title(text, style, text_shadow="none")), (640, 200))
    final = inked(seen[-1])
    begun = next(inked(each) for each in seen if inked(each))
    assert (np.mean(begun) > np.mean(final)) == rightmost_first


@pytest.mark.parametrize(
    ("text", "words", "letters"),
    [
        ("one two", 2, 6),
        ("👍🏽👨‍👩‍👧🇩🇪 e\u0301", 2, 4),
        ("नमस्ते दुनिया", 2, 2),
        ("مرحبا بالعالم", 2, 2),
        ("สวัสดีชาวโลก", 3, 10),
        ("你好，世界", 2, 5),
        ("日本語の字幕です。", 4, 9),
        ("안녕 세계", 2, 4),
    ],
)
def test_texts_are_taken_apart_where_a_reader_would(text: str, words: int, letters: int) -> None:
    soon, process = time.monotonic() + 60, BrowserProcess(find_chromium())
    try:
        painter = PagePainter(process, FONTS, Pictures(), soon)
        for how, count in (("word", words), ("letter", letters)):
            painter._laid_out(page(f'<div data-split="{how}s">{text}</div>'), soon)
            found = painter._evaluate(f"document.querySelectorAll('.{how}').length", soon)
            assert found == count, how
    finally:
        process.stop()


def test_lengths_of_the_window_stay_those_of_the_page(browser: Chromium) -> None:
    css = "b{display:block;width:50vw;height:50vh;background:#0f0}"
    css += "i{background:#f00;animation:a 200ms linear both}@keyframes a{to{left:40px}}"
    made = moving(browser, page("<b></b><i></i>", css))
    assert (made.x, made.y, made.width, made.height) == (0, 0, 200, 120)


def test_pictures_that_move_by_the_clock_stand_still(browser: Chromium, tmp_path: Path) -> None:
    colours = [Image.new("RGB", (20, 20), colour) for colour in ("#f00", "#00f", "#0f0")]
    gif = tmp_path / "moving.gif"
    colours[0].save(gif, save_all=True, append_images=colours[1:], duration=20, loop=0)
    turns = '<animate attributeName="fill" values="red;blue" dur="50ms" repeatCount="indefinite"/>'
    drawn = (
        f'<svg width="20" height="20"><rect width="20" height="20" fill="red">{turns}</rect></svg>'
    )
    svg = tmp_path / "moving.svg"
    svg.write_text(drawn.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))
    body = f'<img src="{FILES}a"><img src="{FILES}b.svg">{drawn}'
    of = page(body, files=(PageFile("a", gif), PageFile("b.svg", svg)))
    for _ in range(3):
        shown = Image.open(io.BytesIO(browser.paint(of).png)).convert("RGBA")
        found = shown.getcolors(1 << 16) or []
        assert {colour for _, colour in found if colour[3] == 255} == {(255, 0, 0, 255)}
