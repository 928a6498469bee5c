"""From seconds to whole frames: when everything is seen and heard. Pure arithmetic.

One clock, the movie's frame grid. A scene begins and ends at the frames nearest to the exact sum
of seconds before it, so a scene that is no whole number of frames has one more in some places
than in others; nothing else about it depends on its place. Windows in a scene count from its own
beginning. Rules of length are JSON2Video's (movie JSON reference 4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial

from resplice.core.composition import Canvas, FramesPicture, Look, Picture
from resplice.core.document.limits import MAX_SECONDS
from resplice.core.document.paths import DocumentPath
from resplice.core.document.problems import joined, problem_at
from resplice.core.elements import ElementBase, type_of
from resplice.core.elements.outcome import Soundtrack, Surroundings
from resplice.core.facts import FactsOf
from resplice.core.frame_grid import Span, frames_of, starts_of
from resplice.core.geometry import oversize
from resplice.core.lengths import Lengths, Playback, Stay, lengths_of, on_clock, playback_of
from resplice.core.providers import NO_OFFERS, Offers
from resplice.core.schema.movie import Movie, Scene
from resplice.core.sounds import TimedSound, sounds_in
from resplice.core.soundtrack import soundtrack
from resplice.core.unseen import Join, Life, amiss, unseen
from resplice.errors import DocumentError, Problem
from resplice.frozen import frozen

At = Callable[[DocumentPath], Surroundings]


@frozen
class TimedLayer:
    """A layer over its whole life: frames [start, end) of its container.

    held: how many of its last frames show what was seen before them
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
    held: int = 0

    def edges(self) -> Iterator[int]:
        """The frames of its container at which it begins to be there, to move or to stand still,
        or shows another slot; maybe some more. The last frame of a clip, which is held, is not
        known to stand.
        """
        yield from (self.start, self.start + self.fade_in, self.end - self.fade_out, self.end)
        yield from (self.start + after for after, _ in self.showing)
        if isinstance(self.picture, FramesPicture):
            yield self.start + self.picture.frames - 1


@frozen
class TimedScene:
    """overlap: frames shared with the scene before, in which the transition `style` runs."""

    frames: int
    background: str
    layers: tuple[TimedLayer, ...]
    sounds: tuple[TimedSound, ...]
    overlap: int = 0
    style: str = ""


@frozen
class Timeline:
    """The whole movie. below and above: movie-level layers under and over the scenes.

    The last scene may be one that the document does not have: empty, for what outlasts it.
    warnings tell of what the document asks for and nobody sees or hears, each with its path.
    captions: an ASS file that goes with the movie, as text.
    """

    canvas: Canvas
    scenes: tuple[TimedScene, ...]
    below: tuple[TimedLayer, ...]
    above: tuple[TimedLayer, ...]
    sounds: tuple[TimedSound, ...]
    frames: int
    warnings: tuple[str, ...] = ()
    captions: str | None = None

    def starts(self) -> list[int]:
        """The movie frame at which each scene begins."""
        return starts_of(self.scenes)


def timeline(movie: Movie, facts: FactsOf, offers: Offers = NO_OFFERS) -> Timeline:
    """When everything happens. offers: those that the facts were made by.

    Raises DocumentError when a length cannot be known, a clip is sought behind its end or a
    picture would be too large.
    """
    canvas = Canvas(*movie.size(), movie.fps)
    problems: list[Problem] = []
    lengths = lengths_of(movie, facts, canvas, offers)
    stays = lengths.stays
    scenes = [
        _scene(scene, ("scenes", index), join, span, facts, canvas, stays, problems)
        for index, (scene, join, span) in enumerate(
            zip(movie.scenes, lengths.joins, lengths.spans, strict=True)
        )
    ]
    if not movie.scenes and lengths.own_s is None:
        problems.append(Problem("", "Movie duration cannot be zero: nothing in it has a length"))
    length_s, frames = lengths.movie_s, lengths.frames
    if frames > MAX_SECONDS * canvas.fps:
        problems.append(Problem("", f"The movie is longer than {MAX_SECONDS} seconds"))
    layers = _layers(
        movie.elements, ("elements",), length_s, frames, facts, canvas, stays, problems
    )
    track = cache(lambda: soundtrack(movie, facts, canvas, offers))
    at = partial(_at, canvas, facts, offers, track)
    lives = list(_lives(movie, lengths, at))
    problems += amiss(lives)
    if problems:
        raise DocumentError(joined(problems))
    if frames > _total(scenes):
        scenes.append(TimedScene(frames - _total(scenes), "transparent", (), ()))
    return Timeline(
        canvas,
        tuple(scenes),
        below=tuple(layer for layer in layers if layer.z_index < 0),
        above=(
            *(layer for layer in layers if layer.z_index >= 0),
            *_on_top(movie, frames, at),
        ),
        sounds=tuple(sounds_in(movie.elements, ("elements",), frames, facts, canvas, stays)),
        frames=frames,
        warnings=unseen(canvas, lengths.joins, lives),
        captions=next(_captions(movie, at), None),
    )


def _at(
    canvas: Canvas,
    facts: FactsOf,
    offers: Offers,
    track: Callable[[], Soundtrack | None],
    path: DocumentPath,
) -> Surroundings:
    return Surroundings(canvas, path, facts, offers, track)


def _total(scenes: list[TimedScene]) -> int:
    return sum(scene.frames - scene.overlap for scene in scenes)


def _scene(
    scene: Scene,
    path: DocumentPath,
    join: Join,
    span: Span,
    facts: FactsOf,
    canvas: Canvas,
    stays: Mapping[DocumentPath, Stay],
    problems: list[Problem],
) -> TimedScene:
    place = (*path, "elements")
    layers = _layers(
        scene.elements, place, join.said_s, span.frames, facts, canvas, stays, problems
    )
    sounds = sounds_in(scene.elements, place, span.frames, facts, canvas, stays)
    return TimedScene(
        span.frames,
        scene.background_color,
        tuple(layers),
        tuple(sounds),
        span.overlap,
        join.style if span.overlap else "",
    )


def _lives(movie: Movie, lengths: Lengths, at: At) -> Iterator[Life]:
    """When each element that counts is there, in the seconds of its scene or of the movie."""
    for path, element in movie.each_element():
        around, stay = at(path), lengths.stays[path]
        of_scene = path[0] == "scenes"
        lasts_s = lengths.scenes_s[int(path[1])] if of_scene else lengths.movie_s
        start_s, end_s = stay.window(lasts_s)
        around = replace(around, there_s=float(end_s - start_s))
        if type_of(element).shown:
            end_s = stay.seen_until(lasts_s)
        yield Life(element, around, start_s, end_s, lasts_s, stay.once)


def _layers(
    elements: Iterable[ElementBase],
    place: DocumentPath,
    length_s: Fraction,
    frames: int,
    facts: FactsOf,
    canvas: Canvas,
    stays: Mapping[DocumentPath, Stay],
    problems: list[Problem],
) -> list[TimedLayer]:
    """What is seen, bottom first, in a container of length_s that is drawn as that many frames."""
    found = []
    for index, element in enumerate(elements):
        around = Surroundings(canvas, (*place, index), facts)
        layer = _layer(element, around, stays[around.path], length_s, frames)
        if layer is None:
            continue
        if size := oversize(layer.look):
            words = "It would be drawn {}x{} pixels large, which is too much"
            problems.append(problem_at(around.path, words.format(*size)))
        if layer.end > layer.start:
            found.append(layer)
    return sorted(found, key=lambda layer: layer.z_index)


def _captions(movie: Movie, at: At) -> Iterator[str]:
    for path, element in movie.each_element():
        if text := type_of(element).captions(element, at(path)):
            yield text


def _on_top(movie: Movie, frames: int, at: At) -> Iterator[TimedLayer]:
    """What lies over all that is seen, of elements that are shown as many pictures."""
    for path, element in movie.each_element():
        for first, end, shown in type_of(element).shown_over(element, at(path), frames):
            yield TimedLayer(
                shown.picture, shown.look, first, end, element.z_index, showing=shown.showing
            )


def _layer(
    element: ElementBase, around: Surroundings, stay: Stay, length_s: Fraction, frames: int
) -> TimedLayer | None:
    """None for an element that is never seen."""
    row, fps = type_of(element), around.canvas.fps
    if row.shown is None:
        return None
    (start_s, end_s), gone_s = stay.window(length_s), stay.seen_until(length_s)
    start = frames_of(start_s, fps)
    # What lasts to the end does so in every place, be it of a frame more or less.
    played, end = (
        frames if each_s == length_s else min(frames, frames_of(each_s, fps))
        for each_s in (end_s, gone_s)
    )
    shown = row.shown(element, around, max(0, played - start))
    life = max(0, end - start)
    held = min(life, end - played)
    return TimedLayer(
        shown.picture,
        _standing(shown.look, life - held - 1) if held else shown.look,
        start,
        end,
        element.z_index,
        playback_of(element, around, stay),
        (shown.mask, on_clock(shown.mask_plays, fps)) if shown.mask else None,
        min(life, frames_of(element.fade_in, fps)),
        min(life, frames_of(element.fade_out, fps)),
        held=held if shown.picture.moves else 0,
    )


def _standing(look: Look, from_age: int) -> Look:
    """The look when nothing turns any further from that age on."""
    turn = look.rotation
    if not turn or not turn.turn_frames:
        return look
    return replace(look, rotation=replace(turn, stops_at=from_age))
