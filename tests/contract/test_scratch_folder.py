"""Room for work in progress: fresh, removed at the end, and after a crash by the next process."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from resplice.adapters.disk.scratch import ScratchFolder
from resplice.errors import StorageError

KILLED = """
import os, signal, sys
from pathlib import Path
from resplice.adapters.disk.scratch import ScratchFolder
with ScratchFolder(Path(sys.argv[1])).scratch() as folder:
    (folder / "half").write_bytes(b"x")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_scratch_is_fresh_and_removed(tmp_path: Path) -> None:
    scratch = ScratchFolder(tmp_path / "not/yet/there")
    with pytest.raises(RuntimeError), scratch.scratch() as one, scratch.scratch() as other:
        assert one != other and list(one.iterdir()) == []
        (one / "deep").mkdir()
        (one / "deep/file").write_bytes(b"x")
        raise RuntimeError
    assert list((tmp_path / "not/yet/there").iterdir()) == []


def test_what_a_killed_process_left_goes_and_the_rest_stays(tmp_path: Path) -> None:
    (tmp_path / "of others").mkdir()
    with ScratchFolder(tmp_path).scratch() as used:
        subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
        assert len(list(tmp_path.rglob("half"))) == 1
        ScratchFolder(tmp_path)
        assert sorted(tmp_path.iterdir()) == sorted([tmp_path / "of others", used])


def test_a_process_that_starts_takes_no_fresh_folder(tmp_path: Path) -> None:
    """Not even between its making and its lock."""
    scratch, done = ScratchFolder(tmp_path), threading.Event()

    def start() -> None:
        while not done.is_set():
            ScratchFolder(tmp_path)

    starting = threading.Thread(target=start)
    starting.start()
    try:
        for _ in range(600):
            with scratch.scratch() as folder:
                (folder / "file").write_bytes(b"x")
    finally:
        done.set()
        starting.join()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="scratch folder"):
        ScratchFolder(tmp_path / "file")
    gone = ScratchFolder(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(StorageError, match="scratch folder"), gone.scratch():
        pass
