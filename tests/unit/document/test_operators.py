"""Operators and functions on JSON values; what looking at a value costs."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.document.limits import VALUE_CHARS
from resplice.core.document.operators import (
    FUNCTIONS,
    OPERATORS,
    ExpressionError,
    as_text,
    field,
    pay_all,
    truthy,
    weight,
)


@pytest.mark.parametrize(
    ("sign", "left", "right", "result"),
    [
        ("==", None, "", True),
        ("==", True, "true", True),
        ("==", 1, "1.0", True),
        ("==", [1], [1], True),
        ("==", {}, [], False),
        ("!=", "a", "b", True),
        ("<", "10", 9, False),
        ("<", "a", "b", True),
        (">=", None, 1, False),
        ("+", "10", 5, 15),
        ("+", "1", "2", "12"),
        ("/", 3, 2, 1.5),
        ("*", "2", 2, 4),
    ],
)
def test_operators(sign: str, left: Any, right: Any, result: Any) -> None:
    apply = OPERATORS[sign].apply
    assert apply is not None
    assert apply(left, right) == result


def test_functions_and_fields() -> None:
    assert FUNCTIONS["round"].apply(2.5) == 3
    assert FUNCTIONS["max"].apply("3", 2) == 3
    assert field({"1": "a"}, 1.0) == "a"
    assert field(["a"], "0") == "a"
    assert field(["a"], 7) is None
    assert [truthy(value) for value in ("0", " False ", [], "no", 1)] == [False] * 3 + [True] * 2
    assert as_text(2.0) == "2"
    with pytest.raises(ExpressionError, match="an array cannot stand in a text"):
        as_text([])


def test_what_looking_costs() -> None:
    spent: list[int] = []
    pay_all({"key": ["x" * 400, 1]}, spent.append)
    assert sum(spent) == 4 * VALUE_CHARS + len("key") + weight("x" * 400)
    assert weight([1] * 1000) == 0
