"""The command line: resplice render. A movie document to an MP4, or to its plan."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from resplice.cli.failures import complain
from resplice.cli.movie_call import accepted_of, add_making, add_movie, document_of, files_read
from resplice.cli.options import hold_to_sandbox, paid_of
from resplice.cli.terminal import Progress, Quiet, plan_text, summary, unplanned_text
from resplice.cli.written import deliver, files_written, resolved, unwritable
from resplice.core.report import Report
from resplice.errors import CostRefused, NotFound
from resplice.ports import Ports
from resplice.ports.trace import Trace, Untraced
from resplice.steps.execution.call import render
from resplice.steps.movie_cache import Outcome, look_up
from resplice.steps.pipeline.accept import Accepted
from resplice.wiring.local import local

CACHED = "the movie is in the cache: nothing would be made or paid"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice render`."""
    add_movie(parser)
    parser.add_argument("-o", "--out", type=Path, metavar="OUT.mp4", help="default: MOVIE.mp4")
    parser.add_argument(
        "--subtitles", type=Path, metavar="OUT.ass", help="write the subtitles, to edit them"
    )
    parser.add_argument("--report", type=Path, metavar="REPORT.json", help="write the report")
    parser.add_argument(
        "--manifest",
        type=Path,
        metavar="MANIFEST.json",
        help="write what the movie was made of, by which tools and by whom: `resplice verify`",
    )
    parser.add_argument(
        "--trace",
        type=Path,
        metavar="TRACE.json",
        help="write what was done when, to be opened in a trace viewer such as ui.perfetto.dev",
    )
    parser.add_argument(
        "--plan",
        action="store_true",
        help="make what is free, print the plan and what would be paid; render and pay nothing",
    )
    add_making(parser)
    parser.set_defaults(run=_render)


def _render(options: argparse.Namespace) -> int:
    hold_to_sandbox(options)
    document, variables = document_of(options)
    out = options.out or Path(options.movie.with_suffix(".mp4").name)
    texts = [path for path in (options.report, options.subtitles, options.trace) if path]
    files = [path for path in (options.manifest, None if options.plan else out) if path]
    written = [*texts, *files]
    for path in written:
        if reason := unwritable(path, streams=path in texts):
            return complain(2, f"{path}: {reason}")
    if len(resolved(written)) < len(written):
        return complain(2, "the movie and all that is written beside it need a file each")
    paid = paid_of(options)
    if options.plan:
        paid = replace(paid, max_cost_micro_usd=0)
    with (
        _traced(options.trace) as trace,
        local(
            options.data,
            allowed=options.allow_source,
            files_allowed=True,
            paid=paid,
            components=options.components,
            trace=trace,
        ) as ports,
    ):
        accepted = accepted_of(options, document, variables, ports)
        if options.plan:
            return _print_plan(accepted, ports, options)
        if overwritten := resolved(written) & files_read(accepted, options):
            return complain(2, *(f"{path}: is read by this render" for path in overwritten))
        with Quiet() if options.quiet else Progress() as watcher:
            outcome = made(accepted, ports, watcher, partial(deliver, out=out, ports=ports))
        if options.subtitles:
            _write_subtitles(outcome, options.subtitles, ports)
        if options.manifest and outcome.manifest:
            deliver(outcome.manifest, options.manifest, ports)
    _write_report(outcome.report, options.report)
    if not options.quiet:
        print(summary(outcome.report))
        print(f"{out}: {outcome.stored.facts['duration']} s, {outcome.stored.size_bytes} bytes")
        if any(export.destinations for export in accepted.movie.exports):
            print("Its exports are left alone: resplice serve sends them")
    return 0


@contextmanager
def _traced(path: Path | None) -> Iterator[Trace]:
    """What is done in the context is written there at its end, however it ends."""
    if path is None:
        yield Untraced()
        return
    from resplice.wiring.tracing import recorded  # Late: few want one.

    def write(text: str) -> None:
        with files_written(path):
            path.write_text(text)

    with recorded(write) as trace:
        yield trace


def made(accepted: Accepted, ports: Ports, watcher: Quiet, take: Callable[[str], None]) -> Outcome:
    """The movie, that was taken by its key. A stored one that turns out to be damaged is made
    again.
    """
    outcome = render(accepted, ports, watcher)
    try:
        take(outcome.stored.key)
    except NotFound:
        outcome = render(accepted, ports, watcher)
        take(outcome.stored.key)
    return outcome


def _print_plan(accepted: Accepted, ports: Ports, options: argparse.Namespace) -> int:
    from resplice.steps.execution.local import explain  # Late: most movies are rendered or hits.

    try:
        report, planned = explain(accepted, ports)
    except CostRefused as refused:
        whole = not accepted.bypass and look_up(accepted.key, ports)
        print(CACHED if whole else unplanned_text(refused))
        return 0
    _write_report(report, options.report)
    print(plan_text(planned.plan, report))
    return 0


def _write_subtitles(outcome: Outcome, path: Path, ports: Ports) -> None:
    """An empty file when the movie has none."""
    if outcome.ass is None:
        with files_written(path):
            path.write_text("")
        return
    with (
        ports.objects.open(outcome.ass) as stored,
        files_written(path),
        stored.open("rb") as source,
        path.open("wb") as out,  # It may be a pipe.
    ):
        shutil.copyfileobj(source, out)


def _write_report(report: Report, path: Path | None) -> None:
    if path:
        with files_written(path):
            path.write_text(json.dumps(report.as_json(), indent=2) + "\n")
