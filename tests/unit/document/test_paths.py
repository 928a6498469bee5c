"""Places in a document: as JSON has them, and as JSON2Video names them."""

from __future__ import annotations

import pytest
from resplice.core.document.limits import MAX_SHOWN_CHARS
from resplice.core.document.paths import element_name, json_path, shortened


@pytest.mark.parametrize(
    ("path", "name", "written"),
    [
        ((), "", ""),
        (("resolution",), "", "resolution"),
        (("scenes", 0), "Scene #1", "scenes[0]"),
        (("scenes", 1, "duration"), "Scene #2", "scenes[1].duration"),
        (("scenes", 0, "elements", 2, "src"), "Scene #1, element #3", "scenes[0].elements[2].src"),
        (("elements", 9, "settings", "a"), "Movie element #10", "elements[9].settings.a"),
        (("x", 0, 1, "y"), "", "x[0][1].y"),
    ],
)
def test_a_path_and_its_name(path: tuple[int | str, ...], name: str, written: str) -> None:
    assert element_name(path) == name
    assert json_path(path) == written
    assert json_path(list(path)) == written


def test_long_keys_are_cut() -> None:
    path = json_path(("k" * 10_000_000, 3, "l" * MAX_SHOWN_CHARS))
    assert path == f"{'k' * MAX_SHOWN_CHARS}…[3].{'l' * MAX_SHOWN_CHARS}"
    assert shortened("short") == "short"
