"""Where rows begin follows from the position."""

from __future__ import annotations

import pytest
from resplice.core.captions.appearance import POSITIONS, STYLES, Appearance


@pytest.mark.parametrize(
    ("position", "align"),
    [
        ("bottom-left", "left"),
        ("center-right", "right"),
        ("mid-top-center", "center"),
        ("custom", "center"),
    ],
)
def test_align(position: str, align: str) -> None:
    assert Appearance(50, position=position).align == align


def test_eleven_presets_and_custom_and_five_styles() -> None:
    assert (len(POSITIONS), len(STYLES)) == (12, 5)
