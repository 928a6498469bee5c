"""Bounds of a font size that is to be found."""

from __future__ import annotations

import pytest
from resplice.core.elements.component.fitted import attributes, bound_px, is_fitted


def test_sizes_are_pixels_of_the_canvas() -> None:
    assert [bound_px(said, 400, 200) for said in (12, "12px", "10vw", "5vh")] == [12, 12, 40, 10]


@pytest.mark.parametrize("said", ["3em", "0", "-4px", "large", "99999px"])
def test_other_sizes_are_none(said: str) -> None:
    with pytest.raises(ValueError, match="px, vw or vh"):
        bound_px(said, 400, 200)


def test_the_most_is_never_less_than_the_least() -> None:
    assert attributes(20, 10, 100) == 'data-fit-min="20" data-fit-max="20"'
    assert is_fitted({"font-size": " Auto "}) and not is_fitted({"font-size": 9})
