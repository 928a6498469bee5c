"""The bytes of a captions file to text: which encoding it is, or that it is none. Pure."""

from __future__ import annotations

from resplice.core.captions.captions_file import MAX_BYTES, CaptionsRefused
from resplice.core.warned import warned

_MARKED = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_LOOKED_AT = 4096
NOT_UTF8 = warned(
    "captions-guessed",
    "the captions are not UTF-8: they were read as Western European (Windows-1252)",
)


def text_of(content: bytes) -> tuple[str, tuple[str, ...]]:
    """(the text with its lines ending in \\n, warnings). Raises CaptionsRefused."""
    if len(content) > MAX_BYTES:
        raise CaptionsRefused(f"the file is larger than {MAX_BYTES // 2**20} MB")
    text, warnings = _decoded(content)
    head = text[:_LOOKED_AT]
    if any(letter < " " and letter not in "\t\n\r\x0b\x0c\x1a" for letter in head):
        raise CaptionsRefused("the file holds no text; captions are SRT, VTT or ASS")
    return plain_lines(text), warnings


def plain_lines(text: str) -> str:
    """The text with its lines ending in \\n, and without a byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace"), ()
    if encoding := _wide(content):
        return content.decode(encoding, "replace"), ()
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), (NOT_UTF8,)


def _wide(content: bytes) -> str:
    """UTF-16 without a mark: every other byte of its times and numbers is zero."""
    head = content[:_LOOKED_AT]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) / 5 and even == 0:
        return "utf-16-le"
    if even > len(head) / 5 and odd == 0:
        return "utf-16-be"
    return ""
