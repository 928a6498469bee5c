"""What a store says of itself is for the log: callers hear that it failed, in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest
from resplice.adapters.disk.tree import storage_errors
from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.adapters.sqlite.file import SqliteFile
from resplice.api.errors import error_body
from resplice.errors import (
    DocumentError,
    MakeError,
    NotFound,
    Problem,
    RenderError,
    RespliceError,
    StorageError,
)
from resplice.ports.projects import Project
from resplice.steps.execution import complete as completing
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.messages import (
    STORE_FAILED,
    STORE_FULL,
    log_failure,
    problems_message,
    user_message,
)
from resplice.wiring.local import local
from studio import FFMPEG

OWN = "cannot use the table t: AccessDenied for arn:aws:iam::123456789012:role/r"


class Bucket(StorageError):
    """A kind of its own."""


class Idle:
    """Executions that nobody asks for."""

    def start(self, project_id: str) -> bool:
        raise AssertionError(project_id)


@pytest.mark.parametrize("error", [StorageError(OWN), Bucket(OWN)])
def test_a_store_is_told_of_in_plain_words(
    error: StorageError, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert error_body(error) == {"success": False, "message": STORE_FAILED}
    log_failure(error, "p1")
    assert user_message(error) == STORE_FAILED and OWN in caplog.text
    failed = {"Error": type(error).__name__, "Cause": f'{{"errorMessage": "{OWN}"}}'}
    with local(tmp_path) as ports:
        ports.projects.add(Project("p1", "owner", "{}", 1))
        ended = completing.fail_with("p1", failed, Coalescer(ports, Idle()))
        project = ports.projects.get("p1")
    assert ended and project and (project.status, project.message) == ("error", STORE_FAILED)


def test_a_full_disk_is_told_of_whoever_says_it(tmp_path: Path) -> None:
    with pytest.raises(OSError) as by_system:
        Path("/dev/full").write_bytes(b"x")
    with pytest.raises(StorageError) as by_store, storage_errors("store it"):
        Path("/dev/full").write_bytes(b"x")
    rows = SqliteFile(tmp_path / "records.sqlite")
    rows.rows("PRAGMA max_page_count = 1")
    with pytest.raises(StorageError) as by_rows:
        rows.rows("INSERT INTO pointers VALUES ('a', ?)", ("x" * 1_000_000,))
    picture = ["-f", "lavfi", "-i", "color", "-frames:v", "1"]
    with pytest.raises(RenderError) as by_ffmpeg:
        Ffmpeg(Path(FFMPEG)).run([*picture, "-f", "rawvideo", "-y", "file:/dev/full"], timeout_s=20)
    for caught in (by_system, by_store, by_rows, by_ffmpeg):
        assert user_message(caught.value) == STORE_FULL, caught.value
    assert error_body(by_rows.value)["message"] == STORE_FULL
    assert user_message(FileNotFoundError(2, "gone")) == "Internal error"


def test_other_errors_keep_their_words() -> None:
    for error in (RenderError("a scene failed"), NotFound("no movie")):
        assert error_body(error)["message"] == user_message(error) == str(error)
    assert user_message(KeyError(OWN)) == "Internal error"


@pytest.mark.parametrize("kind", [DocumentError, MakeError, RenderError])
def test_words_are_never_long(kind: type[RespliceError]) -> None:
    long = "é" * 100_000
    error = RenderError(long) if kind is RenderError else kind([Problem(long, long)] * 3)
    told = error_body(error)
    assert len(str(told)) < 16_000 and len(user_message(error)) < 4_100


def test_problems_that_fit_are_told_as_they_are() -> None:
    problems = [Problem("a", "one"), Problem("b", "two")]
    assert problems_message(problems, "; ") == ("one; two", problems)
