"""Faults are looked for part by part: whoever stops reading pays for no more."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest
from resplice.core.document.limits import MAX_LISTED_ELEMENTS, MAX_SCENES
from resplice.core.schema.faults import counted, faults_of

WRONG = {"type": "text"}


def places(document: dict[str, Any]) -> list[tuple[int | str, ...]]:
    return [fault["loc"] for fault in faults_of(document)]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"scenes": [{}] * (MAX_SCENES + 1)}, "scenes"),
        ({"scenes": [], "elements": [WRONG] * (MAX_LISTED_ELEMENTS + 1)}, "elements"),
        (
            {"scenes": [{}, {"elements": [WRONG] * (MAX_LISTED_ELEMENTS + 1)}]},
            "scenes[1].elements",
        ),
    ],
)
def test_a_list_that_is_too_long_is_counted_and_left_out(
    document: dict[str, Any], path: str
) -> None:
    whole, problems = counted(document)
    assert [problem.path for problem in problems] == [path]
    assert "must have at most" in problems[0].message
    assert counted(whole) == (whole, [])


def test_what_is_no_list_is_for_the_schema_to_say() -> None:
    document = {"scenes": "none", "elements": 7}
    assert counted(document) == (document, [])
    assert {place[0] for place in places(document)} == {"scenes", "elements"}


def test_the_movies_own_faults_come_first_then_each_elements() -> None:
    document = {"fps": 0, "scenes": [{"elements": [WRONG, {"type": "song"}]}], "elements": [WRONG]}
    found = places(document)
    assert found[0] == ("fps",)
    assert [place[:4] for place in found[1:3]] == [
        ("scenes", 0, "elements", 0),
        ("scenes", 0, "elements", 1),
    ]
    assert found[3][:2] == ("elements", 0)


def test_who_stops_reading_pays_for_no_more() -> None:
    class Elements(list[Any]):
        read = 0

        def __iter__(self) -> Any:
            for element in super().__iter__():
                type(self).read += 1
                yield element

    elements = Elements([WRONG] * 100)
    assert len(list(islice(faults_of({"scenes": [{"elements": elements}]}), 3))) == 3
    assert Elements.read <= 4


def test_a_sound_document_has_none() -> None:
    assert places({"scenes": [{"elements": [{"type": "text", "text": "Ann"}]}]}) == []
