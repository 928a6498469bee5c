"""SRT and VTT: the forms that are met, and what is said of those that are broken."""

from __future__ import annotations

import pytest
from resplice.core.captions.captions_file import CaptionsRefused
from resplice.core.captions.line import LineWord
from resplice.core.captions.timed_text import read


def times(text: str, *, vtt: bool = False) -> list[tuple[int, int, str]]:
    return [(line.start_ms, line.end_ms, line.text) for line in read(text, vtt=vtt).lines]


@pytest.mark.parametrize(
    "said",
    [
        "00:00:01,500 --> 00:00:03,250",
        "00:00:01.500 --> 00:00:03.250",
        "0:00:01,5-->0:00:03,25",
        "00:01.500 --> 00:03.250",
        "1.5 -> 3.25",
        "00:00:01:500 --> 00:00:03:250",
        "00:00:01,500 --&gt; 00:00:03,250",
        "00:00:01,500 → 00:00:03,250",
        "  00:00:01,500   -->   00:00:03,250   X1:10 Y1:20",
        "00:00:01.500 --> 00:00:03.250 align:start position:10%",
        "00:00:01,500 -- > 00:00:03,250",
    ],
)
def test_times(said: str) -> None:
    assert times(f"1\n{said}\nHello\n") == [(1500, 3250, "Hello")]


def test_captions_end_with_an_empty_line_or_where_the_next_one_begins() -> None:
    text = "1\n0:01 --> 0:02\na\nb\n\n2\n0:03 --> 0:04\nc\n3\n0:05 --> 0:06\nd 7\n\n\nlost\n"
    assert times(text) == [(1000, 2000, "a\nb"), (3000, 4000, "c"), (5000, 6000, "d 7")]


def test_a_number_that_is_said_is_kept() -> None:
    assert times("0:01 --> 0:02\n42\n\n0:03 --> 0:04\nx") == [
        (1000, 2000, "42"),
        (3000, 4000, "x"),
    ]


def test_empty_captions_and_those_without_time_are_left_out() -> None:
    text = "0:01 --> 0:02\n\n0:03 --> 0:03\nx\n\n0:04 --> 0:05\ny"
    assert times(text) == [(4000, 5000, "y")]


def test_marks() -> None:
    text = (
        '0:01 --> 0:02\n{\\an8}<i>a</i> <b>b</b> <font color="red">c</font><br>d <3 AT&amp;T <sigh>'
    )
    (line,) = read(text, vtt=False).lines
    assert line.words == (
        LineWord("a", 1000, italic=True),
        LineWord("b", 1000, bold=True),
        LineWord("c", 1000, ends_row=True),
        *(LineWord(word, 1000) for word in ("d", "<3", "AT&amp;T", "<sigh>")),
    )
    assert not line.timed


def test_what_is_vtts_own() -> None:
    text = (
        "WEBVTT - x\n\nSTYLE\n::cue { color: red }\n\nNOTE a\nb\n\nid 1\n00:01.000 --> 00:02.000\n"
        "<v.loud Ann>Hi <c.red>you</c> &amp; <lang fr>moi</lang> <unheard>x</unheard>\n"
    )
    assert times(text, vtt=True) == [(1000, 2000, "Hi you & moi x")]


def test_times_of_words() -> None:
    text = "WEBVTT\n\n0:01.000 --> 0:03.000\nHey<00:00:01.500><c> you</c> <00:00:02.000>two x"
    (line,) = read(text, vtt=True).lines
    assert line.timed
    assert [(word.text, word.start_ms) for word in line.words] == [
        ("Hey", 1000),
        ("you", 1500),
        ("two", 2000),
        ("x", 2750),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1\n00:00:0x --> 00:00:02\na", "line 2: '00:00:0x --> 00:00:02' is no pair of times"),
        ("1\n0:61:00 --> 0:62:00\na", "line 2: '0:61:00' is no time"),
        ("\n\n0:05 --> 0:03\na", "line 3: a caption ends before it begins"),
        ("-00:00:01,000 --> 0:03\na", "line 1: a caption begins before the film does"),
        ("-0:00 --> 0:03\na", "line 1: a caption begins before the film does"),
        ("1:2:3:4:5 --> 0:03\na", "line 1: '1:2:3:4:5' is no time"),
        ("0:01 --> 0:02\n" + "a " * 1100, "line 1: a caption has more than 2000 characters"),
        ("0:01 --> 0:02\n" + "a " * 600, "line 1: a caption has more than 400 words"),
        ("0:01 --> 0:02\n", "there are no captions in it"),
        ("9999999:00 --> 0:02\n", "line 1: '9999999:00' is no time"),
        ("9000:00:00 --> 9001:00:00\nx", "line 1: a caption is later than any film is long"),
    ],
)
def test_refused_with_the_line(text: str, words: str) -> None:
    with pytest.raises(CaptionsRefused) as refusal:
        read(text, vtt=False)
    assert str(refusal.value) == words


def test_too_many_captions_are_refused() -> None:
    many = "".join(f"{n}\n0:01 --> 0:02\nx\n\n" for n in range(20_001))
    with pytest.raises(CaptionsRefused, match="line 80002: there are more than 20000 captions"):
        read(many, vtt=False)
