"""The command line: resplice serve."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path

from resplice.cli.options import (
    add_bounds,
    add_components,
    add_data,
    add_origins,
    add_paid,
    add_sandbox,
    add_sources,
    bounds_of,
    paid_of,
)
from resplice.wiring.sandbox import require_sandbox
from resplice.wiring.server_key import server_key
from resplice.wiring.service import cors_origins
from resplice.wiring.serving import Address, serve, serve_stack


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice serve`."""
    parser.add_argument("--port", type=int, default=8080)
    keys = parser.add_mutually_exclusive_group()
    keys.add_argument(
        "--api-key",
        metavar="KEY",
        help="the x-api-key to ask for; others on this machine see arguments, so rather:",
    )
    keys.add_argument(
        "--api-key-file",
        type=Path,
        metavar="FILE",
        help="a file that holds it; or set RESPLICE_API_KEY or RESPLICE_API_KEY_FILE; none: open",
    )
    parser.add_argument(
        "--public-url",
        type=_public_url,
        default=os.environ.get("RESPLICE_PUBLIC_URL") or None,
        metavar="URL",
        help="how others reach it, through a proxy of yours that speaks TLS: links begin with it",
    )
    add_origins(parser)
    parser.add_argument(
        "--stack",
        action="store_true",
        help="the AWS stack on a stand-in for AWS, for trying; keeps nothing, --data is unused",
    )
    add_paid(parser)
    add_bounds(parser, "for all owners together")
    add_sources(parser)
    add_sandbox(parser)
    add_components(parser)
    add_data(parser)
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    key = server_key(options.api_key, options.api_key_file)
    origins = cors_origins(*options.cors_origin)
    require_sandbox(options.require_sandbox)
    if options.stack:
        opened = [f"{each.host}:{each.port}" for each in options.allow_source]
        sandboxed = options.require_sandbox
        serve_stack(options.port, key, opened, origins, bounds_of(options), sandboxed=sandboxed)
    paid = paid_of(options)
    opened, own = options.allow_source, options.components
    place = Address(options.port, options.public_url, origins)
    return serve(options.data, place, key, opened, paid, own, bounds_of(options))


def _public_url(text: str) -> str:
    url = text.rstrip("/")
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", url):
        raise argparse.ArgumentTypeError("it is like https://movies.example.com")
    return url
