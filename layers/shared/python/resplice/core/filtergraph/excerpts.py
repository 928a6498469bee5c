"""How much of its clips a segment reads. What does not read on from where it seeks is not told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypeGuard

from resplice.core.composition import Clip, FilePicture, Picture, Source
from resplice.core.pieces import SegmentTask

INDEXED = frozenset({"mov"})
"""Demuxers that find any place in a file by an index that is in it."""


def seconds_read(task: SegmentTask) -> Mapping[str, float]:
    """By the digests of clips that have an index: how many of their seconds are read, but for what
    lies between a key frame and the seek point. Clips that are heard too are not among them.
    """
    found, fps = defaultdict[str, float](float), task.canvas.fps
    for source, clip, frames in _read(task):
        found[source.digest] += (clip.skip_frames + frames) / fps
    heard = {
        digest
        for layer in task.layers()
        if not isinstance(layer.picture, FilePicture)
        for digest in layer.picture.digests
    }
    return {digest: seconds for digest, seconds in found.items() if digest not in heard}


def _read(task: SegmentTask) -> Iterator[tuple[Source, Clip, int]]:
    """Each reading of a clip: from its seek point on, and how many frames of the canvas clock."""
    for layer in task.layers():
        plays = [(layer.picture, layer.clip, layer.end - layer.first)]
        if layer.mask:
            plays += [(layer.mask.picture, play.clip, play.frames) for play in layer.mask.plays]
        for picture, clip, frames in plays:
            if clip and _is_indexed(picture):
                yield picture.file, clip, clip.loop_frames or clip.held_after or frames


def _is_indexed(picture: Picture) -> TypeGuard[FilePicture]:
    return isinstance(picture, FilePicture) and picture.file.demuxer in INDEXED
