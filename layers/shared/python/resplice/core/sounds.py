"""What is heard, and when: the sounds of a movie and its scenes, over their whole lives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from resplice.core.composition import Canvas, Source
from resplice.core.document.paths import DocumentPath
from resplice.core.elements import ElementBase, type_of
from resplice.core.elements.outcome import Surroundings
from resplice.core.facts import FactsOf
from resplice.core.lengths import Playback, Stay, playback_of
from resplice.frozen import frozen


@frozen
class TimedSound:
    """A sound over its whole life: seconds [start_s, end_s) of its container."""

    source: Source
    start_s: float
    end_s: float
    playback: Playback
    volume: float
    fade_in_s: float
    fade_out_s: float
    in_step_with_frames: bool


def sounds_in(
    elements: Iterable[ElementBase],
    place: DocumentPath,
    frames: int,
    facts: FactsOf,
    canvas: Canvas,
    stays: Mapping[DocumentPath, Stay],
) -> list[TimedSound]:
    """What is heard in a container of that many frames."""
    return [sound for _, sound in placed_sounds(elements, place, frames, facts, canvas, stays)]


def placed_sounds(
    elements: Iterable[ElementBase],
    place: DocumentPath,
    frames: int,
    facts: FactsOf,
    canvas: Canvas,
    stays: Mapping[DocumentPath, Stay],
) -> Iterator[tuple[DocumentPath, TimedSound]]:
    """The same, each with the path of its element."""
    for index, element in enumerate(elements):
        around = Surroundings(canvas, (*place, index), facts)
        sound = _sound(element, around, stays[around.path], frames)
        if sound:
            yield around.path, sound


def _sound(
    element: ElementBase, around: Surroundings, stay: Stay, frames: int
) -> TimedSound | None:
    """None when it is silent, or never there."""
    row = type_of(element)
    heard = row.heard(element, around) if row.heard else None
    if heard is None:
        return None
    playback = playback_of(element, around, stay)
    window = stay.window(Fraction(frames, around.canvas.fps))
    start_s, end_s = (float(second) for second in window)
    if playback is None or end_s <= start_s:
        return None
    return TimedSound(
        heard.source,
        start_s,
        end_s,
        playback,
        heard.volume,
        min(element.fade_in, end_s - start_s),
        min(element.fade_out, end_s - start_s),
        heard.in_step_with_frames,
    )
