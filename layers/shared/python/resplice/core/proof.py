"""Proofs of the cache: a movie from it beside the same movie made anew, and what explains it when
the two differ.

What a proof makes again core.caching says. What was downloaded, bought or is a web page is used as
it is, so that the two are the same, unless something was in the cache that its key does not say.
Pure; steps/execution/proving lets it happen.
"""

from __future__ import annotations

import hashlib
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
RENEWED = ("sources.", "generated.", "painted.web-page")
"""Fields of what comes from outside: what else is new is made of that."""
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
    one. reason: why it is unproven, or what differs beside frames and samples.
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


def proof_name(name: str, run: str) -> str:
    """Of the file of such a run's movie. name: of one that is to be shown."""
    return hashlib.sha256(f"{PROOF}{run} {name}".encode()).hexdigest()


def is_chosen(key: str, share: float, when: str) -> bool:
    """Whether a movie is in the sample of that time: whoever asks gets the same answer."""
    number = int(hashlib.sha256(f"{when} {key}".encode()).hexdigest(), 16)
    return number < share * 2**256


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
    before: Mapping[str, Any] | None,
    now: Mapping[str, Any],
    elements: Sequence[tuple[str, str, str, str]],
    remade: Sequence[str],
) -> tuple[Cause, ...]:
    """What may explain that a movie differs, what is first made first, MOST_CAUSES at most.

    before, now: manifests; None where there is none. elements: (path, key, was, now) of those under
    whose key other bytes lie now. remade: keys of pieces, likewise.
    """
    ours = [Cause(f"element {key}", path, was, is_now) for path, key, was, is_now in elements]
    pieces = [Cause("piece", key) for key in remade]
    told = {cause.at for cause in ours}
    others = _of_manifests(before, now) if before else ()
    found = [*(each for each in others if each.at not in told), *ours, *pieces]
    return tuple(found[:MOST_CAUSES])


def verdict(causes: Sequence[Cause]) -> Verdict:
    """Of a movie that differs."""
    renewed = any(cause.field.startswith(RENEWED) for cause in causes)
    return "renewed" if renewed and not any(cause.ours for cause in causes) else "differs"


def _of_manifests(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Cause]:
    """What is of another movie or tool, or has other bytes under another key."""
    was, is_now = (each.get("movie", {}).get("key", "") for each in (before, now))
    if was != is_now:
        yield Cause("movie", "", was, is_now)
    for name in TOOLS:
        was, is_now = before["tools"].get(name, ""), now["tools"].get(name, "")
        if was != is_now:
            yield Cause(f"tools.{name}", "", was, is_now)
    for part in PARTS:
        earlier = {at: entry.get("sha256", "") for entry in before[part] for at in entry["at"]}
        for entry in now[part]:
            for at in entry["at"]:
                was, is_now = earlier.get(at, ""), entry.get("sha256", "")
                if was and was != is_now:
                    yield Cause(f"{part}.{entry['kind']}", at, was, is_now, ours=False)
