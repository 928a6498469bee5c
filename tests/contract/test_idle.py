"""What is kept for the next one ends when it has had nothing to do, and never under who uses it."""

from __future__ import annotations

import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from resplice.adapters.processes.idle import Idle

PAUSE_SECONDS = 0.05


def test_it_ends_once_after_the_last_use() -> None:
    ended = threading.Semaphore(0)
    idle = Idle(PAUSE_SECONDS, ended.release)
    for _ in range(3):
        with idle.used():
            pass
    assert ended.acquire(timeout=10)
    assert not ended.acquire(timeout=4 * PAUSE_SECONDS)


def test_it_does_not_end_while_somebody_uses_it() -> None:
    ended = threading.Event()
    idle = Idle(PAUSE_SECONDS, ended.set)
    with idle.used():
        with idle.used():
            pass
        assert not ended.wait(4 * PAUSE_SECONDS)
    assert ended.wait(10)


def test_cancelled_it_does_not_end_until_it_is_used_again() -> None:
    ended = threading.Event()
    idle = Idle(PAUSE_SECONDS, ended.set)
    with idle.used():
        pass
    idle.cancel()
    assert not ended.wait(4 * PAUSE_SECONDS)
    with idle.used():
        pass
    assert ended.wait(10)


def test_for_ever_starts_no_threads() -> None:
    idle, before = Idle(math.inf, lambda: None), threading.active_count()
    for _ in range(10):
        with idle.used():
            pass
    assert threading.active_count() == before


def test_nobody_uses_what_is_being_ended() -> None:
    using, wrong = 0, list[int]()

    def end() -> None:
        wrong.append(using)

    def use(_: int) -> None:
        nonlocal using
        with idle.used(), lock:
            using += 1
            time.sleep(0.001)
            using -= 1
        time.sleep(0.003)

    idle, lock = Idle(0.001, end), threading.Lock()
    with ThreadPoolExecutor(4) as users:
        list(users.map(use, range(200)))
    time.sleep(4 * PAUSE_SECONDS)
    assert wrong
    assert not any(wrong)
