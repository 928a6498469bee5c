"""The command line: resplice sign init | show. The key that manifests of movies are signed with."""

from __future__ import annotations

import argparse
import sys

from resplice.cli.failures import complain
from resplice.cli.place import add_place, ports_of_place
from resplice.core.owners import FIRST_OWNER
from resplice.errors import Conflict
from resplice.steps.auditing import commanded
from resplice.wiring.signing import pem_of


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
        add_place(action, "--region")


def _init(options: argparse.Namespace) -> int:
    try:
        with ports_of_place(options) as ports:
            public = ports.signer.make()
            commanded("sign init", FIRST_OWNER, {"public_key": public}, ports)
    except Conflict as error:
        return complain(2, f"{error}: `resplice sign show` prints its public key")
    print(public)
    print("Each movie that is made from now on is signed: keep a copy of the key", file=sys.stderr)
    return 0


def _show(options: argparse.Namespace) -> int:
    with ports_of_place(options) as ports:
        public = ports.signer.public()
    if public is None:
        return complain(2, "there is no key: `resplice sign init` makes one")
    print(pem_of(public).strip() if options.pem else public)
    return 0
