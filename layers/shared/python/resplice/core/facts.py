"""What is known of an element once it was made: the facts that a timeline needs.

Values only. Facts travel as JSON beside the stored bytes, so they hold plain numbers and strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

FACTS_VERSION = 1
"""Raise it when the same bytes would now give other facts: stored ones are then found anew."""

MediaKind = Literal["image", "video", "audio", "font"]


@dataclass(frozen=True)
class MediaFacts:
    """Facts of one stored media file.

    digest       SHA-256 of the bytes, hex; the name of the content everywhere downstream
    demuxer      the one FFmpeg demuxer that may read it (`-f`), found by sniffing, never by name
    decoder      the video decoder to force (`-c:v`), empty for FFmpeg's own choice
    width/height pixels as displayed: after EXIF or container rotation and square-pixel correction
    duration_us  microseconds of the longest kept stream; None for a still image and a font
    frame_rate   average frames per second of the picture, None without one
    has_alpha    whether any pixel may be transparent
    untagged     whether a moving picture does not say by which matrix its colours were made
    x, y         where on the element's canvas a painted picture lies, pixels; 0 for fetched media
    """

    digest: str
    size_bytes: int
    kind: MediaKind
    demuxer: str
    width: int = 0
    height: int = 0
    duration_us: int | None = None
    frame_rate: float | None = None
    has_alpha: bool = False
    has_audio: bool = False
    decoder: str = ""
    untagged: bool = False
    x: int = 0
    y: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> MediaFacts:
        """Read what as_json wrote; keys that are not ours are left alone."""
        return cls(**{f.name: facts[f.name] for f in fields(cls) if f.name in facts})


def content_key(digest: str) -> str:
    """The object key of an element's bytes."""
    return f"elements/content/{digest}"
