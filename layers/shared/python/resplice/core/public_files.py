"""Public files: the paths of stored files that anybody may read who knows their names."""

from __future__ import annotations

import re

from resplice.core.media import PREFIX, place_at

ENDINGS = ("mp4", "ass", "jpg", "png")
"""Of files beside movies that anybody may read. A manifest is none: it is its owner's to show."""
_MOVIE = re.compile(rf"/(movies/[0-9a-f]{{64}}\.(?:{'|'.join(ENDINGS)}))")


def movie_key_at(path: str) -> str | None:
    """The key of a movie, its captions, its poster or a still; None for any other path."""
    found = _MOVIE.fullmatch(path)
    return found[1] if found else None


def key_at(path: str) -> str | None:
    """The key of a movie or of an owner's file; None for any other path."""
    place = place_at(path)
    return movie_key_at(path) if place is None else PREFIX + place


def noun_of(key: str) -> str:
    """What it is called when it is not there."""
    return "file" if key.startswith(PREFIX) else "movie"
