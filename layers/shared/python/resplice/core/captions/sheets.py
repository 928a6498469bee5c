"""Sheets: the pictures of a line under one another, as many as one page holds; and their frames.

A sheet says nothing of time, so that a line which is only moved is painted once. When it is
painted, `caption_layers` says in which frames which of its pictures is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from resplice.core.captions.appearance import Appearance
from resplice.core.captions.line import Line, LineWord
from resplice.core.captions.page import sheet_html
from resplice.core.captions.slot import Slot, slot_of
from resplice.core.captions.states import Moment, State, moments
from resplice.core.composition import Canvas, Look, Picture, SheetPicture, Source
from resplice.core.facts import MediaFacts
from resplice.core.frame_grid import frames_of
from resplice.frozen import frozen

MAX_SHEET_HEIGHT = 8192
MAX_SHEET_PIXELS = 8_000_000
"""What the browser draws as one page, and FFmpeg holds for each line of a segment."""


@frozen
class Sheet:
    """Pictures of some of a line's states; which line, and which of its states is the first."""

    line: int
    first: int
    words: tuple[LineWord, ...]
    states: tuple[State, ...]
    slot: Slot

    @property
    def size(self) -> tuple[int, int]:
        """Of its page, pixels."""
        return self.slot.width, self.slot.height * len(self.states)

    def html(self, look: Appearance, own_family: str | None = None) -> str:
        """Its page. own_family: of the font behind `font-url`."""
        return sheet_html(self.words, self.states, look, self.slot, own_family)


@frozen
class CaptionLayer:
    """A sheet in the frames [start, end) of the movie.

    showing  (frames after start, the slot that is seen from there on), the first at 0
    """

    picture: Picture
    look: Look
    start: int
    end: int
    showing: tuple[tuple[int, int], ...]


def sheets(lines: Iterable[Line], look: Appearance, canvas: Canvas) -> list[Sheet]:
    """The sheets of all lines, in order; most lines have one."""
    return [
        sheet for number, line in enumerate(lines) for sheet in _sheets(number, line, look, canvas)
    ]


def _sheets(number: int, line: Line, look: Appearance, canvas: Canvas) -> Iterator[Sheet]:
    states = [moment.state for moment in moments(line, look)]
    alone = any(state.alone for state in states)
    slot = slot_of(line.words, look, canvas, alone=alone)
    most = max(1, min(MAX_SHEET_HEIGHT, MAX_SHEET_PIXELS // slot.width) // slot.height)
    for first in range(0, len(states), most):
        yield Sheet(number, first, line.words, tuple(states[first : first + most]), slot)


def caption_layers(
    lines: Sequence[Line],
    look: Appearance,
    canvas: Canvas,
    painted: Sequence[MediaFacts],
    frames: int,
) -> list[CaptionLayer]:
    """What is seen in a movie of that many frames. painted: of each of `sheets`, in their order.

    What is there for less than a frame is not seen; of states within one frame the last is.
    """
    made = sheets(lines, look, canvas)
    layers = (
        _layer(sheet, lines[sheet.line], look, canvas.fps, facts, frames)
        for sheet, facts in zip(made, painted, strict=True)
    )
    return [layer for layer in layers if layer]


def _layer(
    sheet: Sheet, line: Line, look: Appearance, fps: int, facts: MediaFacts, frames: int
) -> CaptionLayer | None:
    found = moments(line, look)
    later = sheet.first + len(sheet.states)
    stop_ms = found[later].start_ms if later < len(found) else line.end_ms
    end = min(frames, frames_of(stop_ms / 1000, fps))
    seen = _showing(found[sheet.first : later], fps, end)
    if not seen or (facts.width, facts.height) == (1, 1):
        return None
    start = seen[0][0]
    picture, look_of_it = _picture(sheet, facts)
    showing = tuple((frame - start, slot) for frame, slot in seen)
    return CaptionLayer(picture, look_of_it, start, end, showing)


def _showing(found: Sequence[Moment], fps: int, end: int) -> list[tuple[int, int]]:
    """(frame, slot) of each state that has a frame of its own before `end`."""
    starts = [max(0, frames_of(moment.start_ms / 1000, fps)) for moment in found]
    ends = [*starts[1:], end]
    return [
        (start, slot)
        for slot, (start, stop) in enumerate(zip(starts, ends, strict=True))
        if start < min(stop, end)
    ]


def _picture(sheet: Sheet, facts: MediaFacts) -> tuple[SheetPicture, Look]:
    """The sheet as painted, without the empty columns beside its ink."""
    left = facts.x - facts.x % 2
    width = facts.x + facts.width - left
    width += width % 2
    slot = (width, sheet.slot.height)
    place = (facts.x - left, facts.y)
    picture = SheetPicture(Source.of(facts), slot, place, len(sheet.states))
    look = Look(scaled=slot, size=slot, x=sheet.slot.x + left, y=sheet.slot.y)
    return picture, look
