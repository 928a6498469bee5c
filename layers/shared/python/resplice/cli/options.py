"""Options that several commands take."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation
from pathlib import Path

from resplice.core.addresses import AllowedSource
from resplice.core.quotas import MOST_USD, Bounds
from resplice.wiring.local import Paid, data_folder
from resplice.wiring.sandbox import keep_untold, require_sandbox


def add_sources(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--allow-source",
        action="append",
        default=[],
        type=AllowedSource.parse,
        metavar="HOST:PORT",
        help="open exactly this address, private or not, for sources; may be repeated",
    )


def add_paid(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--max-cost",
        type=_micro_usd,
        metavar="USD",
        help="pay no more than that to providers for one movie, by their list prices",
    )
    parser.add_argument(
        "--strict-voices",
        action="store_true",
        help="a voice whose provider is not there is an error; else another voice speaks",
    )
    parser.add_argument(
        "--strict-fonts",
        action="store_true",
        help="a font that cannot be had is an error; else another is drawn, with a warning",
    )
    parser.add_argument(
        "--placeholders",
        action="store_true",
        help="show a labelled card in place of what would be generated",
    )


def add_bounds(parser: argparse.ArgumentParser, of: str) -> None:
    """of: whom they bound, in words."""
    parser.add_argument(
        "--movies-per-day",
        type=_whole,
        metavar="N",
        help=f"take in no more a day, {of}; what is in the cache is free",
    )
    parser.add_argument(
        "--seconds-per-day",
        type=_whole,
        metavar="N",
        help=f"render no more seconds of pictures a day, {of}",
    )
    parser.add_argument(
        "--usd-per-day",
        type=_micro_usd,
        metavar="USD",
        help=f"pay no more than that to providers in a day, {of}, by list prices where known",
    )


def bounds_of(options: argparse.Namespace) -> Bounds:
    """What add_bounds was told."""
    return Bounds(options.movies_per_day, options.seconds_per_day, options.usd_per_day)


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"not a whole number: {text}")
    return int(text)


def paid_of(options: argparse.Namespace) -> Paid:
    """What add_paid was told."""
    said = options.max_cost, options.strict_voices, options.placeholders
    return Paid(*said, options.strict_fonts)


def _micro_usd(text: str) -> int:
    try:
        usd = Decimal(text)
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"not a number of dollars: {text}") from None
    if not usd.is_finite() or not 0 <= usd <= MOST_USD:
        raise argparse.ArgumentTypeError(f"not a number of dollars: {text}")
    return int(usd * 1_000_000)


def add_sandbox(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--require-sandbox",
        action="store_true",
        help="refuse to work where programs cannot be confined; or RESPLICE_REQUIRE_SANDBOX=1",
    )


def hold_to_sandbox(options: argparse.Namespace) -> None:
    """For commands on a terminal: what is missing is told where it is refused, else not at all.

    Raises SandboxMissing.
    """
    keep_untold()
    require_sandbox(options.require_sandbox)


def add_components(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--components",
        type=Path,
        metavar="DIR",
        help="a folder of your own components, DIR/<pack>/<id>/; default: RESPLICE_COMPONENTS",
    )


def add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, default=data_folder(), metavar="DIR", help="caches and projects"
    )


def add_origins(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--cors-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="of a web page whose scripts may call: https://studio.example; may be repeated",
    )
