"""The command line: resplice cache stats | verify | clear | explain."""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path
from typing import Any

from resplice.cli.edit_text import edit_json, edit_text
from resplice.cli.failures import complain
from resplice.cli.options import add_components, add_data, add_paid, add_sources
from resplice.cli.proofs import percent, verify
from resplice.core.document.strict_json import parse
from resplice.core.owners import FIRST_OWNER
from resplice.core.tallies import told_text
from resplice.errors import DocumentError, Problem
from resplice.ports import Ports
from resplice.steps.edit_cost import edit_cost
from resplice.steps.pipeline.accept import Accepted, accept
from resplice.steps.tallying import lately
from resplice.wiring.local import cache_report, local, located

DAYS = 7


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice cache`."""
    parser.add_argument("action", choices=("stats", "verify", "clear", "explain"))
    parser.add_argument(
        "documents",
        nargs="*",
        type=Path,
        metavar="A.json B.json",
        help="for explain: what the edit from A to B will cost, rendering nothing; for verify: "
        "movies to be made anew and compared with those in the cache",
    )
    parser.add_argument("--layer", choices=("elements", "scenes", "movies"), help="for clear")
    parser.add_argument(
        "--sample",
        type=percent,
        metavar="1%",
        help="for verify: make that part of the movies that `serve` was asked for anew, and "
        "compare their frames and samples with those in the cache",
    )
    parser.add_argument(
        "--json", action="store_true", help="for explain, and for verify: print it as JSON"
    )
    parser.add_argument(
        "--variables", type=Path, metavar="V.json", help="for verify: values for {{names}}"
    )
    parser.add_argument(
        "--base-url",
        action="append",
        default=["http://127.0.0.1:8080", "http://localhost:8080"],
        metavar="URL",
        help="for verify: where `serve` gives owners' files, if that is elsewhere",
    )
    add_paid(parser)
    add_sources(parser)
    add_components(parser)
    add_data(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    if options.action == "explain":
        return _explain(options)
    if options.action == "verify" and (options.sample or options.documents):
        return verify(options)
    if options.documents or options.sample:
        return complain(2, f"`resplice cache {options.action}` takes no documents and no sample")
    print(cache_report(options.data, options.action, options.layer))
    if options.action == "stats":
        with local(options.data) as ports:
            _, sums = lately(FIRST_OWNER, DAYS, ports)
        print("\n".join(told_text(sums, DAYS)))
    return 0


def _explain(options: argparse.Namespace) -> int:
    if len(options.documents) != 2:
        return complain(2, "`resplice cache explain` takes two documents: A.json B.json")
    earlier, later = options.documents
    with local(options.data, files_allowed=True, components=options.components) as ports:
        cost = edit_cost(_accepted(earlier, ports), _accepted(later, ports), ports)
    if options.json:
        print(json.dumps(edit_json(cost), indent=2, ensure_ascii=False))
    else:
        print("\n".join([f"{later} against {earlier}, taken for rendered", *edit_text(cost)]))
    return 0


def _accepted(file: Path, ports: Ports) -> Accepted:
    """Raises DocumentError that names the file."""
    try:
        return accept(
            _document(file),
            ports.tools,
            ports.offers,
            ports.components.all,
            files_allowed=True,
            located=partial(located, folder=file.absolute().parent),
        )
    except DocumentError as error:
        raise DocumentError(
            Problem(each.path, f"{file}: {each.message}") for each in error.problems
        ) from None


def _document(file: Path) -> dict[str, Any]:
    try:
        return parse(file.read_bytes())
    except OSError as error:
        raise DocumentError([Problem("", error.strerror or "cannot be read")]) from None
