"""The form of a file is found by its content."""

from __future__ import annotations

import pytest
from resplice.core.captions.captions_file import MAX_BYTES, CaptionsRefused
from resplice.core.captions.reading import read_captions

SRT = "1\r\n00:00:01,000 --> 00:00:02,000\r\nHi\r\n"
VTT = "\ufeffWEBVTT\n\n00:01.000 --> 00:02.000\nHi\n"
ASS = "[Events]\nFormat: Start, End, Text\nDialogue: 0:00:01.00,0:00:02.00,Hi\n"


@pytest.mark.parametrize(("text", "form"), [(SRT, "srt"), (VTT, "vtt"), (ASS, "ass")])
def test_forms(text: str, form: str) -> None:
    found = read_captions(text)
    assert (found.form, found.lines[0].text, found.lines[0].start_ms) == (form, "Hi", 1000)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "neither SRT, VTT nor ASS: no times"),
        ("Hello", "neither SRT, VTT nor ASS: no times"),
        ("<!DOCTYPE html><p>404", "a web page or XML"),
        ("x" * (MAX_BYTES + 1), "longer than 10 MB"),
        ("a --> b", "line 1: 'a --> b' is no pair of times"),
    ],
)
def test_refused(text: str, words: str) -> None:
    with pytest.raises(CaptionsRefused, match=words):
        read_captions(text)
