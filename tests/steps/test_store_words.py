"""What a store says of itself is for the log: callers hear that it failed, in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest
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
from resplice.steps.messages import STORE_FAILED, log_failure, problems_message, user_message
from resplice.wiring.local import local

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
