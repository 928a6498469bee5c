"""What numbers of H.273 and ICC profiles say of colours, and what they leave as it is."""

from __future__ import annotations

import pytest
from profiles import (
    ADOBE_RGB,
    D50,
    DISPLAY_P3,
    SRGB,
    SRGB_CURVE,
    gamma,
    parametric,
    profile,
    table,
)
from resplice.core.colours import (
    CURVE_POINTS,
    FULL,
    Colours,
    profile_colours,
    told_colours,
)

P3 = profile(DISPLAY_P3, parametric(SRGB_CURVE))


@pytest.mark.parametrize(
    ("primaries", "transfer", "still", "colours"),
    [
        (1, 1, False, None),
        (2, 2, False, None),
        (6, 6, False, None),
        (1, 13, True, None),
        (9, 16, False, Colours("bt2020", "smpte2084")),
        (9, 18, False, Colours("bt2020", "arib-std-b67")),
        (2, 18, False, Colours("bt2020", "arib-std-b67")),
        (12, 16, True, Colours("smpte432", "smpte2084")),
        (9, 14, False, Colours("bt2020", "bt2020-10")),
        (12, 13, True, Colours("smpte432", "iec61966-2-1")),
        (12, 2, True, Colours("smpte432", "iec61966-2-1")),
        (12, 2, False, Colours("smpte432", "bt709")),
    ],
)
def test_numbers_tell_a_wide_gamut_and_a_high_range(
    primaries: int, transfer: int, still: bool, colours: Colours | None
) -> None:
    assert told_colours(primaries, transfer, still=still) == colours


def test_display_p3_is_a_matrix_and_one_curve() -> None:
    colours = profile_colours(P3)
    assert colours is not None and len(colours.curves) == 1
    published = (1.2249, -0.2247, 0, -0.0420, 1.0419, 0, -0.0197, -0.0786, 1.0979)
    assert colours.to_srgb == pytest.approx(published, abs=0.002)
    levels = colours.curves[0]
    assert (levels[0], levels[16], levels[-1]) == (0, pytest.approx(0.21404 * FULL, abs=2), FULL)


def test_white_stays_white() -> None:
    colours = profile_colours(profile(ADOBE_RGB, gamma(2.19921875)))
    assert colours is not None
    for row in (0, 3, 6):
        assert sum(colours.to_srgb[row : row + 3]) == pytest.approx(1, abs=2e-5)


@pytest.mark.parametrize(
    ("curve", "half"),
    [
        (gamma(2.0), 0.25),
        (b"curv\0\0\0\0\0\0\0\0", 0.5),
        (table([0, 0.1, 1]), 0.1),
        (table([0, 1]), 0.5),
        (parametric([2.0], kind=0), 0.25),
        (parametric([2.0, 2.0, -0.5], kind=1), 0.25),
        (parametric([2.0, 2.0, -0.5, 0.125], kind=2), 0.375),
        (parametric([2.0, 1.0, 0.0, 0.5, 0.6], kind=3), 0.25),
        (parametric([2.0, 1.0, 0.0, 0.5, 0.4, 0.125, 0.0], kind=4), 0.375),
    ],
)
def test_curves_of_every_kind(curve: bytes, half: float) -> None:
    colours = profile_colours(profile(ADOBE_RGB, curve))
    assert colours is not None
    assert colours.curves[0][CURVE_POINTS // 2] == pytest.approx(half * FULL, abs=2)


def test_three_curves_are_kept_apart() -> None:
    colours = profile_colours(profile(ADOBE_RGB, gamma(1.0), gamma(2.0), gamma(3.0)))
    assert colours is not None
    middle = [curve[CURVE_POINTS // 2] / FULL for curve in colours.curves]
    assert middle == pytest.approx([0.5, 0.25, 0.125], abs=1e-4)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(profile(SRGB, parametric(SRGB_CURVE)), id="sRGB"),
        pytest.param(b"", id="nothing"),
        pytest.param(P3[:128], id="no tags"),
        pytest.param(P3[:200], id="cut off"),
        pytest.param(P3[:16] + b"GRAY" + P3[20:], id="grey"),
        pytest.param(P3[:16] + b"CMYK" + P3[20:], id="for print"),
        pytest.param(P3[:20] + b"Lab " + P3[24:], id="by tables"),
        pytest.param(P3.replace(b"acsp", b"xxxx"), id="no profile"),
        pytest.param(P3.replace(b"para", b"what"), id="unknown curves"),
        pytest.param(P3[:128] + b"\xff\xff\xff\xff" + P3[132:300], id="endless tags"),
        pytest.param(profile([(9, 9, 9)] * 3, gamma(2.2)), id="no colours"),
        pytest.param(profile([D50, D50, (-1.9284, -2.0, -1.6498)], gamma(2.2)), id="absurd"),
        pytest.param(profile(DISPLAY_P3, gamma(0)), id="no curve"),
        pytest.param(profile(DISPLAY_P3, parametric([-1.0], kind=0)), id="a curve that falls"),
        pytest.param(profile(DISPLAY_P3, parametric([2.0], kind=9)), id="a curve of no kind"),
        pytest.param(profile(DISPLAY_P3, table([0, 1])[:12]), id="a table without entries"),
    ],
)
def test_what_is_no_such_profile_leaves_colours_as_they_are(data: bytes) -> None:
    assert profile_colours(data) is None


@pytest.mark.parametrize("at", range(0, len(P3), 7))
def test_a_damaged_profile_harms_nobody(at: int) -> None:
    for byte in (0, 0x7F, 0xFF):
        colours = profile_colours(P3[:at] + bytes([byte]) * 4 + P3[at + 4 :])
        assert colours is None or all(
            0 <= level <= FULL for curve in colours.curves for level in curve
        )
