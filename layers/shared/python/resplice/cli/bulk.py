"""The command line: resplice bulk. A movie once for each row of a table, and what came of each.

A run that was stopped is called again: what was made is in the cache.
"""

from __future__ import annotations

import argparse
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, TextIO

from resplice.cli.bulk_progress import BulkProgress
from resplice.cli.bulk_results import Result, Results, failed_by, made_of, told
from resplice.cli.failures import complain
from resplice.cli.movie_call import accepted_of, add_making, add_movie, document_of, files_read
from resplice.cli.options import hold_to_sandbox, paid_of
from resplice.cli.render import made
from resplice.cli.terminal import Quiet
from resplice.cli.written import deliver, files_written, real, resolved, unwritable
from resplice.core.document.expand import merged
from resplice.core.document.limits import MAX_BYTES
from resplice.core.document.table import ROW, Row, csv_rows, each_named, json_rows, wrong
from resplice.errors import DocumentError
from resplice.ports import Ports
from resplice.wiring.local import local, own_run
from resplice.wiring.pools import Pools, renders_at_once

MOVIE = ".mp4"
READERS = {".csv": csv_rows, ".jsonl": json_rows, ".ndjson": json_rows}
RESULTS = "results.csv"
MAX_AT_ONCE = 64
RUN_ROWS = 100
"""Rows that keep what they use from eviction together: to look what is to go costs a look at all
that there is.
"""


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
        default=renders_at_once() + 2,
        metavar="N",
        help="movies that are worked on side by side; they share the processors",
    )
    parser.add_argument("--results", type=Path, metavar="FILE.csv", help=f"default: DIR/{RESULTS}")
    add_making(parser)
    parser.set_defaults(run=_bulk)


def _at_once(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_AT_ONCE:
        raise argparse.ArgumentTypeError(f"not a whole number from 1 to {MAX_AT_ONCE}: {text}")
    return int(text)


def _bulk(options: argparse.Namespace) -> int:
    hold_to_sandbox(options)
    document, variables = document_of(options)
    out: Path = options.out
    table: Path = options.results or out / RESULTS
    with _table(options, _known(document, variables)) as rows:
        names = [name for _, name in rows()]
        if not names:
            return complain(2, f"{options.rows}: there are no rows")
        files = Files(resolved([options.movie, options.variables, options.rows]))
        if reason := _unusable(out, table, names, files):
            return complain(2, reason)
        pools = Pools()
        with (
            files_written(table),
            closing(Results(table)) as results,
            local(
                options.data,
                allowed=options.allow_source,
                files_allowed=True,
                one_run=False,
                paid=paid_of(options),
                components=options.components,
                pools=pools,
            ) as ports,
            BulkProgress(len(names), shown=not options.quiet) as progress,
        ):
            make = partial(_result, options, document, variables, files)
            for result in _all(options, rows(), make, ports, pools):
                results.add(result)
                progress.ended(failed=not result.done)
        return told(results.ordered(), table, quiet=options.quiet)


def _known(document: Mapping[str, Any], variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """The variables that the names of files may have, beside those of their rows."""
    own = document.get("variables")
    return merged(own if isinstance(own, dict) else {}, variables)


def _unusable(out: Path, table: Path, names: list[str], files: Files) -> str | None:
    """Why nothing can be written there; the folder is made."""
    if not out.is_dir():
        if reason := "is no folder" if out.exists() else unwritable(out):
            return f"{out}: {reason}"
        with files_written(out):
            out.mkdir()
    for path in (out / names[0], table):
        if reason := unwritable(path):
            return f"{path}: {reason}"
    if real(table) in files.read | resolved(out / name for name in names):
        return f"{table}: the results need a file of their own"
    return None


@contextmanager
def _table(
    options: argparse.Namespace, known: Mapping[str, Any]
) -> Iterator[Callable[[], Iterator[tuple[Row, str]]]]:
    """Reads every row and the name of its movie, as they are now, as often as it is called.

    Raises DocumentError, also when they are read.
    """
    path: Path = options.rows
    reader = READERS.get(path.suffix.lower())

    def rows() -> Iterator[tuple[Row, str]]:
        if reader is None:
            raise wrong(f"a table is one of {', '.join(READERS)}")
        copy.seek(0)
        text = os.fdopen(copy.fileno(), encoding="utf-8-sig", newline="", closefd=False)
        with text:
            yield from each_named(reader(_lines(text)), options.name, MOVIE, known)

    def named() -> Iterator[tuple[Row, str]]:
        try:
            yield from rows()
        except UnicodeDecodeError:
            raise wrong(f"{path}: is not UTF-8") from None
        except DocumentError as error:
            raise wrong("; ".join(f"{path}: {each.message}" for each in error.problems)) from None

    with TemporaryFile() as copy:
        try:
            with path.open("rb") as file:
                shutil.copyfileobj(file, copy)
        except OSError as error:
            raise wrong(f"{path}: {error.strerror or 'cannot be read'}") from None
        yield named


def _lines(file: TextIO) -> Iterator[str]:
    """No longer ones than a document may be."""
    while line := file.readline(MAX_BYTES + 1):
        if len(line) > MAX_BYTES:
            raise wrong("a line is too long")
        yield line


Make = Callable[[Ports, Row, str], Result]


def _all(
    options: argparse.Namespace,
    rows: Iterator[tuple[Row, str]],
    make: Make,
    ports: Ports,
    pools: Pools,
) -> Iterator[Result]:
    """The results, as they come; few rows are held at a time, however many there are.

    The first is made alone: what most rows share, such as a scene without variables, is then there.
    """
    stopped = threading.Event()
    first, at_once = 1, options.at_once
    while some := [*islice(rows, RUN_ROWS)]:
        with own_run(ports, options.data, pools, waits=lambda: not stopped.is_set()) as own:
            try:
                for part in (some[:first], some[first:]):
                    yield from _side_by_side(part, partial(make, own), at_once)
            except BaseException:
                stopped.set()  # By somebody who does not want to wait.
                raise
        first = 0


def _side_by_side(
    rows: list[tuple[Row, str]], make: Callable[[Row, str], Result], at_once: int
) -> Iterator[Result]:
    pool, running = ThreadPoolExecutor(at_once, "row"), set[Future[Result]]()
    try:
        for row, name in rows:
            running.add(pool.submit(make, row, name))
            if len(running) > at_once:
                ended, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (each.result() for each in ended)
        while running:
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (each.result() for each in ended)
    finally:
        # What is left was interrupted, and nobody waits for it.
        pool.shutdown(wait=False, cancel_futures=True)


class Files:
    """Local files of a run: none is written that any movie reads, none read that was written."""

    def __init__(self, read: set[Path]) -> None:
        self.read, self._written, self._alone = read, set[Path](), threading.Lock()

    def claim(self, out: Path, sources: set[Path]) -> None:
        """For a movie that is made of the sources. Raises DocumentError."""
        with self._alone:
            if out in self.read | sources:
                raise wrong("its movie would be written over a file that movies are made of")
            if made := next(iter(sources & self._written), None):
                raise wrong(f"{made} was made by another row")
            self.read.update(sources)
            self._written.add(out)


def _result(
    options: argparse.Namespace,
    document: dict[str, Any],
    variables: dict[str, Any],
    files: Files,
    ports: Ports,
    row: Row,
    name: str,
) -> Result:
    """Whatever a row is like, the others are not held up by it."""
    began_s = time.monotonic()
    try:
        accepted = accepted_of(options, document, merged(variables, row.variables), ports)
        out: Path = options.out / name
        files.claim(real(out), files_read(accepted, options))
        outcome = made(accepted, ports, Quiet(), partial(deliver, out=out, ports=ports))
    except Exception as error:
        return failed_by(row.number, name, time.monotonic() - began_s, error)
    return made_of(row.number, name, time.monotonic() - began_s, outcome)
