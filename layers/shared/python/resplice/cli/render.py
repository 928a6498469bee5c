"""The command line: resplice render. A movie document to an MP4, or to its plan."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from resplice.cli.failures import complain
from resplice.cli.options import add_components, add_data, add_paid, add_sources, paid_of
from resplice.cli.terminal import Progress, Quiet, plan_text, summary, unplanned_text
from resplice.core.document.strict_json import parse, parse_value
from resplice.core.report import Report
from resplice.core.sources import named_files
from resplice.errors import CostRefused, DocumentError, NotFound, Problem, StorageError
from resplice.ports import Ports
from resplice.ports.objects import StoredObject
from resplice.steps import templates
from resplice.steps.execution.call import render
from resplice.steps.movie_cache import Outcome, look_up
from resplice.steps.pipeline.accept import Accepted, accept
from resplice.wiring.local import local, local_path, located

CACHED = "the movie is in the cache: nothing would be made or paid"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice render`."""
    parser.add_argument("movie", type=Path, metavar="MOVIE.json")
    parser.add_argument("-o", "--out", type=Path, metavar="OUT.mp4", help="default: MOVIE.mp4")
    parser.add_argument("--variables", type=Path, metavar="V.json", help="values for {{names}}")
    parser.add_argument(
        "--subtitles", type=Path, metavar="OUT.ass", help="write the subtitles, to edit them"
    )
    parser.add_argument("--report", type=Path, metavar="REPORT.json", help="write the report")
    parser.add_argument(
        "--plan",
        action="store_true",
        help="make what is free, print the plan and what would be paid; render and pay nothing",
    )
    parser.add_argument("--quiet", action="store_true", help="print errors only")
    add_paid(parser)
    add_sources(parser)
    add_components(parser)
    add_data(parser)
    parser.set_defaults(run=_render)


def _render(options: argparse.Namespace) -> int:
    document, variables = parse(_bytes(options.movie)), _variables(options.variables)
    out = options.out or Path(options.movie.with_suffix(".mp4").name)
    wanted = (options.report, options.subtitles, None if options.plan else out)
    written = [path for path in wanted if path]
    for path in written:
        if reason := _unwritable(path):
            return complain(2, f"{path}: {reason}")
    if len(_resolved(written)) < len(written):
        return complain(2, "the movie, its report and its subtitles need a file each")
    if not options.plan and out.exists() and not out.is_file():
        return complain(2, f"{out}: is no regular file")
    paid = paid_of(options)
    if options.plan:
        paid = replace(paid, max_cost_micro_usd=0)
    with local(
        options.data,
        allowed=options.allow_source,
        files_allowed=True,
        paid=paid,
        components=options.components,
    ) as ports:
        accepted = accept(
            templates.whole(ports.owner, document, ports),
            ports.tools,
            ports.offers,
            ports.components.all,
            variables=variables,
            files_allowed=True,
            located=partial(located, folder=options.movie.absolute().parent),
        )
        if options.plan:
            return _print_plan(accepted, ports, options)
        if overwritten := _resolved([out, options.report, options.subtitles]) & _read(
            accepted, options
        ):
            return complain(2, *(f"{path}: is read by this render" for path in overwritten))
        with Quiet() if options.quiet else Progress() as watcher:
            outcome = _made(accepted, out, ports, watcher)
        if options.subtitles:
            _write_subtitles(outcome, options.subtitles, ports)
    _write_report(outcome.report, options.report)
    if not options.quiet:
        print(summary(outcome.report))
        print(f"{out}: {outcome.stored.facts['duration']} s, {outcome.stored.size_bytes} bytes")
        if any(export.destinations for export in accepted.movie.exports):
            print("Its exports are left alone: resplice serve sends them")
    return 0


def _read(accepted: Accepted, options: argparse.Namespace) -> set[Path]:
    """Every local file that the render reads."""
    elements = (element for _, element in accepted.movie.each_element())
    sources = [local_path(url) for element in elements for _, url in named_files(element)]
    return _resolved([options.movie, options.variables, *sources])


def _resolved(paths: Iterable[Path | None]) -> set[Path]:
    """What could be a file; a name with a NUL in it could not."""
    return {path.resolve() for path in paths if path and "\0" not in str(path)}


def _variables(path: Path | None) -> dict[str, Any]:
    variables = parse_value(_bytes(path), "variables") if path else {}
    if not isinstance(variables, dict):
        raise DocumentError([Problem("", f"{path}: the variables are not an object")])
    return variables


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "cannot be read"
    raise SystemExit(complain(2, f"{path}: {reason}"))


def _unwritable(path: Path) -> str | None:
    """Why no file can be written there, as far as can be told before."""
    if not path.absolute().parent.is_dir():
        return "the folder does not exist"
    if path.is_dir():
        return "is a folder"
    return None if os.access(path.absolute().parent, os.W_OK) else "the folder cannot be written to"


def _made(accepted: Accepted, out: Path, ports: Ports, watcher: Quiet) -> Outcome:
    """The movie, at out. A stored one that turns out to be damaged is made again."""
    outcome = render(accepted, ports, watcher)
    try:
        _deliver(outcome.stored, out, ports)
    except NotFound:
        outcome = render(accepted, ports, watcher)
        _deliver(outcome.stored, out, ports)
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


def _deliver(stored: StoredObject, out: Path, ports: Ports) -> None:
    """Copy the movie out under a temporary name, then give it its own; a link stays one."""
    target = out.resolve()
    with ports.objects.open(stored.key) as movie, _files_written(out):
        handle, name = tempfile.mkstemp(prefix=".resplice-", dir=target.parent)
        os.close(handle)
        try:
            shutil.copyfile(movie, name)
            Path(name).chmod(0o644)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _write_subtitles(outcome: Outcome, path: Path, ports: Ports) -> None:
    """An empty file when the movie has none."""
    if outcome.ass is None:
        with _files_written(path):
            path.write_text("")
        return
    with ports.objects.open(outcome.ass) as stored, _files_written(path):
        shutil.copyfile(stored, path)


def _write_report(report: Report, path: Path | None) -> None:
    if path:
        with _files_written(path):
            path.write_text(json.dumps(report.as_json(), indent=2) + "\n")


@contextmanager
def _files_written(path: Path) -> Iterator[None]:
    """A file system that refuses is a StorageError that names the path."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}") from error
