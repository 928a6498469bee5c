"""The command line as a user has it: exit codes, what is said and where, what is left behind."""

from __future__ import annotations

import base64
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from studio import COMMAND, called, clip, decoded, movie, picture, resplice, still, written
from watched import INTERRUPTIBLE


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a picture and a movie of it."""
    (tmp_path / "red.png").write_bytes(picture("red"))
    written(tmp_path / "movie.json", movie(still("red.png", 1.0)))
    return tmp_path


RENDER = ("render", "movie.json", "-o", "out.mp4", "--data", "data")


def render(desk: Path, *words: Any) -> subprocess.CompletedProcess[str]:
    return called(*RENDER, *words, cwd=desk)


def refused(desk: Path, document: Any, *words: Any, code: int = 2) -> list[str]:
    """The lines on stderr of a render that fails; nothing else is printed or left."""
    text = document if isinstance(document, str) else json.dumps(document)
    (desk / "movie.json").write_text(text)
    done = render(desk, *words)
    assert (done.returncode, done.stdout) == (code, ""), done
    assert not list(desk.glob("*.mp4")) and not list(desk.glob(".resplice-*"))
    return [line.removeprefix("resplice: ") for line in done.stderr.splitlines()]


def test_a_movie_is_rendered_and_then_served_from_the_cache(desk: Path) -> None:
    first = resplice(*RENDER, "--report", "first.json", cwd=desk)
    assert first.returncode == 0, first
    frames = decoded(desk / "out.mp4")
    (desk / "out.mp4").unlink()
    again = resplice(*RENDER, "--report", "again.json", cwd=desk)
    assert "movie    hit" in again.stdout
    assert "out.mp4: 1.0 s" in again.stdout
    told = [json.loads((desk / name).read_text())["movie"] for name in ("first.json", "again.json")]
    assert [each["result"] for each in told] == ["miss", "hit"]
    assert told[0]["key"] == told[1]["key"]
    assert decoded(desk / "out.mp4") == frames
    assert (desk / "out.mp4").stat().st_mode & 0o777 == 0o644


def test_a_missing_document(desk: Path) -> None:
    done = resplice("render", "other.json", cwd=desk)
    assert done.returncode == 2
    assert done.stderr == "resplice: other.json: No such file or directory\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "line 1"), ("[]", "empty"), ("3", "No valid movie JSON"), ('{"a":1,"a":2}', "a")],
)
def test_what_is_no_document(text: str, words: str, desk: Path) -> None:
    (line,) = refused(desk, text)
    assert words in line


def test_all_problems_of_a_document_are_told(desk: Path) -> None:
    document = movie(
        {
            "elements": [
                {"type": "image"},
                {"type": "hologram"},
                {"type": "text", "text": 1, "x": []},
            ]
        },
        {"duration": -7},
        fps=0,
    )
    lines = refused(desk, document)
    paths = {line.partition(": ")[0] for line in lines}
    assert paths == {
        "scenes[0].elements[0].src",
        "scenes[0].elements[1].type",
        "scenes[0].elements[2].x",
        "scenes[1].duration",
        "fps",
    }
    assert any("Scene #1, element #2" in line for line in lines)


def test_all_sources_that_fail_are_told(desk: Path) -> None:
    (desk / "notes.txt").write_text("no picture")
    sources = ["gone.png", "notes.txt", "red.png", "n" * 4000, "a\0b.png", "http://127.0.0.1:9/x"]
    lines = refused(desk, movie(*map(still, sources)), code=1)
    assert [line.partition(": ")[0] for line in lines] == [
        f"scenes[{index}].elements[0].src" for index in (0, 1, 3, 4, 5)
    ]
    assert "gone.png" in lines[0] and "no such file" in lines[0]
    assert "127.0.0.1" in lines[4]


@pytest.mark.parametrize("source", ["ftp://example.com/a.png", "", "  ", "gopher://x"])
def test_sources_that_are_none(source: str, desk: Path) -> None:
    (line,) = refused(desk, movie(still(source)))
    assert line.startswith("scenes[0].elements[0].src: Scene #1, element #1: The source ")


def test_an_element_of_the_wrong_kind(desk: Path) -> None:
    (line,) = refused(desk, movie({"elements": [{"type": "video", "src": "red.png"}]}), code=1)
    assert "cannot be used as a source for a video element; '" in line
    assert line.endswith("red.png' is an image")


def test_a_link_that_is_written_to_stays_a_link(desk: Path) -> None:
    (desk / "elsewhere").mkdir()
    (desk / "link.mp4").symlink_to(desk / "elsewhere" / "movie.mp4")
    assert render(desk, "-o", "link.mp4").returncode == 0
    assert (desk / "link.mp4").is_symlink()
    assert (desk / "elsewhere" / "movie.mp4").stat().st_size > 1_000


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["-o", "gone/out.mp4"], "gone/out.mp4: the folder does not exist"),
        (["-o", "folder"], "folder: is a folder"),
        (["-o", "/dev/null"], "/dev/null: is no regular file"),
        (["--report", "x" * 300], f"{'x' * 300}: File name too long"),
        (["--report", "gone/r.json"], "gone/r.json: the folder does not exist"),
        (["--variables", "gone.json"], "gone.json: No such file or directory"),
        (["--variables", "red.png"], "Error parsing variables JSON"),
        (["--variables", "list.json"], "list.json: the variables are not an object"),
    ],
)
def test_a_call_that_cannot_work(words: list[str], reason: str, desk: Path) -> None:
    (desk / "folder").mkdir()
    written(desk / "list.json", [1])
    done = render(desk, *words)
    assert done.returncode == 2
    assert done.stderr.startswith(f"resplice: {reason}")
    assert not (desk / "out.mp4").exists()


def test_a_file_system_that_refuses_the_result(desk: Path) -> None:
    done = render(desk, "-o", "/proc/out.mp4")
    assert done.returncode == (1 if os.access("/proc", os.W_OK) else 2)  # Root is told it may.
    assert "/proc/out.mp4: " in done.stderr


def test_a_link_that_leads_to_itself_becomes_the_movie(desk: Path) -> None:
    (desk / "out.mp4").symlink_to("out.mp4")
    assert render(desk).returncode == 0
    assert (desk / "out.mp4").is_file() and not (desk / "out.mp4").is_symlink()


def test_texts_beside_the_movie_may_go_down_a_pipe(desk: Path) -> None:
    """Or into a device, though only root may make files where devices are."""
    assert render(desk, "--report", "/dev/null").returncode == 0
    os.mkfifo(desk / "pipe")
    with os.fdopen(os.open(desk / "pipe", os.O_RDONLY | os.O_NONBLOCK)) as end:
        assert render(desk, "--report", "pipe").returncode == 0
        assert "scenes" in json.loads(end.read())
    done = render(desk, "--manifest", "pipe")
    assert (done.returncode, done.stderr) == (2, "resplice: pipe: is no regular file\n")


def test_a_data_folder_that_cannot_be_used(desk: Path) -> None:
    for words in (["render", "movie.json"], ["cache", "stats"]):
        done = called(*words, "--data", "red.png", cwd=desk)
        assert done.returncode == 1
        assert "data folder red.png" in done.stderr


def test_variables_fill_the_document(desk: Path) -> None:
    written(desk / "movie.json", movie(still("{{name}}.png"), variables={"name": "gone"}))
    written(desk / "v.json", {"name": "red"})
    assert render(desk).returncode == 1
    assert render(desk, "--variables", "v.json").returncode == 0


def test_a_plan_renders_nothing_and_says_what_is_cached(desk: Path) -> None:
    before = render(desk, "--plan", "--report", "plan.json")
    assert before.returncode == 0
    assert "64x50, 10 fps, 1.000 s (10 frames)" in before.stdout
    assert re.search(r"scene 1 +miss +0 of 1 segments from the cache", before.stdout)
    assert not (desk / "out.mp4").exists()
    assert json.loads((desk / "plan.json").read_text())["movie"]["result"] == "miss"
    stats = called("cache", "stats", "--data", "data", cwd=desk).stdout
    assert re.search(r"scenes +0 entries", stats)
    render(desk)
    after = render(desk, "--plan")
    assert "movie    hit" in after.stdout
    assert re.search(r"scene 1 +hit +1 of 1 segments", after.stdout)


def test_quiet_says_nothing(desk: Path) -> None:
    for _ in range(2):
        done = resplice(*RENDER, "--quiet", "--report", "r.json", cwd=desk)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((desk / "r.json").read_text())["movie"]["result"] == "hit"
    (desk / "out.mp4").unlink()
    assert refused(desk, "{", "--quiet")


def test_plain_lines_where_there_is_no_terminal(desk: Path) -> None:
    done = resplice(*RENDER, cwd=desk)
    assert "\x1b" not in done.stderr + done.stdout
    assert "\r" not in done.stderr + done.stdout
    assert "1 segments" in done.stderr


def on_a_terminal(desk: Path, *words: str) -> tuple[int, str]:
    """The exit code of a render, and all that it wrote to its terminal."""
    ours, theirs = pty.openpty()
    command = [*COMMAND, *RENDER, *words]
    process = subprocess.Popen(command, cwd=desk, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 65536)
        except OSError:
            break
    os.close(ours)
    return process.wait(), shown.decode().replace("\r\n", "\n")


def left_on_screen(shown: str) -> list[str]:
    """The lines as they stand at the end, after what erases them."""
    return [re.split("\r\x1b\\[K", line)[-1] for line in shown.split("\n")]


def test_a_bar_on_a_terminal_that_is_gone_at_the_end(desk: Path) -> None:
    card = clip(desk / "card.mp4", 2.0)
    scenes = [{"elements": [{"type": "video", "src": card.name, "x": x}]} for x in range(8)]
    written(desk / "movie.json", {**movie(*scenes), "width": 1280, "height": 720})
    code, shown = on_a_terminal(desk)
    assert code == 0
    assert re.search(r"\r\x1b\[K\[[=#>.]{8}\] +\d+% of 160 frames", shown)
    assert not [line for line in left_on_screen(shown) if "% of" in line]
    assert left_on_screen(shown)[-1] == ""


def test_an_error_on_a_terminal_has_a_line_of_its_own(desk: Path) -> None:
    written(desk / "movie.json", movie(still("red.png"), still("gone.png")))
    code, shown = on_a_terminal(desk)
    assert code == 1
    *_, last, end = left_on_screen(shown)
    assert last.startswith("resplice: scenes[1].elements[0].src: ")
    assert end == ""


def test_output_that_nobody_reads(desk: Path) -> None:
    command = " ".join([*COMMAND, *RENDER])
    for sink in ("| true", "> /dev/full"):
        shell = ["bash", "-c", f"set -o pipefail; {command} {sink}"]
        done = subprocess.run(shell, cwd=desk, capture_output=True, text=True)
        assert done.returncode in (0, 1)
        assert "Traceback" not in done.stderr and "Exception" not in done.stderr
        assert (desk / "out.mp4").exists()


def heavy(desk: Path) -> None:
    """A movie that takes several seconds, with a text."""
    clip(desk / "card.mp4", 10.0, rate=30)
    text = {"type": "text", "text": "Ann", "width": 200, "height": 80}
    scenes = [
        {"elements": [{"type": "video", "src": "card.mp4", "width": 1900 + x, "zoom": 3}, text]}
        for x in range(4)
    ]
    document = {"resolution": "full-hd", "fps": 30, "quality": "high", "scenes": scenes}
    written(desk / "movie.json", document)


def test_an_interrupted_render_ends_at_once_and_leaves_nothing(desk: Path) -> None:
    heavy(desk)
    command = [sys.executable, "-c", INTERRUPTIBLE, *RENDER]
    process = subprocess.Popen(command, cwd=desk, stderr=subprocess.PIPE, text=True)
    with process:
        try:
            assert becomes_true(lambda: bool(running_below(desk)))
            process.send_signal(signal.SIGINT)
            _, rest = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 130
    assert "Traceback" not in rest
    assert sorted(path.name for path in desk.iterdir()) == [
        "card.mp4", "data", "movie.json", "red.png"
    ]  # fmt: skip
    assert not list((desk / "data" / "tmp").iterdir())
    assert becomes_true(lambda: not running_below(desk))


def becomes_true(holds: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(0.05)
    return held


def running_below(folder: Path) -> list[str]:
    """Command lines of live processes that name the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in words:
            found.append(words)
    return found


def test_the_cache_is_told_of_checked_and_cleared(desk: Path) -> None:
    render(desk)

    def cache(*words: str) -> str:
        done = called("cache", *words, "--data", "data", cwd=desk)
        assert (done.returncode, done.stderr) == (0, "")
        assert not re.search(r"[(){}=]", done.stdout)
        return done.stdout

    stats = cache("stats")
    assert re.search(r"elements +1 entries +[\d.]+ (bytes|KiB)\n", stats)
    assert re.search(r"movies +3 entries", stats), "a movie, its poster and its manifest"
    assert re.search(r"in all +[\d.]+ (bytes|KiB) of 20\.0 GiB\n", stats)
    assert cache("verify") == "checked 6 entries, 0 damaged\n"
    blob = max((desk / "data/objects/blobs").rglob("*/*"), key=lambda path: path.stat().st_size)
    blob.chmod(0o644)
    blob.write_bytes(b"x" + blob.read_bytes()[1:])
    assert re.fullmatch(r"checked 6 entries, 1 damaged\nremoved \w+/[\w/.]+\n", cache("verify"))
    assert re.match(r"removed [01] entries, ", cache("clear", "--layer", "elements"))
    assert re.match(r"removed [1234] entries, ", cache("clear"))
    assert cache("clear") == "removed 0 entries, 0 bytes\n"


@pytest.mark.parametrize(
    "name", ["my photo.png", "50%25.png", "naïve ☃.png", "a?b#c&d.png", "x'\"y.png", "-y.png"]
)
def test_local_files_of_any_name(name: str, desk: Path) -> None:
    (desk / "red.png").rename(desk / name)
    written(desk / "movie.json", movie(still(name), still(str(desk / name), 0.6)))
    done = render(desk)
    assert done.returncode == 0, done.stderr


def test_a_link_that_leads_nowhere_is_named(desk: Path) -> None:
    (desk / "circle.png").symlink_to("circle.png")
    written(desk / "movie.json", movie(still("circle.png")))
    done = render(desk)
    assert done.returncode == 1 and "circle.png" in done.stderr
    assert "Traceback" not in done.stderr and "Internal" not in done.stderr


def test_addresses_of_local_files(desk: Path) -> None:
    (desk / "red.png").rename(desk / "a b.png")
    path = f"{desk}/a%20b.png"
    sources = [f"file://{path}", f"file:{path}", f"FILE://localhost{path}", "file://a%20b.png"]
    written(desk / "movie.json", movie(*map(still, sources)))
    done = render(desk, "--report", "r.json")
    assert done.returncode == 0, done.stderr
    elements = json.loads((desk / "r.json").read_text())["elements"]
    assert len({element["key"] for element in elements}) == 1


def test_a_data_url(desk: Path) -> None:
    body = base64.b64encode((desk / "red.png").read_bytes()).decode()
    written(desk / "movie.json", movie(still(f"data:image/png;base64,{body}")))
    assert render(desk).returncode == 0
    (desk / "out.mp4").unlink()
    (line,) = refused(desk, movie(still("data:image/png;base64,???")), code=1)
    assert line.startswith("scenes[0].elements[0].src: ")


def test_an_edited_local_file_is_noticed(desk: Path) -> None:
    render(desk)
    before = decoded(desk / "out.mp4")
    (desk / "red.png").write_bytes(picture("blue"))
    done = render(desk)
    assert re.search(r"movie +miss", done.stdout)
    assert decoded(desk / "out.mp4") != before


@pytest.mark.parametrize(
    "words", [["-o", "red.png"], ["-o", "movie.json"], ["--report", "red.png"]]
)
def test_what_a_render_reads_is_never_written_over(desk: Path, words: list[str]) -> None:
    before = {path.name: path.read_bytes() for path in desk.iterdir()}
    done = called("render", "movie.json", "--data", "data", *words, cwd=desk)
    assert done.returncode == 2
    assert f"{words[1]}: is read by this render" in done.stderr
    assert {path.name: path.read_bytes() for path in desk.iterdir() if path.is_file()} == before
