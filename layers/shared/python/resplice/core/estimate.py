"""Estimates: how long rendering should take, from what rendering took before. Pure.

A guess by proportion: frames of pieces like those that are to be rendered, where some are known.
A piece that is rendered alone has the machine to itself, so what is known of pieces that were
rendered side by side is held against how many they were.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import product

from resplice.frozen import frozen

USUAL_NS_PER_PIXEL = 20.0
"""Of one core: `make cost` measures 80 s for 1800 frames of 1080p that are hard to encode."""
AROUND_S = 1.0
"""What the steps before and after take, with nothing to render."""
CROWDED = 1.5
"""So much longer takes a piece that is rendered beside others, where nothing is known of it: FFmpeg
uses more than one core."""
Kinds = tuple[str, ...]
ANY: Kinds = ("*",)
"""What pieces of every kind count as."""
Rates = Mapping[tuple[Kinds, bool], float]
"""Seconds for a frame, by what is drawn, and whether beside others."""
RENDERING = "scenes"
ELEMENTS = "elements"
"""Stages of a report."""


@frozen
class Measured:
    """A piece, and what making it took; 0 where nobody knows.

    kinds   what is drawn, in words: pieces of the same take about as long for each frame
    run     whose project made it
    """

    frames: int
    kinds: Kinds = ()
    took_ms: int = 0
    run: str = ""


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
    at_once: int,
    around_s: float = AROUND_S,
) -> Estimate:
    """todo: what is to be rendered. known: pieces of the same movie that were. pixels: of a frame.
    at_once: how many pieces side by side. around_s: see around.
    """
    wanted = [each for each in todo if each.frames]
    if not wanted:
        return Estimate(round(around_s, 1), "nothing has to be rendered")
    seen = [each for each in known if each.frames and each.took_ms]
    crowd = min(at_once, len(wanted))
    rates = _rates(seen)
    basis = f"what {len(seen)} pieces of this movie took when they were rendered"
    if not seen:
        usual = f"{USUAL_NS_PER_PIXEL:g} ns a pixel"
        rates = {(ANY, crowd > 1): USUAL_NS_PER_PIXEL * pixels / 1e9}
        basis = f"{usual}, as measured with a movie that is hard to encode"
    took_s = [each.frames * _s_per_frame(each.kinds, crowd > 1, rates) for each in wanted]
    together_s = max(*took_s, sum(took_s) / max(1, crowd), 0.0)
    return Estimate(round(around_s + together_s, 1), basis)


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


def _rates(seen: Collection[Measured]) -> Rates:
    """Of pieces of the same kinds, and of all; of those that were rendered alone, as far as can be
    seen, and of those that were beside others.
    """
    runs = Counter(each.run for each in seen)
    sums = defaultdict[tuple[Kinds, bool], list[int]](lambda: [0, 0])
    for each in seen:
        beside = not each.run or runs[each.run] > 1
        for kinds in (each.kinds, ANY):
            sums[kinds, beside][0] += each.took_ms
            sums[kinds, beside][1] += each.frames
    return {which: took_ms / 1000 / frames for which, (took_ms, frames) in sums.items()}


def _s_per_frame(kinds: Kinds, beside: bool, rates: Rates) -> float:
    """By those that are most like it: of the same kinds, if there are such; rendered likewise."""
    known = product((kinds, ANY), (beside, not beside))
    like, was_beside = next(each for each in known if each in rates)
    return rates[like, was_beside] * CROWDED ** (beside - was_beside)
