"""The command line: resplice render | serve | cache | keys. Parses, calls a step, words the end.

Exit codes: 0 done; 1 a source or the rendering failed; 2 the document or the call is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from resplice import __version__, keys_command
from resplice.adapters.disk.local_files import local_path, located
from resplice.core.addresses import AllowedSource
from resplice.core.document.strict_json import parse, parse_value
from resplice.core.report import Report
from resplice.core.sources import elements, urls
from resplice.errors import (
    DocumentError,
    MakeError,
    NotFound,
    Problem,
    RespliceError,
    StorageError,
)
from resplice.ports import Ports
from resplice.ports.objects import StoredObject
from resplice.steps.execution.run import Outcome, explain, run
from resplice.steps.pipeline.accept import Accepted, accept
from resplice.terminal import Progress, Quiet, plan_text, summary
from resplice.wiring.local import cache_report, data_folder, local, serve, serve_stack


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    options = _parser().parse_args(argv)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except DocumentError as error:
        return _complain(2, *(str(problem) for problem in error.problems))
    except MakeError as error:
        return _complain(1, *(str(problem) for problem in error.problems))
    except RespliceError as error:
        evidence = getattr(error, "evidence", "")
        return _complain(1, str(error), *([evidence] if evidence else []))
    except OSError as error:
        return _unheard(error)
    except KeyboardInterrupt:
        sys.stderr.flush()
        os._exit(130)


def _unheard(error: OSError) -> int:
    """What we print has nowhere to go: the end of a pipe, a full disk."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1 if isinstance(error, BrokenPipeError) else _complain(1, error.strerror or str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="resplice", description="Render JSON2Video movies.")
    parser.add_argument("--version", action="version", version=f"resplice {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _render_options(commands.add_parser("render", help="render a movie to an MP4"))
    _serve_options(commands.add_parser("serve", help="serve the HTTP API on this machine"))
    _cache_options(commands.add_parser("cache", help="look at, check or clear the caches"))
    keys_command.options(commands.add_parser("keys", help="make, list or revoke API keys"))
    return parser


def _render_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("movie", type=Path, metavar="MOVIE.json")
    parser.add_argument("-o", "--out", type=Path, metavar="OUT.mp4", help="default: MOVIE.mp4")
    parser.add_argument("--variables", type=Path, metavar="V.json", help="values for {{names}}")
    parser.add_argument("--report", type=Path, metavar="REPORT.json", help="write the report")
    parser.add_argument(
        "--plan", action="store_true", help="make the elements, print the plan, render nothing"
    )
    parser.add_argument("--quiet", action="store_true", help="print errors only")
    _shared_options(parser)
    parser.set_defaults(run=_render)


def _serve_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--api-key", metavar="KEY", help="the x-api-key to ask for; none: open")
    parser.add_argument(
        "--stack",
        action="store_true",
        help="the AWS stack on a stand-in for AWS, for trying; keeps nothing, --data is unused",
    )
    _shared_options(parser)
    parser.set_defaults(run=_serve)


def _cache_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("stats", "verify", "clear"))
    parser.add_argument("--layer", choices=("elements", "scenes", "movies"), help="for clear")
    _data_option(parser)
    parser.set_defaults(run=_cache)


def _shared_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--allow-source",
        action="append",
        default=[],
        type=AllowedSource.parse,
        metavar="HOST:PORT",
        help="open exactly this address, private or not, for sources; may be repeated",
    )
    _data_option(parser)


def _data_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, default=data_folder(), metavar="DIR", help="caches and projects"
    )


def _render(options: argparse.Namespace) -> int:
    document, variables = parse(_bytes(options.movie)), _variables(options.variables)
    out = options.out or Path(options.movie.with_suffix(".mp4").name)
    for path in filter(None, (options.report, None if options.plan else out)):
        if reason := _unwritable(path):
            return _complain(2, f"{path}: {reason}")
    with local(options.data, allowed=options.allow_source, files_allowed=True) as ports:
        accepted = accept(
            document,
            ports.tools,
            variables=variables,
            files_allowed=True,
            located=partial(located, folder=options.movie.absolute().parent),
        )
        if options.plan:
            return _print_plan(accepted, ports, options)
        if overwritten := _resolved([out, options.report]) & _read(accepted, options):
            return _complain(2, *(f"{path}: is read by this render" for path in overwritten))
        with Quiet() if options.quiet else Progress() as watcher:
            outcome = _made(accepted, out, ports, watcher)
    _write_report(outcome.report, options.report)
    if not options.quiet:
        print(summary(outcome.report))
        print(f"{out}: {outcome.stored.facts['duration']} s, {outcome.stored.size_bytes} bytes")
    return 0


def _read(accepted: Accepted, options: argparse.Namespace) -> set[Path]:
    """Every local file that the render reads."""
    found = [url for _, element in elements(accepted.movie) for _, url in urls(element)]
    sources = [local_path(url) for url in found]
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
    raise SystemExit(_complain(2, f"{path}: {reason}"))


def _unwritable(path: Path) -> str | None:
    """Why no file can be written there, as far as can be told before."""
    if not path.absolute().parent.is_dir():
        return "the folder does not exist"
    if path.is_dir():
        return "is a folder"
    return None if os.access(path.absolute().parent, os.W_OK) else "the folder cannot be written to"


def _made(accepted: Accepted, out: Path, ports: Ports, watcher: Quiet) -> Outcome:
    """The movie, at out. A stored one that turns out to be damaged is made again."""
    outcome = run(accepted, ports, watcher)
    try:
        _deliver(outcome.stored, out, ports)
    except NotFound:
        outcome = run(accepted, ports, watcher)
        _deliver(outcome.stored, out, ports)
    return outcome


def _print_plan(accepted: Accepted, ports: Ports, options: argparse.Namespace) -> int:
    report, planned = explain(accepted, ports)
    _write_report(report, options.report)
    print(plan_text(planned.plan, report))
    return 0


def _deliver(stored: StoredObject, out: Path, ports: Ports) -> None:
    """Copy the movie out under a temporary name, then give it its own."""
    with ports.objects.open(stored.key) as movie, _files_written(out):
        handle, name = tempfile.mkstemp(prefix=".resplice-", dir=out.absolute().parent)
        os.close(handle)
        try:
            shutil.copyfile(movie, name)
            Path(name).chmod(0o644)
            Path(name).replace(out)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


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


def _serve(options: argparse.Namespace) -> int:
    if options.stack:
        opened = [f"{each.host}:{each.port}" for each in options.allow_source]
        serve_stack(options.port, options.api_key, opened)
    return serve(options.data, options.port, options.api_key, options.allow_source)


def _cache(options: argparse.Namespace) -> int:
    print(cache_report(options.data, options.action, options.layer))
    return 0


def _complain(code: int, *lines: str) -> int:
    print(*(f"resplice: {line}" for line in lines), sep="\n", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
