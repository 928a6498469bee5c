"""`resplice cache verify --sample`: proofs of movies in the cache, as lines or as JSON."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from resplice.core.proof import SAMPLE_RATE, SAMPLES_HASHED, Cause, Proof, Span, Verdict
from resplice.ports import Ports
from resplice.steps.execution.beginning import accepted_now
from resplice.steps.execution.local import prove
from resplice.steps.execution.proving import sampled
from resplice.steps.pipeline.accept import Accepted

WORDS: Mapping[Verdict, str] = {
    "same": "the same",
    "renewed": "made of what was got anew since",
    "differs": "not the same",
    "unproven": "not proven",
}
SHOWN = 8
"""Causes of one movie; `--json` has all."""


def percent(text: str) -> float:
    """`1%` as 0.01, for argparse. Raises ArgumentTypeError."""
    try:
        share = float(text.removesuffix("%")) / 100
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no part of the movies, such as 1%%")
    return share


def proofs(share: float | None, named: Sequence[Accepted], ports: Ports) -> Iterator[Proof | int]:
    """The number of movies that are sampled from, if any are, and then what came of each proof.
    named: those to be proven besides.
    """
    for accepted in named:
        yield prove(partial(lambda known: known, accepted), "", ports)
    if share is None:
        return
    found, every = sampled(share, 0, ports)
    yield every
    for project, _ in found:
        yield prove(partial(accepted_now, project, ports), project, ports)


def told(found: Iterator[Proof | int], *, as_json: bool, tell: Callable[[str], Any]) -> int:
    """Tell what was found, as it is; the exit code."""
    made, every = list[Proof](), None
    for each in found:
        if isinstance(each, int):
            every = each
            continue
        made.append(each)
        if not as_json and each.verdict != "same":
            for line in lines(each):
                tell(line)
    count = Counter(proof.verdict for proof in made)
    if as_json:
        proven = [asdict(proof) for proof in made]
        tell(json.dumps({"movies": every, "count": count, "proofs": proven}, indent=2))
    else:
        of = "" if every is None else f" of {every} that were asked for"
        parts = [f"{count[verdict]} {words}" for verdict, words in WORDS.items() if count[verdict]]
        tell(f"made {len(made)} movies{of} anew: {', '.join(parts) or 'there is none'}")
    return int(bool(count["differs"]))


def lines(proof: Proof) -> Iterator[str]:
    of = f"project {proof.project}" if proof.project else proof.movie
    more = f": {proof.reason}" if proof.reason else ""
    yield f"{of}: {WORDS[proof.verdict]}{more}"
    yield from (f"  {_span(span)}" for span in proof.spans)
    yield from (f"  {_cause(cause)}" for cause in proof.causes[:SHOWN])
    if left := len(proof.causes) - SHOWN:
        yield from [f"  and {left} more"] * (left > 0)
    if proof.spans and not proof.causes:
        yield "  no field of a key explains it: what is joined is the same, and joined otherwise"
    if proof.verdict in ("differs", "renewed"):
        yield "  the cache has the new one now"


def _span(span: Span) -> str:
    if span.of == "frames":
        return f"{span.count} frames differ, from {span.first} to {span.last}"
    first_s, last_s = (n * SAMPLES_HASHED / SAMPLE_RATE for n in (span.first, span.last + 1))
    return f"the sound differs, from {first_s:.2f} to {last_s:.2f} s"


def _cause(cause: Cause) -> str:
    if cause.field == "piece":
        return f"{cause.at} has other bytes: nothing in its key explains that"
    if cause.field.startswith("tools."):
        return f"{cause.field} was {cause.was[:12]} and is {cause.now[:12]}, and is in no key of it"
    if cause.ours:
        return (
            f"{cause.at} ({cause.field}) was made anew with other bytes: its key does not say why"
        )
    return f"{cause.at} ({cause.field}) has other bytes since: it was got anew"
