"""What every element that plays a file, or is heard, may say; and what of the file is played.

Seconds only: the timeline puts them on the movie's frames.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from resplice.core.composition import Source
from resplice.core.document.paths import DocumentPath
from resplice.core.document.values import Seek
from resplice.core.elements.base import ElementBase
from resplice.core.elements.outcome import Heard, Passage, Surroundings
from resplice.core.facts import MediaFacts, media
from resplice.core.warned import warned
from resplice.errors import shown


class Sounding(ElementBase):
    """What every element that is heard may say.

    volume  0 to 10; 1: as loud as its source
    muted   whether nothing is heard of it
    """

    volume: Annotated[float, Field(ge=0, le=10)] = 1
    muted: bool = False


class Playing(ElementBase):
    """What every element that plays a file may say.

    seek  seconds into the file at which it begins; below 0, seconds before the file's end
    loop  how often it plays; -1: for ever. It takes a duration, or -2: with -1 it plays once
    """

    seek: Seek = 0
    loop: Annotated[int, Field(ge=-1, le=100_000)] = 1

    def plays(self) -> int:
        """How often it plays; -1 for ever."""
        return self.loop or 1


def passage(element: Playing, facts: MediaFacts, *, on_frames: bool) -> Passage | None:
    """What is left of the file after the element's seek; None for a file that stands still.

    on_frames: where it loops, every round must begin on a frame.
    """
    if facts.duration_us is None:
        return None
    seek_us = round(element.seek * 1e6)
    if seek_us < 0:
        seek_us = max(0, facts.duration_us + seek_us)
    left_us = facts.duration_us - seek_us
    if left_us <= 0:
        return Passage(seek_us, 0, 0)
    loops = element.plays() != 1
    return Passage(seek_us, left_us, element.plays(), on_frames=on_frames and loops)


def sought_behind(element: Playing, around: Surroundings) -> Iterator[tuple[DocumentPath, str]]:
    """Reports a seek at or behind the end of the file, with both lengths."""
    played = passage(element, media(around.own()), on_frames=False)
    if played and not played.length_us:
        lasts_s = (media(around.own()).duration_us or 0) / 1e6
        words = "'seek' is {:g} s, but the clip{} is only {:g} s long"
        src = getattr(element, "src", None)
        named = f" '{shown(src)}'" if src else ""
        yield ("seek",), words.format(element.seek, named, lasts_s)


def sought_before(element: Playing, around: Surroundings) -> Iterator[str]:
    """Says that a seek from the file's end goes back behind its beginning."""
    lasts_us = media(around.own()).duration_us
    if lasts_us is not None and round(element.seek * 1e6) < -lasts_us:
        words = ".seek is {:g} s, but the clip is only {:g} s long: it plays from its beginning"
        yield warned("seek-too-early", words.format(element.seek, lasts_us / 1e6))


def never_heard(element: Sounding, around: Surroundings) -> Iterator[str]:
    """Says that the volume is 0. A muted sound is meant to be so."""
    if element.volume == 0:
        yield warned("silent", ".volume is 0: it is never heard")


def heard(element: Sounding, facts: MediaFacts, *, in_step_with_frames: bool) -> Heard | None:
    """The file's sound; None when it has none, or is muted."""
    if not facts.has_audio or element.muted or element.volume == 0:
        return None
    return Heard(Source.of(facts), element.volume, in_step_with_frames)
