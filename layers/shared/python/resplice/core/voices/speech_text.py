"""The text of a voice element: plain, or SSML (w3.org/TR/speech-synthesis11), told apart and read.

Whoever takes SSML gets the document as it is; for others it is stripped here. Markdown and HTML
are plain text.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers.expat import ErrorString, ExpatError, ParserCreate

NO_TEXT = "Voice generation failed: No text provided"
"""What the render ends with when there is nothing to say, as JSON2Video has it."""

MAX_DEPTH = 200
_SPACES = "\ufeff \t\r\n"

_RATES = {"x-slow": 0.5, "slow": 0.64, "medium": 1, "fast": 1.55, "x-fast": 2, "default": 1}
"""From learn.microsoft.com/azure/ai-services/speech-service/speech-synthesis-markup-voice."""
_SLOWEST, _FASTEST = 0.25, 4.0
_UNSPOKEN = {"desc", "metadata", "meta", "lexicon"}
_PARAGRAPHS = {"p", "s", "speak", "voice"}
_LONG_BREAKS = {"strong", "x-strong"}


@dataclass
class _Spoken:
    """What a document says so far. rates: letters spoken at each rate."""

    text: list[str] = field(default_factory=list)
    rates: Counter[float] = field(default_factory=Counter)
    names: list[str] = field(default_factory=list)
    speeds: list[float] = field(default_factory=lambda: [1.0])
    silent: int = 0


_TAGS = re.compile(
    r"</?(?:break|prosody|emphasis|say-as|phoneme|sub|voice|lang|mark|amazon:[\w-]+|mstts:[\w-]+)"
    r"(?:\s[^<>]*)?/?>"
)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
_BARE_AND = re.compile(r"&(?!#?\w+;)")


class _Refused(Exception):
    """What the document may not have."""


def document(text: str) -> str:
    """The SSML document that a text with tags of speech in it is the inside of, as users of some
    providers write it; any other text as it is.
    """
    if is_ssml(text) or not _TAGS.search(text):
        return text
    whole = f"<speak>{_BARE_AND.sub('&amp;', text)}</speak>"
    return text if fault(whole) else whole


def is_ssml(text: str) -> bool:
    """Whether it begins as an SSML document does, after spaces."""
    start = _body(text)[:7]
    return start[:6] == "<speak" and (start[6:] in (">", "/") or start[6:].isspace())


def _body(text: str) -> str:
    """Without spaces before it, and without the declaration that it is XML."""
    body = text.lstrip(_SPACES)
    return body.partition("?>")[2].lstrip(_SPACES) if body.startswith("<?xml ") else body


def fault(text: str) -> str | None:
    """Why that SSML document cannot be read, in a user's words; None when it can."""
    return _read(text)[1]


def plain(text: str) -> str:
    """What is said of an SSML document: no tags, breaks as spaces or, where they are long, as new
    lines. Other text comes back as it is; of a broken document the tags are left out.
    """
    if not is_ssml(text):
        return text
    spoken, problem = _read(text)
    return _tidy(_without_tags(text) if problem else "".join(spoken.text))


def rate(text: str) -> float:
    """How fast most of an SSML document is to be said, [.25, 4] of the usual; 1 for other text.

    `+30%` is 1.3 and `-30%` is 0.7; `130%` and `1.3` are 1.3.
    """
    rates = _read(text)[0].rates if is_ssml(text) else Counter[float]()
    return rates.most_common(1)[0][0] if rates else 1.0


def is_empty(text: str) -> bool:
    """Whether there is nothing to say: only spaces, punctuation, tags."""
    return not any(map(str.isalnum, plain(text)))


@lru_cache(16)
def _read(text: str) -> tuple[_Spoken, str | None]:
    spoken = _Spoken()
    parser = ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda name, attributes: _begin(spoken, name, attributes)
    parser.EndElementHandler = lambda name: _end(spoken, name)
    parser.CharacterDataHandler = lambda data: _say(spoken, data)
    try:
        parser.Parse(_body(text).encode("utf-8", "replace"), True)
    except ExpatError as error:
        reason = ErrorString(error.code) or "broken"
        return spoken, f"the SSML is not well-formed: {reason}, line {error.lineno}"
    except _Refused as refused:
        return spoken, f"the SSML {refused}"
    return spoken, None


def _refuse_doctype(*_: object) -> None:
    raise _Refused("has a document type: leave <!DOCTYPE …> out")


def _begin(spoken: _Spoken, qualified: str, attributes: dict[str, str]) -> None:
    name = qualified.rpartition(":")[2]
    spoken.names.append(name)
    if len(spoken.names) > MAX_DEPTH:
        raise _Refused(f"is nested more than {MAX_DEPTH} deep")
    spoken.speeds.append(
        spoken.speeds[-1] * _speed(attributes.get("rate", "") if name == "prosody" else "")
    )
    if name == "break":
        spoken.text.append("\n" if _is_long(attributes) else " ")
    if name == "sub" and "alias" in attributes:
        _say(spoken, attributes["alias"])
    if name in _UNSPOKEN or (name == "sub" and "alias" in attributes):
        spoken.silent += 1
        spoken.names[-1] = f"!{name}"


def _end(spoken: _Spoken, _: str) -> None:
    name = spoken.names.pop()
    spoken.speeds.pop()
    spoken.silent -= name.startswith("!")
    if name in _PARAGRAPHS:
        spoken.text.append("\n")


def _say(spoken: _Spoken, data: str) -> None:
    if not spoken.silent:
        spoken.text.append(" ".join(["", *data.split(), ""]) if data.isspace() else _unbroken(data))
        letters = sum(map(str.isalnum, data))
        spoken.rates.update({_clipped(spoken.speeds[-1]): letters} if letters else {})


def _unbroken(data: str) -> str:
    """A new line in the source of a document is a space."""
    return data.replace("\r", " ").replace("\n", " ")


def _speed(written: str) -> float:
    """The factor that a rate means; 1 for what is not one."""
    word = written.strip().lower()
    if word in _RATES:
        return _RATES[word]
    number = _number(word.removesuffix("%"))
    if number is None:
        return 1.0
    if word.endswith("%"):
        return 1 + number / 100 if word[0] in "+-" else number / 100
    return 1 + number if word[0] in "+-" else number


def _number(word: str) -> float | None:
    return float(word) if len(word) < 10 and _NUMBER.fullmatch(word) else None


def _clipped(speed: float) -> float:
    return round(min(max(speed, _SLOWEST), _FASTEST), 4)


def _is_long(attributes: dict[str, str]) -> bool:
    time = attributes.get("time", "").strip().lower()
    if time.endswith("ms"):
        return (_number(time[:-2]) or 0) >= 400
    if time.endswith("s"):
        return (_number(time[:-1]) or 0) >= 0.4
    return attributes.get("strength", "") in _LONG_BREAKS


def _without_tags(text: str) -> str:
    """The text between tags, where nobody can say which belongs to which."""
    said = [part.partition(">")[2] if at else part for at, part in enumerate(text.split("<"))]
    return " ".join(said)


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(filter(None, lines))
