"""`make cost`: what a minute of 1080p costs on AWS, computed from the CPU seconds it takes here.

Each call of a function is made here, one after the other, with as much in it as on Lambda, and its
CPU seconds are measured (Linux only). A call is billed for them by the processors that its memory
buys, and for no less than the time it took here: not all of it keeps two processors busy. So what
else your machine does makes it dearer; `nice -n -15` keeps that out.
What new environments take is measured too, and added where no function is warm. Not in it: the time
that S3 and downloads take, and AWS to find a place for a new environment. A processor of Lambda may
be faster or slower than yours.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from resplice.core.addresses import AllowedSource
from resplice.wiring.local import local

from benchmarks import media, movies, prices
from benchmarks.billing import Bill, bill_of
from benchmarks.cold import Start, starts
from infra.rows import ROWS
from infra.synthesis import cdk_out

ROOT = Path(__file__).resolve().parents[1]
README, PLACE = ROOT / "README.md", re.compile("(?<=<!-- cost -->\n).*(?=<!-- /cost -->)", re.S)
SCENES, SHORT_SCENES = 12, 3
TIMES, AT_ONCE = 10, 100
"""Of a movie of ten minutes, which is reckoned from that of one."""
ROUNDS = 2


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The port at which the folder's files are."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


MINUTE = [movies.scenes(SCENES, edited=edited) for edited in (-1, 5, -1)]
"""A movie of which nothing is there, one text in it edited, the same again."""


def bills(folder: Path, given: Sequence[movies.Document], *, in_lane: bool) -> list[Bill]:
    """Of the movies, made one after the other."""
    rounds: list[list[Bill]] = []
    with served(folder) as port:
        documents = [json.loads(_located(json.dumps(each), port)) for each in given]
        for _ in range(ROUNDS):
            with (
                tempfile.TemporaryDirectory(dir=folder) as data,
                local(Path(data), allowed=[AllowedSource("127.0.0.1", port)]) as ports,
            ):
                rounds.append([bill_of(each, ports, in_lane=in_lane) for each in documents])
    return [first.least(second) for first, second in zip(*rounds, strict=True)]


def _located(text: str, port: int) -> str:
    for name in media.RECIPES:
        text = text.replace(f'"{name}"', f'"http://127.0.0.1:{port}/{name}"')
    return text


def report(
    fast: Sequence[Bill], fanned_out: Sequence[Bill], short: Bill, begun: Sequence[Start]
) -> Iterator[str]:
    """The tables, line by line. The first two: of a movie cold, edited, again; in the lane and
    without. short: of one of three scenes, in the lane.
    """
    yield from _heading(
        *(f"60 s, 1080p30, {SCENES} scenes", "CPU", "wait"),
        *("Lambda", "Step Functions", "the rest", "together"),
    )
    named = ("nothing in the cache", "one text edited", "the same again")
    for name, bill in zip(named, fast, strict=True):
        yield _of(name, bill)
    for name, bill in zip(named[:2], fanned_out, strict=False):
        yield _of(f"{name}, without the fast lane", bill)
    starts_s = {start.function: start.seconds() for start in begun}
    for name, bills in (("", fast), (", without the fast lane", fanned_out)):
        for what, bill in zip(named, bills, strict=True):
            yield _of(f"{what}, no function warm{name}", bill.cold(starts_s))
    cold = fast[0]
    watched = cents(cold.size_bytes / 1e9 * prices.CLOUDFRONT_GB)
    yield _row(f"watched once, {cold.size_bytes / 1e6:.0f} MB", "", "", "", "", watched, watched)
    yield ""
    yield from _by_function("of the first row", cold)
    yield ""
    yield from _by_function("without the fast lane", fanned_out[0])
    yield ""
    yield from _waits(short, fast[0], fanned_out[0], starts_s)
    yield ""
    yield from _starts(begun)
    yield ""
    yield from _idle()


def _of(name: str, bill: Bill) -> str:
    parts = (bill.functions(), bill.workflow(), bill.rest(), bill.together())
    return _row(name, f"{bill.cpu_s():.1f} s", f"{bill.wait_s():.1f} s", *map(cents, parts))


def _by_function(which: str, bill: Bill) -> Iterator[str]:
    yield from _heading(which, "calls", "memory", "CPU", "billed", "costs")
    for function, row in ROWS.items():
        if not (calls := bill.of(function)):
            continue
        cpu_s, billed_s = sum(c.cpu_s for c in calls), sum(c.billed_s() for c in calls)
        numbers = (str(len(calls)), f"{row.memory_mb} MB", f"{cpu_s:.2f} s", f"{billed_s:.2f} s")
        yield _row(function, *numbers, cents(sum(call.dollars() for call in calls)))
    workflow = cents(bill.workflow())
    yield _row("Step Functions", f"{bill.transitions} transitions", "", "", "", workflow)


def _waits(
    short: Bill, fast: Bill, fanned_out: Bill, starts_s: Mapping[str, float]
) -> Iterator[str]:
    yield from _heading("from submit to movie, nothing in the cache", "warm", "no function warm")
    for name, bill in ((f"12 s, {SHORT_SCENES} scenes", short), (f"60 s, {SCENES} scenes", fast)):
        yield _row(name, *(f"{each.wait_s():.1f} s" for each in (bill, bill.cold(starts_s))))
    name = f"{TIMES} minutes, {TIMES * SCENES} scenes, {AT_ONCE} functions at once"
    both = (fanned_out, fanned_out.cold(starts_s))
    yield _row(name, *(f"{each.longer_s(TIMES, AT_ONCE):.1f} s" for each in both))


def _starts(begun: Sequence[Start]) -> Iterator[str]:
    yield from _heading("a new environment of", "memory", "CPU", "billed", "costs")
    for start in begun:
        row = ROWS[start.function]
        dollars = prices.function_dollars(start.seconds(), row.memory_mb, row.tmp_mb)
        numbers = (f"{row.memory_mb} MB", f"{start.cpu_s:.2f} s", f"{start.seconds():.2f} s")
        yield _row(start.function, *numbers, cents(dollars))


def _idle() -> Iterator[str]:
    yield from _heading("a month in which nobody renders", "costs")
    finish = ROWS["finish"]
    rows = prices.idle_rows(cdk_out(), finish.memory_mb, finish.tmp_mb)
    for name, dollars in (*rows, ("together", sum(dollars for _, dollars in rows))):
        yield _row(name, f"${dollars:.2f}")


def _heading(*names: str) -> Iterator[str]:
    yield _row(*names)
    yield "|---" * len(names) + "|"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def cents(dollars: float) -> str:
    return "< 0.001 ¢" if dollars < 0.5e-5 else f"{dollars * 100:.3f} ¢"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cost", description=__doc__)
    parser.add_argument("--readme", action="store_true", help="put the tables into README.md")
    into_readme = parser.parse_args().readme
    folder = ROOT / "build" / "bench"
    media.make(folder)
    fast, fanned_out = (bills(folder, MINUTE, in_lane=in_lane) for in_lane in (True, False))
    (short,) = bills(folder, [movies.three_scenes()], in_lane=True)
    table = "\n".join(report(fast, fanned_out, short, [*starts()])) + "\n"
    print(table)
    if into_readme:
        README.write_text(PLACE.sub(lambda _: table, README.read_text(), count=1))


if __name__ == "__main__":
    main()
