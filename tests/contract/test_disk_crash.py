"""The disk store when its writer dies or the disk fails, at any step.

Writers are processes of their own. Each says in a log what it begins and what it finished; after
each crash the store must agree with the log, and verification must leave a clean tree.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import pytest
from resplice.adapters.objects_disk import DiskObjects
from resplice.errors import NotFound, StorageError

KEYS = [f"{layer}/k{n}" for layer in ("elements/fetch", "scenes", "movies") for n in range(4)]
LIMIT_BYTES = 60_000
KILLS = 30
FORK = multiprocessing.get_context("fork")


def content(key: str, take: int) -> bytes:
    return f"{key} {take};".encode() * (1 + take * 997 % 1500)


class Log:
    """Lines that outlive their writer: `run`, `begin KEY TAKE`, `done KEY TAKE`, `gone KEY`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def write(self, *words: object) -> None:
        with self.path.open("a") as file:
            file.write(" ".join(map(str, words)) + "\n")

    def read(self) -> tuple[dict[str, set[int]], set[str]]:
        """The takes that each key may hold, and the keys that must be there."""
        possible: dict[str, set[int]] = {}
        needed: set[str] = set()
        for line in self.path.read_text().splitlines():
            match line.split():
                case ["run"]:
                    needed = set()
                case ["begin", key, take]:
                    possible.setdefault(key, set()).add(int(take))
                case ["done", key, take]:
                    possible[key] = {int(take)}
                    needed.add(key)
                case ["gone", key]:
                    needed.discard(key)
        return possible, needed


def put(store: DiskObjects, log: Log, key: str, take: int, *, move: bool) -> None:
    with store.scratch() as folder:
        source = (folder if move else log.path.parent) / "source"
        source.write_bytes(content(key, take))
        log.write("begin", key, take)
        store.put(key, source, {"take": take})
        log.write("done", key, take)


def write_until_killed(root: Path, log: Log, seed: int) -> None:
    choose = random.Random(seed)
    log.write("run")
    store = DiskObjects(root, LIMIT_BYTES)
    for take in range(seed * 100_000, (seed + 1) * 100_000):
        key = choose.choice(KEYS)
        match choose.randrange(8):
            case 0:
                store.evict()
            case 1:
                log.write("gone", key)
                store.delete(key)
            case 2:
                with suppress(NotFound), store.open(key) as path:
                    path.read_bytes()
            case n:
                put(store, log, key, take, move=n % 2 == 0)


def check(root: Path, log: Log) -> None:
    possible, needed = log.read()
    store = DiskObjects(root, None)
    for key in KEYS:
        found = store.head(key)
        assert found or key not in needed, f"a finished put of {key} was lost"
        if found:
            with store.open(key) as path:
                assert found.facts["take"] in possible[key]
                assert path.read_bytes() == content(key, found.facts["take"])
    report = store.verify()
    assert report.damaged == ()
    digests = {stored.digest for stored in store.list("")}
    blobs = {path.name for path in (root / "objects/blobs").glob("*/*")}
    assert blobs == digests
    assert [path for path in (root / "tmp").rglob("*") if path.is_file()] == []
    assert len(list((root / "tmp").iterdir())) == len(list((root / "runs").iterdir())) == 1
    store.close()


def test_killed_at_random_moments(tmp_path: Path) -> None:
    root, log, delays = tmp_path / "store", Log(tmp_path / "log"), random.Random(1)
    for seed in range(KILLS):
        lines = len(log.path.read_text().splitlines())
        writer = FORK.Process(target=write_until_killed, args=(root, log, seed))
        writer.start()
        while len(log.path.read_text().splitlines()) == lines:
            time.sleep(0.001)
        time.sleep(delays.uniform(0, 0.05))
        writer.kill()
        writer.join()
        assert writer.exitcode == -signal.SIGKILL
        check(root, log)
    assert log.path.read_text().count("done") > KILLS


# Every step: an audit hook sees each file that is opened, moved, linked, touched or removed.

Fault = Literal["kill", "fail"]


def at_step(root: Path, step: int, fault: Fault) -> None:
    """From now on this process dies, or the operation fails once, at the step-th on the store."""
    left, inside = step, str(root).encode()

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        paths = [os.fsencode(a) for a in arguments if isinstance(a, str | bytes | os.PathLike)]
        if not any(path.startswith(inside) for path in paths):
            return
        left -= 1
        if left == -1 and fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if left == -1:
            raise OSError(errno.EIO, f"injected at {event}")

    sys.addaudithook(hook)


def scenario(root: Path, log: Log, step: int, fault: Fault) -> None:
    """Exit code 0: ran through without reaching the step. 3: met the fault as StorageError."""
    at_step(root, step, fault)
    failed = False
    log.write("run")

    def attempt(action: Callable[[], object]) -> None:
        nonlocal failed
        try:
            action()
        except StorageError as error:
            failed = True
            assert "injected" in str(error)

    def read(key: str) -> None:
        with store.open(key) as path:
            path.read_bytes()

    try:
        store = DiskObjects(root, 1)
    except StorageError:
        os._exit(3)
    attempt(lambda: put(store, log, KEYS[0], step, move=False))
    attempt(lambda: put(store, log, KEYS[1], step, move=True))
    attempt(lambda: read(KEYS[2]))
    attempt(lambda: store.head(KEYS[3]))
    attempt(store.evict)
    attempt(store.verify)
    attempt(store.close)
    os._exit(3 if failed else 0)


def prepared(root: Path, log: Log) -> None:
    """Four entries of a finished run, two of which the scenario replaces."""
    log.write("run")
    store = DiskObjects(root, None)
    for key in KEYS[:5]:
        put(store, log, key, 9_999, move=True)
    store.close()


@pytest.mark.parametrize("fault", ["kill", "fail"])
def test_stopped_at_each_step(fault: Fault, tmp_path: Path) -> None:
    for step in range(10_000):
        root, log = tmp_path / f"store{step}", Log(tmp_path / f"log{step}")
        prepared(root, log)
        before = len(log.path.read_text())
        writer = FORK.Process(target=scenario, args=(root, log, step, fault))
        writer.start()
        writer.join()
        assert writer.exitcode in (0, 3, -signal.SIGKILL), f"step {step}"
