"""The kinds of faults, and one fault: a kind at the n-th call of a method of a port."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MINUTE_MS = 60_000
DIES_BEFORE, DIES_AFTER = "dies before", "dies after"
FAILS, TIMES_OUT = "fails", "times out"
TWICE, LATE, RIVAL = "done twice", "answers late", "two at once"
CUT, FLIPPED = "bytes cut", "bytes flipped"
FULL = "disk full"
JUMPS_MS = {
    "clock +5 min": 5 * MINUTE_MS,
    "clock -5 min": -5 * MINUTE_MS,
    "clock +1 h": 60 * MINUTE_MS,
    "clock -1 h": -60 * MINUTE_MS,
}
DAMAGES = (CUT, FLIPPED)
KINDS = (
    *(DIES_BEFORE, DIES_AFTER, FAILS, TIMES_OUT, TWICE, LATE, RIVAL, *DAMAGES, FULL),
    *JUMPS_MS,
)
TIMED_OUT_MS, LATE_MS = 30_000, 90_000
"""How long who asked waits in vain, and how late an answer comes."""
HEALED = frozenset((DIES_BEFORE, DIES_AFTER, TWICE, LATE, RIVAL, *DAMAGES))
"""What no caller may be told of: the movie is made all the same."""


@dataclass(frozen=True)
class Point:
    """A call of a port: the n-th of its name, from 1. key: of the stored object that it is about,
    if it is about one.
    """

    name: str
    nth: int
    key: str = ""

    @property
    def port(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Fault:
    """What happens where."""

    kind: str
    name: str
    nth: int

    def __str__(self) -> str:
        return f"{self.kind} @ {self.name} #{self.nth}"

    @classmethod
    def parsed(cls, text: str) -> Fault:
        kind, _, place = text.partition(" @ ")
        name, _, nth = place.partition(" #")
        if kind not in KINDS or not nth.isdecimal():
            raise ValueError(f"no fault: {text}")
        return cls(kind, name, int(nth))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
