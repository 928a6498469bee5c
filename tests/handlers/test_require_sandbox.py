"""Commands that were told to work behind walls alone, on a kernel that holds none, and on this."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from refused_calls import without_walls
from served import running
from studio import COMMAND

MOVIE = {"width": 64, "height": 64, "fps": 10, "scenes": [{"duration": 0.5}]}
LACKS = "this machine lacks Landlock (Linux 5.13, and switched on): files are not held; seccomp on"
REQUIRED = {"RESPLICE_REQUIRE_SANDBOX": "1"}
OUT = ("-o", "out.mp4")
COMMANDS = {
    "render": ("movie.json", *OUT),
    "still": ("movie.json", "--at", "0", "-o", "out.png"),
    "bulk": ("movie.json", "rows.csv", "-o", "out"),
    "watch": ("movie.json", "--no-open"),
    "serve": ("--port", "0"),
}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "movie.json").write_text(json.dumps(MOVIE))
    (tmp_path / "rows.csv").write_text("name\nNine\n")
    return tmp_path


def run(
    desk: Path, *words: str, said: Mapping[str, str] = REQUIRED, walls: bool = False
) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *words, "--data", "data"]
    return subprocess.run(
        command if walls else without_walls(*command),
        cwd=desk,
        env={**os.environ, **said},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("how", ["option", "variable"])
def test_without_walls_it_refuses_before_it_begins(desk: Path, command: str, how: str) -> None:
    words, said = ("--require-sandbox",) if how == "option" else (), REQUIRED
    done = run(desk, command, *COMMANDS[command], *words, said={} if words else said)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("resplice: A sandbox is required for the programs that read")
    assert LACKS in done.stderr and done.stderr.count("\n") == 1
    assert not list(desk.glob("out*"))


def test_with_all_walls_it_works(desk: Path) -> None:
    done = run(desk, "render", *COMMANDS["render"], "--require-sandbox", walls=True)
    assert done.returncode == 0 and (desk / "out.mp4").exists(), done.stderr


@pytest.mark.parametrize("value", ["yes", "true", "2"])
def test_what_is_neither_yes_nor_no_is_not_taken_for_no(desk: Path, value: str) -> None:
    said = {"RESPLICE_REQUIRE_SANDBOX": value}
    done = run(desk, "render", *COMMANDS["render"], said=said, walls=True)
    assert done.returncode == 1
    assert done.stderr == f"resplice: RESPLICE_REQUIRE_SANDBOX is 1 or 0, not '{value}'\n"


def test_where_it_is_not_required_a_render_does_without_and_says_nothing(desk: Path) -> None:
    done = run(
        desk, "render", *COMMANDS["render"], "--quiet", said={"RESPLICE_REQUIRE_SANDBOX": ""}
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (desk / "out.mp4").exists()


def test_the_log_of_a_server_tells_once_what_is_missing(desk: Path) -> None:
    log = desk / "log"
    with running(desk / "data", under=without_walls(), log=log) as server:
        for colour in ("#123456", "#654321"):
            scenes = [{"duration": 0.5, "background-color": colour}]
            assert server.ended(server.post({**MOVIE, "scenes": scenes}))["status"] == "done"
    (line,) = (each for each in log.read_text().splitlines() if "Landlock" in each)
    assert line.startswith("Programs run with less around them: Landlock (Linux 5.13")
    assert "seccomp on" in line
