"""From seconds to whole frames: when everything is seen and heard. Pure arithmetic.

One clock, the movie's frame grid. Each scene's length, and each window in it, is rounded by
itself, so nothing about a scene depends on its place; the movie is the sum of its scenes.
Rules of length are JSON2Video's (movie JSON reference 4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import floor

from resplice.core.composition import Canvas, Look, Source
from resplice.core.document.paths import DocumentPath
from resplice.core.document.problems import problem_at
from resplice.core.facts import Facts, FactsOf, MediaFacts, media
from resplice.core.geometry import look, oversize
from resplice.core.schema.elements import AudioElement, Element, VideoElement, VisualElement
from resplice.core.schema.movie import Movie, Scene
from resplice.errors import DocumentError, Problem

UNSAID_SECONDS = 5.0
"""What a scene lasts when neither it nor any of its elements says."""
MIN_MOVIE_SECONDS = 1
MAX_MOVIE_SECONDS = 3 * 3600


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
    """A layer over its whole life: frames [start, end) of its container."""

    source: Source
    look: Look
    start: int
    end: int
    z_index: int
    playback: Playback | None = None
    mask: tuple[Source, Playback | None] | None = None
    fade_in: int = 0
    fade_out: int = 0


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
    """

    canvas: Canvas
    scenes: tuple[TimedScene, ...]
    below: tuple[TimedLayer, ...]
    above: tuple[TimedLayer, ...]
    sounds: tuple[TimedSound, ...]
    frames: int

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

    Raises DocumentError when a length cannot be known or a picture would be too large.
    """
    canvas = Canvas(*movie.size(), movie.fps)
    problems: list[Problem] = []
    scenes = [
        _scene(scene, ("scenes", index), facts, canvas, problems)
        for index, scene in enumerate(movie.scenes)
    ]
    scenes = _joined(scenes, movie)
    own_s = _own_length(movie.elements, ("elements",), facts, canvas.fps, problems)
    frames = max(_total(scenes), frames_of(own_s or 0, canvas.fps), MIN_MOVIE_SECONDS * canvas.fps)
    if not movie.scenes and own_s is None:
        problems.append(Problem("", "Movie duration cannot be zero: nothing in it has a length"))
    if frames > MAX_MOVIE_SECONDS * canvas.fps:
        problems.append(Problem("", f"The movie is longer than {MAX_MOVIE_SECONDS} seconds"))
    layers = _layers(movie.elements, ("elements",), frames / canvas.fps, facts, canvas, problems)
    if problems:
        raise DocumentError(problems)
    if frames > _total(scenes):
        scenes.append(TimedScene(frames - _total(scenes), "transparent", (), ()))
    length_s = frames / canvas.fps
    return Timeline(
        canvas,
        tuple(scenes),
        below=tuple(layer for layer in layers if layer.z_index < 0),
        above=tuple(layer for layer in layers if layer.z_index >= 0),
        sounds=tuple(_sounds(movie.elements, ("elements",), length_s, facts, canvas.fps)),
        frames=frames,
    )


def frames_of(seconds: float, fps: int) -> int:
    """The nearest whole number of frames, halves up; what is a half but for float noise is one."""
    return floor(seconds * fps + 0.5 + 1e-6)


def _total(scenes: list[TimedScene]) -> int:
    return sum(scene.frames - scene.overlap for scene in scenes)


def _scene(
    scene: Scene, path: DocumentPath, facts: FactsOf, canvas: Canvas, problems: list[Problem]
) -> TimedScene:
    place = (*path, "elements")
    length_s = scene.duration
    if length_s == -1:
        own_s = _own_length(scene.elements, place, facts, canvas.fps, problems)
        length_s = own_s or _unsaid(scene)
    frames = max(1, frames_of(length_s, canvas.fps))
    length_s = frames / canvas.fps
    layers = _layers(scene.elements, place, length_s, facts, canvas, problems)
    sounds = _sounds(scene.elements, place, length_s, facts, canvas.fps)
    return TimedScene(frames, scene.background_color, tuple(layers), tuple(sounds))


def _unsaid(scene: Scene) -> float:
    """Nothing in the scene has a length: each of its elements gets a few seconds."""
    return max((element.start for element in scene.elements), default=0) + UNSAID_SECONDS


def _joined(scenes: list[TimedScene], movie: Movie) -> list[TimedScene]:
    """Scenes with their transitions; an overlap is never longer than what both sides have left."""
    joined: list[TimedScene] = []
    for timed, scene in zip(scenes, movie.scenes, strict=True):
        if scene.transition and joined:
            before = joined[-1]
            wanted = frames_of(scene.transition.duration, movie.fps)
            overlap = min(wanted, before.frames - before.overlap, timed.frames)
            if overlap > 0:
                timed = replace(timed, overlap=overlap, style=scene.transition.style)
        joined.append(timed)
    return joined


def _own_length(
    elements: Iterable[Element],
    place: DocumentPath,
    facts: FactsOf,
    fps: int,
    problems: list[Problem],
) -> float | None:
    """Seconds until the last element with a length of its own has ended; None without one."""
    ends = []
    for index, element in enumerate(elements):
        length_s = _length(element, media(facts[(*place, index)]), (*place, index), fps, problems)
        if length_s is not None:
            ends.append(element.start + length_s + element.extra_time)
    return max(ends, default=None)


def _length(
    element: Element, facts: MediaFacts, path: DocumentPath, fps: int, problems: list[Problem]
) -> float | None:
    if element.duration > 0:
        return element.duration
    if element.duration == -2 or not isinstance(element, VideoElement | AudioElement):
        return None
    played = _playback(element, facts, fps)
    if played is None:
        return None
    if played.plays == -1:
        hint = "'loop' -1 needs a 'duration' (or -2), or a scene 'duration': it never ends"
        problems.append(problem_at([*path, "loop"], hint))
        return None
    return played.period_us * played.plays / 1e6


def _playback(element: Element, facts: MediaFacts, fps: int) -> Playback | None:
    """None for what stands still. A moving picture in an image element plays for ever."""
    if facts.duration_us is None:
        return None
    if not isinstance(element, VideoElement | AudioElement):
        return Playback(0, _on_grid(facts.duration_us, fps), -1)
    seek_us = round(element.seek * 1e6)
    left_us = facts.duration_us - seek_us
    if left_us <= 0:
        return Playback(seek_us, 0, 0)
    if isinstance(element, VideoElement) and element.plays() != 1:
        left_us = _on_grid(left_us, fps)
    return Playback(seek_us, left_us, element.plays())


def _on_grid(length_us: int, fps: int) -> int:
    """The nearest whole number of frames, in microseconds: a loop must begin on a frame."""
    return round(max(1, frames_of(length_us / 1e6, fps)) * 1e6 / fps)


def _window(element: Element, playback: Playback | None, length_s: float) -> tuple[float, float]:
    """Seconds [start, end) in a container of that length, in which the element is there."""
    end_s = length_s
    if element.duration > 0:
        end_s = min(end_s, element.start + element.duration)
    if playback and playback.plays != -1:
        end_s = min(end_s, element.start + playback.period_us * playback.plays / 1e6)
    return element.start, end_s


def _layers(
    elements: Iterable[Element],
    place: DocumentPath,
    length_s: float,
    facts: FactsOf,
    canvas: Canvas,
    problems: list[Problem],
) -> list[TimedLayer]:
    """The visible elements, bottom first."""
    found = []
    for index, element in enumerate(elements):
        if isinstance(element, VisualElement):
            path = (*place, index)
            layer = _layer(element, path, length_s, facts, canvas)
            if size := oversize(layer.look):
                words = "It would be drawn {}x{} pixels large, which is too much"
                problems.append(problem_at(path, words.format(*size)))
            if layer.end > layer.start:
                found.append(layer)
    return sorted(found, key=lambda layer: layer.z_index)


def _layer(
    element: VisualElement, path: DocumentPath, length_s: float, facts: FactsOf, canvas: Canvas
) -> TimedLayer:
    own = media(facts[path])
    playback = _playback(element, own, canvas.fps)  # type: ignore[arg-type]
    window = _window(element, playback, length_s)  # type: ignore[arg-type]
    start, end = (frames_of(second, canvas.fps) for second in window)
    life = max(0, end - start)
    return TimedLayer(
        Source.of(own),
        look(element, own, canvas, life),
        start,
        end,
        element.z_index,
        playback,
        _mask(facts.get((*path, "mask")), canvas.fps),
        min(life, frames_of(element.fade_in, canvas.fps)),
        min(life, frames_of(element.fade_out, canvas.fps)),
    )


def _mask(found: Facts | None, fps: int) -> tuple[Source, Playback | None] | None:
    """A moving mask plays for ever."""
    if found is None:
        return None
    facts = media(found)
    if facts.duration_us is None:
        return Source.of(facts), None
    return Source.of(facts), Playback(0, _on_grid(facts.duration_us, fps), -1)


def _sounds(
    elements: Iterable[Element], place: DocumentPath, length_s: float, facts: FactsOf, fps: int
) -> list[TimedSound]:
    found = []
    for index, element in enumerate(elements):
        if isinstance(element, VideoElement | AudioElement):
            sound = _sound(element, media(facts[(*place, index)]), length_s, fps)
            found += [sound] if sound else []
    return found


def _sound(
    element: VideoElement | AudioElement, own: MediaFacts, length_s: float, fps: int
) -> TimedSound | None:
    """None when it is silent, muted or never there."""
    playback = _playback(element, own, fps)
    start_s, end_s = _window(element, playback, length_s)
    silent = not own.has_audio or element.muted or element.volume == 0
    if playback is None or silent or end_s <= start_s:
        return None
    return TimedSound(
        Source.of(own),
        start_s,
        end_s,
        playback,
        element.volume,
        min(element.fade_in, end_s - start_s),
        min(element.fade_out, end_s - start_s),
        in_step_with_frames=isinstance(element, VideoElement),
    )
