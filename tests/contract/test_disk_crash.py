"""The disk store when its writer dies or the disk fails, at any step.

Writers are processes of their own. Each says in a log what it begins and what it finished; after
each crash the store must agree with the log, and verification must leave a clean tree.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

import pytest
from resplice.adapters.disk.objects import DiskObjects
from resplice.errors import NotFound, StorageError

KEYS = [f"{layer}/k{n}" for layer in ("elements/fetch", "scenes", "movies") for n in range(4)]
LIMIT_BYTES = 60_000
KILLS = 10
SMALL = multiprocessing.get_context("forkserver")
SMALL.set_forkserver_preload([__name__])
"""Writers begin as copies of a process that has nothing else: of this one, with all tests in it, a
copy takes longer than what it writes.
"""


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


@contextmanager
def failures_are_expected() -> Iterator[None]:
    """In what the test itself does with the disk."""
    try:
        yield
    except OSError as error:
        raise StorageError(str(error)) from error


def put(store: DiskObjects, log: Log, key: str, take: int, *, move: bool) -> None:
    with store.scratch() as folder:
        source = folder / "source" if move else log.path.with_suffix(".source")
        with failures_are_expected():
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
        writer = SMALL.Process(target=write_until_killed, args=(root, log, seed))
        writer.start()
        while len(log.path.read_text().splitlines()) == lines:
            assert writer.is_alive()
            time.sleep(0.001)
        time.sleep(delays.uniform(0, 0.12))
        writer.kill()
        writer.join()
        assert writer.exitcode == -signal.SIGKILL
        check(root, log)
    assert log.path.read_text().count("done") > KILLS


# Every step: an audit hook sees each file that is opened, moved, linked, touched or removed.

Fault = Literal["kill", "fail"]
REACHED, NOT_REACHED = 0, 4


def stop_at(step: int, root: Path, fault: Fault) -> Callable[[], bool]:
    """From now on this process dies at the step-th operation on root, or that one fails.

    Gives what tells whether the step was reached.
    """
    left, inside = step, os.fsencode(root)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if event != "open" and not event.startswith("os."):
            return
        paths = [os.fsencode(a) for a in arguments if isinstance(a, str | bytes | os.PathLike)]
        if not any(path.startswith(inside) for path in paths):
            return
        left -= 1
        if left == -1 and fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if left == -1:
            raise OSError(errno.EIO, f"injected at {event}")

    sys.addaudithook(hook)
    return lambda: left < 0


def scenario(root: Path, log: Log, step: int, fault: Fault) -> None:
    # Only a power cut undoes what was not synced, and these processes do not simulate one.
    os.fsync = lambda descriptor: None  # type: ignore[misc,assignment]
    reached = stop_at(step, root, fault)
    log.write("run")
    try:
        store = DiskObjects(root, 1)
    except StorageError:
        os._exit(REACHED)

    def read(key: str) -> None:
        with store.open(key) as path, failures_are_expected():
            path.read_bytes()

    def close() -> None:
        log.write("run")
        store.close()

    for action in (
        lambda: put(store, log, KEYS[0], step, move=False),
        lambda: put(store, log, KEYS[1], step, move=True),
        lambda: read(KEYS[2]),
        lambda: store.head(KEYS[3]),
        store.evict,
        store.verify,
        close,
    ):
        try:
            action()
        except StorageError as error:
            assert "injected" in str(error)
    os._exit(REACHED if reached() else NOT_REACHED)


@pytest.mark.parametrize("fault", ["kill", "fail"])
def test_stopped_at_each_step(fault: Fault, tmp_path: Path) -> None:
    """A run that replaces two of five entries, reads, evicts, verifies and ends.

    Each day another third of the steps, and all with RESPLICE_TEST_EVERYTHING.
    """
    first = Log(tmp_path / "log")
    store = DiskObjects(tmp_path / "store", None)
    for key in KEYS[:5]:
        put(store, first, key, 99, move=True)
    store.close()
    stopped = -signal.SIGKILL if fault == "kill" else REACHED
    apart = 1 if "RESPLICE_TEST_EVERYTHING" in os.environ else 3
    steps = int(time.time() // 86_400) % apart
    while (codes := run_scenarios(steps, apart, fault, tmp_path)) == {stopped}:
        steps += SIDE_BY_SIDE * apart
    assert codes <= {stopped, NOT_REACHED}
    assert steps > 60


SIDE_BY_SIDE = 8


def run_scenarios(first: int, apart: int, fault: Fault, folder: Path) -> set[int | None]:
    """Exit codes of one scenario per step, side by side, each on a copy of the store."""
    writers = {}
    for step in range(first, first + SIDE_BY_SIDE * apart, apart):
        log = Log(folder / f"log{step}")
        shutil.copytree(folder / "store", folder / f"store{step}")
        shutil.copyfile(folder / "log", log.path)
        writers[step] = SMALL.Process(
            target=scenario, args=(folder / f"store{step}", log, step, fault)
        )
        writers[step].start()
    for step, writer in writers.items():
        writer.join()
        check(folder / f"store{step}", Log(folder / f"log{step}"))
    return {writer.exitcode for writer in writers.values()}
