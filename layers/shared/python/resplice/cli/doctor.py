"""The command line: resplice doctor. What works here and what does not, and what to do about it.

Exit codes: 0 all works, or works with warnings; 1 something is broken.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict

from resplice.cli.options import add_data
from resplice.cli.place import wrong
from resplice.wiring.doctor import BROKEN, OK, WARN, Finding, examined

PORT = 8080


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice doctor`."""
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    parser.add_argument(
        "--port", type=_port, default=PORT, help=f"of `resplice serve`; default: {PORT}"
    )
    parser.add_argument(
        "--stage",
        metavar="NAME",
        help="look at that stage on AWS, too: the account and, with RESPLICE_API_KEY, a movie",
    )
    parser.add_argument("--region", metavar="REGION", help="of the stage; default: your shell's")
    add_data(parser)
    parser.set_defaults(run=_examine)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError(f"not a port: {text}")
    return int(text)


def _examine(options: argparse.Namespace) -> int:
    if options.region and not options.stage:
        raise wrong("--region is of a stage: name it with --stage")
    found = list[Finding]()
    for finding in examined(options.data, options.port, options.stage, options.region):
        found.append(finding)
        if not options.json:
            print(_line(finding), flush=True)
    counted = Counter(finding.how for finding in found)
    if options.json:
        told = {"works": not counted[BROKEN], "findings": [asdict(each) for each in found]}
        print(json.dumps(told, indent=2))
    else:
        print(f"{counted[OK]} ok, {counted[WARN]} to look at, {counted[BROKEN]} broken")
    return 1 if counted[BROKEN] else 0


def _line(finding: Finding) -> str:
    mend = f" → {finding.mend}" if finding.mend else ""
    return f"{finding.how:7} {finding.name:8} {finding.said}{mend}"
