"""The command line: resplice sign init | show. The key that manifests of movies are signed with."""

from __future__ import annotations

import argparse
import sys

from resplice.cli.failures import complain
from resplice.cli.options import add_data
from resplice.wiring.signing import pem_of, signing_key


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice sign`."""
    actions = parser.add_subparsers(
        required=True, metavar="ACTION", parser_class=argparse.ArgumentParser
    )
    init = actions.add_parser("init", help="make a key, and print its public part")
    init.set_defaults(run=_init)
    show = actions.add_parser("show", help="print the public part again")
    show.add_argument("--pem", action="store_true", help="as a PEM file, as OpenSSL reads it")
    show.set_defaults(run=_show)
    for action in (init, show):
        add_data(action)


def _init(options: argparse.Namespace) -> int:
    key = signing_key(options.data)
    try:
        public = key.make()
    except FileExistsError:
        return complain(
            2, f"{key.file} is there already: `resplice sign show` prints its public key"
        )
    print(public)
    print(f"{key.file}: signs each movie that is made from now on; keep it", file=sys.stderr)
    return 0


def _show(options: argparse.Namespace) -> int:
    key = signing_key(options.data)
    try:
        public = key.public()
    except FileNotFoundError:
        return complain(2, f"there is no {key.file}: `resplice sign init` makes it")
    print(pem_of(public).strip() if options.pem else public)
    return 0
