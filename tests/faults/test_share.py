"""A share of what `make faults` does, and that it would find what is wrong."""

from __future__ import annotations

import re
import shlex

import pytest
from faults.__main__ import main

SHARE = ("--runs", "60", "--seed", "11", "--processes", "1", "--real-every", "30")
FOUND = ("--processes", "1", "--real-every", "0", "--places", "folder")


def test_no_fault_of_a_share_makes_a_wrong_movie(capsys: pytest.CaptureFixture[str]) -> None:
    code = main([*SHARE])
    told = capsys.readouterr().out
    assert code == 0, told
    assert "wrong movies: 0\nsomething else wrong: 0\n" in told
    faulted = int(re.search(r"^(\d+) faulted runs", told, re.M)[1])  # type: ignore[index]
    assert faulted > 40
    for place in ("machine", "folder", "folder-lane", "stack", "lane"):
        assert re.search(rf"\d+ {place}\b", told)


def test_a_planted_bug_is_found_and_its_film_made_small(
    capsys: pytest.CaptureFixture[str],
) -> None:
    planted = ("--plant", "damage is believed")
    faults = ("--kinds", "bytes flipped", "--at", "splicer")
    assert main([*FOUND, "--runs", "4", "--seed", "12", *faults, *planted]) == 1
    told = capsys.readouterr().out
    assert "wrong movies: 0" not in told
    again = shlex.split(told.rpartition("-m faults ")[2])
    assert again[0] == "--film" and again[1].count('"duration"') == 1, "one scene is enough"
    assert main(again) == 1, "the command that is told does it again"
    healthy = [word for word in again if word not in planted]
    assert main(healthy) == 0, "and it was the bug"


@pytest.mark.parametrize(
    ("bug", "at", "words"),
    [
        ("paid again", "objects.put", "paid 2 times"),
        ("ended again", "projects.end", "ended 2 times"),
    ],
)
def test_other_bugs_are_found_too(
    bug: str, at: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = ("--runs", "24", "--seed", "5", "--shrink", "0", "--kinds", "dies after", "--at", at)
    assert main([*FOUND, *runs, "--plant", bug]) == 1
    assert words in capsys.readouterr().out
