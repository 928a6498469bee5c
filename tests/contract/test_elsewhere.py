"""Calls in child processes: what comes back, and what is left when somebody dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from operator import add, truediv
from pathlib import Path

import pytest
from resplice.adapters.processes.elsewhere import ChildDied, Elsewhere
from resplice.core.document.strict_json import parse
from resplice.errors import DocumentError

PID_LATER = "__import__('time').sleep(0.1) or __import__('os').getpid()"


DEAF = "__import__('threading').Timer(60, print).start() or __import__('os').close(0)"


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with closing(Elsewhere()) as made:
        yield made


def test_a_call_is_answered_by_another_process_which_is_kept(elsewhere: Elsewhere) -> None:
    first, second = elsewhere.call(os.getpid), elsewhere.call(os.getpid)
    assert first == second != os.getpid()
    assert elsewhere.call(add, b"a" * 10_000_000, b"b")[-2:] == b"ab"


def test_what_is_raised_there_is_raised_here(elsewhere: Elsewhere) -> None:
    with pytest.raises(DocumentError) as here:
        parse(b'{"a": 1, "a": 2}')
    with pytest.raises(DocumentError) as there:
        elsewhere.call(parse, b'{"a": 1, "a": 2}')
    assert there.value.problems == here.value.problems
    with pytest.raises(ZeroDivisionError) as caught:
        elsewhere.call(truediv, 1, 0)
    assert "In a child process" in caught.value.__notes__[0]


def test_a_child_that_is_killed_is_told_of_and_replaced(elsewhere: Elsewhere) -> None:
    first = elsewhere.call(os.getpid)
    with pytest.raises(ChildDied):
        elsewhere.call(signal.raise_signal, signal.SIGKILL)
    assert elsewhere.call(os.getpid) != first
    with pytest.raises(ChildDied):
        elsewhere.call(os._exit, 0)


def test_a_child_that_was_killed_while_it_was_idle_is_replaced(elsewhere: Elsewhere) -> None:
    first = elsewhere.call(os.getpid)
    os.kill(first, signal.SIGKILL)
    while _is_there(first):
        time.sleep(0.01)
    assert elsewhere.call(add, b"a" * 10_000_000, b"b")[-2:] == b"ab"


def test_a_child_that_no_longer_listens_is_replaced(elsewhere: Elsewhere) -> None:
    """Its input is closed, but it has not ended yet."""
    assert elsewhere.call(eval, DEAF) is None
    assert elsewhere.call(add, b"a" * 10_000_000, b"b")[-2:] == b"ab"


def test_a_child_that_dies_of_its_second_call_is_replaced(elsewhere: Elsewhere) -> None:
    first = elsewhere.call(os.getpid)
    others_answer = "__import__('os').getpid() == {0} and __import__('os')._exit(9) or 7"
    assert elsewhere.call(eval, others_answer.format(first)) == 7


def test_no_more_children_than_allowed_and_none_is_left() -> None:
    seen = set[int]()
    with closing(Elsewhere(2)) as two:
        threads = [
            threading.Thread(target=lambda: seen.update([two.call(eval, PID_LATER)]))
            for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(seen) == 2 and not any(map(_is_there, seen))


def test_children_end_with_who_was_killed() -> None:
    program = (
        "import os, signal\n"
        "from resplice.adapters.processes.elsewhere import Elsewhere\n"
        "print(Elsewhere().call(os.getpid), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 10
    while _is_there(int(done.stdout)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _is_there(pid: int) -> bool:
    """Whether the process runs; one that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
