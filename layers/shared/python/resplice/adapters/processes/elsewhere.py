"""Calls of functions in child processes: whoever computes here does not hold up other threads.

Parsing and checking large values hold Python's lock for as long as they last.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from resplice.adapters.processes import child
from resplice.errors import RespliceError

T = TypeVar("T")
MOST_CHILDREN = 2
PACKAGES = Path(__file__).parents[3]


class ChildDied(RespliceError):
    """The process that was to answer is gone: out of memory, or killed."""


class Elsewhere:
    """Up to `most` children, each made when none is free, and kept. Callers wait their turn."""

    def __init__(self, most: int = MOST_CHILDREN) -> None:
        self._turns = threading.BoundedSemaphore(most)
        self._idle: list[subprocess.Popen[bytes]] = []

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """What the function returns or raises. It, and all values, must be fit for pickle. It may
        be called twice, when the child that was called first has died.

        Raises ChildDied.
        """
        with self._turns:
            raised, outcome = self._answer((function, arguments))
        if raised:
            raise outcome
        result: T = outcome
        return result

    def _answer(self, call: Any) -> tuple[bool, Any]:
        """A child that was idle may have been killed meanwhile, which is no fault of the call: a
        fresh one is asked then.
        """
        if idle := self._idle_child():
            with suppress(ChildDied):
                return self._ask(idle, call)
        return self._ask(_started(), call)

    def _idle_child(self) -> subprocess.Popen[bytes] | None:
        with suppress(IndexError):
            while True:
                process = self._idle.pop()
                if process.poll() is None:
                    return process
                _end(process)
        return None

    def _ask(self, process: subprocess.Popen[bytes], call: Any) -> tuple[bool, Any]:
        try:
            answer = _asked(process, call)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            _end(process)
            raise ChildDied("The process that reads movies has died") from error
        except BaseException:
            _end(process)
            raise
        self._idle.append(process)
        return answer

    def close(self) -> None:
        """End the children. Nobody may call any more."""
        while self._idle:
            _end(self._idle.pop())


def _started() -> subprocess.Popen[bytes]:
    """It ends when its input does: also when we are killed. Signals of a terminal pass it by."""
    paths = [str(PACKAGES), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", child.__name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        start_new_session=True,
    )


def _asked(process: subprocess.Popen[bytes], call: Any) -> tuple[bool, Any]:
    assert process.stdin and process.stdout
    pickle.dump(call, process.stdin)
    process.stdin.flush()
    raised, outcome = pickle.load(process.stdout)
    return raised, outcome


def _end(process: subprocess.Popen[bytes]) -> None:
    """Closing a pipe writes what is left for it, which nobody reads any more."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(OSError):
                pipe.close()
