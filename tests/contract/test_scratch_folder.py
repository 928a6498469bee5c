"""Room below a folder that others use too, beyond the contract: races, folders that are no good."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from resplice.adapters.disk.scratch import ScratchFolder
from resplice.errors import StorageError


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
