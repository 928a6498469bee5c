"""How filters for colours are said. What they do to pixels is in render/test_own_colours."""

from __future__ import annotations

import pytest
from resplice.core.colours import CURVE_POINTS, FULL, Colours
from resplice.core.filtergraph.colours import as_canvas

RAMP = tuple(round(FULL * n / (CURVE_POINTS - 1)) for n in range(CURVE_POINTS))
IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    "colours",
    [
        Colours("bt2020", "smpte2084"),
        Colours("bt2020", "arib-std-b67"),
        Colours("smpte432", "iec61966-2-1"),
        Colours(to_srgb=IDENTITY, curves=(RAMP,)),
    ],
)
def test_transparency_is_kept_where_there_is_some(colours: Colours) -> None:
    for alpha, planes in ((False, "gbrp"), (True, "gbrap")):
        formats = [step for step in as_canvas(colours, alpha=alpha) if step.startswith("format=")]
        assert formats and all(
            step.removeprefix("format=")[:5].rstrip("1f") == planes for step in formats
        )


def test_only_a_high_range_is_mapped() -> None:
    mapped = [
        any("tonemap" in step for step in as_canvas(colours, alpha=False))
        for colours in (Colours("bt2020", "smpte2084"), Colours("bt2020", "bt2020-10"))
    ]
    assert mapped == [True, False]


def test_one_curve_stands_for_three() -> None:
    one = as_canvas(Colours(to_srgb=IDENTITY, curves=(RAMP,)), alpha=False)
    three = as_canvas(Colours(to_srgb=IDENTITY, curves=(RAMP, RAMP, RAMP)), alpha=False)
    assert one == three
