"""Problems of several stages: in document order, one stage's word for each place."""

from __future__ import annotations

from resplice.core.document.problems import joined, problem_at
from resplice.errors import Problem


def test_a_message_names_its_element() -> None:
    path = ("scenes", 0, "elements", 1, "src")
    assert problem_at(path, "no") == Problem(
        "scenes[0].elements[1].src", "Scene #1, element #2: no"
    )
    assert problem_at(("fps",), "no") == Problem("fps", "no")


def test_of_a_place_only_the_first_stage_speaks_and_it_may_say_more() -> None:
    first = [Problem("fps", "a"), Problem("fps", "b")]
    later = [Problem("fps", "c"), Problem("width", "d")]
    assert [problem.message for problem in joined(first, later)] == ["a", "b", "d"]


def test_document_order_counts_numbers_as_numbers() -> None:
    paths = ["elements[0]", "scenes[10]", "scenes[2].elements[11]", "scenes[2].elements[3]", "fps"]
    found = joined(Problem(path, "") for path in paths)
    assert [problem.path for problem in found] == [paths[n] for n in (4, 3, 2, 1, 0)]
