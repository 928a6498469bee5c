"""Web pages in the real browser: what is seen of them, and when. Who attacks is in another file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from resplice.adapters.chromium.browser import Chromium
from resplice.ports.browser import Animated, Loaded
from warned_lines import plainly
from web_pages import HERE, Shelf, chromium, page, pixels, plain

RED, GREEN, CLEAR = (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 0, 0)
BOX = "<div id=b style='width:40px;height:30px;background:red'></div>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with chromium() as made:
        yield made


def test_a_page_lies_in_its_viewport_on_nothing(browser: Chromium) -> None:
    painted = browser.paint_web_page(page(BOX, css="padding:5px 0 0 9px;"), Shelf())
    assert (painted.x, painted.y, painted.width, painted.height) == (9, 5, 40, 30)
    seen = pixels(painted)
    assert tuple(seen[6, 10]) == RED and tuple(seen[60, 100]) == CLEAR
    assert painted.warnings == ()


def test_half_clear_stays_half_clear(browser: Chromium) -> None:
    html = "<div style='height:50px;background:#00f8'></div>"
    red, green, blue, alpha = pixels(browser.paint_web_page(page(html), Shelf()))[10, 10]
    assert (red, green) == (0, 0) and blue >= 253 and abs(alpha - 0x88) <= 1


def test_an_empty_page_is_one_clear_pixel(browser: Chromium) -> None:
    painted = browser.paint_web_page(page("  "), Shelf())
    assert (painted.x, painted.y, painted.width, painted.height) == (0, 0, 1, 1)
    assert tuple(pixels(painted)[0, 0]) == CLEAR


def test_denser_is_the_same_larger(browser: Chromium) -> None:
    html = "<p style='font:20px Lobster;position:absolute;left:10px;top:10px'>Sharp"
    one, two = (browser.paint_web_page(page(html, density=each), Shelf()) for each in (1, 2))
    assert abs(two.width - 2 * one.width) <= 3 and abs(two.x - 2 * one.x) <= 2
    half = pixels(browser.paint_web_page(page(BOX, density=1.5), Shelf()), 450, 300)
    assert tuple(half[44, 59]) == RED and tuple(half[45, 60]) == CLEAR


@pytest.mark.parametrize("one_process", [False, True])
def test_scripts_run_and_time_passes_before_it_is_painted(one_process: bool) -> None:
    html = f"""{BOX}<script>
    const turn = (colour, ms) => setTimeout(() => b.style.background = colour, ms);
    turn('lime', 300); turn('blue', 60000);
    document.addEventListener('DOMContentLoaded', () => b.style.height = '50px');
    requestAnimationFrame(() => requestAnimationFrame(() => b.style.width = '60px'));
    </script>"""
    with chromium(one_process=one_process) as own:
        seen = pixels(own.paint_web_page(page(html), Shelf()))
        assert tuple(seen[49, 59]) == GREEN and tuple(seen[50, 60]) == CLEAR
        at_once = pixels(own.paint_web_page(page(html, wait_ms=0), Shelf()))
        assert tuple(at_once[10, 10]) == RED


def test_a_wait_takes_little_time_and_chance_is_the_same_each_time(browser: Chromium) -> None:
    html = """<p style='font:30px Inter'><script>
    setInterval(() => document.querySelector('p').textContent =
      [Math.round(performance.now() / 100), ...Array(3).fill().map(Math.random)], 100)
    </script>"""
    first, second = (browser.paint_web_page(page(html, wait_ms=5000), Shelf()) for _ in range(2))
    assert first == second
    assert first != browser.paint_web_page(page(html, wait_ms=4000), Shelf())


def test_animations_stand_where_they_are_after_the_wait(browser: Chromium) -> None:
    html = """<style>@keyframes k { from { left: 0 } to { left: 200px } }
    div { position: absolute; width: 20px; height: 20px; background: red }
    #a { animation: k 2s linear } #b { top: 30px; animation: k 1s linear 200ms both }
    #c { top: 60px; transition: left 1s linear } #d { top: 90px; animation: k 1s paused }
    </style><div id=a></div><div id=b></div><div id=c></div><div id=d></div>
    <script>setTimeout(() => c.style.left = '150px', 100)</script>"""
    seen = pixels(browser.paint_web_page(page(html, wait_ms=700), Shelf()))
    for row, left in ((10, 70), (40, 100), (100, 0)):
        assert tuple(seen[row, left + 10]) == RED
        assert tuple(seen[row, left + 21]) == CLEAR
    later = pixels(browser.paint_web_page(page(html, wait_ms=3000), Shelf()))
    assert tuple(later[10, 10]) == tuple(later[40, 210]) == tuple(later[70, 160]) == RED


@pytest.mark.parametrize("one_process", [False, True])
def test_a_gif_stands_still_at_its_first_picture(one_process: bool) -> None:
    into = io.BytesIO()
    first, *others = (Image.new("RGB", (40, 30), each) for each in ("red", "lime", "blue"))
    first.save(into, "GIF", save_all=True, append_images=others, duration=70, loop=0)
    shelf = Shelf()
    shelf.put("https://e.com/a.gif", into.getvalue(), "image/gif")
    html = "<img src=https://e.com/a.gif>"
    with chromium(one_process=one_process) as own:
        for wait_ms in (0, 110, 300):
            seen = pixels(own.paint_web_page(page(html, wait_ms=wait_ms), shelf))
            assert tuple(seen[10, 10]) == RED


def test_frames_follow_upon_the_wait(browser: Chromium) -> None:
    html = """<style>@keyframes k { from { left: 0 } to { left: 200px } }
    div { position: absolute; width: 20px; height: 20px; background: red;
          animation: k 1s linear 250ms both }</style><div></div>"""
    moving = browser.paint_web_page(page(html, wait_ms=0, frames=10, fps=5), Shelf())
    assert isinstance(moving, Animated)
    assert (moving.x, moving.y, moving.width, moving.height, moving.frames) == (0, 0, 220, 20, 10)
    film = Image.open(io.BytesIO(moving.apng))
    lefts = []
    for number in range(film.n_frames):  # type: ignore[attr-defined]
        film.seek(number)
        lefts.append(film.convert("RGBA").getchannel("A").getbbox()[0])  # type: ignore[index]
    assert lefts == [0, 30, 70, 110, 150, 190, 200], "two frames at the start are one"
    still = browser.paint_web_page(page(BOX, frames=10, fps=5), Shelf())
    assert still == browser.paint_web_page(page(BOX), Shelf())


def test_what_a_page_loads_is_asked_for_where_it_lies(browser: Chromium) -> None:
    shelf = Shelf()
    shelf.put("https://e.com/styles/a.css", b"@import 'b.css'; #a{background:url(../red.png)}")
    shelf.put("https://cdn.e.com/v2/b.css", b"#b{background:url(green.png)}", "text/css")
    shelf.files["https://e.com/styles/b.css"] = shelf.files["https://cdn.e.com/v2/b.css"]
    shelf.put("https://e.com/red.png", plain("red"), "image/png")
    shelf.put("https://cdn.e.com/v2/green.png", plain("lime"), "image/png")
    shelf.put("https://e.com/m.js", b"import {c} from './n.js'; c()", "text/javascript")
    shelf.put(
        "https://e.com/n.js",
        b"export const c = () => fetch('/t').then(r => r.text()).then("
        b"t => document.getElementById('c').style.background = t)",
        "text/javascript",
    )
    shelf.put("https://e.com/t", b"blue", "text/plain")
    html = """<!doctype html><title>x</title><link rel=stylesheet href=styles/a.css>
    <body style='margin:0'><div id=a></div><div id=b></div><div id=c></div>
    <style>div{width:10px;height:10px}</style><script type=module src=/m.js></script>"""
    at = Loaded(html.encode(), "text/html", "https://e.com/index.html?q=1#top")
    painted = browser.paint_web_page(replace(page(""), document=at, is_whole=True), shelf)
    seen = pixels(painted)
    assert [tuple(seen[row, 5]) for row in (5, 15, 25)] == [RED, GREEN, (0, 0, 255, 255)]
    assert painted.warnings == ()


def test_what_cannot_be_loaded_is_told_and_the_page_goes_on(browser: Chromium) -> None:
    html = (
        f"{BOX}<img src=https://e.com/b.png><img src=https://e.com/a.png><script src=x.js></script>"
    )
    painted = browser.paint_web_page(page(html), Shelf())
    assert tuple(pixels(painted)[10, 10]) == RED
    assert plainly(painted.warnings) == (
        "a page goes without 'https://e.com/a.png' (404)",
        "a page goes without 'https://e.com/b.png' (404)",
        f"a page goes without '{HERE}x.js' (404)",
    )


def test_of_many_that_cannot_be_loaded_some_are_told(browser: Chromium) -> None:
    html = "".join(f"<img src=https://e.com/{number}>" for number in range(9))
    *_, last = browser.paint_web_page(page(html), Shelf()).warnings
    assert plainly([last]) == ("a page goes without 4 more files",)


def test_tailwind_is_the_real_one_and_needs_no_network(browser: Chromium) -> None:
    html = "<div class='w-10 h-8 m-2 bg-[#ff0000] rounded-none hidden sm:block'></div>"
    shelf = Shelf()
    painted = browser.paint_web_page(page(html, tailwind=True, width=700), shelf)
    assert (painted.x, painted.y, painted.width, painted.height) == (8, 8, 40, 32)
    assert tuple(pixels(painted)[10, 10]) == RED
    assert shelf.asked == [] and painted.warnings == ()
    assert browser.paint_web_page(page(html), shelf).width == 1, "without it there is no style"


def test_bundled_fonts_are_had_by_name_and_letters_that_a_font_lacks_are_drawn(
    browser: Chromium,
) -> None:
    def width(style: str, text: str = "Hamburg") -> int:
        html = f"<span style='font-size:40px;{style}'>{text}</span>"
        painted = browser.paint_web_page(page(html, width=900), Shelf())
        assert painted.warnings == ()
        return painted.width

    plain_width = width("")
    assert width("font-family:sans-serif") == width("font-family:Inter") == plain_width
    widths = {width(f"font-family:{name}") for name in ("Lobster", "Anton", "monospace", "serif")}
    assert len(widths | {plain_width}) == 5
    html = "<p style='font:30px Lobster'>世界 नमस्ते 😀 שלום"
    painted = browser.paint_web_page(page(html), Shelf())
    assert painted.width > 150 and painted.warnings == ()
    colours = {tuple(pixel[:3]) for pixel in pixels(painted).reshape(-1, 4) if pixel[3] == 255}
    assert any(red > 200 and green > 150 and blue < 120 for red, green, blue in colours), "a face"


def test_a_font_that_nobody_has_is_told(browser: Chromium) -> None:
    html = "<p style='font-family:Grape Nuts'>x<p style='font-family:Grape Nuts,Roboto'>y"
    painted = browser.paint_web_page(page(html), Shelf())
    assert plainly(painted.warnings) == ("font 'Grape Nuts' is not bundled; drawn with Inter",)


def test_letters_that_no_font_has_are_told(browser: Chromium) -> None:
    letters = "Z\u0337a\u0322l\u0336g\u0321o \ua9c5 \u16a0 \U00012000 \u4e2d \U0001f600"
    assert browser.paint_web_page(page(f"<p>{letters}</p>"), Shelf()).warnings == ()
    html = "<p>ab \u0378</p><b>\U00013460</b>"
    told = plainly(browser.paint_web_page(page(html), Shelf()).warnings)
    assert told == ("no font that is here has U+0378, U+13460: empty boxes stand there",)


def test_a_font_of_the_pages_own(browser: Chromium) -> None:
    file = Path(__file__).parents[2] / "layers/fonts/node_modules/@fontsource/lobster/files"
    shelf = Shelf()
    body = (file / "lobster-latin-400-normal.woff2").read_bytes()
    shelf.put("https://e.com/mine.woff2", body, "font/woff2")
    face = "<style>@font-face{font-family:Mine;src:url(https://e.com/mine.woff2)}</style>"
    own, lobster = (
        browser.paint_web_page(page(f"{face}<p style='font:40px {name}'>Own"), shelf)
        for name in ("Mine", "Lobster")
    )
    assert own == lobster and own.warnings == ()


def test_what_is_said_of_the_body_gives_way_to_the_page(browser: Chromium) -> None:
    css = "background-color:rgb(255,0,0);"
    assert tuple(pixels(browser.paint_web_page(page("x", css=css), Shelf()))[100, 100]) == RED
    own = "<style>body{background:lime}</style>x"
    assert tuple(pixels(browser.paint_web_page(page(own, css=css), Shelf()))[100, 100]) == GREEN


def test_a_page_of_a_server_keeps_its_margins_and_its_letters(browser: Chromium) -> None:
    body = "<meta charset=latin1><p style='font:30px Inter'>\u00c4\u00d6".encode("latin1")
    whole = replace(page(""), document=Loaded(body, "text/html", "https://e.com/"), is_whole=True)
    written = page("<p style='font:30px Inter'>\u00c4\u00d6")
    theirs, ours = (browser.paint_web_page(each, Shelf()) for each in (whole, written))
    assert theirs.png == ours.png  # type: ignore[union-attr]
    assert theirs.x == ours.x + 8
