"""Where the result of a task is stored: its layer of the cache, its kind and its fingerprint.

A key is salted with the tools that make the bytes, so that an upgrade never serves old pixels
and a rollback finds them again.
"""

from __future__ import annotations

from dataclasses import dataclass

from resplice.core.filtergraph import (
    Invocation,
    mix_invocation,
    row_invocation,
    segment_invocation,
    sound_invocation,
)
from resplice.core.filtergraph.inputs import AS_NAMED
from resplice.core.fingerprint import fingerprint, fingerprint_of, without_inert
from resplice.core.pieces import MixTask, RowTask, SegmentTask, SoundTask
from resplice.core.schema.movie import Movie
from resplice.core.tasks import Task, kind_of


@dataclass(frozen=True)
class Tools:
    """What makes pictures and sound, each named by a digest or a version; core: this package's."""

    ffmpeg: str
    resampler: str
    browser: str
    core: str


def movie_key(movie: Movie, tools: Tools) -> str:
    """Of the whole expanded document with its defaults, of every tool, and of our own core:
    how a document is read may change with it. What its scenes are made of is found all the same.
    """
    document = without_inert(movie.model_dump(mode="json", by_alias=True))
    salts = (tools.core, tools.ffmpeg, tools.resampler, tools.browser)
    return f"movies/{fingerprint('movie', document, *salts)}"


def element_key(task: Task, tools: Tools) -> str:
    """Made of the row of the task's kind. Raises TypeError for a task whose class has none."""
    kind = kind_of(task)
    salts = (getattr(tools, name) for name in kind.salts)
    return f"elements/{kind.name}/{fingerprint_of(task, *salts, version=kind.version)}"


def segment_key(task: SegmentTask, tools: Tools) -> str:
    return f"scenes/segment/{_of(segment_invocation(task, AS_NAMED), tools)}"


def sound_key(task: SoundTask, tools: Tools) -> str:
    return f"scenes/sound/{_of(sound_invocation(task, AS_NAMED), tools)}"


def row_key(task: RowTask, tools: Tools) -> str:
    return f"scenes/row/{_of(row_invocation(task, AS_NAMED), tools)}"


def mix_key(task: MixTask, tools: Tools) -> str:
    return f"scenes/mix/{_of(mix_invocation(task, AS_NAMED), tools)}"


def _of(invocation: Invocation, tools: Tools) -> str:
    """What a task means is the command line that makes it, its files named by their digests: so
    a change of how we write command lines is another key, without anyone having to remember.
    """
    moved = (tools.resampler,) if invocation.feeds else ()
    return fingerprint_of(invocation, tools.ffmpeg, *moved)


def scene_fingerprint(keys: list[str]) -> str:
    """One name for a scene's cache entry: of the keys of its segments and its sound."""
    return fingerprint("scene", keys)
