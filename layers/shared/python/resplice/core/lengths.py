"""How long everything lasts: elements, scenes and the overlaps of transitions, in exact seconds.

Rules of length are JSON2Video's (movie JSON reference 4). What is seen plays no part here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from resplice.core.composition import Canvas
from resplice.core.document.paths import DocumentPath
from resplice.core.document.problems import problem_at
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
from resplice.core.schema.movie import Movie, Scene
from resplice.core.unseen import Join
from resplice.errors import Problem

UNSAID_SECONDS = 5
"""What a scene lasts when neither it nor any of its elements says."""
MIN_MOVIE_SECONDS = 1


@dataclass(frozen=True)
class Playback:
    """How a moving source plays: from seek_us, period_us of it, plays times (-1 for ever).

    The period of a picture that begins again is a whole number of the canvas's frames.
    """

    seek_us: int
    period_us: int
    plays: int


@dataclass(frozen=True)
class Lengths:
    """scenes_s: what each scene lasts, as the document has it; joins and spans: each with its
    overlap, exactly and on the frame grid. own_s: of the movie's own elements, None when none has
    a length. movie_s: of all, which is `frames` long on the grid.
    """

    scenes_s: list[Fraction]
    joins: list[Join]
    spans: list[Span]
    own_s: Fraction | None
    movie_s: Fraction
    frames: int


def lengths_of(movie: Movie, facts: FactsOf, canvas: Canvas, problems: list[Problem]) -> Lengths:
    """Needs the facts of elements that have a length of their own. problems: are added to."""
    scenes_s = [
        _scene_length(scene, ("scenes", index), facts, canvas, problems)
        for index, scene in enumerate(movie.scenes)
    ]
    joins = _joins(movie, scenes_s)
    on_grid = list(spans(((join.length_s, join.overlap_s) for join in joins), canvas.fps))
    own_s = _own_length(movie.elements, ("elements",), facts, canvas, problems)
    joined_s = sum((join.length_s - join.overlap_s for join in joins), Fraction(0))
    movie_s = max(joined_s, own_s or Fraction(0), Fraction(MIN_MOVIE_SECONDS))
    return Lengths(scenes_s, joins, on_grid, own_s, movie_s, frames_of(movie_s, canvas.fps))


def _scene_length(
    scene: Scene, path: DocumentPath, facts: FactsOf, canvas: Canvas, problems: list[Problem]
) -> Fraction:
    """Exact seconds, as the document has them: they may be less than a frame."""
    if scene.duration != -1:
        return exact(scene.duration)
    own_s = _own_length(scene.elements, (*path, "elements"), facts, canvas, problems)
    return own_s or _unsaid(scene)


def _unsaid(scene: Scene) -> Fraction:
    """Nothing in the scene has a length: each of its elements gets a few seconds."""
    begun = max((exact(element.start) for element in scene.elements), default=Fraction(0))
    return begun + UNSAID_SECONDS


def _joins(movie: Movie, lengths: list[Fraction]) -> list[Join]:
    """Scenes with their transitions; an overlap is never longer than what both sides have left."""
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


def _own_length(
    elements: Iterable[ElementBase],
    place: DocumentPath,
    facts: FactsOf,
    canvas: Canvas,
    problems: list[Problem],
) -> Fraction | None:
    """Seconds until the last element with a length of its own has ended; None without one."""
    ends = []
    for index, element in enumerate(elements):
        length_s = _length(element, Surroundings(canvas, (*place, index), facts), problems)
        if length_s is not None:
            ends.append(exact(element.start) + length_s + exact(element.extra_time))
    return max(ends, default=None)


def _length(element: ElementBase, around: Surroundings, problems: list[Problem]) -> Fraction | None:
    if element.duration > 0:
        return exact(element.duration)
    if element.duration == -2 or not type_of(element).has_length:
        return None
    played = playback_of(element, around)
    if played is None:
        return None
    if played.plays == -1:
        hint = "'loop' -1 needs a 'duration' (or -2), or a scene 'duration': it never ends"
        problems.append(problem_at([*around.path, "loop"], hint))
        return None
    return of_microseconds(played.period_us) * played.plays


def playback_of(element: ElementBase, around: Surroundings) -> Playback | None:
    """None for what stands still."""
    return on_clock(type_of(element).plays(element, around), around.canvas.fps)


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


def window_of(
    element: ElementBase, playback: Playback | None, length_s: Fraction
) -> tuple[Fraction, Fraction]:
    """Seconds [start, end) in a container of that length, in which the element is there."""
    start_s, end_s = exact(element.start), length_s
    if element.duration > 0:
        end_s = min(end_s, start_s + exact(element.duration))
    if playback and playback.plays != -1:
        end_s = min(end_s, start_s + of_microseconds(playback.period_us) * playback.plays)
    return start_s, end_s
