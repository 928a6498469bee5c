"""Hostile programs in the place of those of the table: they get nothing, and take little."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hostile_program
import pytest
from footage import FFMPEG as FFMPEG_FILE
from resplice.adapters.confined.launching import Confined, Launcher, Start, Tree
from resplice.adapters.confined.programs import (
    BROWSER,
    FFMPEG,
    GROUPS,
    INSTALLED_BROWSER,
    LIBRARIES,
    ONE_PROCESS_BROWSER,
    PROGRAMS,
    PYTHON,
    SPEAKER,
    Program,
)
from resplice.adapters.confined.syscalls import NUMBERS
from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.errors import RenderError

MIB, GIB = 1 << 20, 1 << 30
HOSTILE = str(hostile_program.__file__)
OWN_PROCESSES = ("fork", "clone")
OF_PROC = ("command lines of others", "all processes", "connections of others")
MAY = {
    SPEAKER.name: OWN_PROCESSES,
    BROWSER.name: (*OWN_PROCESSES, *OF_PROC),
    INSTALLED_BROWSER.name: (*OWN_PROCESSES, *OF_PROC, "a shell"),
    ONE_PROCESS_BROWSER.name: ("connections of others",),
}
"""What the table lets a program do that the others may not."""
SECRET = "canary-of-somebody-else"


@pytest.fixture(scope="module")
def launcher() -> Iterator[Launcher]:
    launcher = Launcher()
    assert not launcher.walls().missing(), "these tests need a kernel that holds all of it"
    yield launcher
    launcher.close()


@pytest.fixture
def said(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """What a hostile program is told to go for."""
    for name in ("home", "inside", "outside"):
        (tmp_path / name).mkdir()
    canary = tmp_path / "home" / "canary"
    canary.write_text(SECRET)
    abstract = f"\0resplice-{os.getpid()}"
    with (
        ExitStack() as stack,
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as local,
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as victim,
    ):
        local.bind(abstract)
        local.listen()
        datagrams = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        datagrams.bind(str(tmp_path / "datagrams"))
        yield {
            "datagrams": str(tmp_path / "datagrams"),
            "canary": str(canary),
            "outside": str(tmp_path / "outside"),
            "inside": str(tmp_path / "inside"),
            "port": tcp.getsockname()[1],
            "abstract": abstract,
            "victim": victim.pid,
        }
        victim.communicate(b"\n")


def started(
    launcher: Launcher, program: Program, said: dict[str, Any], out: int, **more: Any
) -> Confined:
    argv = [sys.executable, "-I", "-S", HOSTILE, json.dumps(said)]
    own = [*PYTHON.places(), HOSTILE]
    return launcher.start(
        Start(program, argv, {"GIVEN": "1"}, {1: out}, reads=own, folder=said["inside"], **more)
    )


def told(launcher: Launcher, program: Program, said: dict[str, Any]) -> dict[str, str]:
    reading, writing = os.pipe()
    limits = {resource.RLIMIT_FSIZE: GIB}
    hostile = started(launcher, program, said, writing, limits=limits)
    with os.fdopen(reading) as answers, hostile:
        os.close(writing)
        answer = answers.read()
        assert hostile.wait(30) == 0
    found: dict[str, str] = json.loads(answer)
    return found


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_hostile_program_gets_nothing(
    launcher: Launcher, program: Program, said: dict[str, Any]
) -> None:
    found = told(launcher, program, {**said, "without": MAY.get(program.name, ())})
    assert {name: came for name, came in found.items() if not came.startswith("refused")} == {}
    assert len(found) >= 44
    assert Path(said["canary"]).read_text() == SECRET
    assert not any(Path(said["outside"]).iterdir())


def test_without_walls_it_gets_most_of_it(said: dict[str, Any]) -> None:
    """So that its attempts are known to be real."""
    skipped = [
        "priority of the user",
        "own limits",
        "another's limits",
        "a shell",
        "devices",
        "mount",
    ]
    argv = [sys.executable, "-I", "-S", HOSTILE, json.dumps({**said, "without": skipped})]
    run = subprocess.run(argv, capture_output=True, text=True, check=True)
    found = json.loads(run.stdout)
    got = {name for name, came in found.items() if came.startswith("got it")}
    assert {"passwd", "canary", "tcp", "abstract", "fork", "clone", "home", "root folder"} <= got
    assert {"a new file outside", "another's file", "signal who asks", "netlink"} <= got
    assert {"a datagram", "signals by descriptor", "outlive the launcher"} <= got
    assert {"names as they come", "command lines of others", "connections of others"} <= got
    assert {"environment of who asks", "files of who asks", "another as a descriptor"} <= got


@pytest.mark.parametrize("program", [FFMPEG, BROWSER], ids=lambda program: program.name)
def test_memory_ends_at_its_limit(
    launcher: Launcher, program: Program, said: dict[str, Any]
) -> None:
    limits = {resource.RLIMIT_DATA: 256 * MIB, resource.RLIMIT_CORE: 0}
    with started(launcher, program, {**said, "storm": "memory"}, 1, limits=limits) as hostile:
        assert hostile.wait(60) != 0


TREE = Tree(processes=24, memory_bytes=GIB, disk_bytes=256 * MIB)


@pytest.mark.parametrize(
    "kind", ["memory", "disk", "hidden disk", "small files", "deep folders", "fork", "orphans"]
)
def test_a_tree_of_processes_ends_at_its_limits(
    launcher: Launcher, said: dict[str, Any], kind: str
) -> None:
    most = {"limits": {resource.RLIMIT_CORE: 0}, "tree": TREE}
    with started(launcher, BROWSER, {**said, "storm": kind}, 1, **most) as hostile:
        hostile.wait(60)
    assert hostile.returncode != 0
    assert session(hostile.pid) == []
    assert not Path(said["inside"]).exists()


def test_a_file_ends_at_its_limit(launcher: Launcher, said: dict[str, Any]) -> None:
    limits = {resource.RLIMIT_FSIZE: MIB}
    with started(launcher, FFMPEG, {**said, "storm": "hidden disk"}, 1, limits=limits) as hostile:
        assert hostile.wait(60) != 0


def session(leader: int) -> list[int]:
    """The processes of a session."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            fields = (each / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append(int(each.name))
    return found


def test_who_is_killed_takes_all_along(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    code = (
        "import os, sys, time, test_walls as t\n"
        "launcher = t.Launcher()\n"
        f"said = {{'storm': 'orphans', 'inside': {str(inside)!r}}}\n"
        "print(t.started(launcher, t.BROWSER, said, 2).pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    paths = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env={"PYTHONPATH": paths}
    ) as parent:
        assert parent.stdout
        leader = int(parent.stdout.readline())
        while len(session(leader)) < 5:
            time.sleep(0.01)
        parent.kill()
    for _ in range(500):
        if not session(leader) and not inside.exists():
            return
        time.sleep(0.02)
    raise AssertionError("it lives on")


@pytest.mark.parametrize(
    "argv",
    [
        ["-f", "lavfi", "-i", "color", "-frames:v", "1", "-f", "image2", "{canary}"],
        ["-f", "lavfi", "-i", "color", "-frames:v", "1", "-f", "image2", "{outside}/new.png"],
        ["-i", "{canary}", "-f", "null", "-"],
        ["-f", "concat", "-safe", "0", "-i", "{canary}", "-f", "null", "-"],
        ["-f", "lavfi", "-i", "movie=filename={canary}", "-f", "null", "-"],
        ["-i", "udp://127.0.0.1:{port}", "-f", "null", "-"],
        ["-i", "tcp://127.0.0.1:{port}", "-f", "null", "-"],
    ],
)
def test_ffmpeg_reaches_nothing_that_its_words_do_not_name(
    said: dict[str, Any], argv: Sequence[str]
) -> None:
    words = [word.format(**said) for word in argv]
    with pytest.raises(RenderError) as refused:
        Ffmpeg(Path(FFMPEG_FILE)).run(["-y", *words], timeout_s=20)
    reasons = ("Permission denied", "Operation not permitted", "Function not implemented")
    assert any(reason in refused.value.evidence for reason in reasons), refused.value.evidence
    assert Path(said["canary"]).read_text() == SECRET


def test_ffmpeg_that_is_served_calls_no_other_port(said: dict[str, Any]) -> None:
    served = "http://127.0.0.1:1/x"
    argv = ["-i", f"tcp://127.0.0.1:{said['port']}", "-i", served, "-f", "null", "-"]
    with pytest.raises(RenderError) as refused:
        Ffmpeg(Path(FFMPEG_FILE)).run(argv, timeout_s=20)
    assert "Permission denied" in refused.value.evidence


def test_where_less_is_held_than_is_required_nothing_starts(launcher: Launcher) -> None:
    bare = Launcher(held=lambda walls: walls.__class__(0, False, walls.machine))
    with bare.start(Start(FFMPEG, [FFMPEG_FILE, "-version"])) as plain:
        assert plain.wait(20) == 0
    bare.required = True
    with pytest.raises(OSError, match=r"this machine lacks Landlock \(Linux 5\.13"):
        bare.start(Start(FFMPEG, [FFMPEG_FILE, "-version"]))
    bare.close()
    launcher.required = True
    with launcher.start(Start(FFMPEG, [FFMPEG_FILE, "-version"])) as walled:
        assert walled.wait(20) == 0
    launcher.required = False


def test_what_cannot_be_started_says_why(launcher: Launcher, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        launcher.start(Start(FFMPEG, [str(tmp_path / "none")]))


def test_a_launcher_that_has_died_is_replaced(launcher: Launcher) -> None:
    fresh = Launcher()
    first = fresh.start(Start(PYTHON, [sys.executable, "-I", "-c", "import time; time.sleep(60)"]))
    os.kill(fresh.pid, 9)
    assert first.wait(20) == -9
    with fresh.start(Start(FFMPEG, [FFMPEG_FILE, "-version"])) as again:
        assert again.wait(20) == 0
    fresh.close()


def test_a_start_that_cannot_be_prepared_ends_nobody_else(launcher: Launcher) -> None:
    code = "import time; time.sleep(60)"
    with launcher.start(Start(PYTHON, [sys.executable, "-I", "-S", "-c", code])) as innocent:
        with pytest.raises(OSError, match="Bad file descriptor"):
            launcher.start(Start(FFMPEG, [FFMPEG_FILE, "-version"], descriptors={1: 4000}))
        assert innocent.poll() is None


def test_with_many_files_open_programs_start_too() -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as stack:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(1500, most[1]), most[1]))
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, most)
        for _ in range(1100):
            stack.enter_context(open(os.devnull))  # noqa: PTH123
        fresh = Launcher()
        stack.callback(fresh.close)
        with fresh.start(Start(FFMPEG, [FFMPEG_FILE, "-version"])) as started:
            assert started.wait(20) == 0


def test_others_start_while_what_one_has_left_is_put_away(
    launcher: Launcher, tmp_path: Path
) -> None:
    """Its folder has a name by which it is emptied, and cannot be removed."""
    left = tmp_path / "left"
    left.mkdir()
    (left / "file").touch()
    code = "import sys; sys.exit(3)"
    argv = [sys.executable, "-I", "-S", "-c", code]
    first = launcher.start(Start(PYTHON, argv, folder=f"{left}/."))
    while Path(f"/proc/{first.pid}").exists():
        time.sleep(0.001)
    with launcher.start(Start(FFMPEG, [FFMPEG_FILE, "-version"])) as second:
        assert first.poll() is None, "it is told when all was tried"
        assert second.wait(20) == 0
    assert first.wait(20) == 3
    assert left.is_dir() and list(left.iterdir()) == []


def test_many_threads_start_programs_at_once(launcher: Launcher) -> None:
    codes = []

    def start(number: int) -> None:
        code = f"import sys; sys.exit({number})"
        with launcher.start(Start(PYTHON, [sys.executable, "-I", "-S", "-c", code])) as each:
            codes.append((number, each.wait(60)))

    threads = [threading.Thread(target=start, args=(number,)) for number in range(24)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(codes) == [(number, number) for number in range(24)]


def test_more_descriptors_than_a_message_holds(launcher: Launcher) -> None:
    reading, writing = os.pipe()
    copies = [os.dup(writing) for _ in range(300)]
    code = f"import os; [os.write(fd, b'.') for fd in {copies}]"
    given = {each: each for each in copies}
    command = [sys.executable, "-I", "-S", "-c", code]
    with launcher.start(Start(PYTHON, command, descriptors=given)) as each:
        assert each.wait(20) == 0
    for copy in [*copies, writing]:
        os.close(copy)
    with os.fdopen(reading, "rb") as file:
        assert file.read() == b"." * 300


def test_each_call_and_each_path_says_who_needs_it() -> None:
    named = {name for _, names in GROUPS.values() for name in names.split()}
    assert named <= set(NUMBERS)
    assert all(who for who, _ in GROUPS.values())
    assert all(LIBRARIES.values())
    assert {group for program in PROGRAMS for group in program.groups} | {"calls"} == set(GROUPS)
    assert set(PROGRAMS) == {
        FFMPEG,
        PYTHON,
        SPEAKER,
        BROWSER,
        INSTALLED_BROWSER,
        ONE_PROCESS_BROWSER,
    }
