"""A picture that is shown for longer than it was encoded: a piece of one frame, held.

It is a key frame, and frames that repeat it; and now and then, for players that seek, it comes
again.
"""

from __future__ import annotations

from array import array
from dataclasses import replace

from resplice.core.h264 import repeats
from resplice.core.mp4.layout import Piece

AGAIN_SECONDS = 3
"""How long a picture stands until it comes again. Any frame of them is as good a place to seek to,
but a player decodes all from the key frame on."""


def held(piece: Piece, frames: int, fps: int) -> Piece:
    """The piece, whose one picture is shown for so many frames.

    Raises RenderError when it is not encoded as ours are.
    """
    groups = _groups(frames, AGAIN_SECONDS * fps)
    track, tick = piece.track, piece.track.scale // fps
    following = repeats(track.said[b"stsd"], max(groups) - 1)
    sizes = array("I", track.sizes[:1])
    sizes.extend(map(len, following))
    all_sizes, leaps = array("I"), array("I")
    for group in groups:
        leaps.append(len(all_sizes) + 1)
        all_sizes.extend(sizes[:group])
    shown = list(range(0, frames * tick, tick))
    return replace(
        piece,
        track=replace(track, sizes=all_sizes, shown=shown, leaps=leaps),
        following=following,
    )


def _groups(frames: int, longest: int) -> list[int]:
    """Frames of each: as many in one as in the others, or one more."""
    count = -(-frames // longest)
    return [frames * (n + 1) // count - frames * n // count for n in range(count)]
