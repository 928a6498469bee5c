"""Nobody else reads a data folder, whatever the umask and whoever made it."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from private_files import careless, seen_by_others
from resplice.adapters.disk.objects import DiskObjects
from resplice.wiring.local import local


@pytest.fixture(autouse=True)
def open_to_all() -> Iterator[None]:
    with careless():
        yield


def kept(folder: Path, text: str) -> None:
    with local(folder) as ports, ports.scratch.scratch() as scratch:
        (scratch / "file").write_text(text)
        ports.objects.put(f"elements/fetch/{text}", scratch / "file", {})
        ports.leases.claim("a", "b", 1, 2)
        assert seen_by_others(folder) == []
        assert len(list(folder.glob("records.sqlite-*"))) == 2


def test_what_is_made_is_closed(tmp_path: Path) -> None:
    kept(tmp_path / "below" / "data", "first")
    assert seen_by_others(tmp_path / "below") == []


def test_what_was_open_is_closed(tmp_path: Path) -> None:
    kept(tmp_path / "data", "first")
    folders = [tmp_path / "data", *(p for p in (tmp_path / "data").rglob("*") if p.is_dir())]
    for path in (tmp_path / "data").rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o644)
    (tmp_path / "data").chmod(0o755)
    kept(tmp_path / "data", "second")
    assert all(stat.S_IMODE(folder.stat().st_mode) == 0o700 for folder in folders)


def test_what_is_not_ours_is_left_open(tmp_path: Path) -> None:
    """Somebody's own folder, in which data is kept too."""
    kept(tmp_path, "first")
    own = tmp_path / "own" / "program"
    own.parent.mkdir(0o755)
    own.write_text("")
    for path in (own, tmp_path, tmp_path / "objects"):
        path.chmod(0o755)
    DiskObjects(tmp_path, None).close()
    open_still = {str(path) for path in (tmp_path, own, own.parent)}
    assert set(seen_by_others(tmp_path)) == open_still
    assert stat.S_IMODE(own.stat().st_mode) == 0o755
