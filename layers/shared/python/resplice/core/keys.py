"""Where the result of a task is stored: its layer of the cache, its kind and its fingerprint.

A key is salted with the tools that make the bytes, so that an upgrade never serves old pixels
and a rollback finds them again.
"""

from __future__ import annotations

from dataclasses import dataclass

from resplice.core.fingerprint import fingerprint, fingerprint_of, without_inert
from resplice.core.schema import Movie
from resplice.core.sources import FetchTask, PaintTask
from resplice.core.task import PROFILES, MixTask, RowTask, SegmentTask, SoundTask


@dataclass(frozen=True)
class Tools:
    """What makes pictures and sound, each named by a digest or a version."""

    ffmpeg: str
    resampler: str
    browser: str


def movie_key(movie: Movie, tools: Tools) -> str:
    """Of the whole expanded document with its defaults, and of every tool."""
    document = without_inert(movie.model_dump(mode="json", by_alias=True))
    salts = (tools.ffmpeg, tools.resampler, tools.browser, repr(PROFILES[movie.quality]))
    return f"movies/{fingerprint('movie', document, *salts)}"


def element_key(task: FetchTask | PaintTask, tools: Tools) -> str:
    if isinstance(task, FetchTask):
        return f"elements/fetch/{fingerprint_of(task)}"
    return f"elements/paint/{fingerprint_of(task, tools.browser)}"


def segment_key(task: SegmentTask, tools: Tools) -> str:
    return f"scenes/segment/{fingerprint_of(task, tools.ffmpeg, tools.resampler)}"


def sound_key(task: SoundTask, tools: Tools) -> str:
    return f"scenes/sound/{fingerprint_of(task, tools.ffmpeg)}"


def row_key(task: RowTask, tools: Tools) -> str:
    return f"scenes/row/{fingerprint_of(task, tools.ffmpeg)}"


def mix_key(task: MixTask, tools: Tools) -> str:
    return f"scenes/mix/{fingerprint_of(task, tools.ffmpeg)}"


def scene_fingerprint(keys: list[str]) -> str:
    """One name for a scene's cache entry: of the keys of its segments and its sound."""
    return fingerprint("scene", keys)
