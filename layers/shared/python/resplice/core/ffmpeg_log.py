"""Reading FFmpeg's log: what it calls an error, as words for people.

Pure. The log may hold strings of the file that was read, so no fact of a file is taken from it.
"""

from __future__ import annotations

import re

MAX_COMPLAINT_CHARS = 200

_ERROR = re.compile(r"((?:\[[^\]]*\] )*)\[(?:error|fatal|panic)\] (.*)")
_STARVED = re.compile(r"(?:.*\W)?Cannot allocate memory\.?")


def complaints(log: str) -> list[str]:
    """The errors of a log written with `-v level+…`, in its order, without FFmpeg's addresses.

    Each is one line of printable characters, at most MAX_COMPLAINT_CHARS long. Lines that name a
    file are left out: where it lies on this machine is nobody's business.
    """
    found = (_ERROR.match(line) for line in log.split("\n"))
    said = (printable(error[2]).strip() for error in found if error)
    return [_cut(words) for words in said if words and "file:" not in words]


def starved(log: str) -> bool:
    """Whether FFmpeg wanted for memory: a line ends in the system's words for it.

    FFmpeg may end well after an input that it could not read for that reason.
    """
    return any(_STARVED.fullmatch(line.rstrip()) for line in log.split("\n"))


def printable(text: str) -> str:
    """The text without control characters and the like, which could steer a terminal; lines stay.

    Direction marks and line separators of Unicode go too: they make a line look like another.
    """
    return "".join(char for char in text if char.isprintable() or char == "\n")


def _cut(words: str) -> str:
    return words if len(words) <= MAX_COMPLAINT_CHARS else words[: MAX_COMPLAINT_CHARS - 1] + "…"
