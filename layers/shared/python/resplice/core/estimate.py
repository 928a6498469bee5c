"""Estimates: how long rendering should take, from what rendering took before. Pure.

A guess by proportion: frames of pieces like those that are to be rendered, where some are known.
On a machine that pieces share, one alone has it to itself, and each of many takes longer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from resplice.frozen import frozen

USUAL_NS_PER_PIXEL = 20.0
"""Of one core: `make cost` measures 80 s for 1800 frames of 1080p that are hard to encode."""
AROUND_S = 1.0
"""What the steps before and after take, with nothing to render."""
CORES = 2
"""That one piece keeps busy: its encoder has as many threads."""
RENDERING, ELEMENTS = "scenes", "elements"
"""Stages of a report."""
Like = tuple[tuple[str, ...], int | None] | None
"""What pieces have in common: (kinds, scene), only kinds, or nothing."""


@frozen
class Machine:
    """at_once: how many pieces are rendered side by side. is_shared: by cores of one machine, as
    many as that; else each has a machine of its own.
    """

    at_once: int
    is_shared: bool = True

    def slowed(self, beside: int) -> float:
        """How many times as long a piece takes as alone. beside: of how many; 0: of many."""
        if not self.is_shared:
            return 1.0
        crowd = min(self.at_once, beside) if beside else self.at_once
        return max(1.0, crowd * self._share)

    def together_s(self, alone_s: Collection[float]) -> float:
        """What pieces take, each of which takes so long alone."""
        return max(*alone_s, sum(alone_s) * self._share, 0.0)

    @property
    def _share(self) -> float:
        """Of all that can be done at once, what one piece alone takes."""
        return (min(CORES, self.at_once) if self.is_shared else 1) / self.at_once


@frozen
class Measured:
    """A piece, and what making it took; 0 where nobody knows.

    kinds   what is drawn, in words: pieces of the same take about as long for each frame
    scene   whose it is
    beside  how many pieces were made in the same render; 0 where nobody knows
    """

    frames: int
    kinds: tuple[str, ...] = ()
    scene: int = 0
    took_ms: int = 0
    beside: int = 0


@frozen
class Earlier:
    """The render before, as its report has it: milliseconds by stage, and of all; made: how many
    elements of it were.
    """

    timings_ms: Mapping[str, int]
    took_ms: int
    made: int


@frozen
class Estimate:
    """Seconds from the POST to the end, and in words what they are reckoned from."""

    seconds: float
    basis: str


AT_ONCE = Estimate(0.0, "the movie is there")


def estimate(
    todo: Iterable[Measured],
    known: Iterable[Measured],
    pixels: int,
    machine: Machine,
    around_s: float = AROUND_S,
) -> Estimate:
    """todo: what is to be rendered. known: pieces of the same movie, as it is or was, that were.
    pixels: of a frame. around_s: see around.
    """
    wanted = [each for each in todo if each.frames]
    if not wanted:
        return Estimate(round(around_s, 1), "nothing has to be rendered")
    seen = [each for each in known if each.frames and each.took_ms]
    if seen:
        rates = _rates(seen, machine)
        basis = f"what {len(seen)} pieces of this movie took when they were rendered"
    else:
        rates = {None: USUAL_NS_PER_PIXEL * pixels / 1e9 / machine.slowed(0)}
        usual = f"{USUAL_NS_PER_PIXEL:g} ns a pixel"
        basis = f"{usual}, as measured with a movie that is hard to encode"
    alone_s = [each.frames * _s_per_frame(each, rates) for each in wanted]
    return Estimate(round(around_s + machine.together_s(alone_s), 1), basis)


def around(before: Earlier | None, to_make: int) -> float:
    """What is done before and after rendering, with as many elements to make: in seconds, by what
    the render before took.
    """
    if before is None or RENDERING not in before.timings_ms:
        return AROUND_S
    elements_ms = before.timings_ms.get(ELEMENTS, 0)
    others_ms = max(0, before.took_ms - elements_ms - before.timings_ms[RENDERING])
    share = min(1.0, to_make / before.made) if before.made else 1.0
    return (others_ms + elements_ms * share) / 1000


def _likes(piece: Measured) -> tuple[Like, Like, Like]:
    """The nearest first."""
    return (piece.kinds, piece.scene), (piece.kinds, None), None


def _rates(seen: Iterable[Measured], machine: Machine) -> Mapping[Like, float]:
    """Seconds for a frame of a piece alone."""
    sums = defaultdict[Like, list[float]](lambda: [0.0, 0])
    for each in seen:
        for like in _likes(each):
            sums[like][0] += each.took_ms / 1000 / machine.slowed(each.beside)
            sums[like][1] += each.frames
    return {like: took_s / frames for like, (took_s, frames) in sums.items()}


def _s_per_frame(piece: Measured, rates: Mapping[Like, float]) -> float:
    return next(rates[like] for like in _likes(piece) if like in rates)
