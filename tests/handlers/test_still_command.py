"""resplice still: what it writes, what it says, and what it refuses."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from paid import account
from PIL import Image
from studio import called, movie, picture, still, written


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two pictures and a movie of them, two seconds long."""
    folder = tmp_path_factory.mktemp("desk")
    for colour in ("red", "blue"):
        (folder / f"{colour}.png").write_bytes(picture(colour))
    written(folder / "movie.json", movie(still("red.png", 1.0), still("{{second}}", 1.0)))
    written(folder / "v.json", {"second": "blue.png"})
    return folder


STILL = ("still", "movie.json", "--data", "data", "--variables", "v.json")


def seen(file: Path) -> tuple[int, int]:
    """(red, blue) of what is in the middle on the right."""
    with Image.open(file) as opened:
        red, _, blue = opened.getpixel((50, 25))  # type: ignore[misc]
    return red, blue


def refused(desk: Path, *words: Any) -> str:
    done = called(*STILL, *words, cwd=desk)
    assert (done.returncode, done.stdout) == (2, ""), done
    return done.stderr


def test_frames_are_written_each_to_its_file(desk: Path) -> None:
    one = called(*STILL, "--at", "0.94", cwd=desk)
    assert (one.returncode, one.stdout) == (0, "movie.png: frame 9, at 0.9 s\n"), one
    assert (desk / "movie.png").stat().st_mode & 0o777 == 0o644
    two = called(*STILL, "--at", "0.9", "--at", "1", "-o", "a.png", cwd=desk)
    assert two.stdout == "a-1.png: frame 9, at 0.9 s\na-2.png: frame 10, at 1 s\n"
    assert [seen(desk / f"a-{n}.png") for n in (1, 2)] == [(255, 0), (1, 255)]
    assert (desk / "a-1.png").read_bytes() == (desk / "movie.png").read_bytes()
    assert not list(desk.glob("data/objects/scenes/segment/*")) and not (desk / "a.png").exists()


def test_a_sheet_is_one_file(desk: Path) -> None:
    done = called(*STILL, "--sheet", "3x2", "-o", "sheet.png", cwd=desk)
    assert done.stdout == "sheet.png: 6 frames, from 0.1 s to 1.8 s\n"
    with Image.open(desk / "sheet.png") as sheet:
        assert sheet.size == (3 * 72 + 8, 2 * 58 + 8)
    assert called(*STILL, "--at", "0", "--quiet", cwd=desk).stdout == ""


def test_what_cannot_be_is_refused_and_nothing_written(desk: Path, tmp_path: Path) -> None:
    before = {*desk.iterdir(), desk / "data"}
    late = refused(desk, "--at", "1.5", "--at", "2", "-o", "late.png")
    assert late == (
        "resplice: at: There is no frame at 2 s: the movie is 2 s long, and its last frame is at"
        " 1.9 s\n"
    )
    assert "is read for this picture" in refused(desk, "--at", "0", "-o", "red.png")
    assert "the folder does not exist" in refused(desk, "--at", "0", "-o", "no/a.png")
    assert "is a folder" in refused(desk, "--at", "0", "-o", ".")
    assert "one of the arguments --at --sheet is required" in refused(desk)
    assert "not a number of seconds: -1" in refused(desk, "--at=-1")
    assert "4x3, 10x10 at most" in refused(desk, "--sheet", "11x1")
    assert "not allowed with" in refused(desk, "--sheet", "2x1", "--at", "1")
    assert {*desk.iterdir()} == before


def test_nobody_is_paid_unless_it_is_said_how_much(tmp_path: Path) -> None:
    with account(tmp_path / "data", "elevenlabs") as desk:
        line = desk.line("A line that is paid for.")
        file = written(tmp_path / "movie.json", movie({"elements": [line]}))

        def call(*words: str) -> subprocess.CompletedProcess[str]:
            return called("still", file, "--data", tmp_path / "data", "--at", "0", *words)

        told = call("-o", str(tmp_path / "a.png"))
        assert (told.returncode, desk.server.asked) == (1, [])
        assert told.stderr.startswith("resplice: At most $0.00 may be paid for this movie")
        assert call("-o", str(tmp_path / "a.png"), "--max-cost", "0.01").returncode == 0
        assert desk.characters() == 24
        assert call("-o", str(tmp_path / "b.png")).returncode == 0 and desk.characters() == 0
