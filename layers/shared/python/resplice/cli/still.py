"""The command line: resplice still. Frames of a movie as PNGs; it is not rendered for them."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from resplice.cli.failures import complain
from resplice.cli.movie_call import accepted_of, add_making, add_movie, document_of, files_read
from resplice.cli.options import hold_to_sandbox, paid_of
from resplice.cli.written import deliver, resolved, unwritable
from resplice.core.wanted_stills import MAX_SIDE, Stills, seconds_said, sheet_said
from resplice.errors import NotFound
from resplice.ports import Ports
from resplice.steps.execution.local import Seen, look
from resplice.steps.pipeline.accept import Accepted
from resplice.wiring.local import local


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may be said after `resplice still`."""
    add_movie(parser)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--at",
        action="append",
        default=[],
        type=_seconds,
        metavar="SECONDS",
        help="the frame that is shown then; may be repeated, for a picture each",
    )
    which.add_argument(
        "--sheet",
        type=_sheet,
        metavar="4x3",
        help="one picture of so many columns and rows of frames, over the whole length",
    )
    parser.add_argument(
        "-o",
        "--out",
        type=Path,
        metavar="OUT.png",
        help="default: MOVIE.png; of several pictures OUT-1.png, OUT-2.png, …",
    )
    add_making(parser)
    parser.set_defaults(run=_look)


def _seconds(text: str) -> float:
    try:
        return seconds_said(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a number of seconds: {text}") from None


def _sheet(text: str) -> tuple[int, int]:
    try:
        return sheet_said(text)
    except ValueError:
        most = f"4x3, {MAX_SIDE}x{MAX_SIDE} at most"
        raise argparse.ArgumentTypeError(f"not columns and rows ({most}): {text}") from None


def _look(options: argparse.Namespace) -> int:
    """Pays nobody unless --max-cost says how much may be paid."""
    hold_to_sandbox(options)
    document, variables = document_of(options)
    wanted = Stills(tuple(options.at), options.sheet)
    named = options.out or Path(options.movie.with_suffix(".png").name)
    if reason := unwritable(named):
        return complain(2, f"{named}: {reason}")
    outs = _outs(named, 1 if options.sheet else len(options.at))
    for out in outs:
        if reason := unwritable(out):
            return complain(2, f"{out}: {reason}")
    paid = paid_of(options)
    with local(
        options.data,
        allowed=options.allow_source,
        files_allowed=True,
        paid=replace(paid, max_cost_micro_usd=paid.max_cost_micro_usd or 0),
        components=options.components,
    ) as ports:
        accepted = accepted_of(options, document, variables, ports)
        if overwritten := resolved(outs) & files_read(accepted, options):
            return complain(2, *(f"{path}: is read for this picture" for path in overwritten))
        warnings, seen = _seen(accepted, wanted, outs, ports)
    if not options.quiet:
        for out, said in zip(outs, _told(seen, accepted.movie.fps), strict=False):
            print(f"{out}: {said}")
        for warning in warnings:
            print(f"warning: {warning}")
    return 0


def _outs(named: Path, count: int) -> list[Path]:
    if count == 1:
        return [named]
    return [named.with_stem(f"{named.stem}-{number + 1}") for number in range(count)]


def _seen(
    accepted: Accepted, wanted: Stills, outs: list[Path], ports: Ports
) -> tuple[list[str], Seen]:
    """(warnings, what is seen in the pictures, which are delivered). A stored one that turns out
    to be damaged is made again.
    """
    report, seen = look(accepted, wanted, ports)
    try:
        _deliver(seen, outs, ports)
    except NotFound:
        report, seen = look(accepted, wanted, ports)
        _deliver(seen, outs, ports)
    return report.all_warnings, seen


def _deliver(seen: Seen, outs: list[Path], ports: Ports) -> None:
    for key, out in zip(seen.keys, outs, strict=True):
        deliver(key, out, ports)


def _told(seen: Seen, fps: int) -> list[str]:
    """Of each picture, what is seen in it."""
    if len(seen.keys) < len(seen.frames):
        first, *_, last = (f"{frame / fps:g}" for frame in seen.frames)
        return [f"{len(seen.frames)} frames, from {first} s to {last} s"]
    return [f"frame {frame}, at {round(frame / fps, 3):g} s" for frame in seen.frames]
