"""Where a command looks that is about an installation: a data folder, or a stage on AWS."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from resplice.core.owners import FIRST_OWNER, OWNER
from resplice.errors import DocumentError, Problem
from resplice.ports import Ports
from resplice.wiring.local import data_folder, local


def add_place(parser: argparse.ArgumentParser, region_option: str) -> None:
    """region_option: what the stage's region is called in this command."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--stage", metavar="STAGE", help="of the stack that is deployed: prod")
    where.add_argument("--data", type=Path, metavar="DIR", help="of `resplice serve` on it")
    parser.add_argument(
        region_option,
        dest="stage_region",
        metavar="REGION",
        help="of the stage; default: your shell's",
    )
    parser.set_defaults(region_option=region_option)


def add_owner(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--owner",
        type=_owner,
        default=FIRST_OWNER,
        help="whose it is, where several share an installation; default: the first one's",
    )


def _owner(text: str) -> str:
    if not OWNER.fullmatch(text):
        raise argparse.ArgumentTypeError(
            "an owner has 1 to 64 small letters, digits, or after the first any of . _ -"
        )
    return text


@contextmanager
def ports_of_place(options: argparse.Namespace) -> Iterator[Ports]:
    """API keys, connections, signer, clock of the place that was named. Raises DocumentError."""
    if options.stage is not None:
        # Imported late: nothing else of the command line needs AWS.
        from resplice.wiring.deployed import deployed

        yield deployed(options.stage, options.stage_region)
        return
    if options.stage_region:
        raise wrong(f"{options.region_option} is of a stage: name it with --stage")
    with local(options.data or data_folder()) as ports:
        yield ports


def wrong(said: str) -> DocumentError:
    """What a call says that cannot be done."""
    return DocumentError([Problem("", said)])
