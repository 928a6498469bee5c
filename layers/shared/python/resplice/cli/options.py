"""Options that several commands take."""

from __future__ import annotations

import argparse
from pathlib import Path

from resplice.core.addresses import AllowedSource
from resplice.wiring.local import data_folder


def add_sources(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--allow-source",
        action="append",
        default=[],
        type=AllowedSource.parse,
        metavar="HOST:PORT",
        help="open exactly this address, private or not, for sources; may be repeated",
    )


def add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, default=data_folder(), metavar="DIR", help="caches and projects"
    )
