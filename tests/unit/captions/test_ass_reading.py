"""ASS and SSA: text, times of words, styles, and what is broken."""

from __future__ import annotations

import pytest
from resplice.core.captions.ass_reading import read
from resplice.core.captions.captions_file import CaptionsRefused
from resplice.core.captions.line import Line, LineWord

INFO = "[Script Info]\n; note: x\nPlayResX: 640\n\n"
HEAD = f"{INFO}[V4+ Styles]\nFormat: Name, Fontname\nStyle: A,B\n\n"
EVENTS = "[Events]\nFormat: Layer, Start, End, Style, Text\n"


def lines(*texts: str, start: str = "0:00:01.00", end: str = "0:00:03.00") -> tuple[Line, ...]:
    events = "\n".join(f"Dialogue: 0,{start},{end},A,{text}" for text in texts)
    return read(f"{HEAD}{EVENTS}{events}\n").lines


def words(text: str) -> list[tuple[str, int]]:
    return [(word.text, word.start_ms) for word in lines(text)[0].words]


def test_text_may_have_commas_and_rows() -> None:
    (line,) = lines("{\\an8\\c&HFF&}a, b\\N{\\i1}c{\\i0} {\\b700}d{\\r}e\\hf")
    assert line == Line(
        (
            LineWord("a,", 1000),
            LineWord("b", 1000, ends_row=True),
            LineWord("c", 1000, italic=True),
            LineWord("de", 1000, bold=True),
            LineWord("f", 1000),
        ),
        *(1000, 3000, False),
    )


@pytest.mark.parametrize("tag", ["k", "K", "kf", "ko"])
def test_times_of_words(tag: str) -> None:
    text = f"{{\\{tag}20}}Hel{{\\{tag}10}}lo {{\\{tag}30\\i1}}you {{\\{tag}5}}字{{\\{tag}5}}幕"
    assert words(text) == [("Hello", 1000), ("you", 1300), ("字", 1600), ("幕", 1650)]
    assert lines(text)[0].timed


def test_a_pause_before_the_first_word() -> None:
    assert words("{\\k50}{\\k20}a") == [("a", 1500)]
    assert words("{\\k50}{\\k20\\bord2\\blur3}a") == [("a", 1500)]


def test_drawings_are_left_out() -> None:
    assert words("{\\p1}m 0 0 l 9 9{\\p0}ok") == [("ok", 1000)]


def test_braces_and_backslashes_of_the_text() -> None:
    assert words("\\{a\\} b\\\u2060N") == [("{a}", 1000), ("b\\N", 1000)]


def test_what_the_file_says_beside() -> None:
    found = read(
        f"{HEAD}{EVENTS}Comment: 0,0:00:00.00,0:00:09.00,A,no\nDialogue: 0,0:00:00,0:00:01,A,x"
    )
    assert dict(found.info) == {"playresx": "640"}
    assert dict(found.styles) == {"A": (("name", "A"), ("fontname", "B"))}
    assert [line.text for line in found.lines] == ["x"]


def test_ssa() -> None:
    text = (
        "[Script Info]\nScriptType: v4.00\n[V4 Styles]\nFormat: Name\nStyle: *Default\n[Events]\n"
        "Format: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: Marked=0,0:00:01.00,0:00:02.00,*Default,,0,0,0,,Hi, you"
    )
    assert [line.text for line in read(text).lines] == ["Hi, you"]


def test_boxes_say_nothing() -> None:
    events = "Dialogue: 0,0:00:01.00,0:00:02.00,Box,x\nDialogue: 0,0:00:01.00,0:00:02.00,A,y"
    assert [line.text for line in read(HEAD + EVENTS + events).lines] == ["y"]


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("0:00:0x", "0:00:01.00", "line 11: '0:00:0x' is no time"),
        ("0:00:02.00", "0:00:01.00", "line 11: a caption ends before it begins"),
        ("-0:00:02.00", "0:00:01.00", "line 11: a caption begins before the film does"),
        ("", "0:00:01.00", "line 11: '' is no time"),
    ],
)
def test_refused_with_the_line(start: str, end: str, said: str) -> None:
    with pytest.raises(CaptionsRefused) as refusal:
        lines("x", start=start, end=end)
    assert str(refusal.value) == said


def test_without_captions() -> None:
    with pytest.raises(CaptionsRefused, match="no captions"):
        read(HEAD + EVENTS)
