"""The poster of a movie: which of its frames stands for it, as a JPEG."""

from __future__ import annotations

from resplice.core.frame_grid import frame_shown_at


def poster_frame(at_s: float | None, frames: int, fps: int) -> int:
    """The number of the frame that is shown at that time, the last one at most; the one in the
    middle when no time is said: titles have come in by then, and nothing fades out yet.
    """
    last = max(0, frames - 1)
    return frames // 2 if at_s is None else min(last, frame_shown_at(at_s, fps))
