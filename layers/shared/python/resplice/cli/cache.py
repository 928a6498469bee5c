"""The command line: resplice cache stats | verify | clear."""

from __future__ import annotations

import argparse

from resplice.cli.options import add_data
from resplice.wiring.local import cache_report


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice cache`."""
    parser.add_argument("action", choices=("stats", "verify", "clear"))
    parser.add_argument("--layer", choices=("elements", "scenes", "movies"), help="for clear")
    add_data(parser)
    parser.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> int:
    print(cache_report(options.data, options.action, options.layer))
    return 0
