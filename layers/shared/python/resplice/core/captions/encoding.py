"""The bytes of a caption file to its text."""

from __future__ import annotations

import codecs

MAX_BYTES = 10 << 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
NO_UTF8 = "the captions are no UTF-8, and were read as Latin-1: letters may be wrong"


class Unreadable(ValueError):
    """The bytes are no text; it says what is wrong, to a user."""


def decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """(the text, warnings). Raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"larger than {MAX_BYTES >> 20} MiB")
    for mark, name in MARKS:
        if data.startswith(mark):
            return _read(data[len(mark) :], name), ()
    if b"\0" in data:
        raise Unreadable("a binary file")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return data.decode("latin-1"), (NO_UTF8,)


def _read(data: bytes, name: str) -> str:
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        raise Unreadable(f"not the {name.upper()} that it says it is") from None
    if "\0" in text:
        raise Unreadable("a binary file")
    return text
