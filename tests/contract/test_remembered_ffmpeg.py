"""adapters/ffmpeg/remembered.py: our own FFmpeg is asked for its name once, not at each start."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from resplice.adapters.ffmpeg.remembered import PACKAGE, remembered


class Asked:
    """Says another name each time."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> str:
        self.times += 1
        return f"name {self.times}"


@pytest.fixture
def executable(tmp_path: Path) -> Path:
    path = tmp_path / PACKAGE / "ffmpeg"
    path.parent.mkdir()
    path.write_text("first")
    return path


@pytest.fixture
def name(executable: Path, tmp_path: Path) -> Callable[[], str]:
    asked = Asked()
    return lambda: remembered(asked, executable, tmp_path / "memory")


def test_it_is_asked_once(name: Callable[[], str]) -> None:
    assert [name(), name(), name()] == ["name 1"] * 3


def test_another_file_in_its_place_is_asked(name: Callable[[], str], executable: Path) -> None:
    assert name() == "name 1"
    executable.write_text("later")
    os.utime(executable, ns=(0, 0))
    assert [name(), name()] == ["name 2"] * 2


@pytest.mark.parametrize("text", ["", "one line", "a\nb\nc\n", "\xff\n"])
def test_what_is_no_memory_is_none(name: Callable[[], str], tmp_path: Path, text: str) -> None:
    (tmp_path / "memory").write_text(text, "latin-1")
    assert [name(), name()] == ["name 1"] * 2


def test_one_that_may_change_with_its_libraries_is_asked_each_time(tmp_path: Path) -> None:
    asked, own = Asked(), tmp_path / "ffmpeg"
    own.write_text("linked")
    names = [remembered(asked, own, tmp_path / "memory") for _ in range(2)]
    assert names == ["name 1", "name 2"]


def test_without_room_for_a_memory_it_is_asked_each_time(executable: Path, tmp_path: Path) -> None:
    asked, memory = Asked(), tmp_path / "missing" / "memory"
    assert [remembered(asked, executable, memory) for _ in range(2)] == ["name 1", "name 2"]
