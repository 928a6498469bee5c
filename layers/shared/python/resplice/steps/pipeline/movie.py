"""Movie: mix the sound, stitch the pieces where they lie, store the movie with its poster.

No picture of it passes through a file of ours: what stands in front of them is reckoned, and the
store puts the movie together.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from resplice.core.caching import usable
from resplice.core.mp4 import Piece, Span, digest_of, held, movie_of, size_of, track
from resplice.core.piece_keys import PIECE_KINDS, piece_key
from resplice.core.pieces import MixTask, PosterTask, RowTask, StitchTask
from resplice.core.pieces import Piece as StitchedPiece
from resplice.core.proof import proof_name
from resplice.errors import RenderError
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.objects import StoredFacts, StoredObject
from resplice.ports.splicer import Opened
from resplice.steps.movie_files import put_beside
from resplice.steps.pipeline.plan import MIX, Planned, Work, made_by
from resplice.steps.pipeline.scene import make, stored


@frozen
class Joining:
    """All that is needed to make the movie from its pieces.

    fresh      nothing that was joined before is to be used
    pieces_ms  what making the stored pieces took, as far as it is known
    unknown    keys of pieces that tell it when they are there
    captions   an ASS file that goes with the movie, as text
    poster_frame  the one that its poster shows
    credentials   content credentials are to be put into its file
    proves        it is made to be compared, and nobody is to be shown it
    """

    frames: int
    rows: tuple[RowTask, ...]
    mix: MixTask | None
    mix_key: str | None
    stitch: StitchTask
    fresh: bool
    pieces_ms: int
    unknown: tuple[str, ...]
    captions: str | None = None
    poster_frame: int = 0
    credentials: bool = False
    proves: bool = False


def sound_beside(planned: Planned, ports: Ports, run: str) -> list[Work]:
    """The movie's sound, if it is to be made and can be while its pictures are."""
    mix = planned.mix_ahead()
    found = ports.objects.head(mix.key) if mix else None
    there = usable(found=bool(found), own=made_by(run, found), again=planned.fresh())
    return [mix] if mix and not there else []


def joining(planned: Planned, beside: Sequence[Work] = ()) -> Joining:
    """beside: what is made while the pictures are."""
    return Joining(
        planned.plan.timeline.frames,
        planned.rows,
        planned.mix,
        planned.mix_key,
        planned.stitch,
        planned.fresh(),
        sum(work.render_ms for work in planned.done()),
        (*planned.misses(), *(work.key for work in beside)),
        planned.plan.timeline.captions,
        planned.poster_frame,
        planned.credentials,
        planned.proves,
    )


@frozen
class Joined:
    """The movie. made_ms: how long it took to make the pieces that were missing. ass: the key of
    its captions, if it has some; thumbnail: that of its poster.
    """

    stored: StoredObject
    made_ms: int
    ass: str | None = None
    thumbnail: str | None = None


def join(work: Joining, ports: Ports, run: str) -> Joined:
    """Make the movie from its stored pieces and put it under a name that no other bytes have.

    Raises RenderError, and NotFound when a piece has gone.
    """
    began_ms = ports.clock.now_ms()
    span = ports.trace.span
    with span("sound", "part"):
        _sound(work, ports, run)
    with span("tables", "part"):
        spans, name, digests = _spliced(work, ports)
    name, noted = _named(name, work, run)
    ass = _captions(work.captions, name, ports) if work.captions else None
    found = ports.objects.heads(work.unknown)
    made_ms = sum(each.facts.get("render_ms", 0) for each in found if each)
    render_ms = work.pieces_ms + made_ms + ports.clock.now_ms() - began_ms
    facts = {**_facts(work, size_of(spans)), **noted, "render_ms": render_ms}

    def shown() -> str:
        with span("poster", "part"):
            return _poster(work, name, digests, ports, run)

    with ThreadPoolExecutor(1, "poster") as beside:
        poster = beside.submit(shown)
        with span("splice", "part"):
            made = ports.splicer.splice(f"movies/{name}.mp4", spans, facts)
        thumbnail = poster.result()
    return Joined(made, made_ms, ass, thumbnail)


def _named(name: str, work: Joining, run: str) -> tuple[str, StoredFacts]:
    """The name of the file, and what is noted beside it. name: made of its bytes. Of what is to
    have credentials, and of what is compared, no other run has a file of that name.
    """
    if work.proves:
        return proof_name(name, run), {}
    if not work.credentials:
        return name, {}
    from resplice.core.credentials import FACT, WANTED, credentialed_name  # Late: few ask for them.

    return credentialed_name(name, run), {FACT: WANTED}


def _spliced(work: Joining, ports: Ports) -> tuple[list[Span], str, dict[str, str]]:
    """What the movie is put together of, a name for these bytes and no others, wherever the pieces
    lie, and their digests by key.
    """
    task, digests = work.stitch, dict[str, str]()

    def piece(opened: Opened) -> Piece:
        digests[opened.stored.key] = opened.stored.digest
        return Piece(opened.stored.key, opened.version, track(opened.read))

    seen = dict.fromkeys(each.key for each in task.pieces)
    keys = [*seen, *([task.mix] if task.mix else [])]
    found = dict(zip(keys, ports.splicer.each(keys, piece), strict=True))
    fps = task.canvas.fps
    pictures = [_shown(each, found[each.key], fps) for each in task.pieces]
    spans = movie_of(pictures, found.get(task.mix or ""), fps)
    return spans, digest_of(spans, lambda run: digests[run.key]), digests


def _shown(piece: StitchedPiece, stored: Piece, fps: int) -> Piece:
    """The stored piece, as long as it is seen in the movie."""
    frames, there = 1 if piece.held else piece.frames, len(stored.track.sizes)
    if there != frames:
        raise RenderError(f"a segment of the movie has {there} frames of {frames}")
    return held(stored, piece.frames, fps) if piece.held else stored


def _poster(work: Joining, movie: str, digests: Mapping[str, str], ports: Ports, run: str) -> str:
    """The key of a picture of the frame that is the movie's poster. What is edited elsewhere in the
    movie makes no other one; a segment that was made anew does.
    """
    frame, kind = work.poster_frame, PIECE_KINDS[PosterTask]
    for piece in work.stitch.pieces:
        if frame < piece.frames:
            break
        frame -= piece.frames
    task = PosterTask(piece.key, 0 if piece.held else frame, work.stitch.canvas.fps)
    key, shown = piece_key(task, ports.tools), digests[piece.key]
    found, ending = ports.objects.head(key), Path(kind.file).suffix
    if found and found.facts.get("of") == shown and not _is_missing(found, work, run):
        with ports.objects.open(key) as path:
            return put_beside(movie, path, ending, ports)
    with ports.scratch.scratch() as folder, stored({task.piece}, ports) as paths:
        made = folder / kind.file
        ports.renderer.run(kind.invocation(task, paths), made)
        beside = put_beside(movie, shutil.copyfile(made, folder / f"copy{ending}"), ending, ports)
        ports.objects.put(key, made, {"run": run, "of": shown})
    return beside


def _captions(text: str, movie: str, ports: Ports) -> str:
    with ports.scratch.scratch() as folder:
        captions = folder / "captions.ass"
        captions.write_text(text, "utf-8")
        return put_beside(movie, captions, captions.suffix, ports)


def _sound(work: Joining, ports: Ports, run: str) -> None:
    """The movie's sound is kept too: an edit that nobody hears encodes none."""
    parts: dict[str, RowTask | MixTask] = {piece_key(row, ports.tools): row for row in work.rows}
    if work.mix and work.mix_key:
        parts[work.mix_key] = work.mix
    for key, task in parts.items():
        if _is_missing(ports.objects.head(key), work, run):
            make(Work(task, key, task.frames, 0, MIX, "miss", there=False), ports, run)


def _is_missing(found: StoredObject | None, work: Joining, run: str) -> bool:
    return not usable(found=bool(found), own=made_by(run, found), again=work.fresh)


def _facts(work: Joining, size_bytes: int) -> StoredFacts:
    canvas = work.stitch.canvas
    return {
        "width": canvas.width,
        "height": canvas.height,
        "fps": canvas.fps,
        "frames": work.frames,
        "duration": round(work.frames / canvas.fps, 3),
        "size": size_bytes,
    }
