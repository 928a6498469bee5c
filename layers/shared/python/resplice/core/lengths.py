"""How long everything lasts: elements, scenes and the overlaps of transitions, in exact seconds.

Rules of length are JSON2Video's (movie JSON reference 4). What is seen plays no part here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from resplice.core.composition import Canvas
from resplice.core.document.paths import DocumentPath
from resplice.core.elements import ElementBase, type_of
from resplice.core.elements.outcome import Passage, Surroundings
from resplice.core.facts import FactsOf
from resplice.core.frame_grid import (
    Span,
    at_least_a_frame,
    exact,
    frames_of,
    of_microseconds,
    spans,
)
from resplice.core.providers import NO_OFFERS, Offers
from resplice.core.schema.movie import Movie, Scene
from resplice.frozen import frozen

if TYPE_CHECKING:
    from resplice.core.unseen import Join

UNSAID_SECONDS = 5
"""What a scene lasts when neither it nor any of its elements says."""
MIN_MOVIE_SECONDS = 1


@frozen
class Playback:
    """How a moving source plays: from seek_us, period_us of it, plays times (-1 for ever).

    The period of a picture that begins again is a whole number of the canvas's frames.
    """

    seek_us: int
    period_us: int
    plays: int


@frozen
class Stay:
    """When an element is there, in seconds of a container that may end before it does.

    start_s  where it begins
    lasts_s  how long it is there; None: as long as its container
    held_s   how much longer what was seen last stays
    ends_s   what its container lasts for its sake; None for one that has no length
    once     whether its endless loop ends after one round, because nothing says when else
    """

    start_s: Fraction
    lasts_s: Fraction | None = None
    held_s: Fraction = Fraction(0)
    ends_s: Fraction | None = None
    once: bool = False

    def window(self, container_s: Fraction) -> tuple[Fraction, Fraction]:
        """[start, end) in a container of that length, while it plays."""
        if self.lasts_s is None:
            return self.start_s, container_s
        return self.start_s, min(container_s, self.start_s + self.lasts_s)

    def seen_until(self, container_s: Fraction) -> Fraction:
        """When it is gone: what was seen last is held for a while."""
        return min(container_s, self.window(container_s)[1] + self.held_s)


@frozen
class Lengths:
    """scenes_s: what each scene lasts, as the document has it; joins and spans: each with its
    overlap, exactly and on the frame grid. own_s: of the movie's own elements, None when none has
    a length. movie_s: of all, which is `frames` long on the grid. stays: of each element.
    """

    scenes_s: list[Fraction]
    joins: list[Join]
    spans: list[Span]
    own_s: Fraction | None
    movie_s: Fraction
    frames: int
    stays: Mapping[DocumentPath, Stay]


def lengths_of(movie: Movie, facts: FactsOf, canvas: Canvas, offers: Offers = NO_OFFERS) -> Lengths:
    """Needs the facts of elements that have a length of their own."""
    stays = dict[DocumentPath, Stay]()
    scenes_s = list[Fraction]()
    for index, scene in enumerate(movie.scenes):
        place, said = ("scenes", index, "elements"), scene.duration != -1
        own = list(_stays(scene.elements, place, facts, canvas, offers, ends=said))
        stays |= {(*place, number): stay for number, stay in enumerate(own)}
        scenes_s.append(exact(scene.duration) if said else _end(own) or _unsaid(scene, own, offers))
    joins = _joins(movie, scenes_s)
    on_grid = list(spans(((join.length_s, join.overlap_s) for join in joins), canvas.fps))
    above = list(_stays(movie.elements, ("elements",), facts, canvas, offers, ends=False))
    stays |= {("elements", number): stay for number, stay in enumerate(above)}
    own_s = _end(above)
    joined_s = sum((join.length_s - join.overlap_s for join in joins), Fraction(0))
    movie_s = max(joined_s, own_s or Fraction(0), Fraction(MIN_MOVIE_SECONDS))
    frames = frames_of(movie_s, canvas.fps)
    return Lengths(scenes_s, joins, on_grid, own_s, movie_s, frames, stays)


def _stays(
    elements: Iterable[ElementBase],
    place: DocumentPath,
    facts: FactsOf,
    canvas: Canvas,
    offers: Offers,
    *,
    ends: bool,
) -> Iterator[Stay]:
    """Of the elements of a container. ends: whether it has a length of its own.

    One that starts at -1 begins where all that are before it in the list have ended.
    """
    ended_s = Fraction(0)
    for index, element in enumerate(elements):
        start_s = ended_s if element.start == -1 else exact(element.start)
        stay = _stay(
            element, Surroundings(canvas, (*place, index), facts, offers), start_s, ends=ends
        )
        yield stay
        ended_s = max(ended_s, stay.ends_s or ended_s)


def _stay(element: ElementBase, around: Surroundings, start_s: Fraction, *, ends: bool) -> Stay:
    row, extra_s = type_of(element), exact(element.extra_time)
    played = playback_of(element, around) if row.has_length else None
    once = bool(played and played.plays == -1 and element.duration == -1 and not ends)
    own_s = _own_length(element, played, around.offers, once=once)
    said_s = exact(element.duration) if element.duration > 0 else None
    length_s = said_s or (own_s if element.duration == -1 else None)
    lasts_s = min((each_s for each_s in (said_s, own_s) if each_s is not None), default=None)
    ends_s = None if length_s is None else start_s + length_s + extra_s
    return Stay(start_s, lasts_s, _lingering(lasts_s, length_s, extra_s), ends_s, once)


def _lingering(lasts_s: Fraction | None, length_s: Fraction | None, extra_s: Fraction) -> Fraction:
    """What is to be seen after its end is so from where it stops: its file may end before it."""
    if not extra_s or lasts_s is None:
        return Fraction(0)
    return (length_s or lasts_s) - lasts_s + extra_s


def _own_length(
    element: ElementBase, played: Playback | None, offers: Offers, *, once: bool
) -> Fraction | None:
    """What it lasts of itself: as long as it plays or, asked for that, as its animation."""
    if played:
        rounds = 1 if once else played.plays
        return None if rounds == -1 else of_microseconds(played.period_us) * rounds
    intro = type_of(element).intro(element, offers) if element.duration == -1 else None
    return exact(intro) if intro else None


def _end(stays: Iterable[Stay]) -> Fraction | None:
    """Seconds until the last that has a length has ended; None without one."""
    return max((stay.ends_s for stay in stays if stay.ends_s is not None), default=None)


def _unsaid(scene: Scene, stays: Iterable[Stay], offers: Offers) -> Fraction:
    """Nothing in the scene has a length: each element gets its animation's, or a few seconds."""
    ends = (
        stay.start_s + exact(type_of(element).intro(element, offers) or UNSAID_SECONDS)
        for element, stay in zip(scene.elements, stays, strict=True)
    )
    return max(ends, default=Fraction(UNSAID_SECONDS))


def _joins(movie: Movie, lengths: list[Fraction]) -> list[Join]:
    """Scenes with their transitions; an overlap is never longer than what both sides have left."""
    from resplice.core.unseen import Join  # Late: what is found again is warned of in its record.

    joins: list[Join] = []
    for scene, said_s in zip(movie.scenes, lengths, strict=True):
        length_s = at_least_a_frame(said_s, movie.fps)
        wanted_s = exact(scene.transition.duration) if scene.transition else None
        left_s = joins[-1].length_s - joins[-1].overlap_s if joins else Fraction(0)
        overlap_s = min(wanted_s or Fraction(0), left_s, length_s)
        style = scene.transition.style if scene.transition else ""
        opaque = scene.background_color != "transparent"
        joins.append(Join(said_s, length_s, wanted_s, overlap_s, style, opaque))
    return joins


def playback_of(
    element: ElementBase, around: Surroundings, stay: Stay | None = None
) -> Playback | None:
    """How it plays while it is there; None for what stands still."""
    played = on_clock(type_of(element).plays(element, around), around.canvas.fps)
    return replace(played, plays=1) if played and stay and stay.once else played


def on_clock(passage: Passage | None, fps: int) -> Playback | None:
    """What plays, on the canvas's frames where it must."""
    if passage is None:
        return None
    length_us = passage.length_us
    period_us = _on_grid(length_us, fps) if passage.on_frames else length_us
    return Playback(passage.seek_us, period_us, passage.plays)


def _on_grid(length_us: int, fps: int) -> int:
    """The nearest whole number of frames, in microseconds: a loop must begin on a frame."""
    return round(max(1, frames_of(length_us / 1e6, fps)) * 1e6 / fps)


def period_frames(playback: Playback, fps: int) -> int:
    """Frames after which a loop begins again; what does not loop never does."""
    if playback.plays == 1:
        return 1 << 40
    return frames_of(playback.period_us / 1e6, fps)
