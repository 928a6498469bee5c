"""`make simulate`: what many movies at once would meet on AWS. Nothing is rendered, and no network.

The real code takes movies in, joins equal ones, begins, ends and sweeps, with a clock that is
simulated; functions take and cost what `make cost` measured, as the README tells it.
"""

from __future__ import annotations

import argparse
import logging
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from resplice.wiring.local import local

from benchmarks.simulation import measured
from benchmarks.simulation.account import OTHER_S, TABLE_S
from benchmarks.simulation.patterns import (
    LONG_MINUTES,
    LONG_SCENES,
    PATTERNS,
    Result,
    accepting,
    play,
)

NOTES = f"""
From the README: seconds and dollars of each function, and how many calls a movie of a minute takes.
Real code: projects.submit, Coalescer (start, end_waiting, sweep), beginning.begin, complete,
fail_with, stopped, and the order, the retries and the widths of the state machine. Not run: the
search for elements and the plan (how many tasks they name was counted by `make cost`), what makes
pieces, deliveries, clients that ask whether a movie is there.
Assumed: {TABLE_S * 1000:g} ms for a request of the table, {OTHER_S * 1000:g} ms for one of S3 that
ends a movie, or of Step Functions; no cold starts; each scene takes the mean; S3 does not divide
a prefix; clients that are refused ask again, in the order in which they came. A movie of three
hours has {LONG_SCENES:,} scenes: it takes {LONG_MINUTES} times the seconds of pictures and of
joining, and those of preparing and planning by its scenes. Step Functions as in smaller regions.
A new account gets a tenth of the burst of different ones: with ten functions most of it only waits.
"""
PLACE = re.compile("(?<=<!-- scale -->\n).*(?=<!-- /scale -->)", re.S)
HEADS = ("movies", "functions at once", "ends", "p50", "p95", "longest", "costs")
LIMITS = ("saturates first", "then")


def rows(results: list[Result]) -> Iterator[str]:
    """The table, line by line."""
    yield f"| {' | '.join((*HEADS, *LIMITS))} |"
    yield "|---" * len((*HEADS, *LIMITS)) + "|"
    for result in results:
        waits, account = result.waits_s(), result.stage.account
        first, *others = [f"{name}, {_time(at_s)}" for at_s, name, _ in result.saturated()] or ["-"]
        ends = ", ".join(f"{n:,} {status}" for status, n in result.ends().most_common())
        longest = _time(waits[-1])
        if (long_s := result.long_s()) is not None:
            longest += f"; that of 3 h {_time(long_s)}"
        cells = (
            *(result.pattern.name, f"{account.quotas.concurrency:,}", ends),
            *(_time(waits[len(waits) // 2]), _time(waits[int(len(waits) * 0.95)]), longest),
            *(f"${result.dollars():.2f}", first, "; ".join(others) or "-"),
        )
        yield f"| {' | '.join(cells)} |"


def details(result: Result) -> Iterator[str]:
    """What the table has no room for."""
    account, asked = result.stage.account, result.stage.asked
    made, tries = sum(result.stage.rendered.values()), account.tries
    yield f"\n{result.pattern.name}, {account.quotas.concurrency:,} functions at once:"
    yield f"  rendered {made:,}; at most {account.most_running:,} functions ran at once"
    yield f"  {account.transitions:,} transitions; {tries:,} tries for which no function was free"
    for at_s, name, times in result.saturated():
        yield f"  {name}: first waited for at {_time(at_s)}, {times:,} times"
    for what, window in (
        *(("table, most written key", account.writes), ("table, most read key", account.reads)),
        *(("S3, most written prefix", account.puts), ("S3, most read prefix", account.gets)),
    ):
        units, key = window.peak()
        yield f"  {what}: {units:,.0f} of {window.most:,.0f} a second ({key[:24]})"
    swept, again = result.stage.swept, result.stage.asked_again.total()
    yield f"  {asked.requests:,} requests of the table"
    yield f"  of them {sum(swept):,} of {len(swept):,} sweeps, {max(swept, default=0):,} at most"
    yield f"  {again:,} executions were asked for again"
    for function, times in account.died.items():
        yield f"  {function} ran out of time {times:,} times, and was made up for"


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.1f} min"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulate", description=__doc__)
    parser.add_argument("--readme", action="store_true", help="put the table into README.md")
    into_readme = parser.parse_args().readme
    logging.disable(logging.ERROR)  # The sweep tells of what died: here that is counted.
    began_s, results = time.process_time(), list[Result]()
    work = measured.measured(measured.README.read_text())
    with tempfile.TemporaryDirectory() as folder, local(Path(folder)) as ports:
        accepted = accepting(ports)
        for pattern in PATTERNS:
            for concurrency in pattern.accounts:
                results.append(play(pattern, concurrency, work, ports, accepted))
                print("\n".join(details(results[-1])), flush=True)
    way = "in the fast lane" if work.lane is not None else "without the fast lane"
    print("", *rows(results), f"\nMovies begin {way}: so the README's table.", NOTES, sep="\n")
    print(f"{time.process_time() - began_s:.0f} s of CPU")
    if into_readme:
        table, text = "\n".join(rows(results)) + "\n", measured.README.read_text()
        measured.README.write_text(PLACE.sub(lambda _: table, text, count=1))


if __name__ == "__main__":
    main()
