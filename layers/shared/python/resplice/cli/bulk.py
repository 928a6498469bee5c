"""The command line: resplice bulk. A movie once for each row of a table, and what came of each.

A run that was stopped is called again: what was made is in the cache.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from resplice.cli.bulk_progress import BulkProgress
from resplice.cli.failures import complain
from resplice.cli.movie_call import accepted_of, add_movie, document_of, files_read
from resplice.cli.options import add_components, add_data, add_paid, add_sources, paid_of
from resplice.cli.render import made
from resplice.cli.terminal import Quiet
from resplice.cli.written import files_written, resolved, unwritable
from resplice.core.document.limits import MAX_BYTES
from resplice.core.document.table import ROW, Row, csv_rows, each_named, json_rows, wrong
from resplice.core.report import Report
from resplice.errors import DocumentError, MakeError, RespliceError
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.steps.messages import user_message
from resplice.wiring.local import local, own_run
from resplice.wiring.pools import Pools

MOVIE = ".mp4"
READERS = {".csv": csv_rows, ".jsonl": json_rows, ".ndjson": json_rows}
RESULTS = "results.csv"
MAX_AT_ONCE = 64
MAX_TOLD = 20
"""Failures on the terminal; the table of results has them all."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice bulk`."""
    add_movie(parser)
    parser.add_argument("rows", type=Path, metavar="ROWS.csv|jsonl", help="values for {{names}}")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--name",
        default=f"{{{{{ROW}}}}}",
        metavar="PATTERN",
        help="of each file: '{{city}}-{{row}}'; default: the number of the row",
    )
    parser.add_argument(
        "--at-once",
        type=_at_once,
        default=(os.cpu_count() or 2) + 2,
        metavar="N",
        help="movies that are worked on side by side; they share the processors",
    )
    parser.add_argument("--results", type=Path, metavar="FILE.csv", help=f"default: DIR/{RESULTS}")
    parser.add_argument("--quiet", action="store_true", help="print errors only")
    add_paid(parser)
    add_sources(parser)
    add_components(parser)
    add_data(parser)
    parser.set_defaults(run=_bulk)


def _at_once(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_AT_ONCE:
        raise argparse.ArgumentTypeError(f"not a whole number from 1 to {MAX_AT_ONCE}: {text}")
    return int(text)


@frozen
class Result:
    """What came of a row. seconds: of the movie. took_s: from its beginning to its file. paid_usd:
    to providers, by list prices. reused: the share of the work that the cache saved, 0 to 1.
    message: why there is no movie.
    """

    row: int
    file: str
    status: str
    seconds: float | None = None
    took_s: float = 0.0
    paid_usd: float = 0.0
    reused: float | None = None
    message: str = ""

    def cells(self) -> list[Any]:
        seconds = "" if self.seconds is None else f"{self.seconds:g}"
        reused = "" if self.reused is None else f"{self.reused:.3f}"
        times = (seconds, f"{self.took_s:.2f}")
        return [
            self.row,
            self.file,
            self.status,
            *times,
            f"{self.paid_usd:g}",
            reused,
            self.message,
        ]


HEADER = ("row", "file", "status", "seconds", "took_seconds", "paid_usd", "reused", "message")


def _bulk(options: argparse.Namespace) -> int:
    document, variables = document_of(options)
    out: Path = options.out
    table: Path = options.results or out / RESULTS
    with _refusing(options.rows):
        count = sum(1 for _ in _rows(options))
    if not count:
        return complain(2, f"{options.rows}: there are no rows")
    with files_written(out):
        out.mkdir(exist_ok=True)
    for path in (out / f"1{MOVIE}", table):
        if reason := unwritable(path):
            return complain(2, f"{path}: {reason}")
    pools = Pools()
    with (
        local(
            options.data,
            allowed=options.allow_source,
            files_allowed=True,
            one_run=False,
            paid=paid_of(options),
            components=options.components,
            pools=pools,
        ) as ports,
        BulkProgress(count, shown=not options.quiet) as progress,
    ):
        make = partial(_result, options, document, variables, ports, pools)
        results = list[Result]()
        for result in _all(options, make):
            results.append(result)
            progress.ended(failed=result.status == "error")
    results.sort(key=lambda result: result.row)
    with files_written(table):
        _write(results, table)
    return _told(results, table, quiet=options.quiet)


@contextmanager
def _refusing(rows: Path) -> Iterator[None]:
    """What is wrong with the table names its file."""
    try:
        yield
    except DocumentError as error:
        raise wrong("; ".join(f"{rows}: {problem}" for problem in error.problems)) from None


def _rows(options: argparse.Namespace) -> Iterator[tuple[Row, str]]:
    """Every row and the name of its movie. Raises DocumentError."""
    path: Path = options.rows
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise wrong(f"a table is one of {', '.join(READERS)}")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from each_named(reader(_lines(file)), options.name, MOVIE)
    except OSError as error:
        raise wrong(error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise wrong("is not UTF-8") from None


def _lines(file: io.TextIOBase) -> Iterator[str]:
    """No longer ones than a document may be."""
    while line := file.readline(MAX_BYTES + 1):
        if len(line) > MAX_BYTES:
            raise wrong("a line is too long")
        yield line


def _all(options: argparse.Namespace, make: Any) -> Iterator[Result]:
    """The results, as they come; few rows are held at a time, however many there are.

    The first is made alone: what most rows share, such as a scene without variables, is then there.
    """
    running = set[Future[Result]]()
    pool, rows = ThreadPoolExecutor(options.at_once, "row"), _rows(options)
    try:
        yield make(*next(rows))
        for row, name in rows:
            running.add(pool.submit(make, row, name))
            if len(running) >= options.at_once + 1:
                ended, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (each.result() for each in ended)
        yield from (each.result() for each in running)
    finally:
        # What is left was interrupted, and nobody waits for it.
        pool.shutdown(wait=False, cancel_futures=True)


def _result(
    options: argparse.Namespace,
    document: dict[str, Any],
    variables: dict[str, Any],
    ports: Ports,
    pools: Pools,
    row: Row,
    name: str,
) -> Result:
    """Whatever a row is like, the others are not held up by it."""
    began_s = time.monotonic()
    try:
        with own_run(ports, options.data, pools, owner=str(row.number)) as own:
            said = {**variables, **row.variables}
            accepted = accepted_of(options, document, said, own)
            out = options.out / name
            if resolved([out]) & (files_read(accepted, options) | resolved([options.rows])):
                raise wrong("its movie would be written over a file that it is made of")
            outcome = made(accepted, out, own, Quiet())
    except Exception as error:
        return Result(
            row.number, name, "error", took_s=time.monotonic() - began_s, message=_reason(error)
        )
    report, seconds = outcome.report, outcome.stored.facts["duration"]
    return Result(
        row.number,
        name,
        "done",
        float(str(seconds)),
        time.monotonic() - began_s,
        report.spent.micro_usd / 1e6,
        _reused(report),
    )


def _reused(report: Report) -> float:
    if report.result in ("hit", "joined"):
        return 1.0
    whole_ms = report.saved_ms + report.rendered_ms
    return report.saved_ms / whole_ms if whole_ms else 0.0


def _reason(error: Exception) -> str:
    if isinstance(error, DocumentError | MakeError):
        return "; ".join(str(problem) for problem in error.problems)
    return str(error) if isinstance(error, RespliceError) else user_message(error)


def _write(results: list[Result], table: Path) -> None:
    """Whole, or not at all."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(result.cells() for result in results)
    beside = table.with_name(f".{table.name}.new")
    beside.write_text(text.getvalue(), encoding="utf-8", newline="")
    beside.replace(table)


def _told(results: list[Result], table: Path, *, quiet: bool) -> int:
    failed = [result for result in results if result.status == "error"]
    if not quiet:
        shares = [result.reused for result in results if result.reused is not None]
        reused = f", {100 * sum(shares) / len(shares):.0f} % from the cache" if shares else ""
        paid = sum(result.paid_usd for result in results)
        cost = f", ${paid:.4f} paid" if paid else ""
        print(f"{len(results) - len(failed)} of {len(results)} movies made{reused}{cost}: {table}")
    if not failed:
        return 0
    told = [f"row {each.row}, {each.file}: {each.message}" for each in failed[:MAX_TOLD]]
    more = [f"and {len(failed) - MAX_TOLD} more: {table}"] if len(failed) > MAX_TOLD else []
    return complain(1, *told, *more)
