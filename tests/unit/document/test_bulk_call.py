"""Requests of a movie for each row: what is one, and what is told of those that are none."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from resplice.core.document.bulk_call import MAX_ALL_CHARS, MAX_ROWS, bulk_call
from resplice.core.document.limits import MAX_PROBLEMS
from resplice.errors import DocumentError

MOVIE = {"scenes": [{"comment": "{{a}}"}], "variables": {"a": 1, "b": {"c": 2, "d": 3}}}


def problems(sent: Any) -> list[tuple[str, str]]:
    with pytest.raises(DocumentError) as error:
        bulk_call(sent).names()
    return [(each.path, each.message) for each in error.value.problems]


def test_each_row_goes_over_the_variables_of_the_movie() -> None:
    call = bulk_call({"movie": MOVIE, "rows": [{"a": "x"}, {"b": {"c": 4}, "e": None}, []]})
    documents = [*map(call.document, call.rows)]
    assert [document["variables"] for document in documents] == [
        {"a": "x", "b": {"c": 2, "d": 3}},
        {"a": 1, "b": {"c": 4, "d": 3}, "e": None},
        MOVIE["variables"],
    ]
    assert all(document["scenes"] == MOVIE["scenes"] for document in documents)
    assert call.names() == ["0001", "0002", "0003"]


def test_a_template_is_called_by_each_row_and_its_variables_are_known_to_names() -> None:
    sent = {"template": "T", "rows": [{"a": 2}, {}], "name": "{{a}} of {{b.c}}"}
    call = bulk_call(sent)
    assert call.document(call.rows[0]) == {"template": "T", "variables": {"a": 2}}
    assert call.names(json.dumps(MOVIE)) == ["2 of 2", "1 of 2"]
    called = bulk_call({"movie": {"template": "T", "fps": 10}, "rows": [{}]})
    assert called.document(called.rows[0]) == {"template": "T", "fps": 10, "variables": {}}


@pytest.mark.parametrize(
    ("sent", "paths"),
    [
        ([], [""]),
        ({}, ["movie", "rows"]),
        ({"movie": {}, "rows": [{}]}, ["movie"]),
        ({"movie": [], "rows": [{}]}, ["movie"]),
        ({"movie": MOVIE, "template": "T", "rows": [{}]}, ["movie"]),
        ({"template": {}, "rows": [{}]}, ["movie"]),
        ({"template": "", "rows": [{}]}, ["movie"]),
        ({"movie": MOVIE, "rows": {"0": {}}}, ["rows"]),
        ({"movie": MOVIE, "rows": [{}] * (MAX_ROWS + 1)}, ["rows"]),
        ({"movie": MOVIE, "rows": [1, {}, "a", [1]]}, ["rows[0]", "rows[2]", "rows[3]"]),
        ({"movie": MOVIE, "rows": [{}], "name": ""}, ["name"]),
        ({"movie": MOVIE, "rows": [{}], "name": "n" * 2001}, ["name"]),
        ({"movie": MOVIE, "rows": [{}], "name": None}, ["name"]),
        ({"movie": MOVIE, "rows": [{}], "other": 1}, ["other"]),
        ({"movie": MOVIE, "rows": [{}], "name": "{{nobody}}"}, ["rows[0]"]),
        ({"movie": MOVIE, "rows": [{}, {}], "name": "x"}, ["rows[1]"]),
        ({"movie": MOVIE, "rows": [{}, {"a": "n" * 201}], "name": "{{a}}"}, ["rows[1]"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_path(sent: Any, paths: list[str]) -> None:
    assert [path for path, _ in problems(sent)] == paths


def test_no_more_problems_are_told_than_anybody_reads() -> None:
    sent = {f"f{n}" * 1000: 1 for n in range(1000)}
    told = problems({**sent, "movie": MOVIE, "rows": [0] * MAX_ROWS})
    assert len(told) == 2 * MAX_PROBLEMS
    assert all(len(path) < 300 and len(message) < 300 for path, message in told)


def test_all_movies_together_may_have_so_many_characters() -> None:
    rows = [{"a": "x" * 999} for _ in range(MAX_ROWS)]
    room = MAX_ALL_CHARS // MAX_ROWS - 1_100
    assert len(bulk_call({"movie": {"c": "c" * room}, "rows": rows}).names()) == MAX_ROWS
    ((path, message),) = problems({"movie": {"c": "c" * (room + 200)}, "rows": rows})
    assert path == "rows"
    assert message == (
        "with its 500 rows the movie has 33 MiB, and may have 32: post fewer rows at a time"
    )
    call = bulk_call({"template": "T", "rows": rows})
    with pytest.raises(DocumentError):
        call.names(json.dumps({"c": "c" * room * 2}))


def test_names_together_cost_no_more_than_a_document() -> None:
    """Each alone would be within its budget."""
    long = "{{a}}" * 300
    sent = {"movie": {"variables": {"a": "x" * 60_000}}, "rows": [{}] * MAX_ROWS, "name": long}
    began_s = time.process_time()
    ((path, message),) = problems(sent)
    assert time.process_time() - began_s < 5
    assert path == "rows[0]" and "it is too long" in message
    sent["movie"]["variables"]["n"] = "{{a}}{{a}}{{a}}"  # type: ignore[index]
    sent["name"] = "{{row}}{{ n == 'x' ? 'y' : '' }}"
    ((path, message),) = problems(sent)
    assert "the names of all rows up to this one take too much" in message and path != "rows[0]"


def test_what_no_name_asks_for_costs_nothing_for_each_row() -> None:
    movie = {"variables": {"rooms": [{"n": n} for n in range(1000)], "@rooms": "of a house"}}
    rows = [{"city": f"C{n}"} for n in range(MAX_ROWS)]
    call = bulk_call({"movie": movie, "rows": rows, "name": "{{city}} {{row}}"})
    assert call.names()[::499] == ["C0 0001", "C499 0500"]
    asked = {"movie": movie, "rows": rows, "name": "{{@rooms}}{{row}}"}
    assert problems(asked)[0][0] == "rows[0]"
