"""Messages: errors in words for callers. What callers need not know goes to the log."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Sequence

from resplice.errors import (
    DocumentError,
    LimitReached,
    MakeError,
    PaintError,
    Problem,
    RenderError,
    RespliceError,
    StorageError,
)

MAX_MESSAGE_CHARS = 4_000
"""With paths beside them they fit 16 KiB: some clients take the first piece for the whole."""
MAX_PATH_CHARS = 400
STORE_FAILED = "The store cannot be used now; try again later"
"""For every StorageError: its own message names places and rights, so it is only logged."""

STORE_FULL = "The disk is full where movies are made; try again when there is room"

FULL = (errno.ENOSPC, errno.EDQUOT)
TELLING = (OSError, StorageError, RenderError, PaintError)
"""Errors whose words are of the system or of our own programs; others may quote a stranger's."""

log = logging.getLogger(__name__)


def user_message(error: Exception) -> str:
    """What a project's record says of the error that ended it."""
    if tells_of_a_full_disk(error):
        return STORE_FULL
    if isinstance(error, DocumentError | MakeError):
        return problems_message(error.problems, "\n")[0]
    return plain_message(error) if isinstance(error, RespliceError) else "Internal error"


def plain_message(error: RespliceError) -> str:
    if tells_of_a_full_disk(error):
        return STORE_FULL
    return STORE_FAILED if isinstance(error, StorageError) else short(str(error))


def tells_of_a_full_disk(error: BaseException | None) -> bool:
    """Whether it, or what led to it, is that nothing more can be written: as the system, SQLite or
    FFmpeg says it. LimitReached says itself what follows from that.
    """
    while error is not None and not isinstance(error, LimitReached):
        if getattr(error, "errno", None) in FULL:
            return True
        if getattr(error, "sqlite_errorname", "") == "SQLITE_FULL":
            return True
        told = str(error) if isinstance(error, TELLING) else ""
        said = f"{told} {getattr(error, 'evidence', '')}"
        if any(os.strerror(number) in said for number in FULL):
            return True
        error = error.__cause__ or error.__context__
    return False


def problems_message(problems: Sequence[Problem], separator: str) -> tuple[str, Sequence[Problem]]:
    """The messages of the problems in one text, and those it holds; the others are counted."""
    room, listed = MAX_MESSAGE_CHARS, list[Problem]()
    for problem in problems:
        room -= len(problem.message) + len(separator)
        if room < 0 and listed:
            break
        listed.append(Problem(short(problem.path, MAX_PATH_CHARS), short(problem.message)))
    messages = [problem.message for problem in listed]
    more = [f"and {len(problems) - len(listed)} more"] if len(listed) < len(problems) else []
    return separator.join([*messages, *more]), listed


def log_failure(error: Exception, project_id: str) -> None:
    """Log an error that is no fault of the document."""
    if not isinstance(error, DocumentError | MakeError):
        evidence = getattr(error, "evidence", "")
        log.error("project %s failed: %s\n%s", project_id, error, evidence, exc_info=error)


def short(text: str, max_chars: int = MAX_MESSAGE_CHARS) -> str:
    """Keys of a document may be megabytes long."""
    return text if len(text) <= max_chars else f"{text[:max_chars]}…"
