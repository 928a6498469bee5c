"""What all that give room for work in progress must do: fresh, removed, also after a crash."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.disk.scratch import ScratchFolder
from resplice.ports.scratch import Scratch

Make = Callable[[], Scratch]
ADAPTERS: dict[str, Callable[[Path], Scratch]] = {
    "ScratchFolder(Path(sys.argv[1]))": ScratchFolder,
    "DiskObjects(Path(sys.argv[1]), None)": lambda root: DiskObjects(root, None),
}
KILLED = """
import os, signal, sys
from pathlib import Path
from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.disk.scratch import ScratchFolder
with {adapter}.scratch() as folder:
    (folder / "half").write_bytes(b"x")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(params=ADAPTERS)
def adapter(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def make(adapter: str, tmp_path: Path) -> Iterator[Make]:
    """Opens the same room again each time, as another process would."""
    opened: list[Scratch] = []

    def make() -> Scratch:
        opened.append(ADAPTERS[adapter](tmp_path / "not/yet/there"))
        return opened[-1]

    yield make
    for scratch in opened:
        if isinstance(scratch, DiskObjects):
            scratch.close()


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.name in ("file", "half")]


def test_it_is_fresh_and_removed(make: Make, tmp_path: Path) -> None:
    scratch = make()
    with pytest.raises(RuntimeError), scratch.scratch() as one, scratch.scratch() as other:
        assert one != other and list(one.iterdir()) == list(other.iterdir()) == []
        (one / "deep").mkdir()
        (one / "deep/file").write_bytes(b"x")
        raise RuntimeError
    assert not one.exists() and not other.exists() and files(tmp_path) == []


def test_many_threads_have_room_of_their_own(make: Make, tmp_path: Path) -> None:
    scratch = make()

    def work(n: int) -> Path:
        with scratch.scratch() as folder:
            assert list(folder.iterdir()) == []
            (folder / "file").write_text(str(n))
            assert (folder / "file").read_text() == str(n)
            return folder

    with ThreadPoolExecutor(8) as pool:
        folders = list(pool.map(work, range(40)))
    assert len(folders) == 40 and files(tmp_path) == []


def test_what_is_in_it_may_be_gone_already(make: Make) -> None:
    with make().scratch() as folder:
        folder.rmdir()
    assert not folder.exists()


def test_what_a_killed_process_left_goes_and_what_is_used_stays(
    adapter: str, make: Make, tmp_path: Path
) -> None:
    scratch, root = make(), tmp_path / "not/yet/there"
    others = root / "of others"
    others.mkdir()
    with scratch.scratch() as used:
        (used / "file").write_bytes(b"x")
        program = KILLED.format(adapter=adapter)
        subprocess.run([sys.executable, "-c", program, str(root)], check=False)
        assert [path.name for path in files(root)].count("half") == 1
        make()
        assert [path.name for path in files(root)] == ["file"] and others.exists()
