"""Which part was which: by name, else by place; an inserted one makes no other another."""

from __future__ import annotations

import pytest
from resplice.core.matching import matched


def known(text: str) -> list[list[str | None]]:
    """Parts with two names each, `-` for none: `a- -x`."""
    return [[None if name == "-" else name for name in part] for part in text.split()]


@pytest.mark.parametrize(
    ("earlier", "later", "found"),
    [
        ("a- b- c-", "a- b- c-", {0: 0, 1: 1, 2: 2}),
        ("a- b- c-", "a- n- b- c-", {0: 0, 2: 1, 3: 2}),
        ("a- b- c-", "c- a- b-", {0: 2, 1: 0, 2: 1}),
        ("a- b- c-", "a- c-", {0: 0, 1: 2}),
        ("a- b- c-", "a- x- c-", {0: 0, 1: 1, 2: 2}),
        ("ax by", "cy dx", {0: 1, 1: 0}),
        ("a- a- a-", "a- z- a-", {0: 0, 1: 1, 2: 2}),
        ("a- b-", "n- a- c-", {1: 0, 2: 1}),
        ("a- b- c-", "y- z- c-", {0: 0, 1: 1, 2: 2}),
        ("a- b-", "z- n- b-", {0: 0, 2: 1}),
        ("", "a-", {}),
        ("a-", "", {}),
        ("-- --", "-- -- --", {0: 0, 1: 1}),
    ],
)
def test_which_was_which(earlier: str, later: str, found: dict[int, int]) -> None:
    assert matched(known(earlier), known(later)) == found
