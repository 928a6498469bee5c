"""Proofs of the cache: a movie from it beside the same movie made anew, and what explains it when
the two differ.

What a proof makes again core.caching says. What was downloaded, bought or is a web page is used as
it is, so that the two are the same, unless something was in the cache that its key does not say.
Pure; steps/execution/proving lets it happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Literal

from resplice.core.filtergraph import Input, Invocation
from resplice.core.provenance import TOOLS
from resplice.frozen import frozen

Verdict = Literal["same", "renewed", "differs", "unproven"]
"""renewed: it differs, as something that it is made of was downloaded, bought or asked for again
since. unproven: it could not be made anew."""
PROOF = "proof-"
"""What the names of runs begin with that are proofs."""
PROVEN = "proven"
"""Under which name what came of one is kept."""
PARTS = ("sources", "generated", "painted")
"""Of a manifest: what has a digest, by the places in the document that show it."""
MADE_NOW = "bypass"
"""What a manifest says of what was made again though it was there."""
MOST_CAUSES = 50
PICTURES, SOUND = "0", "1"
"""The streams of a movie of ours, as FFmpeg numbers them."""
SAMPLES_HASHED = 1024
SAMPLE_RATE = 48_000


@frozen
class Span:
    """What differs of the pictures (frames) or the sound (packets of 1,024 samples), from the first
    to the last, counted from 0; count: how many of those in between do.
    """

    of: Literal["frames", "sound"]
    first: int
    last: int
    count: int


@frozen
class Cause:
    """What explains a difference. field: of the movie's key or of what its key is made of. at:
    where in the document, or under which key. was, now: digests or versions, as far as they are
    known. ours: that it should have been the same.
    """

    field: str
    at: str
    was: str = ""
    now: str = ""
    ours: bool = True


@frozen
class Proof:
    """What came of one. movie: the key of the movie cache. project: whose movie it is, if it is of
    one. reason: why it is unproven.
    """

    verdict: Verdict
    movie: str
    project: str = ""
    spans: tuple[Span, ...] = ()
    causes: tuple[Cause, ...] = ()
    reason: str = ""


def run_of(project: str, word: str) -> str:
    """The name of a run that proves the movie of a project, or of none. word: without a `-`."""
    return f"{PROOF}{project}-{word}"


def is_proof(run: str) -> bool:
    return run.startswith(PROOF)


def project_proven(run: str) -> str:
    """The project whose movie such a run proves; empty where it is of none."""
    return run.removeprefix(PROOF).rpartition("-")[0]


def frames_invocation(movie: str) -> Invocation:
    """Writes a line for each frame and each 1,024 samples of a movie of ours, with their hash.
    movie: the path of its file.
    """
    return Invocation(
        (
            *("-map", "0:v:0", "-map", "0:a:0?", "-fps_mode", "passthrough"),
            *("-c:v", "rawvideo", "-c:a", "pcm_s16le", "-flags", "+bitexact"),
            *("-f", "framehash", "-hash", "murmur3"),
        ),
        inputs=(Input(movie, "mov"),),
    )


def differing(before: Iterable[str], now: Iterable[str], stream: str) -> Span | None:
    """What differs in a stream between what `frames_invocation` wrote; None when nothing does."""
    first, last, count = -1, -1, 0
    pairs = zip_longest(_shown(before, stream), _shown(now, stream))
    for number, (one, other) in enumerate(pairs):
        if one != other:
            first, last, count = number if first < 0 else first, number, count + 1
    return Span("frames" if stream == PICTURES else "sound", first, last, count) if count else None


def _shown(lines: Iterable[str], stream: str) -> Iterator[list[str]]:
    """When each is shown, for how long, and its hash."""
    start = f"{stream},"
    for line in lines:
        if line.startswith(start):
            _, _, shown, lasts, _, hashed = (word.strip() for word in line.split(","))
            yield [shown, lasts, hashed]


def explained(
    before: Mapping[str, Any] | None, now: Mapping[str, Any], remade: Sequence[str]
) -> tuple[Cause, ...]:
    """What may explain that a movie differs, what is first made first, MOST_CAUSES at most.

    before, now: manifests; None where there is none. remade: keys of pieces under which other
    bytes lie now.
    """
    pieces = (Cause("piece", key) for key in remade)
    found = [*(_of_manifests(before, now) if before else ()), *pieces]
    return tuple(found[:MOST_CAUSES])


def verdict(causes: Sequence[Cause]) -> Verdict:
    """Of a movie that differs."""
    return "renewed" if causes and not any(cause.ours for cause in causes) else "differs"


def _of_manifests(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Cause]:
    for name in TOOLS:
        was, is_now = before["tools"].get(name, ""), now["tools"].get(name, "")
        if was != is_now:
            yield Cause(f"tools.{name}", "", was, is_now)
    for part in PARTS:
        earlier = {at: entry for entry in before[part] for at in entry["at"]}
        for entry in now[part]:
            for at in entry["at"]:
                was = earlier.get(at, {}).get("sha256", "")
                if was and was != entry.get("sha256", ""):
                    ours = entry["result"] == MADE_NOW
                    field = f"{part}.{entry['kind']}"
                    yield Cause(field, at, was, entry.get("sha256", ""), ours=ours)
