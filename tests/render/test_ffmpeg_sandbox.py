"""FFmpeg's cage: no network, no foreign files, no environment, limits, and no survivors."""

from __future__ import annotations

import gc
import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import imageio_ffmpeg
import pytest
from resplice.adapters.confined.launching import LAUNCHER_OF_ALL
from resplice.adapters.ffmpeg.command_line import hostile_input
from resplice.adapters.ffmpeg.process import USUAL_BYTES, Ffmpeg, Limits
from resplice.adapters.machine import GIB, machine
from resplice.adapters.s3.blocks import Blocks
from resplice.adapters.s3.serving import served
from resplice.errors import RenderError

EXECUTABLE = Path(imageio_ffmpeg.get_ffmpeg_exe())
# Real time, so that it runs long without work.
LONG = ["-re", "-f", "lavfi", "-i", "color=s=16x16:r=25:d=30", "-f", "null", "-"]
CANARY = b"the canary sings 7f3a91"


@pytest.fixture(scope="module")
def ffmpeg() -> Ffmpeg:
    return Ffmpeg(EXECUTABLE)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server's address and the paths it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def children() -> set[int]:
    """The programs that this process had started and that still run. Those of other tests may end
    at any time.
    """
    return set(children_of(LAUNCHER_OF_ALL.pid))


def children_of(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(stat.parent.name))
    return found


def while_running(ffmpeg: Ffmpeg, name: str) -> str:
    """What /proc says under this name of an FFmpeg that runs."""
    before = children()
    seen: list[str] = []

    def look(_frames: int) -> None:
        (pid,) = children() - before
        seen.append(Path(f"/proc/{pid}/{name}").read_text())
        raise InterruptedError

    with pytest.raises(InterruptedError):
        ffmpeg.run(LONG, timeout_s=10, on_progress=look)
    return seen[0]


def test_nothing_of_our_environment_is_in_its_own(
    ffmpeg: Ffmpeg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    names = {each.partition("=")[0] for each in while_running(ffmpeg, "environ").split("\0")}
    assert names == {"", "FONTCONFIG_FILE", "MALLOC_ARENA_MAX"}


def test_the_kernel_holds_the_limits() -> None:
    limits = while_running(Ffmpeg(EXECUTABLE, Limits(7 << 30, 5 << 30, 99)), "limits")
    held = {line[:25].strip(): line[25:].split()[:2] for line in limits.splitlines()[1:]}
    assert held["Max data size"][0] == held["Max data size"][1]
    assert 7 << 30 < int(held["Max data size"][0]) < 8 << 30
    assert held["Max file size"] == [str(5 << 30)] * 2
    assert held["Max open files"] == ["99"] * 2
    assert held["Max core file size"] == ["0"] * 2
    assert held["Max cpu time"] == [str(10 * machine().processors + 1)] * 2


def test_its_limit_is_that_of_the_machine() -> None:
    here = machine()
    assert Limits().data_bytes == here.share_bytes(here.renders_at_once(), USUAL_BYTES)
    assert Limits().data_bytes <= here.room_bytes() < here.memory_bytes


def test_when_memory_runs_out_it_goes_before_us(ffmpeg: Ffmpeg) -> None:
    ours = int(Path("/proc/self/oom_score_adj").read_text())
    assert int(while_running(ffmpeg, "oom_score_adj")) > ours


LARGE = ["-f", "lavfi", "-i", "color=s=16x16", "-vf", "format=rgba,scale=6000:6000"]
LARGE += ["-frames:v", "1", "-f", "null", "-"]


def test_too_much_memory_fails(ffmpeg: Ffmpeg) -> None:
    ffmpeg.run(LARGE, timeout_s=20)
    with pytest.raises(RenderError, match="too little memory") as caught:
        Ffmpeg(EXECUTABLE, Limits(data_bytes=16 << 20)).run(LARGE, timeout_s=20)
    assert "Cannot allocate memory" in caught.value.evidence


def hundred_pictures(folder: Path, side: int) -> list[str]:
    """What lays so many squares side by side: a film of many pictures starts threads for each."""
    picture = folder / "picture.png"
    one = ["-f", "lavfi", "-i", f"color=s={side}x{side}", "-frames:v", "1"]
    Ffmpeg(EXECUTABLE).run([*one, "-y", f"file:{picture}"], timeout_s=20)
    inputs = [word for _ in range(100) for word in ("-threads", "1", "-i", f"file:{picture}")]
    graph = "".join(f"[{n}:v]" for n in range(100)) + "xstack=grid=10x10,scale=16:16"
    words = ("-filter_complex_threads", "1", "-filter_complex", graph, "-f", "null", "-")
    return [*inputs, *words]


def test_stacks_that_are_never_touched_do_not_count(tmp_path: Path) -> None:
    small = Ffmpeg(EXECUTABLE, Limits(data_bytes=GIB // 2))
    small.run(hundred_pictures(tmp_path, side=16), timeout_s=60)


def test_of_many_pictures_what_they_hold_counts(tmp_path: Path) -> None:
    small = Ffmpeg(EXECUTABLE, Limits(data_bytes=GIB // 8))
    with pytest.raises(RenderError, match="too little memory"):
        small.run(hundred_pictures(tmp_path, side=1000), timeout_s=60)


def test_too_large_a_file_fails(tmp_path: Path) -> None:
    small = Ffmpeg(EXECUTABLE, Limits(file_bytes=1_000_000))
    argv = ["-f", "lavfi", "-i", "color=s=1000x1000:d=2,format=rgba", "-f", "rawvideo"]
    with pytest.raises(RenderError):
        small.run([*argv, "-y", f"file:{tmp_path}/large"], timeout_s=10)
    assert (tmp_path / "large").stat().st_size <= 1_000_000


def test_the_time_limit_ends_it(ffmpeg: Ffmpeg) -> None:
    before, began = children(), time.monotonic()
    with pytest.raises(RenderError, match="out of time"):
        ffmpeg.run(LONG, timeout_s=0.3)
    assert time.monotonic() - began < 20
    assert children() <= before


def test_an_exception_in_a_callback_ends_it(ffmpeg: Ffmpeg) -> None:
    before = children()

    def stop(_frames: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ffmpeg.run(LONG, timeout_s=10, on_progress=stop)
    assert children() <= before


def test_it_does_not_outlive_a_killed_parent() -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from resplice.adapters.ffmpeg.process import Ffmpeg\n"
        "Ffmpeg(Path(sys.argv[1])).run(sys.argv[2:], timeout_s=60,"
        " on_progress=lambda frames: print(frames, flush=True))"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(EXECUTABLE), *LONG], stdout=subprocess.PIPE
    )
    assert parent.stdout is not None and parent.stdout.readline()
    ((pid,),) = filter(None, map(children_of, children_of(parent.pid)))
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 2
    while runs(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not runs(pid)


def read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def runs(pid: int) -> bool:
    state = read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return bool(state) and state[0] != "Z"


def test_a_playlist_reaches_neither_the_network_nor_a_file(
    ffmpeg: Ffmpeg, tmp_path: Path, listener: tuple[str, list[str]]
) -> None:
    base, asked = listener
    playlist = tmp_path / "list.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXTINF:1,\n{base}/segment.ts\n#EXT-X-ENDLIST\n")
    open_wide = ["-protocol_whitelist", "file,http,tcp", "-f", "hls", "-i", str(playlist)]
    copy = ["-c", "copy", "-f", "data", "-"]
    subprocess.run([EXECUTABLE, *open_wide, *copy], capture_output=True, timeout=10)
    assert asked, "without fence and walls the playlist is followed"
    asked.clear()
    for demuxer in ("mov", "hls"):
        with pytest.raises(RenderError):
            ffmpeg.run([*hostile_input(str(playlist), demuxer), *copy], timeout_s=10)
    assert asked == []


def test_what_is_served_here_reaches_nothing_else(
    ffmpeg: Ffmpeg, tmp_path: Path, listener: tuple[str, list[str]]
) -> None:
    base, asked = listener
    playlist = f"#EXTM3U\n#EXTINF:1,\n{base}/segment.ts\n#EXT-X-ENDLIST\n".encode()
    copy, given = ["-c", "copy", "-f", "data", "-"], list[int]()

    def read(offset: int, size_bytes: int) -> bytes:
        given.append(offset)
        return playlist[offset : offset + size_bytes]

    with (tmp_path / "blocks").open("x+b") as file, ExitStack() as stack:
        blocks = stack.enter_context(closing(Blocks(read, len(playlist), file.fileno())))
        source = stack.enter_context(served(blocks))
        with pytest.raises(ValueError, match="hls"):
            hostile_input(source.url, "hls")
        with pytest.raises(RenderError):
            ffmpeg.run([*hostile_input(source.url, "mov"), *copy], timeout_s=10)
    assert (asked, given) == ([], [0])


def test_a_list_of_files_reads_no_file(ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_bytes(CANARY)
    script = tmp_path / "list.txt"
    script.write_text("ffconcat version 1.0\nfile secret.txt\n")
    secret: list[bytes] = []
    with pytest.raises(RenderError):
        ffmpeg.run(
            [*hostile_input(str(script), "concat"), "-map", "0", "-c", "copy", "-f", "data", "-"],
            timeout_s=10,
            on_output=secret.append,
        )
    assert CANARY not in b"".join(secret)


@pytest.mark.parametrize("name", ["-y", "concat:a|b", "http:x", "a%03d.png", "data:,x", "ä 'b'"])
def test_a_path_is_only_ever_a_path(
    ffmpeg: Ffmpeg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    source = ["-f", "lavfi", "-i", "color=s=4x4", "-frames:v", "1", "-f", "image2pipe"]
    picture: list[bytes] = []
    ffmpeg.run([*source, "-c:v", "png", "-"], timeout_s=10, on_output=picture.append)
    (tmp_path / name).write_bytes(b"".join(picture))
    argv = [*hostile_input(name, "png_pipe"), "-f", "null", "-"]
    ffmpeg.run(argv, timeout_s=10)


def test_progress_output_and_log(ffmpeg: Ffmpeg) -> None:
    frames: list[int] = []
    output: list[bytes] = []
    evidence = ffmpeg.run(
        [
            *("-v", "info", "-f", "lavfi", "-i", "color=gray:s=4x4:d=0.4:r=25,format=gray"),
            *("-f", "rawvideo", "-"),
        ],
        timeout_s=10,
        on_progress=frames.append,
        on_output=output.append,
        evidence_bytes=100,
    )
    assert len(b"".join(output)) == 160
    assert frames[-1] == 10
    assert 0 < len(evidence) <= 100


def test_a_failure_carries_what_ffmpeg_said(ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    with pytest.raises(RenderError) as caught:
        ffmpeg.run(["-i", str(tmp_path / "nothing"), "-f", "null", "-"], timeout_s=10)
    assert "No such file or directory" in caught.value.evidence
    assert "No such file" not in str(caught.value)


def test_a_missing_program_is_a_render_error(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="could not be started"):
        Ffmpeg(tmp_path / "ffmpeg").run(["-version"], timeout_s=10)


def test_many_run_at_once_and_leave_no_file_open(ffmpeg: Ffmpeg) -> None:
    def run() -> None:
        argv = ["-f", "lavfi", "-i", "color=s=16x16:d=1", "-f", "null", "-"]
        counts: list[int] = []
        ffmpeg.run(argv, timeout_s=20, on_progress=counts.append)
        done.append(counts[-1])

    done: list[int] = []
    LAUNCHER_OF_ALL.walls()  # It is started once.
    gc.collect()  # What tests before this one left open is closed when Python likes.
    before = len(list(Path("/proc/self/fd").iterdir()))
    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [25] * 8
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_the_build_has_a_stable_digest(ffmpeg: Ffmpeg) -> None:
    digest = ffmpeg.tools_digest()
    assert len(digest) == 64
    assert Ffmpeg(EXECUTABLE).tools_digest() == digest
