"""`make cost`: what a minute of 1080p costs on AWS, computed from the CPU seconds it takes here.

Each call of a function is made here, one after the other, with as much in it as on Lambda, and its
CPU seconds are measured (Linux only). A call is billed for them by the processors that its memory
buys, and for no less than the time it took here: not all of it keeps two processors busy. So what
else your machine does makes it dearer; `nice -n -15` keeps that out.
Not in it: cold starts, and the time that S3 and downloads take. A processor of Lambda may be
faster or slower than yours.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from resplice.adapters.s3.checkpoints import ObjectCheckpoints
from resplice.core.addresses import AllowedSource
from resplice.ports import Ports
from resplice.steps import makers, projects
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.execution.complete import complete
from resplice.steps.execution.executor import WorkflowExecutor, functions_of
from resplice.wiring.aws import PATIENCE
from resplice.wiring.functions import RECORDS
from resplice.wiring.local import local

from benchmarks import media, movies, prices
from infra.functions import ROWS
from infra.synthesis import cdk_out

ROOT = Path(__file__).resolve().parents[1]
README, PLACE = ROOT / "README.md", re.compile("(?<=<!-- cost -->\n).*(?=<!-- /cost -->)", re.S)
SCENES = 12
ROUNDS = 2
POLLS = 10
"""How often a client asks until a movie is done that had to be rendered."""
OWNER = "self"
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
    "end",
    "users",
    "percent",
}


@dataclass(frozen=True)
class Call:
    """One call of a function."""

    function: str
    cpu_s: float
    wall_s: float

    def least(self, other: Call) -> Call:
        """The same call in two rounds: what other programs took is in the longer one."""
        assert self.function == other.function
        return Call(self.function, min(self.cpu_s, other.cpu_s), min(self.wall_s, other.wall_s))

    def billed_s(self) -> float:
        return max(self.wall_s, self.cpu_s * prices.MB_PER_VCPU / ROWS[self.function].memory_mb)

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

    def of(self, function: str) -> list[Call]:
        return [call for call in self.calls if call.function == function]

    def cpu_s(self) -> float:
        return sum(call.cpu_s for call in self.calls)

    def wait_s(self) -> float:
        """From submit to movie: one step after the other, the tasks of a map side by side."""
        maps = [self.of("scene"), self.of("element") + self.of("paint")]
        alone = [call for name in ("prepare", "plan", "movie", "finish") for call in self.of(name)]
        side_by_side = [max((call.billed_s() for call in calls), default=0.0) for calls in maps]
        return sum(call.billed_s() for call in (self.calls[0], *alone)) + sum(side_by_side)

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
            + (requests + (self.transitions > 0)) * prices.TRACE
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


def bill_of(document: movies.Document, ports: Ports) -> Bill:
    """Submit a movie and execute it, as the state machine of infra/states.py would."""
    bill, executions = Bill(), Executions()
    ports = replace(_counted(ports, bill.asked), renderers=ThreadPoolExecutor(1))
    checkpoints = ObjectCheckpoints(ports.objects, ports.scratch, ports.lookups)
    ports = replace(ports, checkpoints=checkpoints, patience=PATIENCE)
    coalescer = Coalescer(ports, executions)
    body = json.dumps(document).encode()
    project = bill.call("api", lambda: projects.submit(body, coalescer, OWNER))
    if executions.started:
        _execute(project, bill, coalescer)
    polls = POLLS if executions.started else 1
    for _ in range(polls):
        found = bill.call("api", lambda: projects.status(project, OWNER, ports))
    assert found.status == "done", found.message
    assert found.movie
    bill.size_bytes = found.movie.size_bytes
    return bill


def _execute(project: str, bill: Bill, coalescer: Coalescer) -> None:
    """One call of a function after the other, and the states that the machine goes through."""

    def finish(given: Any) -> None:
        complete(given["project"], coalescer)

    functions = {**functions_of(coalescer.ports), "finish": finish}
    billed = {name: partial(_billed, bill, name, call) for name, call in functions.items()}
    WorkflowExecutor(coalescer.ports, billed, batches_at_once=1).run(project)
    bill.transitions += len(("Begin", "Ended"))


def _billed(bill: Bill, name: str, call: Callable[[Any], Any], given: Any) -> Any:
    result = bill.call(name, lambda: call(given))
    bill.transitions += len(("Which", "Element")) if name in makers.functions() else 1
    if name in ("prepare", "plan"):
        bill.transitions += len(("Any",)) + len(("Map",)) * bool(result["count"])
    return result


def _counted(ports: Ports, asked: Counter[str]) -> Ports:
    def objects(name: str, args: tuple[Any, ...]) -> None:
        asked["put" if name in ("put", "list") else "get"] += len(args[0]) if name == "heads" else 1

    def rows(name: str, _: tuple[Any, ...]) -> None:
        asked["read"] += name in READS
        asked["write"] += name not in READS or name in WRITES_TOO

    stores: dict[str, Any] = {
        "objects": Counted(ports.objects, objects),
        **{name: Counted(getattr(ports, name), rows) for name in RECORDS},
    }
    return replace(ports, **stores)


def cpu_seconds() -> float:
    """Of this process, and of all that it started, whether they have ended or not."""
    ticks = os.sysconf("SC_CLK_TCK")
    parents, spent = dict[int, int](), dict[int, int]()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            values = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        process = int(stat.parent.name)
        parents[process], spent[process] = int(values[1]), sum(map(int, values[11:15]))
    own, grown = {os.getpid()}, True
    while grown:
        more = {process for process, parent in parents.items() if parent in own} - own
        own, grown = own | more, bool(more)
    return sum(spent.get(process, 0) for process in own) / ticks


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The port at which the folder's files are."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def bills(folder: Path) -> list[Bill]:
    """Of a movie of which nothing is there, of one text in it edited, of the same again."""
    rounds: list[list[Bill]] = []
    with served(folder) as port:
        texts = (json.dumps(movies.scenes(SCENES, edited=edited)) for edited in (-1, 5, -1))
        documents = [json.loads(_located(text, port)) for text in texts]
        for _ in range(ROUNDS):
            with (
                tempfile.TemporaryDirectory(dir=folder) as data,
                local(Path(data), allowed=[AllowedSource("127.0.0.1", port)]) as ports,
            ):
                rounds.append([bill_of(document, ports) for document in documents])
    return [first.least(second) for first, second in zip(*rounds, strict=True)]


def _located(text: str, port: int) -> str:
    for name in media.RECIPES:
        text = text.replace(f'"{name}"', f'"http://127.0.0.1:{port}/{name}"')
    return text


def report(cold: Bill, edited: Bill, again: Bill) -> Iterator[str]:
    """The tables, line by line."""
    yield from _heading(
        *(f"60 s, 1080p30, {SCENES} scenes", "CPU", "wait"),
        *("Lambda", "Step Functions", "the rest", "together"),
    )
    named = (("nothing in the cache", cold), ("one text edited", edited), ("the same again", again))
    for name, bill in named:
        parts = (bill.functions(), bill.workflow(), bill.rest(), bill.together())
        yield _row(name, f"{bill.cpu_s():.1f} s", f"{bill.wait_s():.1f} s", *map(cents, parts))
    watched = cents(cold.size_bytes / 1e9 * prices.CLOUDFRONT_GB)
    yield _row(f"watched once, {cold.size_bytes / 1e6:.0f} MB", "", "", "", "", watched, watched)
    yield ""
    yield from _by_function(cold)
    yield ""
    yield from _idle()


def _by_function(bill: Bill) -> Iterator[str]:
    yield from _heading("of the first row", "calls", "memory", "CPU", "billed", "costs")
    for function, row in ROWS.items():
        calls = bill.of(function)
        cpu_s, billed_s = sum(c.cpu_s for c in calls), sum(c.billed_s() for c in calls)
        numbers = (str(len(calls)), f"{row.memory_mb} MB", f"{cpu_s:.2f} s", f"{billed_s:.2f} s")
        yield _row(function, *numbers, cents(sum(call.dollars() for call in calls)))
    workflow = cents(bill.workflow())
    yield _row("Step Functions", f"{bill.transitions} transitions", "", "", "", workflow)


def _idle() -> Iterator[str]:
    yield from _heading("a month in which nobody renders", "costs")
    finish = ROWS["finish"]
    rows = prices.idle_rows(cdk_out(), finish.memory_mb, finish.tmp_mb)
    for name, dollars in (*rows, ("together", sum(dollars for _, dollars in rows))):
        yield _row(name, f"${dollars:.2f}")


def _heading(*names: str) -> Iterator[str]:
    yield _row(*names)
    yield "|---" * len(names) + "|"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def cents(dollars: float) -> str:
    return "< 0.001 ¢" if dollars < 0.5e-5 else f"{dollars * 100:.3f} ¢"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cost", description=__doc__)
    parser.add_argument("--readme", action="store_true", help="put the tables into README.md")
    into_readme = parser.parse_args().readme
    folder = ROOT / "build" / "bench"
    media.make(folder)
    table = "\n".join(report(*bills(folder))) + "\n"
    print(table)
    if into_readme:
        README.write_text(PLACE.sub(lambda _: table, README.read_text(), count=1))


if __name__ == "__main__":
    main()
