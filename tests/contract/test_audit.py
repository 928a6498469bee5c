"""The audit log: each act is one line, wherever it is kept, and nothing else is done to it."""

from __future__ import annotations

import fcntl
import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import cloud
import pytest
from resplice.adapters.cloudwatch.audit import GroupAudit
from resplice.adapters.disk import audit
from resplice.adapters.disk.audit import AuditFile
from resplice.adapters.lambda_.audit import LoggedAudit
from resplice.errors import StorageError
from resplice.ports.audit import Audit

ACT = {"at": "2026-11-30T10:00:00.000Z", "act": "POST /v2/movies", "about": {"project": "a\nb é"}}
Kept = Callable[[], list[Mapping[str, Any]]]


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[Mapping[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(vars(record)["audit"])


@pytest.fixture(params=["file", "function", "group"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Audit, Kept]]:
    if request.param == "file":
        file = tmp_path / "data" / audit.NAME
        yield (
            AuditFile(tmp_path / "data"),
            lambda: [*map(json.loads, file.read_text().splitlines())],
        )
    elif request.param == "group":
        client, name = cloud.client("logs"), cloud.new_log_group()

        def told() -> list[Mapping[str, Any]]:
            events = client.filter_log_events(logGroupName=name)["events"]
            return [json.loads(event["message"])["audit"] for event in events]

        yield GroupAudit(lambda: client, lambda: name), told
    else:
        lines, log = Lines(), logging.getLogger("resplice.adapters.lambda_.audit")
        log.addHandler(lines)
        log.setLevel(logging.INFO)
        yield LoggedAudit(), lambda: lines.told
        log.removeHandler(lines)


def test_acts_are_kept_one_after_the_other(place: tuple[Audit, Kept]) -> None:
    log, kept = place
    log.tell(ACT)
    log.tell({**ACT, "act": "DELETE /v2/movies"})
    assert sorted(each["act"] for each in kept()) == ["DELETE /v2/movies", "POST /v2/movies"]
    assert ACT in kept()


def test_a_file_is_nobodys_but_the_owners_and_never_fills_the_disk(tmp_path: Path) -> None:
    log = AuditFile(tmp_path, file_bytes=1000)
    for number in range(200):
        log.tell({**ACT, "number": number})
    files = [tmp_path / name for name in audit.NAMES]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert all(0 < file.stat().st_size <= 1000 for file in files)
    lines = [line for file in reversed(files) for line in file.read_text().splitlines()]
    numbers = [json.loads(line)["number"] for line in lines]
    assert numbers == [*range(numbers[0], 200)] and len(numbers) > 50
    with pytest.raises(StorageError, match="longer than a file may be"):
        AuditFile(tmp_path / "small", file_bytes=10).tell(ACT)


def test_who_writes_at_the_same_time_loses_no_line_of_another(tmp_path: Path) -> None:
    def tell(writer: int) -> None:
        log = AuditFile(tmp_path, file_bytes=3000)
        for number in range(40):
            log.tell({"writer": writer, "number": number})

    threads = [threading.Thread(target=tell, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files = [path for path in tmp_path.iterdir() if path.name in audit.NAMES]
    told = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    assert sorted((each["writer"], each["number"]) for each in told) == [
        (writer, number) for writer in range(8) for number in range(40)
    ]
    assert len(files) > 1


def test_what_cannot_be_kept_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="file"):
        AuditFile(tmp_path / "file").tell(ACT)
    with pytest.raises(StorageError, match="no-such-group"):
        GroupAudit(lambda: cloud.client("logs"), lambda: "no-such-group").tell(ACT)


def test_a_file_that_somebody_holds_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "PATIENCE_S", 0.1)
    log = AuditFile(tmp_path)
    log.tell(ACT)
    with (tmp_path / audit.NAME).open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(StorageError, match="Resource temporarily unavailable"):
            log.tell(ACT)
    log.tell(ACT)
    assert len((tmp_path / audit.NAME).read_text().splitlines()) == 2


def test_any_text_can_be_told(place: tuple[Audit, Kept]) -> None:
    log, kept = place
    log.tell({**ACT, "about": {"template": "\ud800"}})
    assert kept()[0]["about"] == {"template": "\ud800"}
