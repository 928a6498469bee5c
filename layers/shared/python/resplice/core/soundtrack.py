"""What is heard in a whole movie, source by source, for those who ask what is said in it.

It is known before anything that is seen: only what is heard, or has a length, must be there.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from resplice.core.composition import Canvas
from resplice.core.document.paths import DocumentPath
from resplice.core.elements import type_of
from resplice.core.elements.outcome import Audible, Soundtrack
from resplice.core.facts import FactsOf, SpeechFacts
from resplice.core.frame_grid import starts_of
from resplice.core.lengths import lengths_of
from resplice.core.providers import NO_OFFERS, Offers
from resplice.core.schema.movie import Movie
from resplice.core.sounds import TimedSound, placed_sounds


def soundtrack(
    movie: Movie, known: FactsOf, canvas: Canvas, offers: Offers = NO_OFFERS
) -> Soundtrack | None:
    """All that is heard, in the order of its beginning; None while some of it is not known."""
    for path, element in movie.each_element():
        row = type_of(element)
        if (row.heard or row.has_length) and path not in known:
            return None
    found = sorted(_audible(movie, known, canvas, offers), key=lambda each: each.start_ms)
    return tuple(found)


def _audible(movie: Movie, known: FactsOf, canvas: Canvas, offers: Offers) -> Iterator[Audible]:
    lengths = lengths_of(movie, known, canvas, offers)
    stays, begins = lengths.stays, starts_of(lengths.spans)
    for index, (scene, span) in enumerate(zip(movie.scenes, lengths.spans, strict=True)):
        place = ("scenes", index, "elements")
        offset_ms = Fraction(1000 * begins[index], canvas.fps)
        for path, sound in placed_sounds(scene.elements, place, span.frames, known, canvas, stays):
            yield _heard(path, sound, known, float(offset_ms))
    over = placed_sounds(movie.elements, ("elements",), lengths.frames, known, canvas, stays)
    for path, sound in over:
        yield _heard(path, sound, known, 0.0)


def _heard(path: DocumentPath, sound: TimedSound, known: FactsOf, offset_ms: float) -> Audible:
    facts, playback = known[path], sound.playback
    return Audible(
        path,
        sound.source,
        facts.words if isinstance(facts, SpeechFacts) else None,
        offset_ms + sound.start_s * 1000,
        offset_ms + sound.end_s * 1000,
        playback.seek_us / 1000,
        playback.period_us / 1000,
        playback.plays,
    )
