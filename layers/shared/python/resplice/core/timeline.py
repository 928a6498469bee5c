"""From seconds to whole frames: when everything is seen and heard. Pure arithmetic.

One clock, the movie's frame grid. A scene begins and ends at the frames nearest to the exact sum
of seconds before it, so a scene that is no whole number of frames has one more in some places
than in others; nothing else about it depends on its place. Windows in a scene count from its own
beginning. Rules of length are JSON2Video's (movie JSON reference 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from resplice.core.composition import Canvas, Look, Picture, Source
from resplice.core.document.limits import MAX_SECONDS
from resplice.core.document.paths import DocumentPath
from resplice.core.document.problems import joined, problem_at
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
from resplice.core.geometry import oversize
from resplice.core.schema.movie import Movie, Scene
from resplice.core.unseen import Join, Life, amiss, unseen
from resplice.errors import DocumentError, Problem

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
class TimedLayer:
    """A layer over its whole life: frames [start, end) of its container.

    showing: of a sheet, (frames after start, the slot that is seen from there on), the first at 0
    """

    picture: Picture
    look: Look
    start: int
    end: int
    z_index: int
    playback: Playback | None = None
    mask: tuple[Picture, Playback | None] | None = None
    fade_in: int = 0
    fade_out: int = 0
    showing: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class TimedScene:
    """overlap: frames shared with the scene before, in which the transition `style` runs."""

    frames: int
    background: str
    layers: tuple[TimedLayer, ...]
    sounds: tuple[TimedSound, ...]
    overlap: int = 0
    style: str = ""


@dataclass(frozen=True)
class Timeline:
    """The whole movie. below and above: movie-level layers under and over the scenes.

    The last scene may be one that the document does not have: empty, for what outlasts it.
    warnings tell of what the document asks for and nobody sees or hears, each with its path.
    """

    canvas: Canvas
    scenes: tuple[TimedScene, ...]
    below: tuple[TimedLayer, ...]
    above: tuple[TimedLayer, ...]
    sounds: tuple[TimedSound, ...]
    frames: int
    warnings: tuple[str, ...] = ()

    def starts(self) -> list[int]:
        """The movie frame at which each scene begins."""
        found, frame = [], 0
        for scene in self.scenes:
            frame -= scene.overlap
            found.append(frame)
            frame += scene.frames
        return found


def timeline(movie: Movie, facts: FactsOf) -> Timeline:
    """When everything happens.

    Raises DocumentError when a length cannot be known, a clip is sought behind its end or a
    picture would be too large.
    """
    canvas = Canvas(*movie.size(), movie.fps)
    problems: list[Problem] = []
    lengths = [
        _scene_length(scene, ("scenes", index), facts, canvas, problems)
        for index, scene in enumerate(movie.scenes)
    ]
    joins = _joins(movie, lengths)
    placed = list(spans(((join.length_s, join.overlap_s) for join in joins), canvas.fps))
    scenes = [
        _scene(scene, ("scenes", index), joins[index], placed[index], facts, canvas, problems)
        for index, scene in enumerate(movie.scenes)
    ]
    own_s = _own_length(movie.elements, ("elements",), facts, canvas, problems)
    scenes_s = sum((join.length_s - join.overlap_s for join in joins), Fraction(0))
    length_s = max(scenes_s, own_s or Fraction(0), Fraction(MIN_MOVIE_SECONDS))
    frames = frames_of(length_s, canvas.fps)
    if not movie.scenes and own_s is None:
        problems.append(Problem("", "Movie duration cannot be zero: nothing in it has a length"))
    if frames > MAX_SECONDS * canvas.fps:
        problems.append(Problem("", f"The movie is longer than {MAX_SECONDS} seconds"))
    layers = _layers(movie.elements, ("elements",), length_s, frames, facts, canvas, problems)
    lives = list(_lives(movie, lengths, length_s, facts, canvas))
    problems += amiss(lives)
    if problems:
        raise DocumentError(joined(problems))
    if frames > _total(scenes):
        scenes.append(TimedScene(frames - _total(scenes), "transparent", (), ()))
    return Timeline(
        canvas,
        tuple(scenes),
        below=tuple(layer for layer in layers if layer.z_index < 0),
        above=tuple(layer for layer in layers if layer.z_index >= 0),
        sounds=tuple(_sounds(movie.elements, ("elements",), frames, facts, canvas)),
        frames=frames,
        warnings=unseen(canvas, joins, lives),
    )


def _total(scenes: list[TimedScene]) -> int:
    return sum(scene.frames - scene.overlap for scene in scenes)


def _scene_length(
    scene: Scene, path: DocumentPath, facts: FactsOf, canvas: Canvas, problems: list[Problem]
) -> Fraction:
    """Exact seconds, as the document has them: they may be less than a frame."""
    if scene.duration != -1:
        return exact(scene.duration)
    own_s = _own_length(scene.elements, (*path, "elements"), facts, canvas, problems)
    return own_s or _unsaid(scene)


def _scene(
    scene: Scene,
    path: DocumentPath,
    join: Join,
    span: Span,
    facts: FactsOf,
    canvas: Canvas,
    problems: list[Problem],
) -> TimedScene:
    place = (*path, "elements")
    layers = _layers(scene.elements, place, join.said_s, span.frames, facts, canvas, problems)
    sounds = _sounds(scene.elements, place, span.frames, facts, canvas)
    return TimedScene(
        span.frames,
        scene.background_color,
        tuple(layers),
        tuple(sounds),
        span.overlap,
        join.style if span.overlap else "",
    )


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


def _lives(
    movie: Movie, lengths: list[Fraction], length_s: Fraction, facts: FactsOf, canvas: Canvas
) -> Iterator[Life]:
    """When each element is there, in the seconds of its scene or of the movie."""
    scenes = [("scenes", index, "elements") for index in range(len(lengths))]
    places: list[DocumentPath] = [*scenes, ("elements",)]
    contents = [*(scene.elements for scene in movie.scenes), movie.elements]
    for place, elements, lasts_s in zip(places, contents, [*lengths, length_s], strict=True):
        for index, element in enumerate(elements):
            around = Surroundings(canvas, (*place, index), facts)
            window = _window(element, _playback(element, around), lasts_s)
            yield Life(element, around, *window, lasts_s)


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
    played = _playback(element, around)
    if played is None:
        return None
    if played.plays == -1:
        hint = "'loop' -1 needs a 'duration' (or -2), or a scene 'duration': it never ends"
        problems.append(problem_at([*around.path, "loop"], hint))
        return None
    return of_microseconds(played.period_us) * played.plays


def _playback(element: ElementBase, around: Surroundings) -> Playback | None:
    """None for what stands still."""
    return _on_clock(type_of(element).plays(element, around), around.canvas.fps)


def _on_clock(passage: Passage | None, fps: int) -> Playback | None:
    """What plays, on the canvas's frames where it must."""
    if passage is None:
        return None
    length_us = passage.length_us
    period_us = _on_grid(length_us, fps) if passage.on_frames else length_us
    return Playback(passage.seek_us, period_us, passage.plays)


def _on_grid(length_us: int, fps: int) -> int:
    """The nearest whole number of frames, in microseconds: a loop must begin on a frame."""
    return round(max(1, frames_of(length_us / 1e6, fps)) * 1e6 / fps)


def _window(
    element: ElementBase, playback: Playback | None, length_s: Fraction
) -> tuple[Fraction, Fraction]:
    """Seconds [start, end) in a container of that length, in which the element is there."""
    start_s, end_s = exact(element.start), length_s
    if element.duration > 0:
        end_s = min(end_s, start_s + exact(element.duration))
    if playback and playback.plays != -1:
        end_s = min(end_s, start_s + of_microseconds(playback.period_us) * playback.plays)
    return start_s, end_s


def _layers(
    elements: Iterable[ElementBase],
    place: DocumentPath,
    length_s: Fraction,
    frames: int,
    facts: FactsOf,
    canvas: Canvas,
    problems: list[Problem],
) -> list[TimedLayer]:
    """What is seen, bottom first, in a container of length_s that is drawn as that many frames."""
    found = []
    for index, element in enumerate(elements):
        around = Surroundings(canvas, (*place, index), facts)
        layer = _layer(element, around, length_s, frames)
        if layer is None:
            continue
        if size := oversize(layer.look):
            words = "It would be drawn {}x{} pixels large, which is too much"
            problems.append(problem_at(around.path, words.format(*size)))
        if layer.end > layer.start:
            found.append(layer)
    return sorted(found, key=lambda layer: layer.z_index)


def _layer(
    element: ElementBase, around: Surroundings, length_s: Fraction, frames: int
) -> TimedLayer | None:
    """None for an element that is never seen."""
    row, fps = type_of(element), around.canvas.fps
    if row.shown is None:
        return None
    playback = _playback(element, around)
    start_s, end_s = _window(element, playback, length_s)
    start = frames_of(start_s, fps)
    # What lasts to the end does so in every place, be it of a frame more or less.
    end = frames if end_s == length_s else min(frames, frames_of(end_s, fps))
    life = max(0, end - start)
    shown = row.shown(element, around, life)
    return TimedLayer(
        shown.picture,
        shown.look,
        start,
        end,
        element.z_index,
        playback,
        (shown.mask, _on_clock(shown.mask_plays, fps)) if shown.mask else None,
        min(life, frames_of(element.fade_in, fps)),
        min(life, frames_of(element.fade_out, fps)),
    )


def _sounds(
    elements: Iterable[ElementBase],
    place: DocumentPath,
    frames: int,
    facts: FactsOf,
    canvas: Canvas,
) -> list[TimedSound]:
    """What is heard in a container of that many frames."""
    sounds = (
        _sound(element, Surroundings(canvas, (*place, index), facts), frames)
        for index, element in enumerate(elements)
    )
    return [sound for sound in sounds if sound]


def _sound(element: ElementBase, around: Surroundings, frames: int) -> TimedSound | None:
    """None when it is silent, or never there."""
    row = type_of(element)
    heard = row.heard(element, around) if row.heard else None
    if heard is None:
        return None
    playback = _playback(element, around)
    window = _window(element, playback, Fraction(frames, around.canvas.fps))
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
