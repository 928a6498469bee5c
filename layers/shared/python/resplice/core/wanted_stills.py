"""Wanted stills: which frames of a film are to be looked at, by a user's words. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from resplice.core.composition import Canvas
from resplice.core.frame_grid import frame_shown_at
from resplice.errors import DocumentError, Problem
from resplice.frozen import frozen

MAX_SIDE = 10
"""Columns or rows of a sheet."""
MAX_CELL_PIXELS = 480
"""Of the longer side of a still in a sheet."""


@frozen
class Stills:
    """at_s: times in seconds, a picture each; or sheet: (columns, rows) of one picture with frames
    at equal distances over the film's length. pays: whether providers may be paid for it, which
    then is bounded as a movie is; else nobody is.
    """

    at_s: tuple[float, ...] = ()
    sheet: tuple[int, int] | None = None
    pays: bool = False

    def as_json(self) -> dict[str, Any]:
        """What stills_of reads."""
        said: dict[str, Any] = {"at": list(self.at_s), "pays": self.pays}
        return {**said, "sheet": list(self.sheet)} if self.sheet else said

    def said(self) -> bytes:
        """What tells a request for them from others for the same movie."""
        return f"stills {json.dumps(self.as_json())}: ".encode()

    def frames(self, frames: int, fps: int) -> tuple[int, ...]:
        """Their numbers in a film that is `frames` long. Raises DocumentError for those of none."""
        if self.sheet:
            count = self.sheet[0] * self.sheet[1]
            return tuple((2 * index + 1) * frames // (2 * count) for index in range(count))
        found = tuple(frame_shown_at(at_s, fps) for at_s in self.at_s)
        if late := list(_late(zip(self.at_s, found, strict=True), frames, fps)):
            raise DocumentError(late)
        return found


def stills_of(said: Mapping[str, Any]) -> Stills:
    """What as_json wrote."""
    sheet = said.get("sheet")
    return Stills(tuple(said["at"]), (sheet[0], sheet[1]) if sheet else None, said["pays"])


def seconds_said(text: str) -> float:
    """A time in a film. Raises ValueError for text that is none."""
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise ValueError(text)
    return seconds


def sheet_said(text: str) -> tuple[int, int]:
    """(columns, rows) of `4x3`. Raises ValueError for text that says none, or too many."""
    columns, _, rows = text.lower().partition("x")
    if not (columns.isdecimal() and rows.isdecimal() and text.isascii()):
        raise ValueError(text)
    sides = int(columns[:9]), int(rows[:9])
    if not all(1 <= side <= MAX_SIDE for side in sides):
        raise ValueError(text)
    return sides


def cell_of(canvas: Canvas) -> tuple[int, int]:
    """(width, height) of a still in a sheet."""
    longer = max(canvas.width, canvas.height)
    shown = min(longer, MAX_CELL_PIXELS)
    return (
        max(1, round(canvas.width * shown / longer)),
        max(1, round(canvas.height * shown / longer)),
    )


def _late(wanted: Iterable[tuple[float, int]], frames: int, fps: int) -> Iterator[Problem]:
    words = "There is no frame at {:g} s: the movie is {:g} s long, and its last frame is at {:g} s"
    for at_s, frame in wanted:
        if frame >= frames:
            last_s = round((frames - 1) / fps, 3)
            yield Problem("at", words.format(at_s, round(frames / fps, 3), last_s))
