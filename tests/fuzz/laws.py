"""What must hold for every input: it is taken or refused in our words, soon, with little memory,
and no canary is read or called.
"""

from __future__ import annotations

import resource
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from resplice.errors import DocumentError, MakeError, RespliceError

from fuzz.placed import SECRET, Place
from fuzz.target import Check, Saw, Target

MIB_KIB = 1024


class Broken(AssertionError):
    """A law does not hold."""


class TookTooLong(BaseException):
    """Nobody that takes errors for refusals may take this for one."""


@dataclass
class Counts:
    """Of the inputs of a target. slowest: the input. before_mib: what the process had before."""

    inputs: int = 0
    accepted: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    slowest: bytes = b""
    before_mib: int = field(default_factory=lambda: peak_mib())

    def count(self, data: bytes, *, accepted: bool, took_s: float) -> None:
        self.inputs += 1
        self.accepted += accepted
        self.refused += not accepted
        if took_s > self.slowest_s:
            self.slowest_s, self.slowest = took_s, data


def tried(data: bytes, target: Target, check: Check, place: Place, counts: Counts) -> None:
    """Raises what breaks a law."""
    place.called.clear()
    clock = time.monotonic if target.others else time.process_time
    began = clock()
    try:
        with _limited(target):
            saw = _outcome(place.filled(data), check)
    except TookTooLong:
        raise Broken(f"it takes longer than {target.limit_s} s") from None
    counts.count(data, accepted=saw.accepted, took_s=clock() - began)
    if SECRET in saw.said:
        raise Broken("the canary's secret came out")
    if place.called:
        raise Broken("the canary was called")
    if (took := peak_mib() - counts.before_mib) > target.most_mib:
        raise Broken(f"it takes {took} MiB, more than {target.most_mib}")


def _outcome(data: bytes, check: Check) -> Saw:
    try:
        return check(data)
    except RespliceError as error:
        _well_said(error)
        return Saw(False, str(error).encode("utf-8", "surrogatepass"))


def _well_said(error: RespliceError) -> None:
    """A refusal has words, and one of a document says where."""
    if not str(error):
        raise Broken(f"{type(error).__name__} says nothing") from error
    if isinstance(error, DocumentError | MakeError):
        if not error.problems:
            raise Broken("refused without a problem") from error
        for problem in error.problems:
            if not problem.message or len(problem.path) + len(problem.message) > 10_000:
                raise Broken(f"a problem of no use: {str(problem)[:200]!r}") from error


@contextmanager
def _limited(target: Target) -> Iterator[None]:
    """After its limit an input is given up, where Python is at that moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    timer, number = signal.ITIMER_VIRTUAL, signal.SIGVTALRM
    if target.others:
        timer, number = signal.ITIMER_REAL, signal.SIGALRM
    before = signal.signal(number, _give_up)
    signal.setitimer(timer, target.limit_s)
    try:
        yield
    finally:
        signal.setitimer(timer, 0)
        signal.signal(number, before)


def _give_up(number: int, frame: FrameType | None) -> None:
    raise TookTooLong


def peak_mib() -> int:
    """Of this process, ever."""
    return _peak_mib(resource.RUSAGE_SELF)


def peak_of_others_mib() -> int:
    """Of the largest process that it started and that has ended."""
    return _peak_mib(resource.RUSAGE_CHILDREN)


def _peak_mib(whose: int) -> int:
    return resource.getrusage(whose).ru_maxrss // MIB_KIB


def held_by_the_kernel(target: Target) -> None:
    """What would take more memory fails, before the machine has none."""
    if not target.others:
        most = target.most_mib << 20
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def where(error: BaseException) -> str:
    """What tells one fault from another: its kind, and the last line of ours that it was in."""
    at, seen = error.__traceback__, "nowhere"
    while at:
        name = at.tb_frame.f_code.co_filename
        if "/resplice/" in name:
            seen = f"{Path(name).name}:{at.tb_lineno}"
        at = at.tb_next
    words = str(error)[:40] if isinstance(error, Broken) else ""
    return f"{type(error).__name__} {words} at {seen}"
