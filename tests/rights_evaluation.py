"""What policies of IAM allow, as AWS decides it: nothing, unless a statement says so. No I/O.

Of IAM's language it knows what our roles are written in, and refuses the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Statement = Mapping[str, Any]
Context = Mapping[str, Sequence[str]]
"""Of a request: its condition keys, each with its values."""

KNOWN = {"Sid", "Effect", "Action", "Resource", "Condition"}
TRUE_WITHOUT = {"ForAllValues:StringLike": True, "StringLikeIfExists": True, "StringLike": False}
"""The operators, and whether they hold for a request that lacks the key."""


@dataclass(frozen=True)
class Right:
    """One action on one pattern of resources."""

    action: str
    resource: str
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...] = ()

    def covers(self, action: str, resource: str, context: Context) -> bool:
        return (
            _like(action.lower(), self.action.lower())
            and _arn_like(resource, self.resource)
            and all(_holds(*condition, context) for condition in self.conditions)
        )


def rights(statements: Iterable[Statement]) -> Iterator[Right]:
    """Raises ValueError for what it does not know, denials among it."""
    for each in statements:
        if not each.keys() <= KNOWN or each["Effect"] != "Allow":
            raise ValueError(f"unknown: {each}")
        conditions = tuple(_conditions(each.get("Condition", {})))
        for action in _listed(each["Action"]):
            for resource in _listed(each["Resource"]):
                yield Right(action, resource, conditions)


def allowed(statements: Iterable[Statement], action: str, resource: str, context: Context) -> bool:
    """Raises ValueError as rights does."""
    return any([each.covers(action, resource, context) for each in rights(statements)])


def _conditions(
    said: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for operator, keys in said.items():
        if operator not in TRUE_WITHOUT:
            raise ValueError(f"unknown: {operator}")
        for key, patterns in keys.items():
            yield operator, key, tuple(_listed(patterns))


def _holds(operator: str, key: str, patterns: Sequence[str], context: Context) -> bool:
    if key not in context:
        return TRUE_WITHOUT[operator]
    return all(any(_like(each, pattern) for pattern in patterns) for each in context[key])


def _arn_like(arn: str, pattern: str) -> bool:
    """A star reaches over slashes, and over colons only in the last of an ARN's six parts."""
    if pattern == "*":
        return True
    parts, patterns = arn.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(patterns) and all(map(_like, parts, patterns))


def _like(text: str, pattern: str) -> bool:
    written = "".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in pattern)
    return re.fullmatch(written, text, re.DOTALL) is not None


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
