"""What became of saves, on the terminal and on the page: the same words on both."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from resplice.cli.failures import complain, lines_of
from resplice.errors import DocumentError, MakeError, Problem, RespliceError
from resplice.steps.messages import log_failure, user_message
from resplice.wiring.player import Player

REDRAW_SECONDS = 0.25


class Screen:
    """For one thread at a time. The page is told all that it shows, each time."""

    def __init__(self, name: str, player: Player, *, quiet: bool) -> None:
        """name: of the movie."""
        self._player, self._quiet, self._drawn_at_s = player, quiet, 0.0
        self._told: dict[str, Any] = {
            **{"name": name, "film": None, "line": "", "problems": [], "warnings": []},
            **{"renders": False, "done": None},
        }

    def renders(self) -> None:
        """What is wrong, and the film before that, stay where they are."""
        self._tell(renders=True, done=None, line="rendering…")

    def progress(self, share: float) -> None:
        """Not more often than people see it."""
        if time.monotonic() - self._drawn_at_s > REDRAW_SECONDS:
            self._drawn_at_s = time.monotonic()
            self._tell(done=round(share, 3))

    def shows(self, key: str, line: str, warnings: list[str]) -> None:
        self._tell(film=f"/{key}", line=line, problems=[], warnings=warnings, renders=False)
        if not self._quiet:
            with suppress(OSError):  # Without a terminal the page goes on.
                at = time.strftime("%H:%M:%S")
                told = (f"{at} {line}", *(f"warning: {each}" for each in warnings))
                print(*told, sep="\n", flush=True)

    def fails(self, error: Exception) -> None:
        """The film before this save stays. What is no fault of a document is logged."""
        if isinstance(error, RespliceError):
            lines = lines_of(error)
        else:
            log_failure(error, "of this save")
            lines = [user_message(error)]
        stays = "the film before it is shown" if self._told["film"] else "there is no film yet"
        line = f"{len(lines)} problem{'s' * (len(lines) != 1)} in this save: {stays}"
        self._tell(line=line, problems=_problems(error, lines), renders=False)
        with suppress(OSError):
            complain(1, *lines)

    def _tell(self, **changed: Any) -> None:
        self._told |= changed
        self._player.tell(self._told)


def _problems(error: Exception, lines: list[str]) -> list[dict[str, str]]:
    told = (
        error.problems
        if isinstance(error, DocumentError | MakeError)
        else [Problem("", line) for line in lines]
    )
    return [{"path": each.path, "message": each.message} for each in told]
