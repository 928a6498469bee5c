"""Pictures that a browser has shot, in a program of their own: nothing here reads one.

A browser that a page has taken over may send what breaks a decoder. So its pictures are decoded,
compared and packed behind walls (picture_program.py), and what comes back is bytes to be stored.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import select
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from resplice.adapters.chromium import picture_program
from resplice.adapters.chromium.devtools import BrowserStopped
from resplice.adapters.confined.launching import LAUNCHER_OF_ALL, Confined, Start
from resplice.adapters.confined.programs import PYTHON
from resplice.adapters.machine import GIB, machine
from resplice.adapters.processes.environment import environment
from resplice.errors import PaintError
from resplice.frozen import frozen

MOST_BYTES = 256 << 20
"""Of one answer."""
USUAL_BYTES = 4 * GIB
READ_BYTES = 1 << 20
MOST_HEAD_BYTES = 1 << 16
OF_ITS_ANSWER = (OSError, EOFError, LookupError, TypeError, ValueError, RecursionError)
UNREADABLE = "What the browser painted cannot be read"
MOST_WAIT_SECONDS, ENDING_S = 3600.0, 1.0
Box = tuple[int, int, int, int]
"""left, top, right, bottom."""


@frozen
class Shot:
    """What was shown: its size, and the box of its ink; None where nothing is seen."""

    size: tuple[int, int]
    ink: Box | None


class Pictures:
    """Safe to use from many threads. Its program is started by the first picture, and kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: _Running | None = None
        self._numbers = itertools.count()
        self.generation = 0

    @contextmanager
    def album(self, deadline: float) -> Iterator[Album]:
        """Pictures of one page; they are let go of with the context."""
        number = next(self._numbers)
        try:
            yield Album(self, number, deadline)
        finally:
            with suppress(PaintError, TimeoutError, ValueError, BrowserStopped):
                ending = time.monotonic() + ENDING_S
                self.ask({"do": "end", "album": number}, b"", ending, started=False)

    def ask(
        self,
        request: Mapping[str, Any],
        data: bytes,
        deadline: float,
        started: bool = True,
        of: int = 0,
    ) -> tuple[dict[str, Any], bytes]:
        """(what is said, bytes). started: whether the program may be started for it. of: the
        generation of the program that has what is asked for, 0 for any.

        Raises PaintError when it ends, TimeoutError, ValueError with what it refuses,
        BrowserStopped when another page brought that program down.
        """
        if not self._lock.acquire(
            timeout=max(0.0, min(deadline - time.monotonic(), MOST_WAIT_SECONDS))
        ):
            raise TimeoutError
        try:
            if of and (self._running is None or of != self.generation):
                raise BrowserStopped
            if time.monotonic() > deadline:
                raise TimeoutError  # Nothing was asked yet: others go on.
            said, answer = self._exchanged(request, data, deadline, started)
        finally:
            self._lock.release()
        if "refused" in said:
            raise ValueError(str(said["refused"]))
        return said, answer

    def _exchanged(
        self, request: Mapping[str, Any], data: bytes, deadline: float, started: bool
    ) -> tuple[dict[str, Any], bytes]:
        if self._running is None:
            if not started:
                return {}, b""
            self._running, self.generation = _started(), self.generation + 1
        try:
            return self._running.ask(request, data, deadline)
        except BaseException as error:  # What is left of its answer would be taken for another's.
            self._end()
            if isinstance(error, OF_ITS_ANSWER) and not isinstance(error, TimeoutError):
                raise PaintError(UNREADABLE) from error
            raise

    def close(self) -> None:
        """End the program; the next picture starts another."""
        with self._lock:
            self._end()

    def forget(self) -> None:
        """In a forked child: the program is the parent's."""
        self._lock = threading.Lock()
        running, self._running = self._running, None
        if running:
            running.let_go()

    def _end(self) -> None:
        running, self._running = self._running, None
        if running:
            running.process.kill()
            running.process.wait()
            running.let_go()


class Album:
    """The pictures of a page: the last one that was shown, and frames that were kept of them."""

    def __init__(self, pictures: Pictures, number: int, deadline: float) -> None:
        self._pictures, self._number, self.deadline = pictures, number, deadline
        self._generation = 0

    def show(self, png: bytes) -> Shot:
        said, _ = self._ask({"do": "show"}, png)
        width, height = said["size"]
        return Shot((int(width), int(height)), _box(said["ink"]))

    def cut(self, box: Box) -> bytes:
        """That part of the last one, as PNG."""
        return self._ask({"do": "cut", "box": box})[1]

    def begin(self) -> None:
        """Keep frames from now on, and none from before."""
        self._ask({"do": "begin"})

    def keep(self) -> None:
        """The last one is the next frame of the clock. Raises ValueError: there is too much."""
        self._ask({"do": "keep"})

    def moves(self) -> tuple[bool, Box | None]:
        """(whether any frame differs from the first, the box of what any shows)."""
        said, _ = self._ask({"do": "moves"})
        return bool(said["moves"]), _box(said["ink"])

    def apng(self, fps: int, *, for_ever: bool) -> tuple[bytes, Box]:
        """(the file, cropped to its ink; the box of that in the frames)."""
        said, data = self._ask({"do": "apng", "fps": fps, "for_ever": for_ever})
        return data, _box(said["box"]) or (0, 0, 1, 1)

    def _ask(self, request: Mapping[str, Any], data: bytes = b"") -> tuple[dict[str, Any], bytes]:
        asked = {**request, "album": self._number}
        try:
            found = self._pictures.ask(asked, data, self.deadline, of=self._generation)
            self._generation = self._generation or self._pictures.generation
            return found
        except (KeyError, TypeError) as error:
            raise PaintError(UNREADABLE) from error


def _box(said: Any) -> Box | None:
    if said is None:
        return None
    left, top, right, bottom = map(int, said)
    return left, top, right, bottom


class _Running:
    """The program and our ends of its pipes."""

    def __init__(self, process: Confined, asking: int, answers: int) -> None:
        self.process, self._asking, self._answers = process, asking, answers
        self._left = bytearray()
        os.set_blocking(asking, False)
        os.set_blocking(answers, False)

    def ask(
        self, request: Mapping[str, Any], data: bytes, deadline: float
    ) -> tuple[dict[str, Any], bytes]:
        """Raises OSError, EOFError, KeyError, TypeError, ValueError."""
        line = json.dumps({**request, "bytes": len(data)}).encode() + b"\n"
        for part in (line, data):
            self._write(part, deadline)
        while b"\n" not in self._left:
            if len(self._left) > MOST_HEAD_BYTES:
                raise EOFError
            self._read(deadline)
        head, _, rest = self._left.partition(b"\n")
        said: dict[str, Any] = json.loads(head)
        size = int(said["bytes"])
        if not 0 <= size <= MOST_BYTES:
            raise EOFError
        self._left = bytearray(rest)
        while len(self._left) < size:
            self._read(deadline)
        answer = bytes(self._left[:size])
        del self._left[:size]
        return said, answer

    def let_go(self) -> None:
        os.close(self._asking)
        os.close(self._answers)

    def _write(self, data: bytes, deadline: float) -> None:
        left = memoryview(data)
        while left:
            _await(self._asking, select.POLLOUT, deadline)
            with suppress(BlockingIOError):
                left = left[os.write(self._asking, left) :]

    def _read(self, deadline: float) -> None:
        _await(self._answers, select.POLLIN, deadline)
        more = os.read(self._answers, READ_BYTES)
        if not more or len(self._left) > MOST_BYTES:
            raise EOFError
        self._left += more


def _await(descriptor: int, event: int, deadline: float) -> None:
    """Raises TimeoutError."""
    left_s = min(deadline - time.monotonic(), MOST_WAIT_SECONDS)
    ready = select.poll()  # select() knows small descriptors alone.
    ready.register(descriptor, event)
    if left_s <= 0 or not ready.poll(left_s * 1000):
        raise TimeoutError


def _started() -> _Running:
    """Raises PaintError."""
    asked, asking = os.pipe()
    answers, answering = os.pipe()
    packages = list(dict.fromkeys(map(_folder_of, ("resplice", "PIL"))))
    here = machine()
    try:
        process = LAUNCHER_OF_ALL.start(
            Start(
                PYTHON,
                [sys.executable, "-P", "-m", picture_program.__name__],
                environment(PYTHONPATH=os.pathsep.join(packages)),
                {0: asked, 1: answering},
                reads=packages,
                limits={
                    resource.RLIMIT_DATA: here.share_bytes(1, USUAL_BYTES),
                    resource.RLIMIT_CORE: 0,
                },
            )
        )
    except OSError as error:
        os.close(asking)
        os.close(answers)
        raise PaintError(f"What reads pictures cannot be started: {error.strerror}") from error
    finally:
        os.close(asked)
        os.close(answering)
    return _Running(process, asking, answers)


def _folder_of(package: str) -> str:
    """Where it is imported from; it is not: its code would be here, beside what is secret."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise PaintError(f"{package} is not installed")
    return str(Path(spec.origin).parents[1])
