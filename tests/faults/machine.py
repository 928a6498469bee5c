"""A machine: servers of the local wiring on one data folder, each a process that can be killed.

The data folder is on a small disk of its own, which can be full. Time passes as the system's
does, and jumps when nothing happens but that somebody waits.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from faults.damages import damage_in, leading_nowhere
from faults.kinds import Fault
from faults.outside import GENERATORS, KEY, VOICES, Outside
from faults.process import Around, Calls, Clock, Journal, Process
from faults.worlds import DEADLINE_MS, OWNER, Film, Found, posted
from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.disk.tree import DiskTree
from resplice.adapters.threads.executions import ThreadExecutions
from resplice.core.addresses import AllowedSource
from resplice.core.providers import Connection
from resplice.errors import StorageError
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.steps.execution.coalesce import Coalescer
from resplice.wiring import local as wired
from resplice.wiring.limits import MachineLimits
from resplice.wiring.pools import Pools
from resplice.wiring.running import Runs, limited
from small_disk import SmallDisk

REAL_SECONDS = 30
"""After which a process is taken for stuck."""
SWEEP_MS = 3_000
TAKEN_OVER_MS = 21_000
"""After which nothing is held any more by a process that died: steps.leasing.ALONE_MS is longest.
"""
PATIENT_SECONDS = 1.5
"""How long an execution takes at most that waits for nothing."""
RIVAL_SECONDS = 0.03
"""How much earlier another one comes."""
KILLED, FAILED, STUCK = 137, 70, 71
LIMITS = MachineLimits(3_600_000, 1 << 30, 1 << 30, free_bytes=1 << 18)


@dataclass
class Machine:
    """name: of the place. folder: what is not on the small disk. tools: of the installation."""

    disk: SmallDisk
    folder: Path
    outside: Outside
    port: int
    tools: Any
    ahead_ms: int = 0
    number: int = 0
    name: str = "machine"

    def begin(self) -> None:
        """A new data folder."""
        if self.number:
            shutil.rmtree(self.data, ignore_errors=True)
        self.number, self.ahead_ms = self.number + 1, 0
        self.journal_file.unlink(missing_ok=True)
        self.wanted.unlink(missing_ok=True)
        template = self.disk.folder / "template"
        if not template.exists():
            code = self._forked(lambda: self._prepare(template))
            assert code == 0, self.journal.of("broke")
        shutil.copytree(template, self.data)

    @property
    def data(self) -> Path:
        kind = "real" if self.outside.real else "data"
        return self.disk.folder / f"{kind}-{self.number}"

    @property
    def journal_file(self) -> Path:
        return self.folder / "journal"

    @property
    def wanted(self) -> Path:
        """A file that is there when another server is to come."""
        return self.folder / "wanted"

    @property
    def journal(self) -> Journal:
        return Journal(self.journal_file)

    def warm(self, film: Film) -> None:
        """Make the film in this process: its children have read by then whatever is read late."""
        tools = self.tools
        wired.build = lambda *_: tools.browser  # type: ignore[attr-defined]
        wired.remembered = lambda *_: tools.ffmpeg  # type: ignore[attr-defined]
        wired.tools_named = lambda **_: tools  # type: ignore[attr-defined]
        self.begin()
        self._serve(film, "warm", None, notes=False)
        while threading.active_count() > 1:
            time.sleep(0.001)

    def _prepare(self, folder: Path) -> None:
        with self._ports(folder, Pools()) as ports:
            for name in (VOICES, GENERATORS):
                ports.connections.add(Connection(name, name), {"key": KEY})

    def serve(
        self, film: Film, name: str, fault: Fault | None = None, *, notes: bool = False
    ) -> bool:
        """A server takes the film in under that name, and what is open; until all has ended. False
        when it was killed; then the next one can go on.
        """
        ahead_ms = self.ahead_ms
        code = self._forked(
            lambda: self._serve(film, name, fault, notes), lambda: self._rival(film, name)
        )
        self._make_room()
        clocks = [ahead_ms, *(words[0] for words in self.journal.of("clock"))]
        self.ahead_ms = clocks[-1] + (TAKEN_OVER_MS if code else 0)
        if code not in (0, KILLED):
            self.journal.note("stuck", f"a server ended with {code}")
        return code == 0

    @property
    def filling(self) -> Path:
        return self.disk.folder / "filling"

    def _make_room(self) -> None:
        if self.filling.exists():
            self.disk.make_room()

    def _begun(self, call: Callable[[], Any]) -> int:
        """The id of a child that does it."""
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            self._call_and_exit(call)
        return child

    def _forked(self, call: Callable[[], Any], rival: Callable[[], int] | None = None) -> int:
        """The exit code of a child that does it, when what it asked for has ended too."""
        children, codes = [self._begun(call)], list[int]()
        until = time.monotonic() + REAL_SECONDS
        while children:
            if rival and self.wanted.exists():
                children.append(rival())
            done, status = os.waitpid(children[0], os.WNOHANG)
            if done:
                codes.append(os.waitstatus_to_exitcode(status))
                children.pop(0)
            elif time.monotonic() > until:
                os.killpg(children[0], signal.SIGKILL)
                os.waitpid(children.pop(0), 0)
                codes.append(STUCK)
            else:
                time.sleep(0.001)
        return codes[0] or max(codes)

    def _call_and_exit(self, call: Callable[[], Any]) -> None:
        code = FAILED
        try:
            call()
            code = 0
        except BaseException:
            self.journal.note("broke", traceback.format_exc())
        finally:
            os._exit(code)

    def _serve(self, film: Film, name: str, fault: Fault | None, notes: bool) -> None:
        clock = Clock(lambda: time.time_ns() // 1_000_000, self.ahead_ms)
        around = Around(
            lambda: os._exit(KILLED),
            self.damage,
            lambda: self.disk.fill(0),
            lambda: self._ask_for_rival(clock.ahead_ms),
        )
        process = Process(self.journal, clock, around, Calls(fault, notes))
        with self._server(process) as coalescer:
            posted(film, name, coalescer, self.journal, self._make_room)
            self._settle(coalescer, clock)
            self.journal.note("clock", clock.ahead_ms)

    def _ask_for_rival(self, ahead_ms: int) -> None:
        """Another server is asked for the same, and takes up what it may, from now on. It is a
        child of who began this one: a process with threads may not make any.
        """
        fresh = self.wanted.with_suffix(".new")
        fresh.write_text(str(ahead_ms))
        fresh.replace(self.wanted)
        time.sleep(RIVAL_SECONDS)

    def _rival(self, film: Film, name: str) -> int:
        self.ahead_ms = int(self.wanted.read_text()) + TAKEN_OVER_MS
        self.wanted.unlink()
        self.journal.note("rival")
        return self._begun(lambda: self._serve(film, f"{name}-rival", None, False))

    def _settle(self, coalescer: Coalescer, clock: Clock) -> None:
        """Until all has ended: the clock goes on as it would for who waits."""
        executions: Any = coalescer.executions
        ports, until_ms = coalescer.ports, clock.ahead_ms + DEADLINE_MS
        while True:
            self._await(executions, clock)
            self._make_room()
            try:
                if not ports.projects.unfinished():
                    return
            except Exception:
                continue
            if clock.ahead_ms > until_ms:
                self.journal.note("stuck", "a project does not end")
                return
            clock.ahead_ms += SWEEP_MS
            wired_sweep(coalescer, executions.going_on())

    def _await(self, executions: Any, clock: Clock) -> None:
        """Until nothing is executed. Who still waits then waits for what a lease keeps from it."""
        patient_until = time.monotonic() + PATIENT_SECONDS
        while executions.going_on():
            time.sleep(0.002)
            if time.monotonic() > patient_until and not self.outside.real:
                clock.ahead_ms += TAKEN_OVER_MS
                patient_until += PATIENT_SECONDS

    @contextmanager
    def _server(self, process: Process) -> Iterator[Coalescer]:
        """As wiring.serving has it, without what listens."""
        pools = Pools()
        with self._ports(self.data, pools) as own:
            ports = process.wrapped(
                limited(self.outside.around(own, self.journal), self.data, LIMITS)
            )
            runs = _FaultyRuns(self.data, pools, LIMITS, lambda: False, process)
            runs.tidy()
            coalescer: Coalescer

            def execute(project: str) -> None:
                runs.execute(project, coalescer)

            executions = process.port(ThreadExecutions(execute, lambda _: OWNER), "executions")
            coalescer = Coalescer(ports, executions)
            self._begin_work(coalescer)
            yield coalescer
            executions.stop(1)

    def _begin_work(self, coalescer: Coalescer) -> None:
        """Who cannot read what is open says so and ends; who keeps it running begins another."""
        try:
            coalescer.resume()
        except StorageError as error:
            self.journal.note("would not begin", str(error))
            os._exit(KILLED)

    @contextmanager
    def _ports(self, folder: Path, pools: Pools) -> Iterator[Ports]:
        allowed = [AllowedSource("127.0.0.1", self.port)]
        with wired.local(folder, allowed=allowed, one_run=False, pools=pools) as ports:
            yield replace(ports, tools=self.tools)

    def damage(self, key: str, how: str) -> bool:
        return damage_in(self.data, key, how)

    def found(self, names: list[str]) -> Found:
        """What is there after all, as a new process sees it."""
        out = self.folder / "found"
        code = self._forked(lambda: out.write_bytes(self._found(names).dumped()))
        if code:
            raise AssertionError(f"nothing can be read: {self.journal.of('broke')}")
        return Found.loaded(out.read_bytes())

    def _found(self, names: list[str]) -> Found:
        with self._ports(self.data, Pools()) as ports:
            ports = replace(ports, clock=Clock(lambda: 0, (1 << 50)))
            objects = DiskObjects(self.data, None)
            objects.verify() if names else None
            objects.close()
            found = Found.of(ports, names, self.folder)
            lost = tuple(leading_nowhere(self.data, ports))
        return replace(found, left=(*found.left, *self._left()), lost=lost)

    def _left(self) -> Iterator[str]:
        """Files that nobody needs any more."""
        for folder in ("tmp", "runs", "executing"):
            for path in (self.data / folder).glob("*"):
                yield f"{folder}/{path.name}"
        tree = DiskTree(self.data)
        for entry in tree.entries():
            if not tree.has_bytes(entry):
                yield f"{entry.stored.key} has no bytes"


@frozen
class _FaultyRuns(Runs):
    """The ports of each execution are the process's too."""

    process: Process

    @contextmanager
    def _own(self, *args: Any) -> Iterator[Ports]:
        with super()._own(*args) as own:
            yield self.process.wrapped(own)


def wired_sweep(coalescer: Coalescer, going_on: Any) -> None:
    from resplice.wiring.serving import sweep

    sweep(coalescer, going_on)
