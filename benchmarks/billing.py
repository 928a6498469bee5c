"""What one movie costs on AWS, by what its making takes here: each call of a function is measured.

The calls are made one after the other, as the state machine would make them, by the lane too. What
things cost is in prices.py.
"""

from __future__ import annotations

import json
import math
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from resplice.adapters.s3.checkpoints import ObjectCheckpoints
from resplice.adapters.s3.held_checkpoints import HeldCheckpoints
from resplice.adapters.s3.splicing import fewest_runs, parts_of
from resplice.core import lane
from resplice.ports import Ports
from resplice.steps import makers, projects
from resplice.steps.deadline import NEVER
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.complete import complete
from resplice.steps.execution.executor import WorkflowExecutor, functions_of
from resplice.steps.execution.lane import NEXT, Lane
from resplice.wiring.aws import PATIENCE
from resplice.wiring.functions import RECORDS

from benchmarks import movies, prices
from infra.rows import ROWS

OPENED_GETS = len(("whether it is there", "where its samples begin", "what it says of them"))
"""Of each piece that is spliced."""
POLLS = 10
"""How often a client asks until a movie is done that had to be rendered."""
OWNER = "self"
MEASURED = ("cpu_s", "wall_s", "waits_s")
SIDE_BY_SIDE = (*makers.functions(), "scene")
WRITES_TOO = {"end"}
"""A project that ends is read first."""
READS = {
    "get",
    "peek",
    "list",
    "pointer",
    "held",
    "waiting",
    "unfinished",
    "due",
    "end",
    "users",
    "percent",
}


ONE_BY_ONE = threading.RLock()
"""What goes on side by side is measured one after the other."""


def seconds_at(memory_mb: int, cpu_s: float, wall_s: float) -> float:
    """How long it takes on the processors that the memory buys."""
    return max(wall_s, cpu_s * prices.MB_PER_VCPU / memory_mb)


@dataclass(frozen=True)
class Call:
    """One call of a function. waits_s: for others that it called. starts_s: before it begins, where
    it has an environment that was never called. within: whether it was called by one that waits
    for it.
    """

    function: str
    cpu_s: float
    wall_s: float
    waits_s: float = 0.0
    starts_s: float = 0.0
    within: bool = False

    def least(self, other: Call) -> Call:
        """The same call in two rounds: what other programs took is in the longer one."""
        assert self.function == other.function
        least = {each: min(getattr(self, each), getattr(other, each)) for each in MEASURED}
        return replace(self, **least)

    def works_s(self) -> float:
        return seconds_at(ROWS[self.function].memory_mb, self.cpu_s, self.wall_s)

    def billed_s(self) -> float:
        return self.starts_s + self.works_s() + self.waits_s

    def dollars(self) -> float:
        row = ROWS[self.function]
        return prices.function_dollars(self.billed_s(), row.memory_mb, row.tmp_mb)


@dataclass
class Bill:
    """All that one movie needs. asked: requests of S3 and the table, by kind."""

    calls: list[Call] = field(default_factory=list)
    transitions: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    size_bytes: int = 0

    def call(self, function: str, work: Callable[[], Any]) -> Any:
        cpu_s, wall_s = cpu_seconds(), time.monotonic()
        result = work()
        wall_s = time.monotonic() - wall_s
        self.calls.append(Call(function, cpu_seconds() - cpu_s, wall_s))
        return result

    def least(self, other: Bill) -> Bill:
        pairs = zip(self.calls, other.calls, strict=True)
        return replace(self, calls=[one.least(two) for one, two in pairs])

    def cold(self, starts_s: Mapping[str, float]) -> Bill:
        """The same where no function had an environment: what runs side by side starts each its
        own, and who waits for others waits for their starts too.
        """
        met, within = set[str](), {call.function for call in self.calls if call.within}
        calls = []
        for call in self.calls:
            new = call.function in SIDE_BY_SIDE or call.function not in met
            met.add(call.function)
            waits_s = (
                sum(starts_s[each] for each in within) if call.function == lane.FUNCTION else 0
            )
            own_s = starts_s[call.function] if new else 0.0
            calls.append(replace(call, starts_s=own_s, waits_s=call.waits_s + waits_s))
        return replace(self, calls=calls)

    def of(self, function: str) -> list[Call]:
        return [call for call in self.calls if call.function == function]

    def cpu_s(self) -> float:
        return sum(call.cpu_s for call in self.calls)

    def wait_s(self) -> float:
        """From submit to movie: one step after the other, the tasks of a map side by side."""
        steps = ("lane", "prepare", "plan", "movie", "finish")
        maps = [self._mapped("scene"), self._mapped("element", "paint")]
        alone = [call for name in steps for call in self.of(name)]
        side_by_side = [max((call.billed_s() for call in calls), default=0.0) for calls in maps]
        return sum(call.billed_s() for call in (self.calls[0], *alone)) + sum(side_by_side)

    def longer_s(self, times: int, at_once: int) -> float:
        """wait_s of a movie with so many times the scenes, which the workflow fans out over so many
        functions: what looks at every scene takes so many times as long, and pieces are made in
        turns, of which the first alone has new environments to start.
        """
        pieces = self._mapped("scene")
        turns = math.ceil(len(pieces) * times / at_once)
        later_s = (turns - 1) * max(call.works_s() for call in pieces)
        every = (call for name in ("prepare", "plan", "movie") for call in self.of(name))
        return self.wait_s() + later_s + (times - 1) * sum(call.works_s() for call in every)

    def _mapped(self, *functions: str) -> list[Call]:
        return [call for each in functions for call in self.of(each) if not call.within]

    def functions(self) -> float:
        """Dollars for Lambda."""
        return sum(call.dollars() for call in self.calls)

    def workflow(self) -> float:
        """Dollars for Step Functions."""
        return self.transitions * prices.STATE_TRANSITION

    def rest(self) -> float:
        """Dollars for requests, logs and traces."""
        asked, requests = self.asked, len(self.of("api"))
        return (
            asked["put"] * prices.S3_PUT
            + asked["get"] * prices.S3_GET
            + asked["write"] * prices.WRITE_UNITS * prices.TABLE_WRITE_UNIT
            + asked["read"] * prices.TABLE_READ_UNIT
            + requests * prices.API_REQUEST
            + (requests * ROWS["api"].traced + (self.transitions > 0)) * prices.TRACE
            + prices.log_dollars(len(self.calls))
        )

    def together(self) -> float:
        return self.functions() + self.workflow() + self.rest()


class Executions:
    """Notes what is to be played."""

    def __init__(self) -> None:
        self.started: list[str] = []

    def start(self, project_id: str) -> bool:
        self.started.append(project_id)
        return True

    def cancel(self, project_id: str) -> None:
        """Nobody cancels here."""


class Counted:
    """Stands before a port and counts what is asked of it."""

    def __init__(self, port: Any, count: Callable[[str, tuple[Any, ...]], None]) -> None:
        self._port, self._count = port, count

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        def counted(*args: Any, **more: Any) -> Any:
            self._count(name, args)
            return method(*args, **more)

        return counted


def bill_of(document: movies.Document, ports: Ports, *, in_lane: bool) -> Bill:
    """Submit a movie and execute it, as the state machine of infra/states.py would."""
    bill, executions = Bill(), Executions()
    ports = replace(_counted(ports, bill.asked), renderers=ThreadPoolExecutor(1))
    checkpoints = ObjectCheckpoints(ports.objects, ports.scratch, ports.lookups)
    ports = replace(ports, checkpoints=checkpoints, patience=PATIENCE)
    coalescer = Coalescer(ports, executions)
    body = json.dumps(document).encode()
    project = bill.call("api", lambda: projects.submit(body, coalescer, OWNER))
    if executions.started:
        _execute(project, bill, coalescer, checkpoints if in_lane else None)
    polls = POLLS if executions.started else 1
    for _ in range(polls):
        found = bill.call("api", lambda: projects.status(project, OWNER, ports))
    assert found.status == "done", found.message
    assert found.movie
    bill.size_bytes = found.movie.size_bytes
    return bill


def _execute(
    project: str, bill: Bill, coalescer: Coalescer, stored: ObjectCheckpoints | None
) -> None:
    """One call of a function after the other, and the states that the machine goes through.
    stored: checkpoints, where it begins in the lane.
    """

    def finish(given: Any) -> None:
        complete(given["project"], coalescer)

    functions = {**functions_of(coalescer.ports), "finish": finish}
    billed = {name: partial(_billed, bill, name, call) for name, call in functions.items()}
    executor = WorkflowExecutor(coalescer.ports, billed, batches_at_once=1)
    if stored is None:
        bill.transitions += len(("Begin",))
        executor.run(project)
        return
    state = _in_lane(project, bill, coalescer.ports, stored)
    bill.transitions += len(("Lane", "LeftByTheLane"))
    name: str | None = state[NEXT]
    while name:
        after, name = executor.advance(name, state)
        state = dict(after)


class Alongside:
    """Implements ports.functions.Functions: what the lane calls, each call billed by itself."""

    def __init__(self, bill: Bill, functions: Mapping[str, Callable[[Any], Any]]) -> None:
        self.bill, self.functions, self.calls = bill, functions, list[Call]()

    def call(self, function: str, given: Mapping[str, Any]) -> None:
        with ONE_BY_ONE:
            self.bill.call(function, lambda: self.functions[function](given))
            call = replace(self.bill.calls.pop(), within=True)
            self.bill.calls.append(call)
            self.calls.append(call)

    def longest_s(self, *functions: str) -> float:
        billed = (call.billed_s() for call in self.calls if call.function in functions)
        return max(billed, default=0.0)


class Timed:
    """Stands before a port of the lane's own: how long each of its calls takes."""

    def __init__(self, port: Any) -> None:
        self._port, self.calls = port, list[Call]()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        def timed(*args: Any, **more: Any) -> Any:
            with ONE_BY_ONE:
                cpu_s, wall_s = cpu_seconds(), time.monotonic()
                result = method(*args, **more)
                took = cpu_seconds() - cpu_s, time.monotonic() - wall_s
                self.calls.append(Call(lane.FUNCTION, *took))
            return result

        return timed

    def works_s(self, calls: int | None = None) -> float:
        """All of them, or so many."""
        return sum(call.works_s() for call in self.calls[:calls])


def _in_lane(project: str, bill: Bill, ports: Ports, stored: ObjectCheckpoints) -> dict[str, Any]:
    """The lane does its own work, and waits for the longest of the pages that it has painted, and
    for the longest of the pieces, as far as that takes longer than what it makes meanwhile: its
    own downloads, and the first piece.
    """
    calls, held = Alongside(bill, functions_of(ports)), HeldCheckpoints(stored)
    web, prober, renderer = Timed(ports.web), Timed(ports.prober), Timed(ports.renderer)
    own = replace(ports, web=web, prober=prober, renderer=renderer, checkpoints=held)
    own = replace(own, pieces_at_once=lane.MAX_PIECES)
    run = Lane(project, own, held, calls, NEVER, batches_at_once=1)
    state: dict[str, Any] = bill.call(lane.FUNCTION, run.run)
    whole = bill.calls.pop()
    cpu_s = whole.cpu_s - sum(call.cpu_s for call in calls.calls)
    wall_s = whole.wall_s - sum(call.wall_s for call in calls.calls)
    waits_s = max(0.0, calls.longest_s("paint", "speak") - web.works_s() - prober.works_s())
    waits_s += max(0.0, calls.longest_s("scene") - renderer.works_s(1))
    bill.calls.append(Call(lane.FUNCTION, cpu_s, wall_s, waits_s))
    return state


def _billed(bill: Bill, name: str, call: Callable[[Any], Any], given: Any) -> Any:
    result = bill.call(name, lambda: call(given))
    bill.transitions += len(("Which", "Element")) if name in makers.functions() else 1
    if name in ("prepare", "plan"):
        bill.transitions += len(("Any",)) + len(("Map",)) * bool(result["count"])
    return result


def _counted(ports: Ports, asked: Counter[str]) -> Ports:
    def objects(name: str, args: tuple[Any, ...]) -> None:
        asked["put" if name in ("put", "list") else "get"] += len(args[0]) if name == "heads" else 1

    def spliced(name: str, args: tuple[Any, ...]) -> None:
        if name == "each":
            asked["get"] += OPENED_GETS * len(args[0])
        else:
            parts = list(parts_of(args[1]))
            asked["put"] += len(("begun", "ended")) + len(parts)
            asked["get"] += sum(len(fewest_runs(part)) for part in parts)

    def rows(name: str, _: tuple[Any, ...]) -> None:
        asked["read"] += name in READS
        asked["write"] += name not in READS or name in WRITES_TOO

    stores: dict[str, Any] = {
        "objects": Counted(ports.objects, objects),
        "splicer": Counted(ports.splicer, spliced),
        **{name: Counted(getattr(ports, name), rows) for name in RECORDS},
    }
    return replace(ports, **stores)


def cpu_seconds(pid: int | None = None) -> float:
    """Of that process, or of this one, and of all that it started, whether they ended or not."""
    ticks = os.sysconf("SC_CLK_TCK")
    parents, spent = dict[int, int](), dict[int, int]()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            values = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        process = int(stat.parent.name)
        parents[process], spent[process] = int(values[1]), sum(map(int, values[11:15]))
    own, grown = {pid or os.getpid()}, True
    while grown:
        more = {process for process, parent in parents.items() if parent in own} - own
        own, grown = own | more, bool(more)
    return sum(spent.get(process, 0) for process in own) / ticks
