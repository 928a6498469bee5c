"""Easings by anime.js's names, as CSS timing functions. Pure.

Curves are those of anime.js 3 and the usual Penner set: `easeOutElastic(1, .5)` and its like.
What CSS has no word for is sampled into `linear()`, so closely that no eye sees the corners.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

Curve = Callable[[float], float]

TOLERANCE = 0.0008
"""How far a sampled curve may lie from the true one, as a share of the way."""
MAX_DEPTH, MIN_DEPTH = 9, 4
"""Halvings of the time: 512 pieces at most, 16 at least, between which elastic curves turn."""

_NAME = re.compile(r"ease(In|Out|InOut|OutIn)([A-Z][a-z]+)(?:\(([^()]*)\))?")
_CSS_WORDS = ("linear", "ease", "ease-in", "ease-out", "ease-in-out", "step-start", "step-end")
_STEPS, _BEZIER = (
    re.compile(r"steps\(\s*(\d{1,3})\s*\)"),
    re.compile(r"cubic-?bezier\(([^()]*)\)", re.I),
)


def _elastic(amplitude: float = 1, period: float = 0.5) -> Curve:
    height, length = min(10.0, max(1.0, amplitude)), min(2.0, max(0.1, period))
    shift = length / math.tau * math.asin(1 / height)

    def curve(time: float) -> float:
        if time in (0, 1):
            return time
        wave = math.sin((time - 1 - shift) * math.tau / length)
        return float(-height * 2 ** (10 * (time - 1)) * wave)

    return curve


def _back() -> Curve:
    return lambda time: time * time * (3 * time - 2)


def _bounce_in(time: float) -> float:
    """Four bounces, each a parabola; the last is the highest."""
    for power in (8, 4, 2, 1):
        if time >= (power - 1) / 11:
            height = 4.0 ** (math.log2(power) - 3) if power < 8 else 1.0
            return height - 7.5625 * ((power * 3 - 2) / 22 - time) ** 2
    return 0.0


def _power(exponent: int) -> Callable[[], Curve]:
    return lambda: lambda time: float(time**exponent)


_CURVES: dict[str, Callable[..., Curve]] = {
    "Quad": _power(2),
    "Cubic": _power(3),
    "Quart": _power(4),
    "Quint": _power(5),
    "Sine": lambda: lambda time: 1 - math.cos(time * math.pi / 2),
    "Circ": lambda: lambda time: 1 - math.sqrt(1 - time * time),
    "Expo": lambda: lambda time: 0.0 if time == 0 else float(2 ** (10 * (time - 1))),
    "Back": _back,
    "Bounce": lambda: _bounce_in,
    "Elastic": _elastic,
}
"""How each begins slowly: the `easeIn` form, of which the others are made."""

_DIRECTIONS: dict[str, Callable[[Curve], Curve]] = {
    "In": lambda curve: curve,
    "Out": lambda curve: lambda time: 1 - curve(1 - time),
    "InOut": lambda curve: (
        lambda time: curve(2 * time) / 2 if time < 0.5 else 1 - curve(2 - 2 * time) / 2
    ),
    "OutIn": lambda curve: (
        lambda time: (1 - curve(1 - 2 * time)) / 2 if time < 0.5 else (curve(2 * time - 1) + 1) / 2
    ),
}

EASINGS = ("linear", *(f"ease{way}{name}" for name in _CURVES for way in _DIRECTIONS))
"""Every name, without parameters."""


@lru_cache(maxsize=4096)
def css_easing(name: str) -> str:
    """The CSS timing function of that name. Raises ValueError, with what it must be, for another.

    Also `steps(n)`, `cubicBezier(a, b, c, d)` and CSS's own words.
    """
    said = name.strip()
    if said in _CSS_WORDS:
        return said
    if steps := _STEPS.fullmatch(said):
        return f"steps({max(1, int(steps[1]))})"
    if bezier := _BEZIER.fullmatch(said):
        return _bezier(bezier[1])
    return _sampled(curve_of(said))


def curve_of(name: str) -> Curve:
    """The curve of one of EASINGS, perhaps with parameters. Raises ValueError."""
    if name == "linear":
        return lambda time: time
    found = _NAME.fullmatch(name)
    if not found or found[2] not in _CURVES:
        raise ValueError("must be an easing such as linear, easeOutQuad or easeOutElastic(1, .5)")
    values = [_number(part) for part in (found[3] or "").split(",") if part.strip()]
    if (found[2] != "Elastic" and values) or len(values) > 2:
        raise ValueError(f"gives {found[2].lower()} easing too many parameters")
    return _DIRECTIONS[found[1]](_CURVES[found[2]](*values))


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("must have numbers as the parameters of its easing")
    return number


def _bezier(parts: str) -> str:
    values = [_number(part) for part in parts.split(",")]
    if len(values) != 4 or not all(0 <= values[side] <= 1 for side in (0, 2)):
        raise ValueError("must have four numbers in cubicBezier(), the first and third of 0 to 1")
    return f"cubic-bezier({', '.join(f'{value:g}' for value in values)})"


def _sampled(curve: Curve) -> str:
    points = [0.0, *_turns(curve, 0.0, 1.0, 0)]
    return f"linear({', '.join(_point(curve, points, time) for time in points)})"


def _turns(curve: Curve, start: float, end: float, depth: int) -> Iterator[float]:
    """Where pieces end between which a straight line is near enough; `end` is the last."""
    middle = (start + end) / 2
    straight = (curve(start) + curve(end)) / 2
    near = abs(curve(middle) - straight) <= TOLERANCE
    if depth >= MAX_DEPTH or (near and depth >= MIN_DEPTH):
        yield end
    else:
        yield from _turns(curve, start, middle, depth + 1)
        yield from _turns(curve, middle, end, depth + 1)


def _point(curve: Curve, points: Sequence[float], time: float) -> str:
    where = "" if time in (0, 1) else f" {100 * time:.6g}%"
    return f"{round(curve(time), 5):g}{where}"
