"""The browser adapter on the real browser: where ink lies, how it looks, what never happens."""

from __future__ import annotations

import io
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from resplice.adapters.chromium.browser import Chromium
from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.chromium.installed import find_chromium
from resplice.core.text.page import text_page
from resplice.ports.browser import Painted, PaintFont, PaintPage
from warned_lines import plainly

FONTS = BundledFonts(Path(__file__).resolve().parents[2] / "layers" / "fonts")
PLAIN: dict[str, Any] = {"text-shadow": "none", "font-size": "60px"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    chromium = Chromium(find_chromium, FONTS)
    yield chromium
    chromium.close()


def page(text: str, width: int = 800, height: int = 400, **settings: Any) -> PaintPage:
    said = PLAIN | {name.replace("_", "-"): value for name, value in settings.items()}
    made = text_page(text, "001", said, width, height, 1000, 500)
    return PaintPage(made.width, made.height, made.html)


def rgba(painted: Painted) -> NDArray[np.int32]:
    picture = Image.open(io.BytesIO(painted.png))
    assert picture.size == (painted.width, painted.height)
    return np.asarray(picture.convert("RGBA")).astype(np.int32)


def ink(painted: Painted) -> int:
    return int(rgba(painted)[..., 3].sum()) // 255


def solid_colours(painted: Painted) -> set[tuple[int, ...]]:
    pixels = rgba(painted)
    return {tuple(int(part) for part in pixel[:3]) for pixel in pixels[pixels[..., 3] == 255]}


@pytest.mark.parametrize("vertical", ["top", "center", "bottom"])
@pytest.mark.parametrize("horizontal", ["left", "center", "right"])
def test_ink_lies_where_the_settings_say(browser: Chromium, vertical: str, horizontal: str) -> None:
    made = page("HEH", vertical_position=vertical, horizontal_position=horizontal)
    painted = browser.paint(made)
    gaps = {
        "left": painted.x,
        "right": 800 - painted.x - painted.width,
        "top": painted.y,
        "bottom": 400 - painted.y - painted.height,
    }
    if horizontal == "center":
        assert abs(gaps["left"] - gaps["right"]) <= 2
    else:
        assert gaps[horizontal] < 12
    if vertical == "center":
        assert abs(gaps["top"] - gaps["bottom"]) <= 4
    else:
        assert gaps[vertical] < 20


def test_the_png_is_cropped_to_its_ink(browser: Chromium) -> None:
    alpha = rgba(browser.paint(page("Crop")))[..., 3]
    assert all(edge.any() for edge in (alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]))


def test_the_reckoned_part_has_the_same_pixels_as_the_whole(browser: Chromium) -> None:
    made = page("Fjord, ÅÇj", text_shadow="9px 12px 5px #f00", font_family="Pacifico")
    whole = PaintPage(800, 400, made.html.replace("<body>", "<body><i></i>"))
    assert browser.paint(made) == browser.paint(whole)


def test_no_ink_is_one_clear_pixel(browser: Chromium) -> None:
    painted = browser.paint(page("  "))
    assert (painted.x, painted.y, painted.width, painted.height) == (0, 0, 1, 1)
    assert ink(painted) == 0


def test_ink_stays_within_the_viewport(browser: Chromium) -> None:
    painted = browser.paint(page("WWWW " * 60, 300, 200))
    assert painted.x >= 0 and painted.x + painted.width <= 300
    assert painted.y >= 0 and painted.y + painted.height <= 200


def test_long_text_wraps_at_the_width_and_long_words_break(browser: Chromium) -> None:
    for text in ("one two three four five", "onetwothreefourfivesix"):
        one, many = browser.paint(page(text)), browser.paint(page(text, 200))
        assert one.height < 80 < 150 < many.height
        assert many.width <= 200


def test_line_breaks(browser: Chromium) -> None:
    assert browser.paint(page("H\nH")).height > 1.9 * browser.paint(page("H")).height
    assert browser.paint(page("H<BR/>H")) == browser.paint(page("H\nH"))


@pytest.mark.parametrize(
    ("size", "pixels"),
    [("10vw", 100), ("20vh", 100), ("100", 100), (100, 100), ("6.25em", 100), ("625%", 100)],
)
def test_font_size_units(browser: Chromium, size: object, pixels: int) -> None:
    assert browser.paint(page("H", font_size=size)) == browser.paint(
        page("H", font_size=f"{pixels}px")
    )


@pytest.mark.parametrize("family", ["Inter", "Lato", "Roboto Mono"])
def test_more_weight_is_more_ink(browser: Chromium, family: str) -> None:
    inks = [
        ink(browser.paint(page("Weight", font_family=family, font_weight=weight)))
        for weight in (100, 400, "bold")
    ]
    assert inks[0] < inks[1] * 0.9 < inks[2] * 0.8


def test_families_differ_and_an_unknown_one_is_told(browser: Chromium) -> None:
    made = {f: browser.paint(page("Hamburg", font_family=f)) for f in ("Inter", "Anton", "Lobster")}
    assert len({painted.png for painted in made.values()}) == 3
    assert not any(painted.warnings for painted in made.values())
    unknown = browser.paint(page("Hamburg", font_family="Grape Nuts"))
    assert unknown.png == made["Inter"].png
    assert plainly(unknown.warnings) == ("font 'Grape Nuts' is not bundled; drawn with Inter",)


def test_colours_are_exact(browser: Chromium) -> None:
    assert solid_colours(browser.paint(page("Red", color="#d81e05"))) == {(216, 30, 5)}
    boxed = browser.paint(page("Box", color="#ffffff", background_color="#123456", padding=20))
    assert tuple(rgba(boxed)[3, 3]) == (0x12, 0x34, 0x56, 255)
    plain = browser.paint(page("Box", color="#ffffff"))
    assert plain.width + 30 < boxed.width < plain.width + 60


def test_glyph_edges_are_grey_not_coloured(browser: Chromium) -> None:
    pixels = rgba(browser.paint(page("Soft edges")))
    assert (pixels[pixels[..., 3] > 0][:, :3] == 255).all()


def test_letter_spacing_case_and_decoration(browser: Chromium) -> None:
    plain = browser.paint(page("space"))
    assert browser.paint(page("space", letter_spacing="20px")).width == plain.width + 80
    assert browser.paint(page("space", text_transform="uppercase")) == browser.paint(page("SPACE"))
    assert ink(browser.paint(page("space", text_decoration="underline"))) > ink(plain) * 1.1


def test_shadow_reaches_as_far_as_it_says(browser: Chromium) -> None:
    plain = browser.paint(page("Sun"))
    for shadow in ("150px 0 #000", "0 0 #000, 150px 0 #000"):
        painted = browser.paint(page("Sun", text_shadow=shadow))
        assert (painted.x, painted.width) == (plain.x, plain.width + 150)
    numeric = browser.paint(page("Sun", shadow=6, text_shadow=None))
    assert (numeric.width, numeric.height) == (plain.width + 6, plain.height + 6)


def test_opacity(browser: Chromium) -> None:
    assert rgba(browser.paint(page("Half", opacity=0.5)))[..., 3].max() in (127, 128)


def test_arabic_is_joined_and_runs_from_the_right(browser: Chromium) -> None:
    joined, apart = browser.paint(page("بببب")), browser.paint(page("ب‌ب‌ب‌ب"))
    assert joined.width < apart.width * 0.9
    unknown = browser.paint(page("\U000e1234" * 4))
    assert joined.png != unknown.png
    ends = rgba(browser.paint(page("مرحبا <", color="#ffffff")))
    columns = ends[..., 3].sum(axis=0) > 0
    assert (~columns[: len(columns) // 2]).sum() > 0


@pytest.mark.parametrize("text", ["今日は", "안녕", "世界", "ไทย", "नमस्ते", "שלום", "Привет"])
def test_scripts_have_their_own_glyphs(browser: Chromium, text: str) -> None:
    tofu = browser.paint(page("\U000e1234" * len(text)))
    reversed_text = browser.paint(page(text[::-1]))
    painted = browser.paint(page(text))
    assert painted.png not in (tofu.png, reversed_text.png)
    assert not painted.warnings


def test_emoji_are_coloured_and_sequences_are_one_glyph(browser: Chromium) -> None:
    colours = solid_colours(browser.paint(page("😀", color="#000000")))
    assert any(red > 200 and blue < 120 for red, _, blue in colours)
    family, face = browser.paint(page("👨‍👩‍👧‍👦")), browser.paint(page("😀"))
    assert family.width < face.width * 1.3


def test_a_font_of_the_pages_own(browser: Chromium, tmp_path: Path) -> None:
    file = FONTS.file("@fontsource/lobster/files/lobster-latin-400-normal.woff2")
    assert file
    own, broken = tmp_path / "own", tmp_path / "broken"
    shutil.copy(file, own)
    broken.write_bytes(b"no font")
    made = text_page("Own", "001", PLAIN, 800, 400, 1000, 500, "own-1")
    painted, spoilt = (
        browser.paint(PaintPage(800, 400, made.html, (PaintFont("own-1", path),)))
        for path in (own, broken)
    )
    assert painted == browser.paint(page("Own", font_family="Lobster"))
    assert spoilt.png == browser.paint(page("Own")).png
    (told,) = spoilt.warnings
    assert told.startswith("font 'own-1' could not be read; drawn with another; give a file")


class Counter:
    """A server that counts who connects."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.hits = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                self._socket.accept()[0].close()
            except OSError:
                return
            self.hits += 1

    def close(self) -> None:
        self._socket.close()


def test_nothing_leaves_and_no_file_is_read(browser: Chromium, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    Image.new("RGB", (50, 50), "#00ff00").save(secret)
    server = Counter()
    hostile = "".join(
        f"""<link rel=preconnect href="http://{host}"><link rel=dns-prefetch href="//{host}">
        <link rel=stylesheet href="http://{host}/a.css"><link rel=prefetch href="http://{host}/">
        <style>@import url(http://{host}/b.css);
        @font-face{{font-family:x;src:url(http://{host}/x.woff2)}}
        body{{font-family:x;background:url(http://{host}/c.png)}}</style>
        <img src="http://{host}/d.png"><iframe src="http://{host}/"></iframe>
        <object data="http://{host}/"></object><embed src="http://{host}/">
        <video src="http://{host}/" autoplay></video>
        <script src="http://{host}/e.js"></script><meta http-equiv=refresh
        content="0;url=http://{host}/f">"""
        for host in (f"127.0.0.1:{server.port}", f"localhost:{server.port}", f"[::1]:{server.port}")
    )
    hostile += f"""<img src="{secret.as_uri()}"><iframe src="{secret.as_uri()}"></iframe>
    <p>still here</p>"""
    painted = browser.paint(PaintPage(600, 400, f"<!doctype html><body>{hostile}"))
    time.sleep(0.3)
    server.close()
    assert server.hits == 0
    assert (0, 255, 0) not in solid_colours(painted)
    assert ink(browser.paint(page("next"))) > 0


@pytest.mark.parametrize("tag", ["script>{}</script", "img src=x onerror={}", "svg onload={}"])
def test_no_script_of_a_page_runs(browser: Chromium, tag: str) -> None:
    code = tag.format("document.body.style.background='red'")
    painted = browser.paint(PaintPage(300, 300, f"<!doctype html><body><{code}><p>x"))
    assert (255, 0, 0) not in solid_colours(painted)


def test_the_same_page_has_the_same_bytes_in_every_tab_and_process(browser: Chromium) -> None:
    made = [page("Same every time 😀", text_shadow="3px 3px 4px #000"), page("بب 世", 333, 222)]
    other = Chromium(find_chromium, FONTS)
    with ThreadPoolExecutor(4) as threads:
        again = list(threads.map(browser.paint, made * 4))
    assert list(map(other.paint, made)) * 4 == again
    assert other.build() == browser.build()
    other.close()


def test_one_process_has_the_same_pixels_as_many(browser: Chromium) -> None:
    alone = Chromium(lambda: replace(find_chromium(), one_process=True), FONTS)
    shadow = "3px 3px 4px #000"
    for text in ("Sphinx 😀", "بب 世界 नमस्ते", "W\nWW " * 20):
        for made in (page(text, text_shadow=shadow), page(text, 333, 222, font_family="Lobster")):
            assert alone.paint(made) == browser.paint(made)
    assert alone.build() == browser.build()
    alone.close()


def test_a_value_that_means_nothing_is_told(browser: Chromium) -> None:
    painted = browser.paint(
        page("Ann", font_size="-5px", letter_spacing="2px", text_align="middle")
    )
    assert plainly(painted.warnings) == (
        "the setting 'font-size' does not understand '-5px': it does nothing",
        "the setting 'text-align' does not understand 'middle': it does nothing",
    )
