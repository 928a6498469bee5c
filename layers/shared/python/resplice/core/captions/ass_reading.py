"""ASS and SSA to captions: their text, and the times of its words where `\\k` tells them. Pure.

The format is described by libass: https://github.com/libass/libass/wiki/ASS-File-Format-Guide
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from resplice.core.captions.captions_file import (
    MAX_CUE_WORDS,
    CaptionsRefused,
    Cues,
    checked_cue,
    counted,
)
from resplice.core.captions.line import Line, ticks
from resplice.core.captions.writing import Words

BOX_STYLE = "Box"
"""The style of captions that are only there for their box; what they say is said again."""
MAX_STYLES = 100
MAX_FIELDS = 50
GUARD = "\u2060"
"""Stands after a backslash that is one: a joiner of words, which nobody sees."""

_SECTION = re.compile(r"\s*\[([^\]]{1,60})\]\s*")
_CLOCK = re.compile(r"\s*(-?)(\d{1,4}):(\d{1,2}):(\d{1,2})(?:[.:,](\d{1,3}))?\s*")
_TOKEN = re.compile(r"(\\[{}]|\{[^{}]*\}|\\[Nnh]|\\" + GUARD + ")")
_TAG = re.compile(r"\\(kf|ko|k|K|p|i|b)(\d{1,7})(?=[\\}\s)])|\\(r)(?=[^\\}]{0,60})")
_EVENTS = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
_PLAIN = {r"\N": "\n", r"\n": "\n", r"\h": " ", r"\{": "{", r"\}": "}", "\\" + GUARD: "\\"}


def read(text: str) -> Cues:
    """The captions. Raises CaptionsRefused, with the line of the file."""
    info: dict[str, str] = {}
    styles: dict[str, tuple[tuple[str, str], ...]] = {}
    lines: list[Line] = []
    columns: dict[str, list[str]] = {"events": _names(_EVENTS)}
    count = 0
    for number, section, name, value in _entries(text):
        if section == "script info":
            if len(info) < MAX_FIELDS:
                info[name] = value[:1000]
        elif name == "format":
            columns[section] = _names(value)
        elif name == "style" and "styles" in section and len(styles) < MAX_STYLES:
            said = _fields(columns.get(section, []), value)
            styles[said.get("name", "").lstrip("*")] = tuple(said.items())
        elif name == "dialogue" and section == "events":
            count += 1
            counted(count, number)
            line = _line(_fields(columns["events"], value), number)
            if line:
                lines.append(line)
    if not lines:
        raise CaptionsRefused("there are no captions in it")
    return Cues("ass", tuple(lines), tuple(info.items()), tuple(styles.items()))


def _entries(text: str) -> Iterator[tuple[int, str, str, str]]:
    """(line of the file, section, name, value), names and sections in lower case."""
    section = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if found := _SECTION.fullmatch(line[:100]):
            section = found[1].strip().lower()
        elif ":" in line[:60] and not line.lstrip().startswith((";", "!:")):
            name, _, value = line.partition(":")
            yield number, section, name.strip().lower(), value.strip()


def _names(columns: str) -> list[str]:
    return [name.strip().lower() for name in columns.split(",")[:MAX_FIELDS]]


def _fields(columns: list[str], value: str) -> dict[str, str]:
    """The values by their names; what is in the last column may have commas."""
    parts = value.split(",", max(0, len(columns) - 1))
    return {name: part.strip() for name, part in zip(columns, parts, strict=False)}


def _line(said: Mapping[str, str], number: int) -> Line | None:
    """None for a caption that is never seen, or that is only a box."""
    start_ms, end_ms = (_milliseconds(said.get(name, ""), number) for name in ("start", "end"))
    text = said.get("text", "")
    there = checked_cue(start_ms, end_ms, len(_TOKEN.sub("", text)), number)
    if not there or said.get("style", "").lstrip("*") == BOX_STYLE:
        return None
    words = _words(text, start_ms)
    made = words.made(start_ms, end_ms)
    if len(made) > MAX_CUE_WORDS:
        raise CaptionsRefused(f"a caption has more than {MAX_CUE_WORDS} words", number)
    return Line(made, start_ms, end_ms, words.timed) if made else None


def _words(text: str, start_ms: int) -> Words:
    words, said_ms, drawing = Words(), start_ms, False
    for token in _TOKEN.split(text):
        if token.startswith("{") and token.endswith("}"):
            for tag in _TAG.finditer(token):
                name, level = tag[1] or tag[3], int(tag[2] or 0)
                if name in ("k", "K", "kf", "ko"):
                    words.said_at(said_ms)
                    said_ms += level * 10
                elif name == "p":
                    drawing = level > 0
                else:
                    _mark(words, name, level)
        elif not drawing:
            words.add(_PLAIN.get(token, token))
    return words


def _mark(words: Words, name: str, level: int) -> None:
    if name in ("i", "r"):
        words.italic = level > 0
    if name in ("b", "r"):
        words.bold = level == 1 or level >= 600


def _milliseconds(clock: str, number: int) -> int:
    """`0:01:02.34`. Raises CaptionsRefused."""
    found = _CLOCK.fullmatch(clock)
    if not found or int(found[3]) > 59 or int(found[4]) > 59:
        raise CaptionsRefused(f"'{clock[:30]}' is no time", number)
    whole = (int(found[2]) * 60 + int(found[3])) * 60 + int(found[4])
    ms = ticks(whole * 1000 + round(float(f"0.{found[5] or 0}") * 1000))
    return -ms - bool(not ms) if found[1] else ms
