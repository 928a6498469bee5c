"""Where a moving view is at an age: the arithmetic of Ken Burns."""

from __future__ import annotations

from resplice.core.composition import Motion


def view(motion: Motion, age: int) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) of the view as fractions 0..1 of the picture.

    age counts frames from 0; the first frame is at the start of the travel, the last at its end.
    """
    progress = min(1.0, age / max(1, motion.life_frames - 1))

    def between(start: float, end: float) -> float:
        return start + (end - start) * progress

    side = 1 / between(motion.scale_from, motion.scale_to)
    left = between(motion.x_from, motion.x_to) * (1 - side)
    top = between(motion.y_from, motion.y_to) * (1 - side)
    return left, top, left + side, top + side
