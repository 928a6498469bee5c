"""A process whose calls of ports are counted, and one of which goes wrong.

It knows no port by name. What a process has done is in its journal, which outlives it.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from faults.kinds import (
    DAMAGES,
    DIES_AFTER,
    DIES_BEFORE,
    FAILS,
    FULL,
    JUMPS_MS,
    LATE,
    LATE_MS,
    RIVAL,
    TIMED_OUT_MS,
    TIMES_OUT,
    TWICE,
    Fault,
)
from faults.ports_of import Kind, port_kinds
from resplice.ports import Ports

Call = Callable[[], Any]


class Died(BaseException):
    """A process ended in the middle. Nothing of ours may take it for an error."""


def here() -> str:
    """Who does something: a thread of a process."""
    return f"{os.getpid()} {threading.get_ident()}"


class Journal:
    """Lines that are there as soon as they are written, whoever dies then."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def note(self, *words: Any) -> None:
        line = json.dumps(words, default=str) + "\n"
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)

    def lines(self) -> list[list[Any]]:
        """All, in order: a kind, and the words after it."""
        if not self._file.exists():
            return []
        return [json.loads(line) for line in self._file.read_text().splitlines()]

    def of(self, kind: str) -> list[list[Any]]:
        """The words of all of a kind."""
        return [line[1:] for line in self.lines() if line[0] == kind]


def now_ms() -> int:
    """Of a clock that does not jump, and that all processes share."""
    return time.monotonic_ns() // 1_000_000


@dataclass
class Clock:
    """The system's, but that it jumps. Implements ports.clock.Clock. everybody: whose time passes
    too when this process waits; None where all have this clock.
    """

    now: Callable[[], int]
    ahead_ms: int = 0
    everybody: Callable[[int], object] | None = None

    def wait(self, waited_ms: int) -> None:
        if self.everybody:
            self.everybody(waited_ms)
        else:
            self.ahead_ms += waited_ms

    def now_ms(self) -> int:
        return self.now() + self.ahead_ms


@dataclass
class Around:
    """What a fault needs of the world around the process.

    die: ends the process; never returns. damage: the stored object of that key, and how; whether
    there was one. fill: let there be no room on its disk. rival: let another one do the same now.
    """

    die: Callable[[], Any]
    damage: Callable[[str, str], bool]
    fill: Callable[[], Any]
    rival: Callable[[], Any]


@dataclass
class Calls:
    """Of one process, or of several that are one after the other. notes: each of them. fired:
    whether the fault has come.
    """

    fault: Fault | None = None
    notes: bool = False
    fired: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, name: str) -> tuple[int, bool]:
        """The number of the call of that name, and whether it is the one that goes wrong."""
        with self.lock:
            self.counts[name] += 1
            nth, fault = self.counts[name], self.fault
            here = bool(fault and not self.fired and (fault.name, fault.nth) == (name, nth))
            self.fired = self.fired or here
            return nth, here


@dataclass
class Process:
    """One that will meet the fault of its calls, if it comes to it."""

    journal: Journal
    clock: Clock
    around: Around
    calls: Calls = field(default_factory=Calls)
    function: str = ""
    dead: bool = False

    def wrapped(self, ports: Ports) -> Ports:
        """The same ports, as this process calls them. What is wrapped already stays."""
        kinds = port_kinds()
        there = {each.name for each in fields(Ports)}
        own = {
            name: self._by_name(getattr(ports, name), name, kind)
            if kind.by_name
            else self.port(getattr(ports, name), name, kind)
            for name, kind in kinds.items()
            if name in there
        }
        return replace(ports, clock=self.clock, **own)

    def port(self, port: Any, name: str, kind: Kind | None = None) -> Any:
        if isinstance(port, Port | ByName):
            return port
        return Port(port, name, kind or port_kinds()[name], self)

    def _by_name(self, ports: Any, name: str, kind: Kind) -> Any:
        return ports if isinstance(ports, ByName) else ByName(ports, name, kind, self)

    def heard(self, name: str, args: tuple[Any, ...], result: Any) -> None:
        """Note what is judged later: ends that were reached, and what was stored."""
        if name == "projects.end" and result:
            self.journal.note("end", args[0], args[1].status)
        elif name == "projects.add" and args[0].ended_at_ms is not None:
            self.journal.note("end", args[0].id, args[0].status)
        elif name == "objects.put":
            self.journal.note("put", args[0], str(args[1]), result.digest)
        elif name == "cache_index.point":
            self.journal.note("pointed", args[0], here())

    def die(self) -> None:
        self.dead = True
        self.around.die()
        raise Died

    def call(self, name: str, call: Call, kind: Kind, key: str) -> Any:
        """Carry the call out, as the fault has it if it is the one."""
        if self.dead:
            raise Died
        nth, goes_wrong = self.calls.next(name)
        if self.calls.notes:
            self.journal.note("call", name, nth, key)
        fault = self.calls.fault
        if goes_wrong and fault:
            self.journal.note("fired", str(fault), key, here())
            return self._gone_wrong(fault.kind, call, kind, name.rpartition(".")[2], key)
        result = call()
        if self.dead:
            raise Died
        return result

    def _gone_wrong(self, what: str, call: Call, kind: Kind, method: str, key: str) -> Any:
        if what == DIES_BEFORE:
            self.die()
        elif what == FAILS:
            raise kind.error(method, done=False)
        elif what == FULL:
            self.around.fill()
            self.journal.note("full", now_ms())
        elif what == RIVAL:
            self.around.rival()
        elif what in JUMPS_MS:
            self.clock.ahead_ms += JUMPS_MS[what]
        was_damaged = what in DAMAGES and self.around.damage(key, what)
        result = call()
        if what in DAMAGES and not was_damaged:
            self.around.damage(key, what)
        elif what == DIES_AFTER:
            self.die()
        elif what == TIMES_OUT:
            self.clock.wait(TIMED_OUT_MS)
            raise kind.error(method, done=True)
        elif what == LATE:
            self.clock.wait(LATE_MS)
        elif what == TWICE:
            with suppress(Exception):
                call()
        return result


class Port:
    """A port as it is, but that the process counts its calls."""

    def __init__(self, port: Any, name: str, kind: Kind, process: Process) -> None:
        self._port, self._name, self._kind, self._process = port, name, kind, process
        self._methods = kind.methods()

    def __getattr__(self, name: str) -> Any:
        own = getattr(self._port, name)
        if name not in self._methods:
            return own
        if self._kind.enters(name):
            return lambda *args, **more: self._entered(name, own, *args, **more)
        return lambda *args, **more: self._called(name, own, args, more)

    def _called(self, name: str, own: Any, args: Any, more: Any) -> Any:
        label = f"{self._name}.{name}"

        def carry_out() -> Any:
            result = own(*args, **more)
            self._process.heard(label, args, result)
            return result

        return self._process.call(label, carry_out, self._kind, _key(args))

    @contextmanager
    def _entered(self, name: str, own: Any, *args: Any, **more: Any) -> Any:
        with ExitStack() as stack:

            def enter() -> Any:
                entered: AbstractContextManager[Any] = own(*args, **more)
                return stack.enter_context(entered)

            yield self._process.call(f"{self._name}.{name}", enter, self._kind, _key(args))


class ByName(Mapping[str, Any]):
    """Several ports by name."""

    def __init__(self, ports: Any, name: str, kind: Kind, process: Process) -> None:
        self._ports, self._name, self._kind, self._process = ports, name, kind, process

    def __getitem__(self, key: str) -> Any:
        return Port(self._ports[key], self._name, self._kind, self._process)

    def __iter__(self) -> Any:
        return iter(self._ports)

    def __len__(self) -> int:
        return len(self._ports)


def _key(args: tuple[Any, ...]) -> str:
    """The key of a stored object that the call is about, if it looks like one."""
    first = args[0] if args else ""
    if isinstance(first, list | tuple) and first:
        first = first[0]
    return first if isinstance(first, str) and "/" in first and "://" not in first else ""
