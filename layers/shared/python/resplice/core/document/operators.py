"""What the operators and functions of expressions do to JSON values. No syntax, no names here.

Meaning, where JSON2Video leaves it open: null is falsy, equals "" and has no order; a text of
digits is a number to `- * / < >` and beside a number (`"10" + 5` is 15, `"1" + "2"` is "12");
true and "true" are equal, as are true and 1. Numbers that are whole come out as integers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from resplice.core.document.limits import MAX_INTEGER, VALUE_CHARS
from resplice.frozen import frozen

Number = int | float

_NUMERIC = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*", re.ASCII)
_MAX_NUMERIC_CHARS = 40


class ExpressionError(ValueError):
    """The expression is malformed, or has no value."""


def truthy(value: Any) -> bool:
    """Whether a condition holds: false are null, false, 0, "", "false", "0", [] and {}.

    The texts "false" and "0" are false because forms and workflow tools send flags as text.
    """
    if isinstance(value, str):
        return value.strip().lower() not in ("", "false", "0")
    return bool(value)


def weight(value: Any) -> int:
    """What it costs to look at a value once, in characters; lists and objects are not entered."""
    return len(value) // 4 if isinstance(value, str) else 0


def pay_all(value: Any, spend: Callable[[int], None]) -> None:
    """Pay for all that is in a value. It comes from a document and nests no deeper than one."""
    spend(VALUE_CHARS + weight(value))
    if isinstance(value, dict):
        spend(sum(map(len, value)))
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            pay_all(item, spend)


def as_text(value: Any) -> str:
    """A value as it reads within a text: 1.0 is "1", null is "". Raises ExpressionError."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{whole:.15g}" if isinstance(whole := whole_number(value), float) else str(whole)
    raise ExpressionError(f"{_noun(value)} cannot stand in a text, name one of its values")


def field(value: Any, key: Any) -> Any:
    """value.key or value[key]; null when it is not there."""
    if isinstance(value, dict):
        return value.get(as_text(key))
    index = _as_number(key)
    if isinstance(value, list) and isinstance(index, int) and 0 <= index < len(value):
        return value[index]
    return None


def negative(value: Any) -> Number:
    return -_number(value)


def plus(left: Any, right: Any) -> Number | str:
    """A sum, or a text when either is one and they are not a number and a text of digits."""
    texts = isinstance(left, str) + isinstance(right, str)
    if texts == 2 or (texts and None in (_as_number(left), _as_number(right))):
        return as_text(left) + as_text(right)
    return whole_number(_number(left) + _number(right))


def _minus(left: Any, right: Any) -> Number:
    return whole_number(_number(left) - _number(right))


def _times(left: Any, right: Any) -> Number:
    return whole_number(_number(left) * _number(right))


def _over(left: Any, right: Any) -> Number:
    divisor = _number(right)
    if divisor == 0:
        raise ExpressionError("division by zero")
    return whole_number(_number(left) / divisor)


def _equal(left: Any, right: Any) -> bool:
    if left is None or right is None:
        return left in (None, "") and right in (None, "")
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    if isinstance(left, bool) or isinstance(right, bool):
        left, right = _flag(left), _flag(right)
    numbers = (_as_number(left), _as_number(right))
    if None not in numbers:
        return numbers[0] == numbers[1]
    return type(left) is type(right) and bool(left == right)


def _flag(value: Any) -> Any:
    if isinstance(value, str):
        return {"true": 1, "false": 0}.get(value, value)
    return int(value) if isinstance(value, bool) else value


def _ordered(holds: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(left: Any, right: Any) -> bool:
        if left is None or right is None:
            return False
        numbers = (_as_number(left), _as_number(right))
        if None not in numbers:
            return holds(*numbers)
        if isinstance(left, str) and isinstance(right, str):
            return holds(left, right)
        raise ExpressionError(f"{_noun(right if numbers[1] is None else left)} is not a number")

    return compare


def _round(value: Any, digits: Any = 0) -> Number:
    """Half goes away from zero, as people and spreadsheets round."""
    number, places = _number(value), _number(digits)
    if places not in range(16):
        raise ExpressionError("round takes 0 to 15 digits")
    if isinstance(number, int) or abs(number) > MAX_INTEGER:
        return number
    step = Decimal(1).scaleb(-int(places))
    return whole_number(float(Decimal(repr(number)).quantize(step, ROUND_HALF_UP)))


def _as_number(value: Any) -> Number | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return whole_number(value)
    if isinstance(value, str) and len(value) <= _MAX_NUMERIC_CHARS and _NUMERIC.fullmatch(value):
        return whole_number(float(value))
    return None


def _number(value: Any) -> Number:
    number = _as_number(value)
    if number is None:
        raise ExpressionError(f"{_noun(value)} is not a number")
    return number


def whole_number(number: Number) -> Number:
    """15 rather than 15.0. Raises ExpressionError for what JSON cannot say exactly."""
    if isinstance(number, int):
        if abs(number) > MAX_INTEGER:
            raise ExpressionError("a number becomes too large")
        return number
    if not math.isfinite(number):
        raise ExpressionError("a number becomes too large")
    return int(number) if number.is_integer() and abs(number) <= MAX_INTEGER else number


def _noun(value: Any) -> str:
    if isinstance(value, str):
        return f"the text '{value[:40]}'"
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "an array"
    return "an undefined variable" if value is None else as_text(value)


@frozen
class Operator:
    """binds: the tighter the higher. `and`, `or` have no apply: their right side may not run."""

    binds: int
    apply: Callable[[Any, Any], Any] | None = None


@frozen
class Function:
    least: int
    most: int
    apply: Callable[..., Any]


OPERATORS = {
    "or": Operator(2),
    "and": Operator(3),
    "==": Operator(5, _equal),
    "!=": Operator(5, lambda left, right: not _equal(left, right)),
    "<": Operator(6, _ordered(lambda left, right: left < right)),
    ">": Operator(6, _ordered(lambda left, right: left > right)),
    "<=": Operator(6, _ordered(lambda left, right: left <= right)),
    ">=": Operator(6, _ordered(lambda left, right: left >= right)),
    "+": Operator(7, plus),
    "-": Operator(7, _minus),
    "*": Operator(8, _times),
    "/": Operator(8, _over),
}

FUNCTIONS = {
    "min": Function(1, 100, lambda *values: min(map(_number, values))),
    "max": Function(1, 100, lambda *values: max(map(_number, values))),
    "ceil": Function(1, 1, lambda value: whole_number(math.ceil(_number(value)))),
    "floor": Function(1, 1, lambda value: whole_number(math.floor(_number(value)))),
    "abs": Function(1, 1, lambda value: abs(_number(value))),
    "round": Function(1, 2, _round),
}
