"""How long to pause between two looks at a movie: little at first, more the longer it takes.

JSON2Video asks for 5 s at least, and its own clients go up to 30 s, half as much again each minute.
Here the first looks come sooner: a movie from the cache is done in the first, a small one soon.
"""

from __future__ import annotations

from collections.abc import Iterator

SOON_S = 0.25
GROWS = 1.5
USUAL_S, LONGEST_S = 5.0, 30.0


def pauses(least_s: float = SOON_S) -> Iterator[float]:
    """One after the other, without end. least_s: of the first, and so of all."""
    waited_s, pause_s = 0.0, least_s
    while True:
        yield pause_s
        waited_s += pause_s
        usual_s = max(least_s, min(LONGEST_S, USUAL_S * GROWS ** (waited_s // 60)))
        pause_s = min(usual_s, pause_s * GROWS)
