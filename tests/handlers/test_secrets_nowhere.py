"""The secret of a connection is in no file, log, report, error or child of a render through it."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from paid import KEY, account, gallery
from provider_servers.generating import Reply
from provider_servers.speaking import refusing
from resplice.errors import MakeError
from studio import movie

SECRET = KEY.encode()


def children(pid: int) -> Iterator[int]:
    """Of the process and of its children, now."""
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from children(int(child))


class Watch:
    """What children said of themselves: their programs, arguments and environments."""

    def __init__(self) -> None:
        self.programs, self.said = set[str](), set[bytes]()
        self._over = threading.Event()

    def look(self) -> None:
        while not self._over.wait(0.005):
            for child in set(children(os.getpid())):
                with suppress(OSError):
                    place = Path(f"/proc/{child}")
                    self.programs.add((place / "exe").resolve().name)
                    self.said |= {(place / name).read_bytes() for name in ("environ", "cmdline")}

    @contextmanager
    def ing(self) -> Iterator[None]:
        thread = threading.Thread(target=self.look)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()


def files_with(folder: Path, secret: bytes) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path for path in files if secret in path.read_bytes()]


@pytest.fixture(autouse=True)
def talkative(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def test_it_is_nowhere_when_all_is_well(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    watch, spoken = Watch(), {"type": "voice", "text": "Guten Tag.", "voice": "de-DE-KatjaNeural"}
    title = {"type": "text", "text": "Ann", "width": 60, "height": 30}
    with account(tmp_path / "a", "elevenlabs") as desk, watch.ing():
        document = movie({"elements": [desk.line("Well said."), spoken, title]})
        report = desk.lab.render(document).report
    assert any("ffmpeg" in name for name in watch.programs), watch.programs
    assert any("python" in name for name in watch.programs), "who speaks"
    assert any("chrom" in name for name in watch.programs), "who paints"
    assert [each for each in watch.said if SECRET in each] == []
    assert files_with(tmp_path, SECRET) == []
    assert KEY not in json.dumps(report.as_json()) + caplog.text


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_it_is_nowhere_when_a_voice_echoes_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    with account(tmp_path, "elevenlabs") as desk:
        told = {"detail": {"message": f"the key {KEY} is bad, {KEY[:12]}"}}
        desk.server.faults.extend([refusing(status, told, Retry_After="0.01")] * 5)
        with pytest.raises(MakeError) as caught:
            desk.lab.planned(movie({"elements": [desk.line("Well said.")]}))
    assert KEY not in f"{caught.value!r} {caught.value} {caplog.text}"
    assert KEY[:12] not in str(caught.value)
    assert files_with(tmp_path, SECRET) == []


def test_it_is_nowhere_when_a_generator_echoes_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with gallery(tmp_path, "replicate") as desk:
        desk.server.instead += [Reply(401, {"detail": f"the token {KEY} is bad"})]
        with pytest.raises(MakeError) as caught:
            desk.lab.planned(movie({"duration": 0.2, "elements": [desk.image()]}))
    assert KEY not in f"{caught.value!r} {caught.value} {caplog.text}"
    assert files_with(tmp_path, SECRET) == []
