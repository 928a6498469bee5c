"""SSML as eSpeak NG may have it: read strictly, and written anew with what is known to be good.

What comes from outside does not reach the library's own reader of tags as it is. Sound files,
marks, other voices and unknown tags are left out, their text stays. Pure.
https://www.w3.org/TR/speech-synthesis11/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

KEPT: Mapping[str, frozenset[str]] = {
    "speak": frozenset(),
    "p": frozenset(),
    "s": frozenset(),
    "break": frozenset({"time", "strength"}),
    "emphasis": frozenset({"level"}),
    "prosody": frozenset({"rate", "pitch", "range", "volume"}),
    "say-as": frozenset({"interpret-as", "format", "detail"}),
    "sub": frozenset({"alias"}),
}
DEEPEST = 20
LONGEST_VALUE = 40
MOST_BREAK_MS = 10_000
_TIME = re.compile(r"\+?(\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})(m?s)")


class BadSsml(Exception):
    """It says what is wrong, in a few words."""


class Reader:
    """document: the SSML to speak. shown: as long, only its text, with spaces for all else."""

    def __init__(self, source: str) -> None:
        """Raises BadSsml."""
        self._parts, self._shown = list[str](), list[str]()
        self._open = list[str]()
        # It is a text: what it says of its encoding was true of other bytes, if at all.
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            parser.Parse(source.encode(errors="replace"), True)
        except expat.ExpatError as error:
            words = expat.errors.messages[error.code] if error.code else str(error)
            raise BadSsml(f"its SSML is not well-formed: {words}, line {error.lineno}") from None
        self.document, self.shown = "".join(self._parts), "".join(self._shown)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if not self._open and tag != "speak":
            raise BadSsml("its SSML is not a speak element")
        if len(self._open) >= DEEPEST:
            raise BadSsml("its SSML is nested too deep")
        self._open.append(tag if tag in KEPT else "")
        if tag in KEPT:
            kept = (each for each in attributes.items() if each[0] in KEPT[tag])
            said = "".join(f" {key}={quoteattr(_value(key, value))}" for key, value in kept)
            self._add(f"<{tag}{said}>")

    def _end(self, _: str) -> None:
        if tag := self._open.pop():
            self._add(f"</{tag}>")

    def _text(self, text: str) -> None:
        self._parts.append(escape(text))
        self._shown.extend(each.ljust(len(escape(each)), GLUE) for each in text)

    def _add(self, tag: str) -> None:
        """Tags are no white space: a word goes on after them."""
        self._parts.append(tag)
        self._shown.append(GLUE * len(tag))


GLUE = "\x00"
"""Stands in `shown` for tags, and for the rest of what is longer when it is written."""


def _value(key: str, value: str) -> str:
    if key != "time":
        return value[:LONGEST_VALUE]
    found = _TIME.fullmatch(value.strip())
    if not found:
        raise BadSsml("the time of a break must be in s or ms")
    ms = float(found[1]) * (1000 if found[2] == "s" else 1)
    if ms > MOST_BREAK_MS:
        raise BadSsml(f"a break may last {MOST_BREAK_MS // 1000} s at most")
    return f"{round(ms)}ms"


def _refuse_doctype(*_: object) -> None:
    raise BadSsml("its SSML has a document type, which is not taken")
