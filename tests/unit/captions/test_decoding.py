"""Bytes to text: encodings that there are, and what is no text."""

from __future__ import annotations

import pytest
from resplice.core.captions.captions_file import MAX_BYTES, CaptionsRefused
from resplice.core.captions.decoding import NOT_UTF8, plain_lines, text_of

TEXT = "1\r\n00:00:01,000 --> 00:00:02,000\r\nGrüße, 字幕\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode(encoding: str) -> None:
    assert text_of(TEXT.encode(encoding)) == (TEXT.replace("\r", ""), ())


def test_what_is_not_utf8_is_western_european_with_a_warning() -> None:
    assert text_of("Grüße\r“x”".encode("cp1252")) == ("Grüße\n“x”", (NOT_UTF8,))


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\0\0\0\x18ftypmp42", b"\x01"]
)
def test_binary_is_refused(content: bytes) -> None:
    with pytest.raises(CaptionsRefused, match="holds no text"):
        text_of(content)


def test_size() -> None:
    with pytest.raises(CaptionsRefused, match="larger than 10 MB"):
        text_of(b"a" * (MAX_BYTES + 1))


def test_lines_end_alike() -> None:
    assert plain_lines("\ufeffa\r\nb\rc\n") == "a\nb\nc\n"
    assert text_of(b"") == ("", ())
