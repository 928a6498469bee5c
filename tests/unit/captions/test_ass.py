"""The ASS file: other players can read it, and it comes back as it went out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from resplice.core.captions.appearance import STYLES, Appearance, Style
from resplice.core.captions.ass import is_ours, look_of, written
from resplice.core.captions.captions_file import Cues
from resplice.core.captions.line import Line, LineWord
from resplice.core.captions.own import own_lines
from resplice.core.captions.reading import read_captions
from resplice.core.captions.settings import usual_look
from resplice.core.composition import Canvas

CANVAS = Canvas(1080, 1920, 30)
LOOK = Appearance(
    *(91, "boxed-word", "Montserrat, Arial", 800, "custom", 540, 1470),
    *("#11223344", "#abcdef", "#8a112d80", "#00ff00", 7, "#0000ff", -3),
)
LINES = [
    Line((LineWord("Hi,", 500), LineWord("{you\\N}", 990, italic=True)), 0, 1500, timed=True),
    Line((LineWord("字幕", 1500), LineWord("です", 1700), LineWord("x", 1900)), 1500, 2400, True),
    Line((LineWord("to", 3000, ends_row=True), LineWord("it", 3000, bold=True)), 3000, 4000, False),
]  # fmt: skip


def back(text: str) -> tuple[list[Line], Appearance, Cues]:
    cues = read_captions(text)
    return own_lines(cues.lines, None), look_of(cues, usual_look(CANVAS), CANVAS), cues


@pytest.mark.parametrize("style", [style for style in STYLES if style != "classic-one-word"])
def test_it_comes_back_as_it_went_out(style: Style) -> None:
    look = replace(LOOK, style=style)
    lines, found, cues = back(written(LINES, look, CANVAS))
    assert is_ours(cues)
    assert (lines, found) == (LINES, look)


def test_words_that_are_alone_come_back_as_lines_of_their_own() -> None:
    lines, found, _ = back(written(LINES, replace(LOOK, style="classic-one-word"), CANVAS))
    assert found.style == "classic-one-word"
    assert [(line.text, line.start_ms, line.end_ms) for line in lines] == [
        ("Hi,", 500, 990),
        ("{you\\N}", 990, 1500),
        ("字幕", 1500, 1700),
        ("です", 1700, 1900),
        ("x", 1900, 2400),
        ("to\nit", 3000, 4000),
    ]


def test_what_other_players_need() -> None:
    text = written(LINES, replace(LOOK, style="boxed-line", position="top-right"), CANVAS)
    assert "ScriptType: v4.00+\nPlayResX: 1080\nPlayResY: 1920\n" in text
    assert "Style: Line,Montserrat,91,&H00EFCDAB,&H00EFCDAB,&H0000FF00,&H00FF0000,-1," in text
    assert "Style: Box,Montserrat,91,&H00EFCDAB,&H00EFCDAB,&H7F2D118A,&H7F2D118A,-1,0,0,0," in text
    assert ",1,7,-3,9,54,54,96,1\n" in text
    events = [line for line in text.splitlines() if line.startswith("Dialogue")]
    assert len(events) == 6, "a box and a text for each line"
    assert "{\\k50}{\\k49\\1c&H332211&\\t(990,990,\\1c&HEFCDAB&)}Hi, {\\k51" in events[1]
    assert "0:00:01.50,0:00:02.40,Line,,0,0,0,,{\\k20" in events[3]


def test_words_appear_and_get_their_boxes_when_they_are_said() -> None:
    progressive = written(LINES[1:2], replace(LOOK, style="classic-progressive"), CANVAS)
    first, second = progressive.splitlines()[-1].split("{\\k20")[1:]
    assert "\\alpha&HFF&\\alpha&H00&" in first, "a change at 0 is no change in time"
    assert "\\alpha&HFF&\\t(200,200,\\alpha&H00&)" in second
    boxed = written(LINES[1:2], LOOK, CANVAS).splitlines()[-1]
    assert "\\3c&H00FF00&\\bord7\\t(200,200,\\3c&H2D118A&\\bord9)\\t(400,400," in boxed


def test_what_a_user_edits_counts() -> None:
    text = written(LINES, LOOK, CANVAS)
    edited = (
        text.replace("Hi,", "Hello,")
        .replace("0:00:03.00", "0:00:03.20")
        .replace("Style: Line,Montserrat,91,&H00EFCDAB", "Style: Line,Lobster,80,&H000000FF")
        .replace("Style: Word,Montserrat,91,&HBB332211", "Style: Word,Montserrat,91,&H0000FF00")
    )
    lines, look, _ = back(edited)
    assert lines[0].words[0].text == "Hello,"
    assert lines[2].start_ms == 3200
    assert look == replace(
        LOOK, family="Lobster", size_px=80, line_colour="#ff0000", word_colour="#00ff00"
    )


def test_sizes_are_brought_to_another_canvas() -> None:
    cues = read_captions(written(LINES, LOOK, CANVAS))
    half = look_of(cues, LOOK, Canvas(540, 960, 30))
    assert (half.size_px, half.x, half.y, half.outline_px) == (46, 270, 735, 4)


def test_what_cannot_be_read_is_as_usual() -> None:
    cues = Cues(
        "ass",
        (),
        info=(
            ("resplice style", "x"),
            ("resplice position", "custom 1e9"),
            ("resplice font", "9 ;"),
            ("playresx", "0"),
        ),
        styles=(("Line", (("primarycolour", "red"), ("fontsize", "nan"), ("fontname", "a;b"))),),
    )
    usual = usual_look(CANVAS)
    assert look_of(cues, usual, CANVAS) == replace(usual, position="custom")
    assert not is_ours(cues)
