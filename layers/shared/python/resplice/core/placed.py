"""Placed: where in the movie, and where on its canvas, everything of a document is, in seconds and
pixels. For whoever draws a movie as a picture of itself; nothing is made of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from resplice.core.composition import Canvas
from resplice.core.document.paths import DocumentPath
from resplice.core.elements import ElementBase, type_of
from resplice.core.elements.outcome import Surroundings
from resplice.core.facts import FactsOf
from resplice.core.frame_grid import frames_of
from resplice.core.lengths import Lengths, lengths_of
from resplice.core.providers import NO_OFFERS, Offers
from resplice.core.schema.movie import Movie
from resplice.frozen import frozen


@frozen
class PlacedScene:
    """A scene in the seconds of its movie. overlap_s: of them, those shared with the one before."""

    path: DocumentPath
    start_s: float
    length_s: float
    overlap_s: float
    style: str


@frozen
class PlacedElement:
    """An element in the seconds of its movie.

    box   x, y, width and height of what is drawn of it, pixels of the canvas, before it turns or
          moves; None for what is only heard, or lies over all that is seen
    said  x, y, width and height as the document says them, -1 for a side that it leaves open; None
          where they do not count
    heard whether it has a sound
    """

    path: DocumentPath
    type: str
    start_s: float
    end_s: float
    z_index: int
    box: tuple[int, int, int, int] | None
    said: tuple[int, int, int, int] | None
    heard: bool


@frozen
class Placement:
    scenes: tuple[PlacedScene, ...]
    elements: tuple[PlacedElement, ...]


def placement(movie: Movie, facts: FactsOf, offers: Offers = NO_OFFERS) -> Placement:
    """Needs the facts that a timeline needs, and a movie that one can be made of."""
    canvas = Canvas(*movie.size(), movie.fps)
    lengths = lengths_of(movie, facts, canvas, offers)
    starts_s = list(_starts_s(lengths))
    scenes = tuple(
        PlacedScene(
            ("scenes", index),
            float(start_s),
            float(join.length_s),
            float(join.overlap_s),
            join.style if join.overlap_s else "",
        )
        for index, (join, start_s) in enumerate(zip(lengths.joins, starts_s, strict=True))
    )
    elements = tuple(
        _element(element, Surroundings(canvas, path, facts, offers), lengths, starts_s)
        for path, element in movie.each_element()
    )
    return Placement(scenes, elements)


def _starts_s(lengths: Lengths) -> Iterator[Fraction]:
    end_s = Fraction(0)
    for join in lengths.joins:
        yield end_s - join.overlap_s
        end_s += join.length_s - join.overlap_s


def _element(
    element: ElementBase, around: Surroundings, lengths: Lengths, starts_s: list[Fraction]
) -> PlacedElement:
    path, stay = around.path, lengths.stays[around.path]
    scene = int(path[1]) if path[0] == "scenes" else None
    lasts_s = lengths.movie_s if scene is None else lengths.scenes_s[scene]
    from_s = Fraction(0) if scene is None else starts_s[scene]
    start_s, end_s = stay.window(lasts_s)
    return PlacedElement(
        path,
        element.type,
        float(from_s + start_s),
        float(from_s + max(start_s, stay.seen_until(lasts_s))),
        element.z_index,
        _box(element, around, frames_of(max(Fraction(0), end_s - start_s), around.canvas.fps)),
        element.said_place(),
        _is_heard(element, around),
    )


def _is_heard(element: ElementBase, around: Surroundings) -> bool:
    heard = type_of(element).heard
    return heard is not None and heard(element, around) is not None


def _box(
    element: ElementBase, around: Surroundings, frames: int
) -> tuple[int, int, int, int] | None:
    row = type_of(element)
    if row.shown is None:
        return None
    look = row.shown(element, around, frames).look
    return (look.x, look.y, *look.size)
