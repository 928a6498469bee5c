"""Proving: movies of the cache are made anew and compared, and what differs is mended.

A proof is a run of the workflow that belongs to no project: nobody lists it, pays for it or is
told of it. What it makes again lies under its own key afterwards, as with `cache: false`; its movie
has a name of its own, is compared frame by frame, and goes. Projects that show another one keep it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from resplice.core.owners import FIRST_OWNER
from resplice.core.proof import (
    PICTURES,
    PROVEN,
    SOUND,
    Cause,
    Proof,
    Span,
    differing,
    explained,
    frames_invocation,
    is_chosen,
    is_proof,
    project_proven,
    run_of,
    verdict,
)
from resplice.core.time_units import HOUR_MS
from resplice.errors import Ended, NotFound, RenderError, StorageError
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.executions import Executions
from resplice.ports.projects import Project
from resplice.steps import manifests
from resplice.steps.execution.beginning import HIT, keep_hit
from resplice.steps.execution.complete import verdict_of
from resplice.steps.execution.proof_tasks import digests_before, otherwise
from resplice.steps.execution.stages import MOVIE, outcome_of
from resplice.steps.movie_cache import Outcome, forget
from resplice.steps.projects import newest_first

MOST_BEGUN = 10
"""At a time: each is a whole rendering, beside what people wait for."""
MOST_LOOKED_AT = 10_000
"""Of an owner's projects, the newest: a sample is of them."""

log = logging.getLogger(__name__)


@frozen
class Sampled:
    """A movie: its key, and a project that was asked for it."""

    project: str
    key: str


def sampled(
    share: float, since_ms: int, until_ms: int, when: str, ports: Ports
) -> tuple[list[Sampled], list[Sampled]]:
    """Movies to be proven, and those that they are a sample of: asked for from since_ms on and
    before until_ms, each once, whoever did, the newest first. share: more than 0 up to 1. when:
    names the sample: who asks for it again gets the same. Raises StorageError.
    """
    found = dict[str, tuple[int, str]]()
    for owner in _owners(ports):
        for project in _made(owner, since_ms, until_ms, ports):
            found.setdefault(project.movie_key or "", (project.created_at_ms, project.id))
    in_order = sorted(found.items(), key=itemgetter(1), reverse=True)
    every = [Sampled(project, key) for key, (_, project) in in_order]
    return [each for each in every if is_chosen(each.key, share, when)], every


def begin(share: float, ports: Ports, executions: Executions, hour: int | None = None) -> None:
    """Begin proofs of a sample of an hour's movies, MOST_BEGUN at most: of the last whole one, in
    hours since the epoch, when none is named. Called again, it begins none again. One that cannot
    be begun keeps no other from it. Raises StorageError where nothing can be looked up.
    """
    hour = ports.clock.now_ms() // HOUR_MS - 1 if hour is None else hour
    found, _ = sampled(share, hour * HOUR_MS, (hour + 1) * HOUR_MS, str(hour), ports)
    for each in found[:MOST_BEGUN]:
        run = run_of(each.project, str(hour))
        try:
            if not ports.checkpoints.has(run, HIT):
                keep_hit(run, each.key, ports)
            executions.start(run)
        except (Ended, StorageError) as error:
            log.warning("%s cannot be begun: %s", run, error)


def about(event: Mapping[str, Any]) -> str:
    """The run that an event of the workflow is about, if that is a proof; else empty."""
    name = str(event.get("project") or event.get("detail", {}).get("name") or "")
    return name if is_proof(name) else ""


def ended(run: str, event: Mapping[str, Any], ports: Ports) -> Proof:
    """What came of a proof. event: of its end, as `finish` is told.

    Raises NotFound, StorageError.
    """
    if "error" in event:
        return unproven(run, verdict_of(run, event["error"], ports)[1], ports)
    if "detail" in event:
        return unproven(run, f"its execution ended as {event['detail']['status']}", ports)
    return settle(run, ports)


def _owners(ports: Ports) -> list[str]:
    """All who may have movies."""
    return sorted({FIRST_OWNER, *(key.owner for key in ports.api_keys.list())})


def _made(owner: str, since_ms: int, until_ms: int, ports: Ports) -> Iterator[Project]:
    found = newest_first(owner, since_ms, until_ms, MOST_LOOKED_AT, None, ports)
    for _, project in zip(range(MOST_LOOKED_AT), found, strict=False):
        shared = project.movie_key is not None and not project.elements_only
        if shared and project.document and project.movie and project.deleted_at_ms is None:
            yield project


def judge(run: str, made: Outcome, pieces: Sequence[tuple[str, str]], ports: Ports) -> None:
    """Compare the movie that the run made with the one that the cache had, and keep what came of
    that. pieces: the digests of those that were there, by key. Raises RenderError when what was
    made cannot be read, NotFound, StorageError.
    """
    hit = ports.checkpoints.load(run, HIT, Outcome)
    key, project = made.report.key, project_proven(run)
    spans, reason = _spans(hit, made, ports)
    if not spans and not reason:
        proof = Proof("same", key, project)
    else:
        causes = _causes(run, hit, made, pieces, ports)
        proof = Proof(verdict(causes), key, project, spans, causes, reason)
    ports.checkpoints.save(run, PROVEN, proof, Proof)


def _causes(
    run: str, hit: Outcome, made: Outcome, pieces: Sequence[tuple[str, str]], ports: Ports
) -> tuple[Cause, ...]:
    found = ports.objects.heads([key for key, _ in pieces])
    pairs = zip(pieces, found, strict=True)
    remade = [key for (key, digest), now in pairs if now and now.digest != digest]
    told = [(each.path, each.key, each.content) for each in made.report.elements]
    elements = otherwise(digests_before(run, ports), told)
    earlier, now = (
        manifests.said(each.manifest, ports) if each.manifest else None for each in (hit, made)
    )
    return explained(earlier, now or {}, elements, remade)


def _spans(hit: Outcome, made: Outcome, ports: Ports) -> tuple[tuple[Span, ...], str]:
    """What differs, and why the cache's cannot be compared if it cannot: what was made can be read
    before that and after it.
    """
    with ports.scratch.scratch() as folder:
        anew, before = folder / "made.txt", folder / "hit.txt"
        _hash(made, anew, ports)
        try:
            _hash(hit, before, ports)
        except RenderError as error:
            _hash(made, anew, ports)  # Is it the movie, or has something else happened?
            return (), f"the movie in the cache cannot be played: {error}"
        found = []
        for stream in (PICTURES, SOUND):
            with before.open() as then, anew.open() as now:
                found.append(differing(then, now, stream))
    return tuple(each for each in found if each), ""


def _hash(movie: Outcome, into: Path, ports: Ports) -> None:
    with ports.objects.open(movie.stored.key) as path:
        ports.renderer.run(frames_invocation(str(path)), into)


def settle(run: str, ports: Ports) -> Proof:
    """The cache loses a movie that is not what is made of its document: who asks for it next has it
    joined of what the run made. The run's own files go. What came of the proof. Again it changes
    nothing. Raises NotFound, StorageError.
    """
    proof = ports.checkpoints.load(run, PROVEN, Proof)
    if proof.verdict == "differs":
        hit = ports.checkpoints.load(run, HIT, Outcome)
        forget(proof.movie, hit.stored.key, ports)
    clear(run, ports)
    return proof


def unproven(run: str, reason: str, ports: Ports) -> Proof:
    """Of a run that failed."""
    clear(run, ports)
    try:
        key = ports.checkpoints.load(run, HIT, Outcome).report.key
    except NotFound:
        key = ""
    return Proof("unproven", key, project_proven(run), reason=reason)


def clear(run: str, ports: Ports) -> None:
    """Remove what the run has joined, as far as it has: no other run has files of these names.
    Raises StorageError.
    """
    if not ports.checkpoints.has(run, MOVIE):
        return
    for file in outcome_of(run, ports).files:
        ports.objects.delete(file)
