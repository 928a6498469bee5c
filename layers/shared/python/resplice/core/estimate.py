"""Estimates: how long rendering should take, from what rendering took before. Pure.

An estimate is a guess by proportion: pixels of pictures that were rendered, to pixels of those
that are to be.
"""

from __future__ import annotations

from collections.abc import Iterable

from resplice.frozen import frozen

USUAL_NS_PER_PIXEL = 20.0
"""Of one core: `make cost` measures 80 s for 1800 frames of 1080p that are hard to encode."""
AROUND_S = 1.0
"""What the steps before and after take, with nothing to render."""


@frozen
class Estimate:
    """Seconds from the POST to the end, and in words what they are reckoned from."""

    seconds: float
    basis: str


AT_ONCE = Estimate(0.0, "the movie is there")


def estimate(
    todo_frames: Iterable[int], known: Iterable[tuple[int, int]], pixels: int, at_once: int
) -> Estimate:
    """todo_frames: of each piece that is to be rendered. known: (frames, milliseconds) of pieces of
    the same movie that were rendered. pixels: of a frame. at_once: how many pieces side by side.
    """
    todo = sorted(todo_frames, reverse=True)
    if not todo:
        return Estimate(AROUND_S, "nothing has to be rendered")
    seen = [(frames, took_ms) for frames, took_ms in known if frames and took_ms]
    s_per_frame = USUAL_NS_PER_PIXEL * pixels / 1e9
    basis = f"{USUAL_NS_PER_PIXEL:g} ns a pixel, as measured with a movie that is hard to encode"
    if seen:
        s_per_frame = sum(ms for _, ms in seen) / 1000 / sum(frames for frames, _ in seen)
        basis = f"what {len(seen)} pieces of this movie took when they were rendered"
    longest, shared = todo[0], sum(todo) / max(1, at_once)
    return Estimate(round(AROUND_S + s_per_frame * max(longest, shared), 1), basis)
