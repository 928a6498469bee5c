"""What came of the rows of a table: one result each, as a table again, and in a line at the end."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from resplice.cli.failures import complain
from resplice.cli.written import replacing
from resplice.core.document.table import harmless
from resplice.core.report import share_reused
from resplice.errors import DocumentError, MakeError, RespliceError, shown
from resplice.frozen import frozen
from resplice.steps.messages import log_failure, short, user_message
from resplice.steps.movie_cache import Outcome

HEADER = (
    *("row", "file", "status", "seconds", "took_seconds", "paid_usd", "reused"),
    *("message", "warnings"),
)
MAX_TOLD = 20
"""Failures on the terminal; the table has them all."""
MAX_MESSAGE_CHARS = 1_000


@frozen
class Result:
    """What came of a row. seconds: of the movie. took_s: from its beginning to its file. paid_usd:
    to providers, by list prices. reused: the share of the work that the cache saved, 0 to 1.
    message: why there is no movie. refused: whether that is because of its document.
    """

    row: int
    file: str
    took_s: float
    seconds: float | None = None
    paid_usd: float = 0.0
    reused: float = 0.0
    message: str = ""
    warnings: tuple[str, ...] = ()
    refused: bool = False

    @property
    def done(self) -> bool:
        return self.seconds is not None

    def cells(self) -> list[Any]:
        """As HEADER names them; what a row without a movie has not is empty."""
        told = (harmless(self.message), harmless(_bounded("; ".join(self.warnings))))
        begun = [self.row, self.file]
        took = f"{self.took_s:.2f}"
        if self.seconds is None:
            return [*begun, "error", "", took, "", "", *told]
        paid, reused = f"{self.paid_usd:g}", f"{self.reused:.3f}"
        return [*begun, "done", f"{self.seconds:g}", took, paid, reused, *told]


def made_of(row: int, file: str, took_s: float, outcome: Outcome) -> Result:
    report = outcome.report
    return Result(
        row,
        file,
        took_s,
        seconds=float(str(outcome.stored.facts["duration"])),
        paid_usd=report.spent.micro_usd / 1e6,
        reused=share_reused(report.as_json()),
        warnings=tuple(report.all_warnings),
    )


def failed_by(row: int, file: str, took_s: float, error: Exception) -> Result:
    """What is no fault of a document is logged."""
    log_failure(error, f"of row {row}")
    if isinstance(error, DocumentError | MakeError):
        message = "; ".join(str(problem) for problem in error.problems)
    else:
        message = str(error) if isinstance(error, RespliceError) else user_message(error)
    refused = isinstance(error, DocumentError)
    return Result(row, file, took_s, message=_bounded(message), refused=refused)


def _bounded(text: str) -> str:
    return short(text, MAX_MESSAGE_CHARS)


class Results:
    """The table, which has each result from when it is told, and all in order in the end."""

    def __init__(self, table: Path) -> None:
        self._table, self._all = table, list[Result]()
        self._file = table.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(HEADER)

    def add(self, result: Result) -> None:
        self._all.append(result)
        self._writer.writerow(result.cells())
        self._file.flush()

    def close(self) -> None:
        self._file.close()

    def ordered(self) -> Sequence[Result]:
        """All of them, when there are no more. Raises StorageError."""
        self._all.sort(key=lambda result: result.row)
        with (
            replacing(self._table) as beside,
            beside.open("w", encoding="utf-8", newline="") as file,
        ):
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(result.cells() for result in self._all)
        return self._all


def told(results: Sequence[Result], table: Path, *, quiet: bool) -> int:
    """Print what came of all of them; the exit code."""
    failed = [result for result in results if not result.done]
    if not quiet:
        print(f"{_summary(results)}: {table}")
    if not failed:
        return 0
    lines = [f"row {each.row}, {each.file}: {shown(each.message)}" for each in failed[:MAX_TOLD]]
    more = [f"and {len(failed) - MAX_TOLD} more: {table}"] if len(failed) > MAX_TOLD else []
    return complain(2 if all(each.refused for each in results) else 1, *lines, *more)


def _summary(results: Sequence[Result]) -> str:
    made = [result for result in results if result.done]
    parts = [f"{len(made)} of {len(results)} movies made"]
    if made:
        parts.append(f"{100 * sum(each.reused for each in made) / len(made):.0f} % from the cache")
    if paid := sum(each.paid_usd for each in made):
        parts.append(f"${paid:.4f} paid")
    if warned := sum(bool(each.warnings) for each in made):
        parts.append(f"{warned} with warnings")
    return ", ".join(parts)
