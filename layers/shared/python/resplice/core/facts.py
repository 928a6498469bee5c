"""What is known of an element once it was made: the facts that a timeline needs.

Values only. Facts travel as JSON beside the stored bytes, where there is little room; those that
may be long are the stored bytes themselves (WrittenFacts). A kind of facts is one frozen class and
one row of FACTS.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from resplice.core.colours import Colours
from resplice.core.document.paths import DocumentPath
from resplice.core.tagged import TAG, Tagged, from_json, tag_of, to_json
from resplice.core.words import Word
from resplice.frozen import frozen

FACTS_VERSION = 4
"""Raise it when the same bytes would now give other facts: stored ones are then found anew."""

MediaKind = Literal["image", "video", "audio", "font", "drawing"]
"""A drawing is no picture before it is painted: it has no demuxer, and any size."""


@frozen
class Facts(Tagged):
    """Facts of stored bytes, whatever they are; each kind of facts is a class of its own.

    digest       SHA-256 of the bytes, hex; the name of the content everywhere downstream
    """

    digest: str
    size_bytes: int
    are_the_bytes: ClassVar[bool] = False
    """Whether the stored bytes are these facts, as JSON."""

    @classmethod
    def table(cls) -> Mapping[str, type[Facts]]:
        return FACTS


@frozen
class MediaFacts(Facts):
    """Facts of one stored media file.

    demuxer      the one FFmpeg demuxer that may read it (`-f`), found by sniffing, never by name
    decoder      the video decoder to force (`-c:v`), empty for FFmpeg's own choice
    width/height pixels as displayed: after EXIF or container rotation and square-pixel correction
    duration_us  microseconds of the longest kept stream; None for a still image and a font
    has_alpha    whether any pixel may be transparent
    untagged     whether a moving picture does not say by which matrix its colours were made
    colours      what its colours mean, where the canvas would take them for something else
    interlaced   whether two fields, one after the other, share each frame
    stream       FFmpeg's specifier of the picture in the file; empty for the first one
    clear        the same of a picture that is the first one's transparency; empty without one
    black        whether a still is all black, or transparent: as a mask, it hides everything
    x, y         where on the element's canvas a painted picture lies, pixels; 0 for fetched media
    """

    kind: MediaKind
    demuxer: str
    width: int = 0
    height: int = 0
    duration_us: int | None = None
    has_alpha: bool = False
    has_audio: bool = False
    decoder: str = ""
    untagged: bool = False
    colours: Colours | None = None
    interlaced: bool = False
    stream: str = ""
    clear: str = ""
    black: bool = False
    x: int = 0
    y: int = 0


@frozen
class AnimationFacts(MediaFacts):
    """Facts of a painted page that moves: frames of a clock, of which the last one stays.

    frames     how many there are, from its beginning on
    loop_from  the frame from which on they are seen again and again; None when the last one stays
    """

    frames: int = 1
    loop_from: int | None = None


@frozen
class SpeechFacts(MediaFacts):
    """Facts of a spoken text: a sound, and when each of its words is said in it.

    The words belong to who asked for the sound: they lie with the pointer, not beside the bytes.
    """

    words: tuple[Word, ...] = ()


@frozen
class AbsentFacts(Facts):
    """Of what could not be had and can be done without. There are no bytes."""


@frozen
class WrittenFacts(Facts):
    """Facts that the stored bytes are, so that they may be long."""

    are_the_bytes: ClassVar[bool] = True


@frozen
class TranscriptFacts(WrittenFacts):
    """What is said in a source, in its own time. language: BCP-47, as it was heard."""

    words: tuple[Word, ...] = ()
    language: str = ""


@frozen
class CaptionsFacts(WrittenFacts):
    """A caption file, as text; of whatever form."""

    text: str = ""


FACTS: dict[str, type[Facts]] = {
    "media": MediaFacts,
    "animation": AnimationFacts,
    "absent": AbsentFacts,
    "speech": SpeechFacts,
    "transcript": TranscriptFacts,
    "captions": CaptionsFacts,
}
"""Every kind of facts: its tag -> its class."""

FactsOf = Mapping[DocumentPath, Facts]
"""Facts of every made element by its path; a mask's are at the element's path + 'mask'."""


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """The facts with the tag of their kind. Raises TypeError for a class that FACTS has not."""
    return to_json(facts)


def facts_from_json(facts: Mapping[str, Any]) -> Facts:
    """Read what facts_to_json wrote; keys that are not ours are left alone.

    Raises ValueError for facts without a tag of FACTS, or with other values.
    """
    return from_json(Facts, facts)


def with_more(facts: Facts, more: Mapping[str, Any]) -> Facts:
    """The facts with other values in some fields, which are as JSON has them."""
    return from_json(Facts, {**to_json(facts), **more}) if more else facts


def written(kind: type[WrittenFacts], **values: Any) -> tuple[WrittenFacts, bytes]:
    """Facts with these values, and the bytes that they are."""
    bare = to_json(kind("", 0, **values))
    content = json.dumps(bare, ensure_ascii=False, sort_keys=True).encode()
    return kind(hashlib.sha256(content).hexdigest(), len(content), **values), content


def read_facts(beside: Facts, content: bytes) -> Facts:
    """The facts whose bytes these are. beside: what was stored with them. Raises ValueError."""
    found = json.loads(content)
    return from_json(Facts, {**found, "digest": beside.digest, "size_bytes": beside.size_bytes})


def beside_bytes(facts: Facts) -> dict[str, Any]:
    """What is stored with the bytes: all of the facts, unless the bytes tell them."""
    if not facts.are_the_bytes:
        return to_json(facts)
    return {TAG: tag_of(facts), "digest": facts.digest, "size_bytes": facts.size_bytes}


def media(facts: Facts) -> MediaFacts:
    """The facts, which must be those of a media file. Raises TypeError."""
    if not isinstance(facts, MediaFacts):
        raise TypeError(f"{type(facts).__name__} are not facts of a media file")
    return facts


def content_key(digest: str) -> str:
    """The object key of an element's bytes."""
    return f"elements/content/{digest}"
