"""Starts programs behind their walls, by a launcher that is started once (launcher.py).

A program ends when this one does, however that goes, and so does all that it has started.
"""

from __future__ import annotations

import atexit
import base64
import errno
import itertools
import json
import logging
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, field
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType

from resplice.adapters.confined.filters import filter_code
from resplice.adapters.confined.programs import NOTHING, Program
from resplice.adapters.confined.protocol import (
    FAILED,
    HEADER,
    KILL,
    MOST_AT_A_TIME,
    RUNS,
    START,
    TOLD,
)
from resplice.frozen import frozen


class LauncherGone(OSError):
    """The program that starts others did not start, or has ended."""


class WallsMissing(OSError):
    """Less is held here than is required."""


PACKAGES = Path(__file__).parents[3]
CODE = (
    f"import sys; sys.path.insert(0, {str(PACKAGES)!r}); "
    "from resplice.adapters.confined.launcher import main; main()"
)
HELLO_BYTES = 4096
TCP_SINCE, SCOPES_SINCE = 4, 6
"""Versions of Landlock."""
HELLO_S = ENDING_S = 20.0
KILLED = 9
GONE = "the program that starts others has ended"
_LOG = logging.getLogger(__name__)


@frozen
class Tree:
    """The most that a program and all that it starts may take together."""

    processes: int
    memory_bytes: int
    disk_bytes: int


@frozen
class Start:
    """How a program is started.

    argv         with the program's path first
    environment  all that it sees
    descriptors  by the number that they have there; 0, 1 and 2 are /dev/null unless given
    reads        beside what its row says: files and folders, with what is in them
    writes       the same, to be written; a file must be there
    port         of this machine that it may call; 0 for none
    limits       by RLIMIT_…
    folder       its own, which it may write to; removed when it has ended
    """

    program: Program
    argv: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    descriptors: Mapping[int, int] = field(default_factory=dict)
    reads: Sequence[str] = ()
    writes: Sequence[str] = ()
    port: int = 0
    limits: Mapping[int, int] = field(default_factory=dict)
    folder: str = ""
    tree: Tree | None = None
    niceness: int = 0


@frozen
class Walls:
    """What the kernel holds here. landlock: its version, 0 for none. counts: whether new processes
    are asked for, and not only counted once a second. drops: whether what root may is given up.
    """

    landlock: int
    seccomp: bool
    machine: str
    counts: bool = False
    drops: bool = True

    def missing(self) -> tuple[str, ...]:
        """What is left out, in a user's words; nothing where all is held."""
        said = []
        if sys.platform != "linux":
            return ("Landlock and seccomp, which Linux alone has: only limits hold here",)
        if not self.landlock:
            said.append("Landlock (Linux 5.13, and switched on): files are not held")
        elif self.landlock < TCP_SINCE:
            said.append("Landlock's rules for TCP (Linux 6.7): what is served may call anybody")
        if 0 < self.landlock < SCOPES_SINCE:
            said.append("Landlock's scopes (Linux 6.12): a browser may signal other programs")
        if self.seccomp and not self.counts:
            said.append("seccomp's listeners (Linux 5.5): a browser's processes are counted late")
        if not self.seccomp or not filter_code(self.machine, (), ()):
            said.append(f"seccomp on {self.machine}: system calls are not held")
        return tuple(said)


class Confined:
    """A program that was started. Safe to use from many threads."""

    def __init__(self, launcher: Launcher, number: int, told: int) -> None:
        self.returncode: int | None = None
        self._launcher, self._number, self._told = launcher, number, told
        self._lock = threading.Lock()
        self.pid = self._begun()

    def wait(self, timeout: float | None = None) -> int:
        """How it ended: a code, or a signal below nought; as Popen. Raises TimeoutExpired."""
        if not self._lock.acquire(timeout=-1 if timeout is None else max(0.0, timeout)):
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        try:
            if self.returncode is None:
                self.returncode = self._ended(timeout)
            return self.returncode
        finally:
            self._lock.release()

    def poll(self) -> int | None:
        """The same where it has ended, else None; None also while another thread waits."""
        with suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return self.returncode

    def _ended(self, timeout: float | None) -> int:
        told = select.poll()  # select() knows small descriptors alone.
        told.register(self._told, select.POLLIN)
        if not told.poll(None if timeout is None else max(0.0, timeout) * 1000):
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        _, status = self._read()
        os.close(self._told)
        return os.waitstatus_to_exitcode(status)

    def kill(self) -> None:
        """End it, with all that it has started. Returns before that is so."""
        if self.returncode is None:
            self._launcher.kill(self._number)

    def __enter__(self) -> Confined:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self.wait()

    def _begun(self) -> int:
        kind, number = self._read()
        if kind == RUNS:
            return number
        os.close(self._told)
        if kind == FAILED:
            raise OSError(number, os.strerror(number))
        raise LauncherGone(errno.EIO, GONE)

    def _read(self) -> tuple[bytes, int]:
        """A launcher that is gone has ended all that it started."""
        data = os.read(self._told, TOLD.size)
        return TOLD.unpack(data) if data else (b"", KILLED)


class Launcher:
    """The launcher of this process, started when it is first needed. Safe to use from many threads.

    required: whether nothing is started where walls are missing.
    """

    def __init__(self, held: Callable[[Walls], Walls] = lambda walls: walls) -> None:
        """held: what is taken of what the kernel holds."""
        self.required, self._taken, self._told = False, held, False
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._running: _Running | None = None

    def start(self, wanted: Start) -> Confined:
        """Raises OSError when the program cannot be started, WallsMissing, LauncherGone."""
        try:
            return self._asked_for(wanted)
        except LauncherGone:
            return self._asked_for(wanted)  # Another takes its place.

    def _asked_for(self, wanted: Start) -> Confined:
        with self._lock, ExitStack() as stack:
            running = self._alive()
            self._check(running.walls)
            number = next(self._numbers)
            told, telling = os.pipe()
            stack.callback(os.close, telling)
            on_failure = stack.enter_context(ExitStack())
            on_failure.callback(os.close, told)
            asked = stack.enter_context(_asked(wanted, running.walls))
            nothing = stack.enter_context(_nothing())
            given = {0: nothing, 1: nothing, 2: nothing, **wanted.descriptors}
            try:
                running.send(START, number, [asked, telling, *given.values()])
            except (BrokenPipeError, ConnectionResetError) as error:
                self._drop()
                raise LauncherGone(errno.EIO, GONE) from error
            on_failure.pop_all()
        return Confined(self, number, told)

    def kill(self, number: int) -> None:
        with self._lock, suppress(OSError):
            if self._running:
                self._running.send(KILL, number, [])

    def walls(self) -> Walls:
        """What this kernel holds."""
        with self._lock:
            return self._alive().walls

    @property
    def pid(self) -> int:
        """Of the launcher."""
        with self._lock:
            return self._alive().process.pid

    def close(self) -> None:
        """End the launcher, with all that it has started."""
        with self._lock:
            self._drop()

    def forget(self) -> None:
        """In a forked child: the launcher is the parent's."""
        self._lock = threading.Lock()
        running, self._running = self._running, None
        if running:
            running.socket.close()

    def _drop(self) -> None:
        """One that has ended, or is about to."""
        running, self._running = self._running, None
        if running:
            running.socket.close()
            with suppress(subprocess.TimeoutExpired):
                running.process.wait(ENDING_S)
            running.process.kill()
            running.process.wait()

    def _check(self, walls: Walls) -> None:
        if self.required and walls.missing():
            raise WallsMissing(errno.EPERM, f"this machine lacks {'; '.join(walls.missing())}")

    def _alive(self) -> _Running:
        if self._running and self._running.process.poll() is not None:
            self._drop()
        if self._running is None:
            self._running = _started(self._taken)
            self._tell(self._running.walls.missing())
        return self._running

    def _tell(self, missing: Sequence[str]) -> None:
        """One line, once: a launcher that takes another's place has no news."""
        if missing and not self._told:
            _LOG.warning("Programs run with less around them: %s", "; ".join(missing))
        self._told = True


@frozen
class _Running:
    process: subprocess.Popen[bytes]
    socket: socket.socket
    walls: Walls

    def send(self, kind: bytes, number: int, descriptors: Sequence[int]) -> None:
        first, rest = descriptors[:MOST_AT_A_TIME], descriptors[MOST_AT_A_TIME:]
        header = HEADER.pack(kind, number, len(descriptors))
        if not first:
            self.socket.sendall(header)
            return
        socket.send_fds(self.socket, [header], first)
        while rest:
            try:
                socket.send_fds(self.socket, [b"."], rest[:MOST_AT_A_TIME])
            except OSError as error:  # Half of it is there.
                raise BrokenPipeError(*error.args) from error
            rest = rest[MOST_AT_A_TIME:]


def _started(taken: Callable[[Walls], Walls]) -> _Running:
    """-I -S: it imports nothing from where we stand, and starts fast. It outlives nobody."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", CODE, str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env=_python_environment(),
            start_new_session=True,
        )
    try:
        ours.settimeout(HELLO_S)
        said = b""
        while not said.endswith(b"\n"):
            more = ours.recv(HELLO_BYTES)
            if not more:
                raise LauncherGone(errno.EIO, GONE)
            said += more
        ours.settimeout(None)
    except OSError as error:
        ours.close()
        process.kill()
        process.wait()
        raise LauncherGone(errno.EIO, GONE) from error
    return _Running(process, ours, taken(Walls(**json.loads(said))))


def _python_environment() -> dict[str, str]:
    """What a Python needs to start where it is not at home."""
    return {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}


@contextmanager
def _asked(wanted: Start, walls: Walls) -> Iterator[int]:
    """A file without a name that holds the request."""
    calls, held = wanted.program.calls, wanted.program.held
    if wanted.port:
        calls, held = wanted.program.served()
    own = [wanted.folder] if wanted.folder else []
    counted = bool(walls.counts and wanted.tree and wanted.program.has_processes)
    about = {
        "argv": list(wanted.argv),
        "environment": dict(wanted.environment),
        "targets": [*{0: 0, 1: 0, 2: 0, **wanted.descriptors}],
        "reads": [*map(os.path.abspath, [wanted.argv[0], *wanted.program.reads(), *wanted.reads])],
        "writes": [*map(os.path.abspath, [*wanted.writes, *own, NOTHING])],
        "ports": [wanted.port] if wanted.port else [],
        "limits": [*wanted.limits.items()],
        "filter": base64.b64encode(
            filter_code(walls.machine, calls, held, counted) if walls.seccomp else b""
        ).decode(),
        "counted": counted,
        "nice": wanted.niceness,
        "folder": wanted.folder,
        "tree": wanted.tree and asdict(wanted.tree),
        "landlock": walls.landlock,
        "drops": walls.drops,
        "cwd": _standing(),
    }
    with TemporaryFile("w+") as file:
        json.dump(about, file)
        file.flush()
        yield file.fileno()


def _standing() -> str:
    """Where we stand, as names may be relative; `/` where that is gone."""
    try:
        return os.getcwd()  # noqa: PTH109
    except OSError:
        return "/"


@contextmanager
def _nothing() -> Iterator[int]:
    nothing = os.open(os.devnull, os.O_RDWR)
    try:
        yield nothing
    finally:
        os.close(nothing)


LAUNCHER_OF_ALL = Launcher()
atexit.register(LAUNCHER_OF_ALL.close)
os.register_at_fork(after_in_child=LAUNCHER_OF_ALL.forget)
