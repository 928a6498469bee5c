"""The program that starts all others: it puts each behind its walls and tells how it ended.

    python -I -S … DESCRIPTOR     of a socket, whose other end asks (see launching.py)

It is bare, has one thread and holds nothing secret: so what lies between fork and exec may be
written in Python. It imports the standard library alone. When whoever asks is gone, it ends all
that it has started, and removes their folders. What a kernel lacks is left out and was told.
"""

from __future__ import annotations

import errno
import json
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from typing import Any, NoReturn

from resplice.adapters.confined.entering import (
    ON_LINUX,
    PR_SET_PDEATHSIG,
    PR_SET_SUBREAPER,
    controlled,
    enter,
    held_here,
    lower,
    place,
)
from resplice.adapters.confined.protocol import (
    ENDED,
    FAILED,
    HEADER,
    MOST_AT_A_TIME,
    RUNS,
    START,
    TOLD,
)
from resplice.adapters.confined.trees import Counted, remove, takes_too_much, tree_of

LOOK_S = 1.0
"""Between two looks at what a tree of processes takes."""
ENDING_S, AGAIN_S = 0.5, 0.02
"""How long those that a program had started may take to end, and again its folder to be empty; and
between two looks.
"""

NOT_STARTED = 127
USUAL = (
    *(signal.SIGCHLD, signal.SIGPIPE, signal.SIGXFSZ, signal.SIGTERM, signal.SIGHUP),
    signal.SIGINT,
)
MOST_WAKES = 4096
FIRST_TO_GO = "500"
"""Of 1000, added to what the kernel reckons when memory runs out: before who asks."""


class Started:
    """A process: its number, the pipe that is told how it ends, what is its own and what it may
    take. folder: removed when it has ended. tree: {processes, memory_bytes, disk_bytes}, or None.
    """

    def __init__(
        self, number: int, pid: int, told: int, folder: str, tree: dict[str, int] | None
    ) -> None:
        self.number, self.pid, self.told = number, pid, told
        self.folder, self.tree = folder, tree
        self.counted: Counted | None = None
        self._status, self._until_s, self._has_left = 0, 0.0, bool(tree)

    def end(self) -> None:
        """All of its group, as long as its number is still its own."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def ended(self, status: int) -> Started:
        """It has, as wait tells."""
        self._status, self._until_s = status, time.monotonic() + ENDING_S
        return self

    def bury(self) -> bool:
        """Tell how it ended, once nothing of it is left; whether that is so. Else again, soon: whom
        it had started takes a moment to end, and what still writes in its folder does.
        """
        if self._has_left:
            self._has_left = self._end_tree() and time.monotonic() < self._until_s
            if self._has_left:
                return False
            self._until_s = time.monotonic() + ENDING_S
        if self.folder and not _removed(self.folder) and time.monotonic() < self._until_s:
            return False
        with suppress(OSError):
            os.write(self.told, TOLD.pack(ENDED, self._status))
        os.close(self.told)
        if self.counted:
            os.close(self.counted.listener)
        return True

    def _end_tree(self) -> bool:
        """Whether there was somebody. When nobody is, its number may soon be another's."""
        left = tree_of(self.pid)
        for each in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(each, signal.SIGKILL)
        return bool(left)


def _readable(descriptors: list[int], timeout_s: float | None) -> set[int]:
    """select() would do, but for descriptors above 1023."""
    looked = select.poll()
    for each in descriptors:
        looked.register(each, select.POLLIN)
    return {each for each, _ in looked.poll(None if timeout_s is None else timeout_s * 1000)}


def _leave_ours() -> None:
    """Be a session of its own, which ends with the launcher, and has the usual signals."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    for each in USUAL:
        signal.signal(each, signal.SIG_DFL)
    os.umask(0o077)
    if ON_LINUX:
        with suppress(OSError):
            controlled(PR_SET_PDEATHSIG, signal.SIGKILL)
        with suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
            score.write(FIRST_TO_GO)


def _removed(folder: str) -> bool:
    """Whether it is gone: what still writes there is ending, too."""
    try:
        remove(folder)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


class Launcher:
    """Serves one socket until its other end closes."""

    def __init__(self, asked: socket.socket) -> None:
        self._asked = asked
        self._held = held_here()
        self._started, self._ended = dict[int, Started](), list[Started]()
        self._looked_s = 0.0
        self._woken, waking = os.pipe()
        os.set_blocking(waking, False)
        os.set_blocking(self._woken, False)
        signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for each in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(each, signal.SIG_IGN)  # It ends with who asks, and puts away.
        if ON_LINUX:
            # Whom a browser leaves behind is ours to end.
            with suppress(OSError):
                controlled(PR_SET_SUBREAPER, 1)

    def serve(self) -> None:
        said = {**self._held, "machine": os.uname().machine}
        self._asked.sendall(json.dumps(said).encode() + b"\n")
        try:
            while self._served():
                self._reap()
        finally:
            for each in self._started.values():
                each.end()
            for each in self._started.values():
                with suppress(ChildProcessError):
                    self._ended.append(each.ended(os.waitpid(each.pid, 0)[1]))
            while self._bury():
                time.sleep(AGAIN_S)

    def _served(self) -> bool:
        """Whether there may be more to serve."""
        asked, woken = self._asked.fileno(), self._woken
        trees = [each for each in self._started.values() if each.tree]
        counted = {each.counted.listener: each.counted for each in trees if each.counted}
        pause_s = AGAIN_S if self._ended else LOOK_S if trees else None
        ready = _readable([asked, woken, *counted], pause_s)
        for listener in counted.keys() & ready:
            counted[listener].answer()
        if woken in ready:
            with suppress(BlockingIOError):
                os.read(woken, MOST_WAKES)
        if trees and time.monotonic() > self._looked_s + LOOK_S:
            self._look_at(trees)
        return asked not in ready or self._answered()

    def _answered(self) -> bool:
        header, descriptors = self._received()
        if not header:
            return False
        kind, number, _ = HEADER.unpack(header)
        if kind == START:
            self._start(number, descriptors)
        elif number in self._started:
            self._started[number].end()
        return True

    def _look_at(self, trees: list[Started]) -> None:
        for each in trees:
            if each.tree and takes_too_much(each.pid, each.folder, each.tree):
                each.end()
        self._looked_s = time.monotonic()

    def _received(self) -> tuple[bytes, list[int]]:
        data, descriptors = b"", list[int]()
        while len(data) < HEADER.size:
            more, some, flags, _ = socket.recv_fds(
                self._asked, HEADER.size - len(data), MOST_AT_A_TIME + 1
            )
            if not more or flags & socket.MSG_CTRUNC:
                return b"", []
            data, descriptors = data + more, descriptors + some
        wanted = HEADER.unpack(data)[2]
        while len(descriptors) < wanted:
            more, some, flags, _ = socket.recv_fds(self._asked, 1, MOST_AT_A_TIME + 1)
            if not more or flags & socket.MSG_CTRUNC:
                return b"", []
            descriptors += some
        return data, descriptors

    def _start(self, number: int, descriptors: list[int]) -> None:
        asked, told, *given = descriptors
        with os.fdopen(asked) as file:
            file.seek(0)
            wanted = json.load(file)
        try:
            self._started[number] = self._forked(number, wanted, told, given)
        except Exception as error:  # Of one start: what others started goes on.
            number_of_it = getattr(error, "errno", None) or errno.EIO
            with suppress(OSError):
                os.write(told, TOLD.pack(FAILED, number_of_it))
            os.close(told)
        finally:
            for each in given:
                os.close(each)

    def _forked(self, number: int, wanted: dict[str, Any], told: int, given: list[int]) -> Started:
        """Raises OSError when it could not become the program."""
        reading, writing = os.pipe()
        counts, counting = socket.socketpair()
        with os.fdopen(reading, "rb") as failing, counts:
            try:
                pid = os.fork()
                if not pid:
                    self._become(wanted, given, writing, counting)
            finally:
                os.close(writing)
                counting.close()
            failure = failing.read()
            _, listeners, _, _ = socket.recv_fds(counts, 1, 1)
        if failure:
            os.waitpid(pid, 0)
            raise OSError(int(failure), os.strerror(int(failure)))
        tree = wanted["tree"] if ON_LINUX else None
        started = Started(number, pid, told, wanted["folder"], tree)
        if listeners:
            started.counted = Counted(listeners[0], pid, wanted["tree"]["processes"])
        os.write(told, TOLD.pack(RUNS, pid))
        return started

    def _become(
        self, wanted: dict[str, Any], given: list[int], failing: int, counting: socket.socket
    ) -> NoReturn:
        """In the child."""
        try:
            _leave_ours()
            with suppress(OSError):
                os.chdir(wanted["cwd"])
            os.nice(wanted["nice"])
            last = max(wanted["targets"]) + 1
            ours = {last: failing, last + 1: counting.detach()}
            place({**dict(zip(wanted["targets"], given, strict=True)), **ours})
            failing = last
            for each in ours:
                os.set_inheritable(each, False)
            for kind, bound in wanted["limits"]:
                lower(kind, bound)
            enter(wanted, socket.socket(fileno=last + 1))
            os.execve(wanted["argv"][0], wanted["argv"], wanted["environment"])
        except OSError as error:
            os.write(failing, str(error.errno or errno.EIO).encode())
        except BaseException:
            os.write(failing, str(errno.EIO).encode())
        finally:
            os._exit(NOT_STARTED)

    def _reap(self) -> None:
        """Put away what has ended, with the rest of its group; also whom others left behind."""
        if not hasattr(os, "waitid"):  # macOS, before Python 3.13.
            for each in list(self._started.values()):
                pid, status = os.waitpid(each.pid, os.WNOHANG)
                if pid:
                    self._ended.append(self._started.pop(each.number).ended(status))
            self._bury()
            return
        of = {each.pid: each for each in self._started.values()}
        while pid := _ended():
            if pid in of:
                of[pid].end()  # Before its number may become another's.
            _, status = os.waitpid(pid, 0)
            if pid in of:
                self._ended.append(self._started.pop(of.pop(pid).number).ended(status))
        self._bury()

    def _bury(self) -> bool:
        """Whether somebody is left, who is looked at again: meanwhile others are served."""
        self._ended = [each for each in self._ended if not each.bury()]
        return bool(self._ended)


def _ended() -> int:
    """A process that has ended and was not waited for; 0 for none."""
    with suppress(ChildProcessError):
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return found.si_pid if found else 0
    return 0


def main() -> None:
    Launcher(socket.socket(fileno=int(sys.argv[1]))).serve()
