"""Easings: curves of anime.js and Penner by their known values, and how CSS says them."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resplice.core.text.easing import EASINGS, css_easing, curve_of

KNOWN = [
    ("linear", 0.3, 0.3),
    ("easeInQuad", 0.5, 0.25),
    ("easeOutQuad", 0.5, 0.75),
    ("easeInOutCubic", 0.25, 0.0625),
    ("easeOutSine", 0.5, math.sqrt(0.5)),
    ("easeOutCirc", 0.5, math.sqrt(0.75)),
    ("easeOutExpo", 0.1, 0.5),
    ("easeInExpo", 0.9, 0.5),
    ("easeOutBounce", 1 / 2.75, 1.0),
    ("easeOutBounce", 2 / 2.75, 1.0),
    ("easeOutElastic", 0.25, 1 + 2**-2.5),
    ("easeOutElastic", 0.5, 1 - 2**-5),
    ("easeInBack", 0.5, -0.125),
    ("easeOutInQuad", 0.25, 0.375),
]


@pytest.mark.parametrize(("name", "time", "value"), KNOWN)
def test_a_curve_goes_where_it_is_known_to(name: str, time: float, value: float) -> None:
    assert curve_of(name)(time) == pytest.approx(value, abs=1e-3)


@pytest.mark.parametrize("name", EASINGS)
def test_every_easing_begins_and_ends_where_css_has_it(name: str) -> None:
    curve = curve_of(name)
    assert (curve(0), curve(1)) == pytest.approx((0, 1), abs=1.1e-3)
    assert css_easing(name).startswith("linear")


@given(st.sampled_from([name for name in EASINGS if name != "linear"]), st.floats(0, 1))
def test_what_css_is_told_lies_on_the_curve(name: str, time: float) -> None:
    points = [(0.0, 0.0)]
    for value, where in re.findall(r"(-?[\d.e-]+)(?: ([\d.e-]+)%)?[,)]", css_easing(name))[1:]:
        points.append((float(where or 100) / 100, float(value)))
    right = next(number for number, (at, _) in enumerate(points) if at >= time)
    (start, low), (end, high) = points[max(0, right - 1)], points[right]
    share = (time - start) / (end - start) if end > start else 1.0
    # Where a curve jumps or is upright, a piece is as short as a five-hundredth of the time.
    near = [curve_of(name)(min(1.0, max(0.0, time + aside))) for aside in (-0.002, 0, 0.002)]
    said = low + (high - low) * share
    assert min(near) - 0.003 <= said <= max(near) + 0.003


def test_parameters_make_it_wilder() -> None:
    calm, wild = curve_of("easeOutElastic(1, .5)"), curve_of("easeOutElastic(2, .3)")
    assert max(wild(n / 100) for n in range(100)) > max(calm(n / 100) for n in range(100)) + 0.2
    assert curve_of("easeOutElastic")(0.3) == calm(0.3)


def test_css_words_and_steps_pass() -> None:
    assert css_easing("ease-in-out") == "ease-in-out"
    assert css_easing("steps(4)") == "steps(4)"
    assert css_easing("cubicBezier(.25, .1, .25, 1)") == "cubic-bezier(0.25, 0.1, 0.25, 1)"


@pytest.mark.parametrize(
    "name",
    ["", "easeOutFoo", "wobble", "easeOutQuad(2)", "easeOutElastic(1, x)", "cubicBezier(2,0,0,1)"],
)
def test_what_is_no_easing_is_told(name: str) -> None:
    with pytest.raises(ValueError, match=r"must|gives"):
        css_easing(name)
