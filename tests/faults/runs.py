"""One run: a film is made with a fault, and once more without; what is wrong with that."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from faults.kinds import (
    DAMAGES,
    DIES_AFTER,
    DIES_BEFORE,
    FAILS,
    FULL,
    HEALED,
    JUMPS_MS,
    RIVAL,
    TIMES_OUT,
    Fault,
    Point,
)
from faults.worlds import Film, Found, Place, project_of

FIRST, AGAIN = "first", "again"
MOST_DEATHS = 3
MADE = ("rendered", "painted", "fetched", "paid")
ASKING_MS = 50
"""How long it may take from looking whether there is room to asking a provider."""
UNCLEAR = ("", "Internal error")
PAID_PORTS = ("voices", "generators", "transcribers")

Lines = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Clean:
    """A film as it is made without any fault. points: the calls of ports, in order."""

    film: Film
    digest: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Run:
    """What came of a fault. wrongs: what must not be. reason: why there is no movie."""

    fault: Fault
    reached: bool
    status: str
    reason: str = ""
    wrongs: tuple[str, ...] = ()
    seconds: float = 0.0


def clean(film: Film, place: Place) -> Clean:
    """Raises AssertionError when it is not made."""
    place.begin()
    place.serve(film, FIRST, notes=True)
    end = place.found([FIRST]).ends[FIRST]
    assert end.status == "done" and end.digest, (
        end,
        place.journal.of("raised"),
        place.journal.lines()[-6:],
    )
    points = tuple(Point(*words) for words in place.journal.of("call"))
    return Clean(film, end.digest, points)


def run(known: Clean, fault: Fault, place: Place) -> Run:
    """The film with the fault, in a new place."""
    began = time.monotonic()
    made = _run(known, fault, place)
    return replace(made, seconds=time.monotonic() - began)


def _run(known: Clean, fault: Fault, place: Place) -> Run:
    place.begin()
    went = place.serve(known.film, FIRST, fault)
    for _ in range(MOST_DEATHS):
        if not went:
            went = place.serve(known.film, FIRST)
    fired = place.journal.of("fired")
    if not fired:
        return Run(fault, reached=False, status="")
    rivals = [f"{FIRST}-rival"] if place.journal.of("rival") else []
    found, before = place.found([FIRST, *rivals]), place.journal.lines()
    place.serve(known.film, AGAIN)
    after = place.journal.lines()[len(before) :]
    judge = _Judge(known, fault, str(fired[0][1]), found, before, after, went)
    wrongs = (*judge.first(), *judge.again(place.found([AGAIN])))
    end = found.ends[FIRST]
    return Run(fault, True, end.status, end.message, wrongs)


@dataclass(frozen=True)
class _Judge:
    """Of one run. key: what the fault was about. before, after: of the journal, until the film was
    asked for again, and from then on.
    """

    known: Clean
    fault: Fault
    key: str
    found: Found
    before: Lines
    after: Lines
    went: bool

    def first(self) -> Iterable[str]:
        """What is wrong with the faulted one."""
        if not self.went:
            yield "servers die again and again"
        yield from (f"stuck: {line[1]}" for line in self.before if line[0] in ("stuck", "broke"))
        for name, end in self.found.ends.items():
            yield from self._ended(name, end)
        yield from (f"left: {each}" for each in self.found.left)
        if self.fault.kind not in DAMAGES:
            yield from self.found.lost
        yield from self._paid_twice([*self.before, *self.after])
        yield from self._made_twice(self.before)

    def _ended(self, name: str, end: Any) -> Iterable[str]:
        times = Counter(line[1] for line in self.before if line[0] == "end")[project_of(name)]
        if end.status not in ("done", "error", "timeout"):
            yield f"{name} is {end.status}"
        elif times > 1 or (times == 0 and "dies" not in self.fault.kind):
            yield f"{name} ended {times} times"
        if end.status == "done":
            yield from self._shown(end)
        elif end.message in UNCLEAR:
            yield f"{name} has no reason: {end.status}, {end.message!r}"
        elif self.fault.kind in HEALED:
            yield f"{name} failed: {end.message}"

    def _shown(self, end: Any) -> Iterable[str]:
        """A movie that was damaged after it was made is told to be gone, and made again."""
        if end.digest is None and self.fault.kind not in DAMAGES:
            yield "the movie cannot be read"
        elif end.digest not in (None, self.known.digest):
            yield "WRONG MOVIE"

    def _paid_twice(self, lines: Lines) -> Iterable[str]:
        paid = Counter(line[1] for line in lines if line[0] == "paid")
        for what, times in paid.items():
            if times > 1 + self._may_be_lost(what, lines):
                yield f"paid {times} times: {what}"

    def _may_be_lost(self, what: str, lines: Lines) -> bool:
        """Whether the fault came between the provider's answer and its being stored, or destroyed
        what was stored; or came as the provider was asked, after there was room.
        """
        if self.fault.kind in DAMAGES:
            return self.key.startswith("elements/")
        if self.fault.kind not in (DIES_BEFORE, DIES_AFTER, TIMES_OUT, FULL, FAILS):
            return False
        if self.fault.name.partition(".")[0] in PAID_PORTS:
            return True
        paid = next(n for n, line in enumerate(lines) if line[0] == "paid" and line[1] == what)
        thread, paid_ms = lines[paid][2:4]
        full_ms = next((line[1] for line in lines if line[0] == "full"), None)
        if full_ms is not None and paid_ms <= full_ms + ASKING_MS:
            return True
        for line in lines[paid + 1 :]:
            if line[0] == "pointed" and line[2] == thread:
                return False
            if line[0] == "fired":
                return True
        # Nor did that thread do it later: others were at work when the process died.
        return "dies" in self.fault.kind

    def _made_twice(self, lines: Lines) -> Iterable[str]:
        """What was stored is not rendered again, unless it was damaged then, or two were at it: who
        is late goes on beside who took over.
        """
        if self.fault.kind == RIVAL or JUMPS_MS.get(self.fault.kind, 0) > 0:
            return
        made: dict[str, str] = {}
        stored: dict[str, str] = {}
        content = {line[1]: line[3] for line in lines if line[0] == "put"}
        damaged = content.get(self.key, self.key)
        for line in lines:
            if line[0] == "rendered":
                if (key := stored.get(line[1])) and content[key] != damaged:
                    yield f"rendered again: {key}"
                made |= dict.fromkeys(line[2:], line[1])
            elif line[0] == "put" and line[1].startswith("scenes/") and line[2] in made:
                stored[made[line[2]]] = line[1]

    def again(self, found: Found) -> Iterable[str]:
        """What is wrong with the one after it."""
        end = found.ends[AGAIN]
        if end.status != "done":
            yield f"the next run: {end.status}, {end.message}"
        elif end.digest != self.known.digest:
            yield "the next run: WRONG MOVIE"
        yield from (f"left by the next run: {each}" for each in found.left)
        made = [f"{line[0]} {line[1]}" for line in self.after if line[0] in MADE]
        if self.found.ends[FIRST].status == "done" and self.fault.kind not in DAMAGES and made:
            yield f"the next run made again: {', '.join(made)}"
        elif self.fault.kind not in DAMAGES:
            yield from self._made_twice([*self.before, *self.after])
