"""Walls on a system as bare as Lambda's: what is refused there is told and done without; where the
same system refuses nothing, a hostile program gets nothing either.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import hostile_program
import pytest
from bare_root import BareRoot, bare_root
from footage import FFMPEG
from resplice.adapters.confined.programs import (
    BROWSER,
    INSTALLED_BROWSER,
    ONE_PROCESS_BROWSER,
    PROGRAMS,
    SPEAKER,
)

from infra.layers import PACKAGE

SECRET = "canary-of-somebody-else"
OWN_PROCESSES = ("fork", "clone")
OF_PROC = ("command lines of others", "all processes", "connections of others")
MAY = {
    SPEAKER.name: OWN_PROCESSES,
    BROWSER.name: (*OWN_PROCESSES, *OF_PROC),
    INSTALLED_BROWSER.name: (*OWN_PROCESSES, *OF_PROC),
    ONE_PROCESS_BROWSER.name: ("connections of others",),
}
"""What the table lets a program do that the others may not."""

INSIDE = """
import json, os, resource, socket, sys
sys.path.insert(0, "/opt/python")
from resplice.adapters.confined.launching import Launcher, Start
from resplice.adapters.confined.programs import FFMPEG, PROGRAMS, PYTHON

may, secret = json.loads(sys.argv[1])
launcher = Launcher()
own = {"LD_LIBRARY_PATH": os.environ["LD_LIBRARY_PATH"]}

def said_by(wanted, argv, **more):
    reading, writing = os.pipe()
    with os.fdopen(reading) as answers, launcher.start(
        Start(wanted, argv, own, {1: writing}, **more)
    ) as program:
        os.close(writing)
        said = answers.read()
        return program.wait(60), said

def folder(name):
    os.mkdir(f"/tmp/{name}")
    return f"/tmp/{name}"

def hostile(number, program):
    canary = folder(f"home{number}") + "/canary"
    with open(canary, "w") as file:
        file.write(secret)
    inside, outside = folder(f"inside{number}"), folder(f"outside{number}")
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as local:
        local.bind(f"\\0bare-{os.getpid()}-{number}")
        local.listen()
        said = {
            **{"canary": canary, "inside": inside, "outside": outside, "victim": os.getpid()},
            "datagrams": "/tmp/none",
            **{"port": tcp.getsockname()[1], "abstract": local.getsockname().decode("latin-1")},
            "without": may.get(program.name, ()),
        }
        argv = [sys.executable, "-I", "-S", "/opt/hostile_program.py", json.dumps(said)]
        reads = [*PYTHON.places(), "/var/lang", "/opt/hostile_program.py"]
        limits = {resource.RLIMIT_FSIZE: 1 << 30}
        code, told = said_by(program, argv, reads=reads, folder=inside, limits=limits)
    with open(canary) as file:
        return [code, json.loads(told or "{}"), file.read() == secret, os.listdir(outside)]

walls = launcher.walls()
print(json.dumps({
    "missing": walls.missing(),
    "ffmpeg": said_by(FFMPEG, ["/opt/ffmpeg", "-version"]),
    "hostile": {} if walls.missing() else {
        each.name: hostile(number, each) for number, each in enumerate(PROGRAMS)
    },
}))
launcher.close()
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> BareRoot:
    return bare_root(tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="module")
def opt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our package, FFmpeg and the hostile program."""
    opt = tmp_path_factory.mktemp("opt")
    opt.chmod(0o755)
    ours = shutil.ignore_patterns("__pycache__", "catalog")
    shutil.copytree(PACKAGE, opt / "python/resplice", ignore=ours)
    shutil.copy2(FFMPEG, opt / "ffmpeg")
    shutil.copy2(str(hostile_program.__file__), opt)
    return opt


def told(root: BareRoot, opt: Path, tmp_path: Path, *, refuses: bool) -> tuple[dict[str, Any], str]:
    words = [root.python, "-I", "-S", "-c", INSIDE, json.dumps([MAY, SECRET])]
    (tmp_path / "task").mkdir(mode=0o755)
    done = root.with_tmp(tmp_path).run(words, opt, tmp_path / "task", {}, refuses=refuses)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found, done.stderr


def test_where_prctl_is_refused_it_is_told_and_programs_run(
    root: BareRoot, opt: Path, tmp_path: Path
) -> None:
    found, log = told(root, opt, tmp_path, refuses=True)
    assert found["ffmpeg"][0] == 0 and found["ffmpeg"][1].startswith("ffmpeg version")
    landlock, seccomp = found["missing"]
    assert landlock.startswith("Landlock (Linux 5.13") and seccomp.startswith("seccomp on")
    assert log == f"Programs run with less around them: {landlock}; {seccomp}\n"


def test_where_nothing_is_refused_hostile_programs_get_nothing(
    root: BareRoot, opt: Path, tmp_path: Path
) -> None:
    found, log = told(root, opt, tmp_path, refuses=False)
    assert (found["missing"], log) == ([], "")
    assert found["ffmpeg"][0] == 0
    assert found["hostile"].keys() == {program.name for program in PROGRAMS}
    for name, (code, attempts, kept, outside) in found["hostile"].items():
        assert (code, kept, outside) == (0, True, []), name
        assert len(attempts) >= 38, name
        got = {what: came for what, came in attempts.items() if not came.startswith("refused")}
        assert got == {}, name
