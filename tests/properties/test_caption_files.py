"""Captions from anywhere: read or refused, never anything else; and the file that we write back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resplice.core.captions.appearance import POSITIONS, STYLES, Appearance
from resplice.core.captions.ass import look_of, written
from resplice.core.captions.captions_file import MAX_CUES, CaptionsRefused
from resplice.core.captions.decoding import text_of
from resplice.core.captions.line import Line, spaced
from resplice.core.captions.lines import Grouping, in_capitals, spoken_lines
from resplice.core.captions.own import own_lines
from resplice.core.captions.reading import read_captions
from resplice.core.captions.settings import CaptionSettingsRefused, read_settings, usual_look
from resplice.core.captions.sheets import sheets
from resplice.core.composition import Canvas
from resplice.core.words import Word

CANVAS = Canvas(1080, 1920, 30)
PIECES = st.sampled_from(
    [*("WEBVTT", "[Script Info]", "[Events]", "Dialogue: ", "Format: Start, End, Text", "Style: "),
     *("00:00:01,000", "-1:00", "0:00:01.00", "99:99", " --> ", "->", "\n", "\n\n", "\r", ",", "1"),
     *("{\\k10}", "{\\", "}", "<i>", "</i>", "<00:00:01.000>", "<", "&amp;", "\\N", "\0", "字幕"),
     *("\ud800", "\u202e", "<c.x>", "Resplice Captions: 1", "Hello world", "\ufeff")]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=60).map("".join)
GROUPING = Grouping(4, Appearance(54), CANVAS)


def holds(lines: list[Line]) -> None:
    """What is true of all lines, whatever they were made of."""
    for line in lines:
        assert line.words and 0 <= line.start_ms < line.end_ms
        starts = [word.start_ms for word in line.words]
        assert starts == sorted(starts) and line.start_ms <= starts[0]
        assert all(word.text.strip() == word.text != "" for word in line.words)
        "".join(word.text for word in line.words).encode()
    for before, after in pairwise(lines):
        assert before.end_ms <= after.start_ms


@given(TEXTS)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        cues = read_captions(text)
    except CaptionsRefused:
        return
    for grouping in (None, GROUPING):
        lines = own_lines(cues.lines, grouping)
        holds(lines)
        look = look_of(cues, usual_look(CANVAS), CANVAS)
        for sheet in sheets(lines, look, CANVAS):
            assert "\ud800" not in sheet.html(look)


@given(st.binary(max_size=200) | TEXTS.map(lambda text: text.encode("utf-16", "replace")))
def test_any_bytes_are_text_or_refused(content: bytes) -> None:
    try:
        text, _ = text_of(content)
    except CaptionsRefused:
        return
    assert "\r" not in text


COLOURS = st.from_regex(r"#[0-9a-f]{6}([0-9a-e][0-9a-f])?", fullmatch=True)
LOOKS = st.builds(
    Appearance,
    size_px=st.integers(1, 2000),
    style=st.sampled_from(STYLES),
    family=st.sampled_from(["Arial", "Comic Neue, Arial", "Noto Sans JP"]),
    weight=st.integers(1, 9).map(lambda hundreds: hundreds * 100),
    position=st.sampled_from(POSITIONS),
    x=st.integers(-8192, 8192),
    y=st.integers(-8192, 8192),
    word_colour=COLOURS,
    line_colour=COLOURS,
    box_colour=COLOURS,
    outline_colour=COLOURS,
    outline_px=st.integers(0, 200),
    shadow_colour=COLOURS,
    shadow_px=st.integers(-200, 200),
)
LETTERS = st.text(st.sampled_from("ab{}\\Nn,.!<>&字幕แม\u0301:é"), min_size=1, max_size=9)
WORDS = st.lists(
    st.builds(
        lambda text, start, lasting: Word(text, start, start + lasting),
        *(LETTERS, st.integers(0, 30_000), st.integers(0, 2_000)),
    ),
    min_size=1,
    max_size=20,
)


@given(WORDS, LOOKS)
def test_what_we_write_comes_back(words: list[Word], look: Appearance) -> None:
    lines = spoken_lines(words, Grouping(4, look, CANVAS))
    holds(lines)
    if not lines:
        return
    cues = read_captions(written(lines, look, CANVAS))
    assert look_of(cues, usual_look(CANVAS), CANVAS) == look
    back = own_lines(cues.lines, None)
    if look.style == "classic-one-word":
        assert [edges(line) for line in back] == [*alone(lines)]
    else:
        assert back == lines


def edges(line: Line) -> tuple[str, int, int]:
    return line.text, line.start_ms, line.end_ms


def alone(lines: list[Line]) -> Iterator[tuple[str, int, int]]:
    """Each word that is there for any time, as a line."""
    for line in lines:
        ends = [*(word.start_ms for word in line.words[1:]), line.end_ms]
        for word, end in zip(line.words, ends, strict=True):
            if end > word.start_ms:
                yield word.text, word.start_ms, end


@given(WORDS)
def test_capitals_of_capitals_are_the_same(words: list[Word]) -> None:
    once = in_capitals(spoken_lines(words, GROUPING), "tr")
    assert in_capitals(once, "tr") == once


JSON = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
KEYS = st.sampled_from(
    ["style", "font-family", "font-size", "word-color", "x", "replace", "keywords", "all-caps"]
)


@given(st.dictionaries(KEYS, JSON | st.lists(JSON, max_size=3) | st.dictionaries(st.text(), JSON)))
def test_any_settings_are_read_or_refused(settings: dict[str, object]) -> None:
    try:
        found = read_settings(settings, CANVAS)
    except CaptionSettingsRefused as refusal:
        assert refusal.faults
        return
    (sheet,) = sheets(spoken_lines([Word("a", 0, 9)], GROUPING), found.look, CANVAS)
    assert sheet.html(found.look)


def test_spaces_come_back_where_they_were() -> None:
    for before in ("a", "字", "แ", ".", "😀"):
        for after in ("a", "字", "แ", "ม", "😀"):
            lines = [
                line for line in spoken_lines([Word(before, 0, 9), Word(after, 10, 20)], GROUPING)
            ]
            text = "".join(line.text + "|" for line in lines)
            assert (" " in text) == (spaced(before, after) and len(lines) == 1)


@pytest.mark.parametrize("kind", ["srt", "overlapping", "arrows", "ass", "tags"])
def test_the_largest_files_take_no_long_time(kind: str) -> None:
    text = {
        "srt": "".join(
            f"{n}\n{n // 60}:{n % 60:02} --> 99:00:00\nx y\n\n" for n in range(MAX_CUES)
        ),
        "overlapping": "0:01 --> 0:09\nx\n\n" * MAX_CUES,
        "arrows": "1 " * 100_000 + "-" * 1_000_000,
        "ass": "[Events]\n" + "Dialogue: 0,0:00:01.00,0:00:02.00,,,,,,,{\\k1}x\n" * MAX_CUES,
        "tags": "0:01 --> 0:02\n" + "<" * 1_900 + "\n\n0:03 --> 0:04\n" + "{\\k" * 600,
    }[kind]
    begun = time.monotonic()
    with suppress(CaptionsRefused):
        own_lines(read_captions(text).lines, GROUPING)
    assert time.monotonic() - begun < 60
