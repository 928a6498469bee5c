"""Names at a place of a document, and what reading them is paid with."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.document.limits import MAX_DEPTH, VALUE_CHARS
from resplice.core.document.paths import DocumentPath
from resplice.core.document.scope import Budget, ExpressionError, LimitError, Scope


def never(path: DocumentPath, error: ExpressionError) -> None:
    raise AssertionError((path, error))


def scope(variables: dict[str, Any], chars: int = 100_000) -> Scope:
    return Scope({}, Budget(chars), None).inner(variables)


def test_the_nearest_scope_counts_and_what_it_says_of_the_same_name_is_outside() -> None:
    inner = scope({"a": 1, "b": "{{a}}"}).inner({"a": "{{a + 1}}"})
    assert inner.filled(["{{a}}", "{{b}}", "{{c}}"], (), never) == [2, 2, None]


def test_annotations_are_no_names() -> None:
    assert scope({"@a": 1, "b": {"?c": 1, "d": 2}}).filled("{{b}}", (), never) == {"d": 2}
    assert scope({"@a": 1}).filled("{{a}}!", (), never) == "!"


def test_an_item_and_its_fields_are_names_in_a_turn() -> None:
    whole = scope({"rows": [{"n": 1}, 2]})
    turns = [whole.turn(item, "row") for item in whole.items("rows")]
    assert [turn.filled("{{row}}", (), never) for turn in turns] == [{"n": 1}, 2]
    assert turns[0].filled("{{n}}", (), never) == 1


def test_conditions() -> None:
    where = scope({"a": "x", "b": 0})
    wanted = {"{{a}} == 'x'": True, "'{{a}}' == 'y'": False, "{{b}}": False, "a b": True, 0: False}
    assert {condition: where.holds(condition) for condition in wanted} == wanted


def test_variables_do_not_nest_without_end() -> None:
    deep: Any = 1
    for _ in range(MAX_DEPTH + 2):
        deep = [deep]
    with pytest.raises(ExpressionError, match="64 deep"):
        scope({"a": deep})


@pytest.mark.parametrize("value", ["x" * 100_000, [1] * 2_000, "{{a + a}}", {"k" * 100_000: 1}])
def test_nothing_is_read_beyond_the_budget(value: Any) -> None:
    with pytest.raises(LimitError, match="too large with its variables"):
        scope({"a": "x" * 60_000}).filled(value, (), never)


def test_a_budget_counts_down_to_its_last_character() -> None:
    budget = Budget(VALUE_CHARS)
    budget.spend(VALUE_CHARS)
    assert budget.left == 0
    with pytest.raises(LimitError):
        budget.spend(1)
