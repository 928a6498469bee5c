"""Stills: frames of a movie as pictures, planned, put on a sheet, and shown as a movie is.

Each is made as a scene's segment is, of the same plan; nothing is encoded and nothing joined.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from resplice.core.caching import rejoins, renders_again
from resplice.core.composition import Canvas
from resplice.core.piece_keys import PIECE_KINDS, piece_key
from resplice.core.pieces import SheetTask
from resplice.core.plan import Plan
from resplice.core.schema.movie import Movie
from resplice.core.stills import shown_in, still_of
from resplice.core.wanted_stills import cell_of
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.objects import StoredFacts, StoredObject
from resplice.steps.pipeline.accept import Accepted
from resplice.steps.pipeline.plan import Part, Work, looked_up
from resplice.steps.pipeline.scene import stored


@frozen
class Pictures:
    """What is to be shown. stills: their keys, in order. frames: their numbers in the movie.
    sheet: what they are put on, if it is that. fresh: whether none that was made before is used.
    """

    canvas: Canvas
    stills: tuple[str, ...]
    frames: tuple[int, ...]
    sheet: SheetTask | None = None
    fresh: bool = False


def looking(
    accepted: Accepted, plan: Plan, ports: Ports, run: str
) -> tuple[tuple[Work, ...], Pictures | None]:
    """The work of the stills that are wanted, if any are. Raises DocumentError for one at a time
    when the movie is over.
    """
    wanted, canvas = accepted.stills, plan.timeline.canvas
    if wanted is None:
        return (), None
    frames = wanted.frames(plan.timeline.frames, canvas.fps)
    cell = cell_of(canvas) if wanted.sheet else None
    parts = [_part(plan, frame, cell, accepted.movie, ports) for frame in frames]
    keys = tuple(part.key for part in parts)
    sheet = SheetTask(keys, wanted.sheet[0], cell) if wanted.sheet and cell else None
    work = looked_up(parts, ports, run)
    fresh = rejoins(each.result for each in work)
    return work, Pictures(canvas, keys, frames, sheet, fresh)


def _part(plan: Plan, frame: int, size: tuple[int, int] | None, movie: Movie, ports: Ports) -> Part:
    segment, number = shown_in(plan, frame)
    task = still_of(segment.task, number, size)
    again = renders_again(movie, segment.scene, segment.part)
    key = piece_key(task, ports.tools)
    return Part(task, key, task.frames, segment.scene, segment.part, again)


def made(pictures: Pictures, ports: Ports) -> tuple[str, ...]:
    """The keys of the pictures: of each still, or of the sheet, which is made of them unless it is
    there. Raises RenderError, NotFound.
    """
    if pictures.sheet is None:
        return pictures.stills
    key, kind = piece_key(pictures.sheet, ports.tools), PIECE_KINDS[SheetTask]
    if not pictures.fresh and ports.objects.head(key):
        return (key,)
    with ports.scratch.scratch() as folder, stored(pictures.stills, ports) as paths:
        result = folder / kind.file
        ports.renderer.run(kind.invocation(pictures.sheet, paths), result)
        ports.objects.put(key, result, {})
    return (key,)


def shown_by_name(pictures: Pictures, ports: Ports) -> StoredObject:
    """The first picture, stored once more under a name that only who was told it knows, and no
    other bytes have. Raises RenderError, NotFound, StorageError.
    """
    key, *_ = made(pictures, ports)
    with ports.objects.open(key) as path, ports.scratch.scratch() as folder:
        picture = Path(shutil.copyfile(path, folder / "still.png"))
        with picture.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        name = hashlib.sha256(f"still {key} {digest}".encode()).hexdigest()
        facts = _facts(pictures, picture.stat().st_size)
        return ports.objects.put(f"movies/{name}.png", picture, facts)


def _facts(pictures: Pictures, size_bytes: int) -> StoredFacts:
    """As a movie's: it lasts no time."""
    sheet, canvas = pictures.sheet, pictures.canvas
    width, height = sheet.size if sheet else (canvas.width, canvas.height)
    return {"width": width, "height": height, "frames": 1, "duration": 0, "size": size_bytes}
