"""`resplice cache verify --sample`: proofs of movies in the cache, as lines or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from resplice.cli.movie_call import accepted_of, document_of
from resplice.cli.options import paid_of
from resplice.core.proof import SAMPLE_RATE, SAMPLES_HASHED, Cause, Proof, Span, Verdict
from resplice.errors import DocumentError, Problem
from resplice.ports import Ports
from resplice.steps.execution.beginning import accepted_now
from resplice.steps.execution.local import prove
from resplice.steps.execution.proving import sampled
from resplice.steps.pipeline.accept import Accepted
from resplice.steps.random_text import random_text
from resplice.wiring.local import cache_report, local, own_run
from resplice.wiring.pools import Pools

Named = tuple[str, Proof]
"""What a proof is of, in words, and what came of it."""
WORDS: Mapping[Verdict, str] = {
    "same": "the same",
    "renewed": "of other sources since",
    "differs": "not the same",
    "unproven": "not proven",
}
WORD_CHARS = 8
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


def verify(options: argparse.Namespace) -> int:
    """The store first: what is damaged there is no movie to be compared with. 1 when a movie is not
    the same, or one that is named could not be proven.
    """
    checked = cache_report(options.data, "verify", None)
    print(checked, file=sys.stderr if options.json else sys.stdout, flush=True)
    tell = partial(print, flush=True)
    found = list[Named]()
    for name, proof in _named(options):
        found.append((name, proof))
        _tell(name, proof, options, tell)
    every = None
    if options.sample is not None:
        every = _sampled(options, found, tell)
    tell(_whole(found, every) if options.json else _summary(found, every))
    unproven = any(each.verdict == "unproven" and not each.project for _, each in found)
    return int(unproven or any(each.verdict == "differs" for _, each in found))


def _named(options: argparse.Namespace) -> Iterator[Named]:
    """Of the documents that are named. Raises DocumentError."""
    if not options.documents:
        return
    with _making(options, files_allowed=True) as (ports, alone):
        for file in options.documents:
            with alone() as own:
                yield str(file), prove(partial(_read, file, options, ports), None, own)


def _read(file: Path, options: argparse.Namespace, ports: Ports) -> Accepted:
    """Raises DocumentError that names the file, NotFound, StorageError."""
    said = argparse.Namespace(movie=file, variables=options.variables)
    try:
        return accepted_of(said, *document_of(said), ports)
    except DocumentError as error:
        raise DocumentError(
            Problem(each.path, f"{file}: {each.message}") for each in error.problems
        ) from None


def _sampled(options: argparse.Namespace, found: list[Named], tell: Callable[[str], Any]) -> int:
    """Add what comes of a sample; of how many movies it is one."""
    with _making(options, files_allowed=False) as (ports, alone):
        ports.own_urls.are(*options.base_url)
        until_ms = ports.clock.now_ms() + 1
        chosen, every = sampled(options.sample, 0, until_ms, random_text(WORD_CHARS), ports)
        for each in chosen or every[:1]:
            with alone() as own:
                proof = prove(partial(accepted_now, each.project, ports), each, own)
            found.append((f"project {each.project}", proof))
            _tell(*found[-1], options, tell)
    return len(every)


@contextmanager
def _making(
    options: argparse.Namespace, *, files_allowed: bool
) -> Iterator[tuple[Ports, Callable[[], AbstractContextManager[Ports]]]]:
    """Ports, and those of one proof: what it has used may go when it is done."""
    pools = Pools()
    with local(
        options.data,
        allowed=options.allow_source,
        files_allowed=files_allowed,
        one_run=False,
        paid=paid_of(options),
        components=options.components,
        pools=pools,
    ) as ports:
        yield ports, partial(own_run, ports, options.data, pools)


def _tell(name: str, proof: Proof, options: argparse.Namespace, tell: Callable[[str], Any]) -> None:
    if not options.json and proof.verdict != "same":
        for line in lines(name, proof):
            tell(line)


def _whole(found: list[Named], every: int | None) -> str:
    count = Counter(proof.verdict for _, proof in found)
    proven = [{"of": name, **asdict(proof)} for name, proof in found]
    return json.dumps({"movies": every, "count": count, "proofs": proven}, indent=2)


def _summary(found: list[Named], every: int | None) -> str:
    count = Counter(proof.verdict for _, proof in found)
    of = "" if every is None else f", of {every} that were asked for"
    parts = [f"{count[verdict]} {words}" for verdict, words in WORDS.items() if count[verdict]]
    made = len(found) - count["unproven"]
    movies = "1 movie" if made == 1 else f"{made} movies"
    return f"{movies} made anew{of}: {', '.join(parts) or 'there is none'}"


def lines(name: str, proof: Proof) -> Iterator[str]:
    more = f": {proof.reason}" if proof.reason else ""
    yield f"{name}: {WORDS[proof.verdict]}{more}"
    yield from (f"  {_span(span)}" for span in proof.spans)
    yield from (f"  {_cause(cause)}" for cause in proof.causes[:SHOWN])
    if left := len(proof.causes) - SHOWN:
        yield from [f"  and {left} more"] * (left > 0)
    if proof.spans and not proof.causes:
        yield "  all that it is made of is the same: it was put together otherwise"
    if proof.verdict == "differs":
        yield "  whoever asks for it next gets it anew"


def _span(span: Span) -> str:
    if span.of == "frames":
        return f"{span.count} frames differ, from {span.first} to {span.last}"
    first_s, last_s = (n * SAMPLES_HASHED / SAMPLE_RATE for n in (span.first, span.last + 1))
    return f"the sound differs, from {first_s:.2f} to {last_s:.2f} s"


def _cause(cause: Cause) -> str:
    if cause.field.startswith("tools."):
        return f"{cause.field} was {cause.was[:12]} and is {cause.now[:12]}, and is in no key of it"
    if cause.field == "movie":
        return f"the cache has {cause.was} in its place"
    if cause.ours:
        return f"{cause.at}: {cause.field} has other bytes: nothing in its key explains that"
    return f"{cause.at} ({cause.field}) has other bytes since: it was got anew"
