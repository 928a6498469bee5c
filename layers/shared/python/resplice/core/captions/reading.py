"""A file of captions, whatever its form: found out by its content, never by its name. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from resplice.core.captions import ass_reading, timed_text
from resplice.core.captions.captions_file import MAX_BYTES, CaptionsRefused, Cues
from resplice.core.captions.decoding import plain_lines

_LOOKED_AT = 20_000
_ASS = re.compile(r"^\s*\[(script info|v4\+? styles|events)\]", re.IGNORECASE | re.MULTILINE)
_VTT = re.compile(r"\s*WEBVTT(\s|$)")
_MARKUP = re.compile(r"\s*<(!doctype|html|\?xml|tt\b)", re.IGNORECASE)
_TIMES = re.compile(r"\d\s*(-{1,3}\s?(>|&gt;)|→)\s*-?\d")


@lru_cache(4)
def read_captions(text: str) -> Cues:
    """The captions of an SRT, VTT or ASS file. Raises CaptionsRefused.

    Whoever plans a movie asks for the same file again and again.
    """
    if len(text) > MAX_BYTES:
        raise CaptionsRefused(f"they are longer than {MAX_BYTES // 2**20} MB")
    text = plain_lines(text)
    head = text[:_LOOKED_AT]
    if _VTT.match(head):
        return timed_text.read(text, vtt=True)
    if _ASS.search(head):
        return ass_reading.read(text)
    if "-->" in head or _TIMES.search(head):
        return timed_text.read(text, vtt=False)
    what = "it is a web page or XML" if _MARKUP.match(head) else "no times were found in it"
    raise CaptionsRefused(f"this is neither SRT, VTT nor ASS: {what}")
