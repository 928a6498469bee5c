"""The command line: resplice sign init | show | certificate. What movies are signed with: the key
of their manifests, and the certificate of their content credentials.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

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
    certificate = actions.add_parser(
        "certificate", help="keep the certificate that content credentials (C2PA) are signed with"
    )
    certificate.add_argument("chain", type=Path, metavar="CHAIN", help="it first, in PEM")
    certificate.add_argument("key", type=Path, metavar="KEY", help="its private key, in PEM")
    certificate.set_defaults(run=_certificate)
    for action in (init, show, certificate):
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


def _certificate(options: argparse.Namespace) -> int:
    try:
        chain, key = options.chain.read_bytes(), options.key.read_bytes()
        with ports_of_place(options) as ports:
            whose = ports.credentials.keep(chain, key)
            commanded("sign certificate", FIRST_OWNER, {"certificate": whose}, ports)
    except OSError as error:
        return complain(2, f"{error.filename}: {error.strerror or 'cannot be read'}")
    except (Conflict, ValueError) as error:
        return complain(2, f"{error}: nothing was kept")
    print(whose)
    return 0
