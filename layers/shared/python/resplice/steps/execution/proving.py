"""Proving: movies of the cache are made anew and compared, and what differs is mended.

A proof is a run of the workflow that belongs to no project: nobody lists it, pays for it or is
told of it. What it makes again lies under its own key afterwards, as with `cache: false`, and a
movie that came out otherwise is the one that the cache has from then on. Projects that show the
old one keep it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from operator import itemgetter
from pathlib import Path
from typing import Any

from resplice.core.owners import FIRST_OWNER
from resplice.core.proof import (
    PICTURES,
    PROVEN,
    SOUND,
    Proof,
    Span,
    differing,
    explained,
    frames_invocation,
    is_proof,
    project_proven,
    run_of,
    verdict,
)
from resplice.core.time_units import DAY_MS
from resplice.errors import Ended, NotFound, RenderError
from resplice.ports import Ports
from resplice.ports.executions import Executions
from resplice.ports.projects import Project
from resplice.steps import manifests
from resplice.steps.execution.beginning import HIT, keep_hit
from resplice.steps.execution.complete import verdict_of
from resplice.steps.execution.stages import outcome_of
from resplice.steps.movie_cache import Outcome, forget, publish
from resplice.steps.projects import newest_first
from resplice.steps.random_text import random_text

WORD_CHARS = 8
MOST_BEGUN = 100
"""At a time: each is a whole rendering."""
MOST_LOOKED_AT = 10_000
"""Of an owner's projects, the newest: a sample is of them."""


def sampled(
    share: float,
    since_ms: int,
    ports: Ports,
    chance: Callable[[], float] = random.random,
) -> tuple[list[tuple[str, str]], int]:
    """Movies to be proven, each as a project and its key, and of how many they are a sample: of
    those that were asked for since then, each once, whoever did. share: more than 0 up to 1; at
    least the newest is taken where there is any. Raises StorageError.
    """
    found = dict[str, tuple[int, str]]()
    for owner in _owners(ports):
        for project in _made(owner, since_ms, ports):
            found.setdefault(project.movie_key or "", (project.created_at_ms, project.id))
    in_order = sorted(found.items(), key=itemgetter(1), reverse=True)
    every = [(project, key) for key, (_, project) in in_order]
    return [each for each in every if chance() < share] or every[:1], len(every)


def begin(share: float, ports: Ports, executions: Executions) -> None:
    """Begin proofs of a sample of the last day's movies, MOST_BEGUN at most. Raises
    StorageError.
    """
    found, _ = sampled(share, ports.clock.now_ms() - DAY_MS, ports)
    for project, key in found[:MOST_BEGUN]:
        run = run_of(project, random_text(WORD_CHARS))
        with suppress(Ended):
            keep_hit(run, key, ports)
            executions.start(run)


def is_about(event: Mapping[str, Any]) -> bool:
    """Whether a call of the workflow is for a proof."""
    return is_proof(str(event.get("project", "")))


def ended(run: str, error: Mapping[str, Any] | None, ports: Ports) -> Proof:
    """What came of a proof. error: as a state machine has it, of one that failed. Raises NotFound,
    StorageError.
    """
    return unproven(run, verdict_of(run, error, ports)[1], ports) if error else settle(run, ports)


def _owners(ports: Ports) -> list[str]:
    """All who may have movies."""
    return sorted({FIRST_OWNER, *(key.owner for key in ports.api_keys.list())})


def _made(owner: str, since_ms: int, ports: Ports) -> Iterator[Project]:
    until_ms = ports.clock.now_ms() + 1
    found = newest_first(owner, since_ms, until_ms, MOST_LOOKED_AT, None, ports)
    for _, project in zip(range(MOST_LOOKED_AT), found, strict=False):
        shared = project.movie_key is not None and not project.elements_only
        if shared and project.document and project.movie and project.deleted_at_ms is None:
            yield project


def judge(run: str, made: Outcome, before: Sequence[tuple[str, str]], ports: Ports) -> None:
    """Compare the movie that the run made with the one that the cache had, and keep what came of
    that. before: digests of the pieces that were there, by key. Raises NotFound, StorageError.
    """
    hit = ports.checkpoints.load(run, HIT, Outcome)
    ports.checkpoints.save(run, PROVEN, _judged(run, hit, made, before, ports), Proof)


def _judged(
    run: str, hit: Outcome, made: Outcome, before: Sequence[tuple[str, str]], ports: Ports
) -> Proof:
    key, project = made.report.key, project_proven(run)
    if hit.stored.key == made.stored.key:  # Its name is made of its bytes.
        return Proof("same", key, project)
    try:
        spans = _spans(hit, made, ports)
    except RenderError as error:
        return Proof("differs", key, project, reason=f"one of the two cannot be played: {error}")
    if not spans:
        return Proof("same", key, project)
    found = ports.objects.heads([each for each, _ in before])
    pairs = zip(before, found, strict=True)
    remade = [each for (each, digest), now in pairs if now and now.digest != digest]
    earlier = manifests.said(hit.manifest, ports) if hit.manifest else None
    assert made.manifest
    causes = explained(earlier, manifests.said(made.manifest, ports), remade)
    return Proof(verdict(causes), key, project, spans, causes)


def _spans(hit: Outcome, made: Outcome, ports: Ports) -> tuple[Span, ...]:
    """Raises RenderError when one of them cannot be read, NotFound, StorageError."""
    with ports.scratch.scratch() as folder:
        files = [_hashed(each, folder / f"{n}.txt", ports) for n, each in enumerate((hit, made))]
        found = []
        for stream in (PICTURES, SOUND):
            with files[0].open() as before, files[1].open() as now:
                found.append(differing(before, now, stream))
    return tuple(each for each in found if each)


def _hashed(movie: Outcome, into: Path, ports: Ports) -> Path:
    with ports.objects.open(movie.stored.key) as path:
        ports.renderer.run(frames_invocation(str(path)), into)
    return into


def settle(run: str, ports: Ports) -> Proof:
    """Let the cache have what the run made, where that differs; what is of no use goes. What came
    of the proof. Again it changes nothing. Raises NotFound, StorageError.
    """
    proof, hit = (
        ports.checkpoints.load(run, PROVEN, Proof),
        ports.checkpoints.load(run, HIT, Outcome),
    )
    made = outcome_of(run, ports)
    signed = bool(made.stored.facts.get("credentials"))
    if proof.verdict == "same" or signed:
        for file in made.files:
            if file not in hit.files:
                ports.objects.delete(file)
    if proof.verdict != "same" and signed:
        # Who asks for it next has it made, and signed.
        forget(proof.movie, hit.stored.key, ports)
    elif proof.verdict != "same":
        if made.manifest:
            manifests.sign(made.manifest, made.stored.key, ports)
        publish(made, ports)
    return proof


def unproven(run: str, reason: str, ports: Ports) -> Proof:
    """Of a run that failed."""
    try:
        key = ports.checkpoints.load(run, HIT, Outcome).report.key
    except NotFound:
        key = ""
    return Proof("unproven", key, project_proven(run), reason=reason)
