"""resplice bulk: a movie for each row, what came of each, and what a second call finds."""

from __future__ import annotations

import csv
import json
import os
import pty
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from resplice.cli.bulk_results import Result
from studio import COMMAND, called, decoded, movie, picture, resplice, still, written

ROWS = 8
"""More than are made, two at once, before somebody sees that the second is there."""
BULK = ("bulk", "movie.json", "rows.csv", "-o", "out", "--data", "data")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A movie of two scenes: one of them is like the row, the other like nothing."""
    for colour in ("red", "blue"):
        (tmp_path / f"{colour}.png").write_bytes(picture(colour))
    document = movie(still("red.png", 1.0), still("{{colour}}.png", 0.4))
    written(tmp_path / "movie.json", document | {"variables": {"colour": "red"}})
    return tmp_path


def rows(desk: Path, *lines: str, name: str = "rows.csv") -> None:
    (desk / name).write_text("\n".join(lines))


def results(desk: Path) -> list[dict[str, Any]]:
    with (desk / "out/results.csv").open(newline="") as file:
        return [*csv.DictReader(file)]


def bulk(desk: Path, *words: Any, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = called(*BULK, *words, cwd=desk)
    assert done.returncode == code, done
    assert not list(desk.rglob(".resplice-*"))
    return done


def told(desk: Path, *names: str) -> list[tuple[str, ...]]:
    return [tuple(row[name] for name in names) for row in results(desk)]


def test_a_movie_for_each_row_and_equal_ones_once(desk: Path) -> None:
    rows(desk, "colour", "red", "blue", "blue")
    done = bulk(desk, "--name", "{{colour}}-{{row}}")
    assert told(desk, "row", "file", "status", "seconds", "message") == [
        ("1", "red-0001.mp4", "done", "1.4", ""),
        ("2", "blue-0002.mp4", "done", "1.4", ""),
        ("3", "blue-0003.mp4", "done", "1.4", ""),
    ]
    reused = sorted(float(row["reused"]) for row in results(desk)[1:])
    assert float(results(desk)[0]["reused"]) < reused[0] < reused[1] == 1.0
    films = [(desk / "out" / row["file"]).read_bytes() for row in results(desk)]
    assert films[0] != films[1] == films[2]
    assert "3 of 3 movies made, " in done.stdout and done.stdout.endswith(": out/results.csv\n")
    (desk / "v.json").write_text('{"colour": "blue"}')
    resplice(
        *("render", "movie.json", "--variables", "v.json", "-o", "alone.mp4", "--data", "other"),
        cwd=desk,
    )
    assert decoded(desk / "alone.mp4") == decoded(desk / "out/blue-0002.mp4")


def test_rows_that_fail_are_told_and_hold_up_nobody(desk: Path) -> None:
    rows(desk, "colour", "blue", "green", "red")
    done = bulk(desk, code=1)
    assert told(desk, "file", "status") == [
        ("0001.mp4", "done"),
        ("0002.mp4", "error"),
        ("0003.mp4", "done"),
    ]
    (line,) = done.stderr.splitlines()
    assert line.startswith("resplice: row 2, 0002.mp4: scenes[1].elements[0]")
    assert "green.png" in line and results(desk)[1]["message"] in line
    assert not (desk / "out/0002.mp4").exists()
    assert "2 of 3 movies made" in done.stdout


def test_no_cell_of_the_results_is_a_formula() -> None:
    """A path begins with a key of the document, which is somebody's."""
    failed = Result(1, "a.mp4", 0.5, message="=1+1: must be", warnings=("@sum", "-1"))
    assert failed.cells()[-2:] == ["'=1+1: must be", "'@sum; -1"]


def test_rows_of_json_over_variables_of_the_call(desk: Path) -> None:
    document = json.loads((desk / "movie.json").read_text())
    document["scenes"][0]["duration"] = "{{seconds}}"
    written(desk / "movie.json", document)
    (desk / "v.json").write_text('{"seconds": 0.8, "colour": "blue"}')
    rows(desk, "{}", '{"seconds": 1.2}', name="rows.jsonl")
    words = ("bulk", "movie.json", "rows.jsonl", "-o", "out", "--data", "data")
    done = called(*words, "--variables", "v.json", "--quiet", cwd=desk)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert told(desk, "seconds") == [("1.2",), ("1.6",)]


@pytest.mark.parametrize(
    ("lines", "words", "said"),
    [
        (["colour", "red", "RED"], ("--name", "{{colour}}"), "rows 1 and 2 would both be RED.mp4"),
        (["colour", "../x"], ("--name", "{{colour}}"), "row 1: '../x' cannot name a file"),
        (["colour", "red"], ("--name", "{{color}}"), "did you mean 'colour'?"),
        (["colour", "red"], ("--results", "movie.json"), "the results need a file of their own"),
        (["colour", "red"], ("--results", "rows.csv"), "the results need a file of their own"),
        (["colour", "red"], ("--results", "/dev/null"), "/dev/null: is no regular file"),
        (["colour"], (), "rows.csv: there are no rows"),
        (["colour", "a,b"], (), "rows.csv: row 1, which ends in line 2, has 2 values"),
    ],
)
def test_a_table_that_is_wrong_makes_nothing(
    desk: Path, lines: Sequence[str], words: Sequence[str], said: str
) -> None:
    rows(desk, *lines)
    (line,) = bulk(desk, *words, code=2).stderr.splitlines()
    assert said in line
    assert not list(desk.glob("out/*"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("movie.json", "none.csv", "-o", "out"), "none.csv: No such file or directory"),
        (("movie.json", "rows.txt", "-o", "out"), "rows.txt: a table is one of .csv, .jsonl"),
        (("movie.json", "rows.csv", "-o", "no/out"), "no/out: the folder does not exist"),
        (("movie.json", "rows.csv", "-o", "out", "--at-once", "0"), "not a whole number from 1"),
        (("movie.json", "latin.csv", "-o", "out"), "latin.csv: is not UTF-8"),
    ],
)
def test_a_call_that_is_wrong(desk: Path, words: Sequence[str], said: str) -> None:
    rows(desk, "colour", "red")
    rows(desk, "colour", "red", name="rows.txt")
    (desk / "latin.csv").write_bytes(b"colour\n\xff\n")
    done = called("bulk", *words, "--data", "data", cwd=desk)
    assert done.returncode == 2 and said in done.stderr


def test_what_no_row_can_be_made_of_is_told_as_a_call_that_is_wrong(desk: Path) -> None:
    written(desk / "movie.json", {"scenes": [{"elements": [{"type": "txt"}]}]})
    rows(desk, "colour", "red", "blue")
    assert len(bulk(desk, code=2).stderr.splitlines()) == 2


def test_warnings_are_told(desk: Path) -> None:
    rows(desk, "colour;size", "red;9")
    done = bulk(desk)
    assert "1 with warnings" in done.stdout
    assert "variables.colour;size is used nowhere" in results(desk)[0]["warnings"]


def test_a_row_is_not_made_of_another_ones_movie(desk: Path) -> None:
    document = movie(still("{{colour}}", 0.4))
    written(desk / "movie.json", document)
    rows(desk, "colour", "red.png", "out/0001.mp4", "out/0004.mp4", "red.png")
    done = bulk(desk, code=1)
    assert "0001.mp4 was made by another row" in done.stderr
    assert told(desk, "status")[0] == ("done",)


@pytest.mark.parametrize("others", [0, 1])
def test_who_interrupts_it_does_not_wait(desk: Path, others: int) -> None:
    """In the first row, and in one of those side by side."""
    document = movie({"duration": "{{seconds}}", "elements": [{"type": "image", "src": "red.png",
                      "zoom": 3, "duration": -2}]}, width=1280, height=720)  # fmt: skip
    written(desk / "movie.json", document)
    rows(desk, "seconds", *["0.2"] * others, *["600"] * 2)
    process = subprocess.Popen([*COMMAND, *BULK], cwd=desk, stderr=-1, stdout=-1)
    until_s = time.monotonic() + 60
    while not (found := [*desk.rglob("segment.mp4")]) or len(results(desk)) < others:
        assert time.monotonic() < until_s and process.poll() is None, found
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert process.returncode == 130
    assert [row["status"] for row in results(desk)] == ["done"] * others


def test_no_movie_is_written_over_what_it_is_made_of(desk: Path) -> None:
    (desk / "out").mkdir()
    (desk / "out/0001.mp4").write_bytes((desk / "red.png").read_bytes())
    written(desk / "movie.json", movie(still("out/0001.mp4", 0.4)))
    rows(desk, "colour", "red")
    done = bulk(desk, code=2)
    assert "written over a file" in done.stderr
    assert (desk / "out/0001.mp4").read_bytes() == (desk / "red.png").read_bytes()


def test_a_killed_run_goes_on_where_it_was(desk: Path) -> None:
    rows(desk, "colour,n", *(f"blue,{n}" for n in range(ROWS)))
    document = json.loads((desk / "movie.json").read_text())
    document["scenes"][1]["elements"][0]["x"] = "{{n}}"
    document["scenes"][1]["elements"][0]["position"] = "custom"
    written(desk / "movie.json", document)
    process = subprocess.Popen([*COMMAND, *BULK, "--at-once", "2", "--quiet"], cwd=desk)
    until_s = time.monotonic() + 60
    while not (desk / "out/0002.mp4").exists():
        assert time.monotonic() < until_s and process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    made = {path.name for path in (desk / "out").glob("*.mp4")}
    assert len(made) < ROWS and {row["file"] for row in results(desk)} <= made
    for left in desk.rglob(".resplice-*"):
        left.unlink()  # Nobody knows whose it was.
    bulk(desk)
    shares = {row["file"]: float(row["reused"]) for row in results(desk)}
    assert len(shares) == ROWS and {shares[name] for name in made} == {1.0}


def test_a_terminal_has_a_bar_with_the_time_left(desk: Path) -> None:
    rows(desk, "colour", "red", "green", "blue")
    ours, theirs = pty.openpty()
    with subprocess.Popen([*COMMAND, *BULK], cwd=desk, stderr=theirs, stdout=-1):
        os.close(theirs)
        drawn = b""
        while True:
            try:
                drawn += os.read(ours, 4096)
            except OSError:
                break
    os.close(ours)
    assert b"[##########....................] 1 of 3 rows, 0:0" in drawn
    assert b"3 of 3 rows, 1 failed, 0:00 left" in drawn
