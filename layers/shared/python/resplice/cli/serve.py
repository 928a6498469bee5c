"""The command line: resplice serve."""

from __future__ import annotations

import argparse
import os
import re

from resplice.cli.options import add_components, add_data, add_paid, add_sources, paid_of
from resplice.wiring.service import cors_origins
from resplice.wiring.serving import Address, serve, serve_stack


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice serve`."""
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--api-key", metavar="KEY", help="the x-api-key to ask for; none: open")
    parser.add_argument(
        "--public-url",
        type=_public_url,
        default=os.environ.get("RESPLICE_PUBLIC_URL") or None,
        metavar="URL",
        help="how others reach it, through a proxy of yours that speaks TLS: links begin with it",
    )
    parser.add_argument(
        "--cors-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="of a web page whose scripts may call: https://studio.example; may be repeated",
    )
    parser.add_argument(
        "--stack",
        action="store_true",
        help="the AWS stack on a stand-in for AWS, for trying; keeps nothing, --data is unused",
    )
    add_paid(parser)
    add_sources(parser)
    add_components(parser)
    add_data(parser)
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    if options.stack:
        opened = [f"{each.host}:{each.port}" for each in options.allow_source]
        serve_stack(options.port, options.api_key, opened)
    paid = paid_of(options)
    opened, own = options.allow_source, options.components
    place = Address(options.port, options.public_url, cors_origins(*options.cors_origin))
    return serve(options.data, place, options.api_key, opened, paid, own)


def _public_url(text: str) -> str:
    url = text.rstrip("/")
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", url):
        raise argparse.ArgumentTypeError("it is like https://movies.example.com")
    return url
