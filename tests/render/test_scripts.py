"""Scripts of the world in the fonts that come with us: shaped as readers expect, and none missing.

What is held is what a reader sees: letters that join, marks that stand over their letter, shapes
of a language, pictures in colour; not the exact pixels.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
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
from resplice.ports.browser import Painted, PaintPage

FONTS = BundledFonts(Path(__file__).resolve().parents[2] / "layers" / "fonts")
SETTINGS: dict[str, Any] = {"text-shadow": "none", "font-size": "60px"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    chromium = Chromium(find_chromium, FONTS)
    yield chromium
    chromium.close()


def page(text: str, width: int = 1200, height: int = 200, **settings: Any) -> PaintPage:
    said = SETTINGS | {name.replace("_", "-"): value for name, value in settings.items()}
    made = text_page(text, "001", said, width, height, width, height)
    return PaintPage(made.width, made.height, made.html)


def alpha(painted: Painted) -> NDArray[np.int32]:
    picture = Image.open(io.BytesIO(painted.png)).convert("RGBA")
    return np.asarray(picture).astype(np.int32)[..., 3]


def pieces(painted: Painted) -> int:
    """How many columns of ink stand apart."""
    inked = alpha(painted).max(axis=0) > 0
    return int((np.diff(inked.astype(int), prepend=0) == 1).sum())


@pytest.mark.parametrize(
    "text",
    [
        *("مرحبا بالعالم", "שלום עולם", "नमस्ते दुनिया", "สวัสดีชาวโลก", "日本語のテスト"),
        *("简体中文", "繁體中文ㄅ", "한국어 시험 갂힣", "ꦗꦮ ꧅", "ᚠᚢᚦ", "\U00012000", "ខ្មែរ", "ລາວ"),
        *("Z\u0337a\u0322l\u0336g\u0321o", "မြန်မာ", "ქართული", "Հայերեն", "አማርኛ", "བོད་ཡིག"),
        *("ગુજરાતી", "ਪੰਜਾਬੀ", "ಕನ್ನಡ", "മലയാളം", "తెలుగు", "සිංහල", "தமிழ்", "ᏣᎳᎩ", "𝒜∑x\u20d7"),
        *("👍🏽 🇨🇿 👨‍👩‍👧 ❤️ 1️⃣", "soft\u00adhyphen\u200b\u2060\ufeff \u200d", "\u202eabc\u202c"),
    ],
)
def test_nothing_is_missing(browser: Chromium, text: str) -> None:
    painted = browser.paint(page(text))
    assert painted.warnings == ()
    assert painted.width > 10


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a\ue000", "U+E000"),
        ("\u0378 b", "U+0378"),
        ("ꀀ", "ꀀ (U+A000)"),
        ("".join(map(chr, range(0xE000, 0xE00A))), "U+E007 and 2 more"),
    ],
)
def test_what_no_font_has_is_told(browser: Chromium, text: str, named: str) -> None:
    (told,) = browser.paint(page(text)).warnings
    assert named in told and "'font-url'" in told


def test_the_same_in_any_page(browser: Chromium) -> None:
    html = "<body style='font-family:Inter'><h1>ok</h1><p>a<b>\ue001</b></p><script>\ue002</script>"
    (told,) = browser.paint(PaintPage(200, 100, html)).warnings
    assert "U+E001" in told and "U+E002" not in told


@pytest.mark.parametrize("word", ["محمد", "سلام", "مرحبا"])
def test_arabic_letters_join(browser: Chromium, word: str) -> None:
    joined = browser.paint(page(word))
    apart = browser.paint(page("\u200c".join(word)))
    assert pieces(joined) < pieces(apart)


def test_right_to_left_begins_at_the_right(browser: Chromium) -> None:
    first, last = "א" * 6, "."
    whole = alpha(browser.paint(page(first + last)))
    assert whole[:, :12].max() > 0
    assert whole[: whole.shape[0] // 2, :8].max() == 0, "the full stop stands at the left"


def test_devanagari_has_one_line_above_and_joins(browser: Chromium) -> None:
    assert pieces(browser.paint(page("नमस्ते"))) == 1
    assert browser.paint(page("क्ष")).width < browser.paint(page("कष")).width


def test_thai_marks_stand_over_their_letter(browser: Chromium) -> None:
    bare, marked = (browser.paint(page(text)) for text in ("กก", "กี้กี้"))
    assert abs(marked.width - bare.width) < 8
    assert marked.height > bare.height + 10


def test_han_has_the_shapes_of_the_language(browser: Chromium) -> None:
    shapes = {
        browser.paint(page(f"直骨{sign}", font_family=f"Noto Sans {name}")).png
        for name, sign in (("JP", ""), ("SC", ""), ("KR", ""), ("TC", ""))
    }
    assert len(shapes) >= 3


def test_emoji_are_one_coloured_picture(browser: Chromium) -> None:
    one = browser.paint(page("👍")).width
    for text in ("👍🏽", "🇨🇿", "👨‍👩‍👧", "❤️‍🔥", "1️⃣"):
        painted = browser.paint(page(text))
        picture = np.asarray(Image.open(io.BytesIO(painted.png)).convert("RGBA")).astype(int)
        assert painted.width < 1.3 * one, text
        assert pieces(painted) == 1, text
        solid = picture[picture[..., 3] == 255][:, :3]
        assert len(np.unique(solid, axis=0)) > 3, text
    tones = [browser.paint(page(f"👍{tone}")).png for tone in ("", "🏻", "🏽", "🏿")]
    assert len(set(tones)) == 4


@pytest.mark.parametrize(
    ("text", "size", "side"),
    [("line " * 60, "80px", "height"), ("Wiiiiiiiiiiiide " * 9, "60px", "width")],
)
def test_a_text_that_is_cut_off_is_told(browser: Chromium, text: str, size: str, side: str) -> None:
    space = "nowrap" if side == "width" else "normal"
    (told,) = browser.paint(page(text, 640, 360, font_size=size, white_space=space)).warnings
    assert told.startswith("the text is cut off by its canvas: it takes ")
    assert f"px of {side}" in told


def test_a_text_that_fits_is_not(browser: Chromium) -> None:
    for size in ("20px", "80px"):
        assert browser.paint(page("fits well", 640, 90, font_size=size)).warnings == ()
