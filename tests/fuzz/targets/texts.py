"""Texts that are read by rules: expressions, files of captions, what voices say, tables of rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from hypothesis import strategies as st
from resplice.adapters.espeak.ssml import BadSsml, Reader
from resplice.adapters.providers.speech_markup import opened as opened_markup
from resplice.adapters.providers.speech_markup import read_markup
from resplice.core.captions.appearance import Appearance
from resplice.core.captions.ass import look_of
from resplice.core.captions.captions_file import CaptionsRefused
from resplice.core.captions.decoding import text_of
from resplice.core.captions.lines import Grouping
from resplice.core.captions.own import own_lines
from resplice.core.captions.reading import read_captions
from resplice.core.captions.settings import usual_look
from resplice.core.captions.sheets import sheets
from resplice.core.composition import Canvas
from resplice.core.document.expression import ExpressionError, evaluate, truthy
from resplice.core.document.table import csv_rows, json_rows
from resplice.core.voices import speech_text
from resplice.core.voices.language_guess import guess
from resplice.core.voices.sentences import chunks
from resplice.errors import ProviderRefused

from fuzz.damage import damaged
from fuzz.placed import Place
from fuzz.target import Check, Opened, Saw, Target

CANVAS = Canvas(1080, 1920, 30)
GROUPING = Grouping(4, Appearance(54), CANVAS)
VALUES = {"a": 1, "b": "x", "c": {"d": [1, {"e": None}]}, "item": True, "f": 0.5, "g": [1, 2]}
WORDS = [*VALUES, "d", "e", "and", "or", "not", "true", "null", "min", "max", "round", "abs", "len"]
SIGNS = [*"+-*/%?:!()[],.<>='\"@ {}", "==", "!=", "<=", "&&", "||", "1e308", "9" * 40, "0.1", "7"]


def read_expression(data: bytes) -> Saw:
    try:
        value = evaluate(data.decode("utf-8", "replace"), VALUES.get)
    except ExpressionError as error:
        return Saw(False, str(error).encode("utf-8", "replace"))
    truthy(value)
    return Saw(True, repr(value).encode("utf-8", "replace"))


SRT = (
    b"1\n00:00:01,000 --> 00:00:02,500\n<i>Hello</i> there\n\n2\n00:00:03,000 --> 00:00:04,000\nB\n"
)
VTT = (
    b"WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE a\n\n00:01.000 --> 00:02.000 line:0 size:9\n"
    b"<v Ann>Hi <00:00:01.500><c.yellow>you</c> &amp; me\n"
)
ASS = (
    b"[Script Info]\nScriptType: v4.00+\nPlayResX: 640\n\n[V4+ Styles]\nFormat: Name, Fontname, "
    b"Fontsize, PrimaryColour, Bold\nStyle: Default,Arial,20,&H00FFFFFF,-1\n\n[Events]\nFormat: "
    b"Layer, Start, End, Style, Text\nDialogue: 0,0:00:01.00,0:00:05.00,Default,"
    b"{\\k20}Hello {\\k30\\i1}big\\Nworld {\\p1}m 0 0{\\p0}\n"
)
OWN = b"[Script Info]\nResplice Captions: 1\n" + ASS
CAPTIONS = [SRT, VTT, ASS, OWN, SRT.decode().encode("utf-16"), b"\xef\xbb\xbf" + SRT, SRT * 30]
IN_CAPTIONS = (
    *(b"-->", b"\n\n", b"{\\k", b"<00:00:01.000>", b"\xff\xfe", b"Dialogue: ", b"Style: ", b"\\N"),
    *(
        b"99:59:59,999",
        b"-0:01",
        "字幕".encode(),
        b"\xed\xa0\x80",
        b"&#0;",
        b"Format: ",
        b"\x1f\x8b",
    ),
)


def read_caption_file(data: bytes) -> Saw:
    try:
        cues = read_captions(text_of(data)[0])
        for grouping in (None, GROUPING):
            look, said = look_of(cues, usual_look(CANVAS), CANVAS), ""
            for sheet in sheets(own_lines(cues.lines, grouping), look, CANVAS):
                said += sheet.html(look)
    except CaptionsRefused as error:
        return Saw(False, str(error).encode())
    return Saw(True, said.encode())


SSML = (
    b'<?xml version="1.0"?><speak version="1.1" xml:lang="en"><p><s>Hello <break time="200ms"/>'
    b'you</s></p><prosody rate="+10%">fast</prosody><sub alias="World">W</sub><![CDATA[a<b]]>'
    b"<!-- c --><say-as interpret-as='date'>1/2</say-as>&amp;&#233;</speak>"
)
IN_SSML = (
    *(b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file://@canary-file@'>]>", b"&b;", b"<speak>", b"</speak>"),
    *(b"<break time='9e9s'/>", b"<audio src='http://127.0.0.1:@canary-port@/'/>", b"<p>" * 30),
    b"<?xml version='1.0' encoding='utf-7'?>",
    *(
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"&#x110000;",
        b"&#0;",
        b"\xed\xa0\x80",
        b'rate="',
        b"xmlns:a=",
    ),
)


def read_speech(data: bytes) -> Saw:
    text, said = data.decode("utf-8", "replace"), ""
    with suppress(BadSsml):
        said += Reader(text).document
    said += repr((speech_text.fault(text), speech_text.plain(text), speech_text.rate(text)))
    said += repr((read_markup(text), guess(text), chunks(text, 50)))
    with suppress(ProviderRefused):
        said += repr(opened_markup("a", text))
    return Saw(not speech_text.fault(text), said.encode("utf-8", "replace"))


CSV = b'a,b,"c d"\r\n1,"x ""y""\nz",3\r\n4,5,6\r\n'
ROWS = [CSV, CSV.replace(b",", b";"), b'{"a": 1, "b": [2]}\n{"a": null}\n', b"\xef\xbb\xbf" + CSV]


def read_rows(data: bytes) -> Saw:
    lines = data.decode("utf-8", "replace").splitlines(keepends=True)
    kind = json_rows if data.startswith(b"{") else csv_rows
    return Saw(True, repr(list(kind(lines))).encode("utf-8", "replace"))


def _row(name: str, inputs: st.SearchStrategy[bytes], check: Check) -> Target:
    @contextmanager
    def opened(place: Place) -> Iterator[Opened]:
        yield inputs, check

    return Target(name, opened)


EXPRESSIONS = st.lists(st.sampled_from([*WORDS, *SIGNS]), max_size=40).map(" ".join) | st.text()
TARGETS = (
    _row(
        "expressions", EXPRESSIONS.map(lambda text: text.encode(errors="replace")), read_expression
    ),
    _row("captions", damaged(CAPTIONS, IN_CAPTIONS), read_caption_file),
    _row(
        "speech",
        damaged([SSML, b"Hello. Dr. No said 3.5!", "你好。".encode()], IN_SSML),
        read_speech,
    ),
    _row("tables", damaged(ROWS, (b'"', b",", b"\0", b"\n", b'{"a":', b"[" * 999)), read_rows),
)
