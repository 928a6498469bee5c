"""Names that nothing acts on are warned of, with where they stand and the nearest that exists."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.document.limits import MAX_WARNINGS
from resplice.core.schema.unknown import unknown_keys
from resplice.core.schema.validation import validate
from warned_lines import plainly

TEXT = {"type": "text", "text": "Ann"}


def warned(document: dict[str, Any]) -> list[str]:
    return [*plainly(unknown_keys(validate(document)))]


@pytest.mark.parametrize(
    ("document", "warning"),
    [
        (
            {"scenes": [{}], "scene": []},
            "scene is not known and does nothing; did you mean 'scenes'?",
        ),
        (
            {"scenes": [{"elements": [{**TEXT, "z-indx": 3}]}]},
            "scenes[0].elements[0].z-indx is not known and does nothing; did you mean 'z-index'?",
        ),
        (
            {"scenes": [{"transition": {"stile": "fade"}}]},
            "scenes[0].transition.stile is not known and does nothing; did you mean 'style'?",
        ),
        (
            {"scenes": [{"elements": [{**TEXT, "settings": {"font-sise": 3}}]}]},
            "scenes[0].elements[0].settings.font-sise is not known and does nothing;"
            " did you mean 'font-size'?",
        ),
        ({"scenes": [{}], "qwertz": 1}, "qwertz is not known and does nothing"),
    ],
)
def test_a_name_is_told_with_its_place(document: dict[str, Any], warning: str) -> None:
    assert warned(document) == [warning]


def test_what_is_known_or_meant_to_be_tolerated_is_not() -> None:
    whole = {"scenes": [{"elements": [TEXT], "comment": "a"}], "id": "a", "client-data": {"b": 1}}
    assert warned(whole) == []


def test_there_are_only_so_many() -> None:
    names = {f"nobody-knows-{n}": n for n in range(MAX_WARNINGS + 5)}
    assert len(warned({"scenes": [{}], **names})) == MAX_WARNINGS
