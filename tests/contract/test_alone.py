"""What only one process may do at a time: the others hear that, and its death is its end."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from resplice.adapters.disk.alone import alone, sweep
from resplice.errors import StorageError

FORK = multiprocessing.get_context("fork")


def test_one_is_at_it_and_others_hear_that(tmp_path: Path) -> None:
    folder = tmp_path / "locks"
    with alone(folder, "a") as first, alone(folder, "a") as second, alone(folder, "b") as other:
        assert (first, second, other) == (True, False, True)
        with alone(folder, "a") as third:
            assert not third, "who was refused has taken nothing from the first"
    with alone(folder, "a") as again:
        assert again
    assert list(folder.iterdir()) == []


def test_many_at_once_are_never_two(tmp_path: Path) -> None:
    lock, at_it, times = threading.Lock(), 0, 0

    def come(_: int) -> None:
        nonlocal at_it, times
        with alone(tmp_path, "a") as mine:
            if not mine:
                return
            with lock:
                at_it += 1
                times += 1
                assert at_it == 1
            with lock:
                at_it -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(come, range(400)))
    assert times > 0 and at_it == 0


def hold(folder: Path, told: Connection) -> None:
    with alone(folder, "a") as mine:
        told.send(mine)
        signal.pause()


def test_it_ends_with_its_process_however_that_dies(tmp_path: Path) -> None:
    here, there = FORK.Pipe()
    process = FORK.Process(target=hold, args=(tmp_path, there))
    process.start()
    assert here.recv() is True
    with alone(tmp_path, "a") as mine:
        assert not mine
    assert process.pid
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    with alone(tmp_path, "a") as mine:
        assert mine


def test_what_the_dead_left_is_swept_and_what_is_held_stays(tmp_path: Path) -> None:
    sweep(tmp_path / "none")
    (tmp_path / "dead").write_text("")
    with alone(tmp_path, "alive"):
        sweep(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["alive"]
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_lock_stays_and_stops_no_sweep(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "dead").write_text("")
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_folder_that_cannot_be_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot lock"), alone(tmp_path / "file" / "x", "a"):
        pass
