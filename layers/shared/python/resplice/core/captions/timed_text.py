"""SRT and VTT to captions: what both have in common, and the little in which they differ. Pure.

SRT has no standard; VTT is https://www.w3.org/TR/webvtt1/. Cue settings, regions, styles and notes
are left out; `<i>` and `<b>` are kept, other tags are dropped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from resplice.core.captions.captions_file import (
    MAX_CUE_WORDS,
    CaptionsRefused,
    Cues,
    checked_cue,
    counted,
)
from resplice.core.captions.line import Line, ticks
from resplice.core.captions.writing import Words
from resplice.frozen import frozen

_TIME = r"(-?\d[\d:.,]{0,20})"
_TIMES = re.compile(rf"\s*{_TIME}\s*(?:-{{1,3}}\s?(?:>|&gt;)|→)\s*{_TIME}(?:\s.*)?")
_ARROW = re.compile(r"--\s?(?:>|&gt;)")
_CLOCK = re.compile(r"(-?)(?:(\d{1,4}):)?(?:(\d{1,2}):)?(\d{1,7})(?:([.,:])(\d{1,6}))?")
_STAMP = re.compile(r"<((?:\d{1,4}:)?\d\d:\d\d[.,]\d{1,3})>")
_TOKEN = re.compile(r"(<[^<>]{1,200}>|\{\\[^{}]{1,200}\})")
_TAG = re.compile(
    r"</?(i|b|em|strong|u|s|font|c|v|lang|ruby|rt|span|div|p|br)(?:[\s./][^<>]*)?>", re.IGNORECASE
)
_ITALIC, _BOLD, _BREAK = ("i", "em"), ("b", "strong"), "br"


@frozen
class _Block:
    """A caption as it lies in the file; number: the line that has its times."""

    start_ms: int
    end_ms: int
    text: str
    number: int


def read(text: str, *, vtt: bool) -> Cues:
    """The captions. Raises CaptionsRefused, with the line of the file."""
    lines = []
    for count, block in enumerate(_blocks(text), start=1):
        counted(count, block.number)
        if checked_cue(block.start_ms, block.end_ms, len(block.text), block.number):
            line = _line(block, vtt)
            if line.words:
                lines.append(line)
    if not lines:
        raise CaptionsRefused("there are no captions in it")
    return Cues("vtt" if vtt else "srt", tuple(lines))


def _blocks(text: str) -> Iterator[_Block]:
    """Captions end with an empty line, or where the next one has its times."""
    times: tuple[int, int] | None = None
    body: list[str] = []
    begun = 0
    for number, line in enumerate(text.split("\n"), start=1):
        found = _times(line, number)
        if found:
            if times:
                yield _Block(*times, "\n".join(_unnumbered(body)), begun)
            times, body, begun = found, [], number
        elif times and not line.strip():
            yield _Block(*times, "\n".join(body), begun)
            times = None
        elif times:
            body.append(line)
    if times:
        yield _Block(*times, "\n".join(body), begun)


def _unnumbered(body: list[str]) -> list[str]:
    """Without the number of the next caption, when no empty line is before it."""
    return body[:-1] if body and body[-1].strip().isdigit() else body


def _times(line: str, number: int) -> tuple[int, int] | None:
    """(start, end) in milliseconds, of a line that has them. Raises CaptionsRefused."""
    found = _TIMES.fullmatch(line[:300])
    if found:
        return _milliseconds(found[1], number), _milliseconds(found[2], number)
    if _ARROW.search(line[:300]):
        raise CaptionsRefused(f"'{line.strip()[:60]}' is no pair of times", number)
    return None


def _milliseconds(clock: str, number: int) -> int:
    """`01:02:03,450`, `02:03.45`, `3.4`. Raises CaptionsRefused."""
    found = _CLOCK.fullmatch(clock.strip())
    if not found:
        raise CaptionsRefused(f"'{clock[:30]}' is no time", number)
    sign, first, second, seconds, point, share = found.groups()
    hours, minutes = (first, second) if second else ("0", first or "0")
    odd = (first and int(seconds) > 59) or (second and int(minutes) > 59)
    if odd or (point == ":" and not second):
        raise CaptionsRefused(f"'{clock[:30]}' is no time", number)
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    ms = ticks(whole * 1000 + round(float(f"0.{share or 0}") * 1000))
    return -ms - bool(not ms) if sign else ms


def _line(block: _Block, vtt: bool) -> Line:
    words = Words()
    for token in _TOKEN.split(block.text):
        _take(words, token, block.number, vtt)
    made = words.made(block.start_ms, block.end_ms)
    if len(made) > MAX_CUE_WORDS:
        raise CaptionsRefused(f"a caption has more than {MAX_CUE_WORDS} words", block.number)
    return Line(made, block.start_ms, block.end_ms, words.timed)


def _take(words: Words, token: str, number: int, vtt: bool) -> None:
    if token.startswith("{\\") and token.endswith("}"):
        return
    if stamp := _STAMP.fullmatch(token):
        words.said_at(_milliseconds(stamp[1], number))
    elif tag := _TAG.fullmatch(token):
        _mark(words, tag[1].lower(), on=not token.startswith("</"))
    elif not (vtt and _TOKEN.fullmatch(token)):
        words.add(html.unescape(token) if vtt else token)


def _mark(words: Words, name: str, on: bool) -> None:
    if name in _ITALIC:
        words.italic = on
    elif name in _BOLD:
        words.bold = on
    elif name == _BREAK:
        words.add("\n")
