"""The page of a line: the same words in every slot, escaped, and what is seen of them."""

from __future__ import annotations

import re

from resplice.core.captions.appearance import Appearance
from resplice.core.captions.line import LineWord
from resplice.core.captions.page import sheet_html
from resplice.core.captions.slot import Slot
from resplice.core.captions.states import State

SLOT = Slot(1000, 100, 0, 0, 900, 10, 50)
WORDS = [LineWord("Hello", 0), LineWord("world", 0, italic=True)]


def page(look: Appearance, *states: State, words: list[LineWord] | None = None) -> str:
    return sheet_html(words or WORDS, states, look, SLOT)


def layers(html: str) -> dict[str, str]:
    return dict(re.findall(r'<div class="(boxes|around|letters)">(.*?)</div>', html, re.DOTALL))


def test_a_slot_for_each_state() -> None:
    html = page(Appearance(50), State(2, 0), State(2, 1), State(2))
    assert html.count('<div class="slot">') == 3
    assert "width:1000px;height:100px" in html


def test_the_spoken_word_is_marked() -> None:
    html = page(Appearance(50), State(2, 0))
    assert layers(html) == {
        "letters": '<span class="now">Hello</span> <span class="i">world</span>'
    }
    assert ".letters .now{color:#ffff00}" in html


def test_words_that_are_not_said_yet_keep_their_place() -> None:
    seen = layers(page(Appearance(50, style="classic-progressive"), State(1, 0)))["letters"]
    assert seen == '<span class="now">Hello</span> <span class="i gone">world</span>'


def test_a_word_alone_is_all_there_is() -> None:
    seen = layers(page(Appearance(50, style="classic-one-word"), State(1, 1, True)))["letters"]
    assert seen == '<span class="now i">world</span>'


def test_boxes_lie_under_the_word_or_under_the_line() -> None:
    word = layers(page(Appearance(50, style="boxed-word"), State(2, 0)))
    assert list(word) == ["boxes", "letters"]
    assert word["boxes"].startswith('<span class="box">Hello</span> ')
    line = layers(page(Appearance(50, style="boxed-line"), State(2, 0)))
    assert line["boxes"] == '<span class="box">Hello <span class="i">world</span></span>'
    none = layers(page(Appearance(50, style="boxed-word"), State(2)))
    assert "box" not in none["boxes"]


def test_boxes_of_scripts_without_spaces_stand_apart() -> None:
    look = Appearance(50, style="boxed-word")
    words = [LineWord("字幕", 0), LineWord("です", 0)]
    html = page(look, State(2, 0), words=words)
    assert ".tight{padding:0 0.2em}.boxes .box.tight{margin:0 -0.05em}" in html
    assert layers(html) == {
        "boxes": '<span class="box kept tight">字幕</span><span class="kept tight">です</span>',
        "letters": '<span class="now kept tight">字幕</span><span class="kept tight">です</span>',
    }


def test_a_box_is_as_clear_as_its_colour() -> None:
    html = page(Appearance(50, style="boxed-line", box_colour="#11223380"), State(2))
    assert "opacity:0.501961}.boxes .box{background:#112233;" in html


def test_outline_and_shadow_lie_under_all_letters() -> None:
    html = page(Appearance(50, outline_px=3, outline_colour="#ff0000", shadow_px=4), State(2, 0))
    assert list(layers(html)) == ["around", "letters"]
    assert "now" not in layers(html)["around"]
    assert "3.00px 0.00px #ff0000" in html
    assert "7.00px 4.00px #000000" in html, "the shadow is as thick as the outline"
    assert "-1px -1px #000000" in page(Appearance(50, shadow_px=-1), State(2))


def test_text_is_escaped() -> None:
    evil = "</div><script>x</script>&amp;\"'"
    html = page(Appearance(50, outline_px=1), State(1, 0), words=[LineWord(evil, 0)])
    assert "<script>" not in html
    assert "&lt;/div&gt;&lt;script&gt;x&lt;/script&gt;&amp;amp;" in html


def test_times_are_no_part_of_it() -> None:
    late = [LineWord(word.text, 900, word.italic) for word in WORDS]
    assert page(Appearance(50), State(2, 0), words=late) == page(Appearance(50), State(2, 0))


def test_fonts() -> None:
    html = sheet_html(WORDS, [State(2)], Appearance(50, family="Anton", weight=700), SLOT, "font-a")
    assert 'font:700 50px/1.2 "font-a","Anton","Resplice Fallback"' in html
