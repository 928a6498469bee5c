"""`resplice doctor` where all works, and where each of its checks has something to tell."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import certificates
import cloud
import pytest
from refused_calls import without_walls
from resplice.adapters.confined import launching
from resplice.adapters.confined.launching import Launcher
from resplice.adapters.disk.objects import DiskObjects
from resplice.errors import RespliceError
from resplice.wiring import deployed, doctor_places, doctor_programs, doctor_stage
from resplice.wiring.findings import BROKEN, OK, WARN, Check, Finding
from resplice.wiring.signing import credentials
from small_disk import MB, small_disk
from studio import COMMAND

NOBODY = 65_534
OTHERS_ROOT = ("setpriv", "--bounding-set", "-all", "--inh-caps", "-all")
"""Root that has no rights over what is others'."""


def doctor(
    folder: Path, *words: str, said: Mapping[str, str] | None = None, under: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "RESPLICE_API_KEY"}
    return subprocess.run(
        [*under, *COMMAND, "doctor", "--data", str(folder), *words],
        env={**kept, **(said or {})},
        capture_output=True,
        text=True,
        timeout=200,
    )


def of(checks: Sequence[Check], name: str) -> list[Finding]:
    return [found for check in checks if check.name == name for found in check.findings()]


def program(name: str) -> list[Finding]:
    return of(doctor_programs.checks(), name)


def place(name: str, folder: Path, port: int = 1) -> list[Finding]:
    return of(doctor_places.checks(folder, port), name)


def test_where_all_works_it_says_so_line_by_line(tmp_path: Path) -> None:
    done = doctor(tmp_path / "data", "--port", str(free_port()))
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, ""), done
    assert all(re.match(r"(ok|warn) +[a-z]+ +\S", line) for line in lines[:-1])
    named = {line.split()[1] for line in lines[:-1] if line.startswith("ok")}
    assert named == {
        *("python", "ffmpeg", "browser", "fonts", "voices", "sandbox"),
        *("disk", "data", "secrets", "port"),
    }
    assert lines[-1].endswith(", 0 broken")
    assert not (tmp_path / "data").exists(), "it changes nothing"


def test_for_programs_it_is_one_json_object(tmp_path: Path) -> None:
    done = doctor(tmp_path, "--json", said={"IMAGEIO_FFMPEG_EXE": "/nowhere/ffmpeg"})
    told = json.loads(done.stdout)
    assert done.returncode == 1 and told["works"] is False and done.stderr == ""
    (ffmpeg,) = (each for each in told["findings"] if each["name"] == "ffmpeg")
    assert ffmpeg["how"] == "broken" and "could not be started" in ffmpeg["said"]
    assert "IMAGEIO_FFMPEG_EXE" in ffmpeg["mend"]


def test_warnings_alone_are_no_failure(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = doctor(tmp_path, "--port", str(port))
    assert done.returncode == 0
    (line,) = (each for each in done.stdout.splitlines() if " port " in each)
    assert line.startswith(f"warn    port     {port} of 127.0.0.1")
    assert "Address already in use" in line and f"resplice serve --port {port + 1}" in line


def test_a_browser_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPLICE_CHROMIUM", "/nowhere/chrome")
    (found,) = program("browser")
    assert found.how == BROKEN and found.said == "The browser /nowhere/chrome cannot be run"
    assert "install Google Chrome or Chromium" in found.mend


def test_a_browser_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mute = tmp_path / "chrome"
    mute.write_text("#!/bin/sh\necho Chrome 1.0\n")
    mute.chmod(0o755)
    monkeypatch.setenv("RESPLICE_CHROMIUM", str(mute))
    (found,) = program("browser")
    assert found.how == BROKEN and found.said.startswith("The browser that paints texts ended")


def test_fonts_and_voices_that_are_not_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor_programs, "LAYERS", tmp_path)
    (fonts,) = program("fonts")
    assert fonts.how == BROKEN and "make setup" in fonts.mend
    voices = program("voices")
    assert [each.how for each in voices] == [WARN, WARN]
    assert voices[0].said.startswith("kokoro is not set up in") and "make setup" in voices[0].mend


def test_voices_that_are_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = doctor_programs.LAYERS / "voices/built"
    shutil.copytree(built / "espeak", tmp_path / "voices/built/espeak")
    for library in (tmp_path / "voices/built/espeak").rglob("*.so*"):
        library.write_bytes(b"no library")
    monkeypatch.setattr(doctor_programs, "LAYERS", tmp_path)
    kokoro, espeak = program("voices")
    assert (kokoro.how, espeak.how) == (WARN, BROKEN) and espeak.said.startswith("espeak: ")


def test_missing_walls_are_a_warning_and_broken_where_they_are_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bare = Launcher(held=lambda walls: walls.__class__(3, False, walls.machine))
    monkeypatch.setattr(launching, "LAUNCHER_OF_ALL", bare)
    missing = [each for each in program("sandbox") if each.said.startswith("lacks")]
    assert [each.how for each in missing] == [WARN, WARN, WARN]
    assert "TCP (Linux 6.7)" in missing[0].said and "docs/sandbox.md" in missing[0].mend
    monkeypatch.setenv("RESPLICE_REQUIRE_SANDBOX", "1")
    assert [each.how for each in program("sandbox") if "lacks" in each.said] == [BROKEN] * 3
    bare.close()


def test_a_kernel_without_walls_is_told_and_all_else_works(tmp_path: Path) -> None:
    done = doctor(tmp_path, "--port", str(free_port()), under=without_walls())
    lacking = [line for line in done.stdout.splitlines() if "sandbox  lacks" in line]
    assert len(lacking) == 2 and all(line.startswith("warn") for line in lacking)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 8 * MB) as disk:
        done = doctor(disk.folder / "data", said={"TMPDIR": "/tmp"}, under=disk.enter)
    assert done.returncode == 1
    (line,) = (each for each in done.stdout.splitlines() if each.startswith("broken"))
    assert re.match(
        r"broken  disk     [78] MB are free for \S+/disk/data, and 500 MB have to", line
    )
    assert "resplice cache clear" in line


def test_a_data_folder_that_cannot_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(0o700)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
        under: Sequence[str] = OTHERS_ROOT
    else:
        folder.chmod(0)
        under = ()
    done = doctor(folder, "--port", str(free_port()), under=under)
    folder.chmod(0o700)
    assert done.returncode == 1 and done.stderr == ""
    broken = [line for line in done.stdout.splitlines() if line.startswith("broken")]
    assert any(re.match(r"broken  data .*Permission denied → .*--data", line) for line in broken)


def test_what_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    (found,) = place("data", tmp_path / "data")
    assert found.how == BROKEN and "Not a directory" in found.said


def test_a_data_folder_that_is_open_to_others(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    open_, works = place("data", tmp_path)
    assert (open_.how, open_.mend) == (WARN, f"chmod 700 {tmp_path}") and works.how == OK


def test_records_that_are_damaged(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    records = tmp_path / "records.sqlite"
    records.write_bytes(b"no records at all" * 100)
    records.chmod(0o600)
    (found,) = place("data", tmp_path)
    assert found.how == BROKEN and "file is not a database" in found.said


def test_who_works_on_it_is_counted(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    store = DiskObjects(tmp_path, None)
    assert place("data", tmp_path)[-1].said.endswith("programs that work on it now: 1")
    store.close()
    assert "now" not in place("data", tmp_path)[-1].said


@pytest.mark.parametrize(("kind", "how"), [("nfs4", [WARN, OK]), ("ext4", [OK])])
def test_a_network_file_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, how: list[str]
) -> None:
    tmp_path.chmod(0o700)
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/x {tmp_path} {kind} rw 0 0\n")
    monkeypatch.setattr(doctor_places, "MOUNTS", mounts)
    assert [each.how for each in place("data", tmp_path)] == how


def test_secrets_that_others_may_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, mode in (("connections.key", 0o600), ("signing.key", 0o640)):
        (tmp_path / name).write_text("secret")
        (tmp_path / name).chmod(mode)
    closed, open_ = place("secrets", tmp_path)
    assert closed.how == OK and open_.how == BROKEN and "(640)" in open_.said
    assert f"chmod 600 {tmp_path / 'signing.key'}" in open_.mend
    monkeypatch.setenv("RESPLICE_API_KEY_FILE", str(tmp_path / "gone"))
    assert any(each.said.endswith("is not there") for each in place("secrets", tmp_path))


def test_a_certificate_is_missed_where_every_movie_is_to_be_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert place("credentials", tmp_path) == []
    monkeypatch.setenv("RESPLICE_CONTENT_CREDENTIALS", "1")
    (found,) = place("credentials", tmp_path)
    assert found.how == BROKEN and "there is no certificate to sign it with" in found.said
    chain, key = certificates.signing_chain(tmp_path / "own")
    credentials(tmp_path).keep(chain.read_bytes(), key.read_bytes())
    assert [each.how for each in place("credentials", tmp_path)] == [OK]


def test_a_check_that_throws_or_hangs_is_broken_and_the_next_goes_on() -> None:
    def throws() -> Iterator[Finding]:
        yield Finding("a", OK, "it began")
        raise ZeroDivisionError("division by zero")

    def hangs() -> Iterator[Finding]:
        time.sleep(3)
        yield Finding("b", OK, "too late")

    assert [(each.how, each.said) for each in Check("a", throws, "mend it").findings()] == [
        (OK, "it began"),
        (BROKEN, "division by zero"),
    ]
    (late,) = Check("b", hangs, "mend it", within_s=0.1).findings()
    assert (late.how, late.mend) == (BROKEN, "mend it") and "longer than 0.1 s" in late.said


def test_a_stage_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = {
        **{f"AWS_{each}": "local" for each in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")},
        "AWS_ENDPOINT_URL": cloud.endpoint(),
        "AWS_REGION": cloud.REGION,
    }
    words = ("--stage", "dev", "--port", str(free_port()))
    done = doctor(tmp_path, *words, said=account)
    of_account = [line for line in done.stdout.splitlines() if line[8:15] == "account"]
    assert of_account[0] == f"ok      account  account 123456789012 in {cloud.REGION}"
    assert any("make bootstrap" in line and line.startswith("broken") for line in of_account)
    assert "warn    smoke    no movie was tried there: there is no key" in done.stdout
    assert done.returncode == 1
    for name, value in {**account, "RESPLICE_API_KEY": "key"}.items():
        monkeypatch.setenv(name, value)
    (found,) = of(doctor_stage.checks("dev", None), "smoke")
    assert found.how == BROKEN and found.said.startswith("stage dev: ")
    assert "make deploy STAGE=dev" in found.mend


def test_a_stage_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPLICE_API_KEY", "key")
    where = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setattr(deployed, "api_url", lambda stage, region: where)
    (found,) = of(doctor_stage.checks("dev", None), "smoke")
    assert found.how == BROKEN and "a movie with texts and a transition is rendered" in found.said


def test_a_stage_without_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_stage, "CHECKOUT", tmp_path)
    (found,) = of(doctor_stage.checks("dev", None), "account")
    assert found.how == BROKEN and "needs a checkout" in found.said


def test_a_program_that_is_late_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "infra/preflight.py"
    program.parent.mkdir()
    program.write_text(
        "import os, time\nopen('pid', 'w').write(str(os.getpid()))\n"
        "print('ok it works so far', flush=True)\ntime.sleep(60)\n"
    )
    monkeypatch.setattr(doctor_stage, "CHECKOUT", tmp_path)
    monkeypatch.setattr(doctor_stage, "ACCOUNT_SECONDS", 3.0)
    first, late = of(doctor_stage.checks("dev", None), "account")
    assert (first.said, late.said) == ("it works so far", "it takes longer than 3 s")
    running = Path("/proc") / (tmp_path / "pid").read_text()
    until_s = time.monotonic() + 5
    while running.exists() and time.monotonic() < until_s:
        time.sleep(0.01)
    assert not running.exists()


def test_a_region_is_of_a_stage(tmp_path: Path) -> None:
    done = doctor(tmp_path, "--region", "eu-central-1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "resplice: --region is of a stage: name it with --stage\n"


def test_a_stage_has_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any) -> str:
        raise ValueError("no such\nstack")

    monkeypatch.setattr(deployed, "_output", gone)
    with pytest.raises(RespliceError, match="stage prod: no such stack"):
        deployed.api_url("prod", "eu-central-1")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
