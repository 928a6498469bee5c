"""Where stacks of this machine unzip their code: nobody's folders do not stay there."""

from __future__ import annotations

import os
from pathlib import Path

from infra.local.code_store import folder_within


def aged(folder: Path) -> Path:
    os.utime(folder, (0, 0))
    return folder


def test_folders_of_killed_processes_go_and_those_in_use_stay(tmp_path: Path) -> None:
    left, fresh, other = (tmp_path / name for name in (".code-left", ".code-fresh", "layers"))
    for folder in (left, fresh, other):
        folder.mkdir()
    (left / "handler.py").write_text("")
    aged(left), aged(other)
    with folder_within(tmp_path) as used:
        assert not left.exists() and fresh.exists() and other.exists()
        aged(used)
        with folder_within(tmp_path) as second:
            assert used.exists() and second != used
        assert not second.exists()
    assert not used.exists()
