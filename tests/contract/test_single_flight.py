"""Processes that render on one data folder at once, and processes that are killed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from studio import called, clip, decoded, movie, picture, written

LEASE = (
    "from dataclasses import replace; from resplice.wiring import local; "
    "local.PATIENCE = replace(local.PATIENCE, start_ms=300, lease_ms=900); "
)
MAIN = [
    sys.executable,
    "-c",
    LEASE + "from resplice.cli.main import main; raise SystemExit(main())",
]
"""The command line, but who dies is given up for dead sooner."""


def furnished(folder: Path) -> Path:
    """The folder, with a movie that takes two seconds and paints a text."""
    (folder / "red.png").write_bytes(picture("red"))
    clip(folder / "card.mp4", 2.0)
    text = {"type": "text", "text": "Ann", "width": 300, "height": 90}
    card: dict[str, Any] = {"type": "video", "src": "card.mp4", "width": 640}
    scenes = [{"elements": [{**card, "x": x}]} for x in range(5)]
    slow = {"duration": 2, "elements": [{"type": "image", "src": "red.png", "zoom": 4}, text]}
    document = {**movie(*scenes, slow), "width": 960, "height": 540, "fps": 15}
    written(folder / "movie.json", document)
    return folder


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return furnished(tmp_path)


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the movie is when nobody else renders and nobody dies."""
    alone = furnished(tmp_path_factory.mktemp("alone"))
    called("render", "movie.json", "-o", "out.mp4", "--data", "data", "--quiet", cwd=alone)
    return decoded(alone / "out.mp4")


def begin(desk: Path, name: str, data: str = "data") -> subprocess.Popen[str]:
    words = ["movie.json", "-o", f"{name}.mp4", "--data", data, "--report", f"{name}.json"]
    return subprocess.Popen(
        [*MAIN, "render", *words],
        cwd=desk,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def told(desk: Path, name: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((desk / f"{name}.json").read_text())
    return report


def left_running(desk: Path) -> list[str]:
    """What still works for a process that is gone: it is below our temporary folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            place = os.readlink(process / "cwd")  # noqa: PTH115
        except OSError:
            continue
        if str(desk) in words or place.startswith(str(desk)):
            found.append(words)
    return found


def ended(desk: Path, seconds: float = 3.0) -> bool:
    """Whether nothing runs in the folder any more, after a moment."""
    until = time.monotonic() + seconds
    while left_running(desk) and time.monotonic() < until:
        time.sleep(0.05)
    return not left_running(desk)


def test_two_processes_render_once(desk: Path) -> None:
    both = [begin(desk, name) for name in ("one", "two")]
    for process in both:
        assert process.communicate(timeout=60)[1] is not None
    assert [process.returncode for process in both] == [0, 0]
    results = {told(desk, name)["movie"]["result"] for name in ("one", "two")}
    assert results == {"miss", "joined"}
    assert (desk / "one.mp4").read_bytes() == (desk / "two.mp4").read_bytes()


def test_when_the_leader_is_killed_the_follower_takes_over(desk: Path, right: str) -> None:
    both = {name: begin(desk, name) for name in ("one", "two")}
    first = {name: process.stderr.readline() for name, process in both.items() if process.stderr}
    (follows,) = (name for name, line in first.items() if "waiting" in line)
    (leads,) = (name for name, line in first.items() if "segments" in line)
    leader, follower = both[leads], both[follows]
    leader.kill()
    leader.communicate()
    follower.communicate(timeout=60)
    assert follower.returncode == 0
    assert told(desk, follows)["movie"]["result"] == "miss"
    assert not (desk / f"{leads}.mp4").exists()
    assert decoded(desk / f"{follows}.mp4") == right
    assert ended(desk)


def test_what_a_killed_process_finished_is_used(desk: Path) -> None:
    killed = begin(desk, "out")
    assert killed.stderr
    for line in killed.stderr:
        if line.startswith("rendered 3"):
            break
    killed.kill()
    killed.communicate()
    last = begin(desk, "out")
    assert last.communicate(timeout=60)[1] is not None
    report = told(desk, "out")
    hits = sum(scene["segments"]["hit"] for scene in report["scenes"])
    assert hits >= 2 or report["movie"]["result"] == "hit", "it had just ended"
    assert ended(desk)


def test_killed_at_any_moment_nothing_is_wrong_after(desk: Path, right: str) -> None:
    dice = random.Random(7)
    for _ in range(4):
        process = begin(desk, "out")
        time.sleep(dice.uniform(0.3, 1.9))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if (desk / "out.mp4").exists():
            assert decoded(desk / "out.mp4") == right
            (desk / "out.mp4").unlink()
            called("cache", "clear", "--data", "data", cwd=desk)
    assert ended(desk)
    last = begin(desk, "out")
    assert last.communicate(timeout=60)[1] is not None
    assert last.returncode == 0
    assert decoded(desk / "out.mp4") == right
    checked = called("cache", "verify", "--data", "data", cwd=desk)
    assert " 0 damaged" in checked.stdout
    assert not list((desk / "data/tmp").iterdir())
    assert not [path for path in desk.iterdir() if path.name.startswith(".")]
