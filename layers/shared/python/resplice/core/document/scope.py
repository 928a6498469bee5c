"""Names and what they stand for at one place of a document: element, scene, movie.

A variable may hold `{{ }}` itself; it is resolved where it is used, so a movie's `label` that
says `{{room.name}}` reads anew in each scene. No knowledge of what a scene or an element is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from resplice.core.document.absences import Absences
from resplice.core.document.expression import (
    ExpressionError,
    as_text,
    compiled,
    decides,
    evaluate,
    truthy,
)
from resplice.core.document.fields import BLANKABLE
from resplice.core.document.limits import (
    MAX_DEPTH,
    MAX_EXPANDED_CHARS,
    MAX_EXPRESSION_CHARS,
    MAX_REFERENCES,
    VALUE_CHARS,
)
from resplice.core.document.operators import weight
from resplice.core.document.paths import DocumentPath, shortened
from resplice.core.document.variables import ANNOTATIONS

PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
_QUOTED_PLACEHOLDER = re.compile(r"""(['"]?)\{\{([^{}]*)\}\}\1""")

PLAIN = frozenset({int, float, bool, type(None)})
"""Types of values that hold no `{{ }}`."""
TURN_VALUES = 6
"""What a repetition costs besides its fields, though nothing may come of it."""
TOO_LARGE = "The movie is too large with its variables filled in"

Refuse = Callable[[DocumentPath, ExpressionError], None]


class LimitError(Exception):
    """The document would grow beyond a limit."""


class Budget:
    """What all scopes of a document share: how many characters they may still read and make.

    beyond: what is said when they are used up.
    """

    def __init__(self, chars: int = MAX_EXPANDED_CHARS, beyond: str = TOO_LARGE) -> None:
        self.left, self._beyond = chars, beyond

    def spend(self, chars: int) -> None:
        """Raises LimitError."""
        self.left -= chars
        if self.left < 0:
            raise LimitError(self._beyond)


class Scope:
    """Variables over those of an outer scope."""

    def __init__(
        self, variables: Mapping[str, Any], budget: Budget, outer: Scope | None = None
    ) -> None:
        self._variables = variables
        self._budget = budget
        self._outer = outer
        self.absences: Absences = outer.absences if outer else Absences()
        self._plain: dict[str, bool] = {}
        self._known: dict[tuple[str, Scope], Any] = {}
        self._open: list[tuple[str, Scope]] = []
        self._depth = 0

    def inner(self, variables: Mapping[str, Any]) -> Scope:
        """The scope with a document's variables. Keys with @ or ? annotate others: no names.

        Raises ExpressionError when the variables nest too deep, LimitError.
        """
        if not variables:
            return self
        return Scope(self.without_annotations(variables), self._budget, self)

    def turn(self, item: Any, alias: str) -> Scope:
        """The scope of one repetition over an item that `items` gave. Raises LimitError."""
        fields = item if isinstance(item, dict) else {}
        self._budget.spend(VALUE_CHARS * (TURN_VALUES + len(fields)))
        return Scope({**fields, alias: item}, self._budget, self)

    def filled(self, value: Any, path: DocumentPath, refuse: Refuse) -> Any:
        """A copy of value with every `{{ }}` in it resolved.

        A text that is one placeholder takes the value's own type. Each error goes to refuse with
        its path below `path`. Raises LimitError.
        """
        self._budget.spend(VALUE_CHARS)
        return self._walk(value, path, refuse, self._text)

    def copied(self, value: Any) -> Any:
        """A copy that counts against the budget like any other, `{{ }}` left as it is."""
        self._budget.spend(VALUE_CHARS)
        return self._walk(value, (), _raise, lambda text: text)

    def holds(self, condition: Any) -> bool:
        """Whether a condition is true; text without `{{ }}` is taken as it is, not evaluated.

        `{{a}} == 'x'` and `'{{a}}' == 'x'` mean `{{ a == 'x' }}`. Raises ExpressionError.
        """
        if not isinstance(condition, str):
            return truthy(condition)
        self._budget.spend(len(condition))
        text = condition.strip()
        if not PLACEHOLDER.search(text) or PLACEHOLDER.fullmatch(text):
            return truthy(self._text(text))
        expression = _QUOTED_PLACEHOLDER.sub(r"(\2)", text)
        try:
            compiled(expression)
        except ExpressionError:
            # Nothing remembers what could not be compiled: it is tried each time.
            self._budget.spend(len(expression[:MAX_EXPRESSION_CHARS]) * VALUE_CHARS)
            return truthy(self._text(text))
        result = self._evaluate(expression, self._lookup)
        self._budget.spend(weight(result))
        return truthy(result)

    def items(self, name: str) -> list[Any]:
        """The array that a name, a path (`house.rooms`) or `{{ }}` stands for.

        What is in it is not resolved yet. Raises ExpressionError when it is no array.
        """
        whole = PLACEHOLDER.fullmatch(name.strip())
        found = self._evaluate(whole[1] if whole else name, self._unresolved)
        if not isinstance(found, list):
            raise ExpressionError(f"'{shortened(name)}' is not an array among the variables")
        return found

    def _walk(
        self, value: Any, path: DocumentPath, refuse: Refuse, read: Callable[[str], Any]
    ) -> Any:
        """Whoever calls has paid for the value; all that is in it is paid for at once."""
        if isinstance(value, str):
            return self._leaf(value, path, refuse, read)
        if not isinstance(value, dict | list):
            return value
        self._budget.spend(VALUE_CHARS)
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                raise ExpressionError(f"nested more than {MAX_DEPTH} deep")
            self._budget.spend(VALUE_CHARS * len(value))
            if isinstance(value, list):
                return [
                    v if type(v) in PLAIN else self._walk(v, (*path, i), refuse, read)
                    for i, v in enumerate(value)
                ]
            self._budget.spend(sum(map(len, value)))
            return {
                k: now
                for k, v in value.items()
                if type(now := v) in PLAIN
                or (now := self._walk(v, (*path, k), refuse, read)) is not None
            }
        except ExpressionError as error:
            refuse(path, error)
        finally:
            self._depth -= 1

    def _leaf(
        self, text: str, path: DocumentPath, refuse: Refuse, read: Callable[[str], Any]
    ) -> Any:
        self._budget.spend(len(text))
        if "{{" not in text:
            return text
        try:
            value = self._missing_told(text, path, read)
        except ExpressionError as error:
            return refuse(path, error)
        return "" if value is None and _field(path) in BLANKABLE else value

    def _missing_told(self, text: str, path: DocumentPath, read: Callable[[str], Any]) -> Any:
        """What a variable misses that is resolved meanwhile is missed where that is used."""
        if self._open:
            return read(text)
        self.absences.forget()
        try:
            return read(text)
        finally:
            self.absences.tell(path)

    def _text(self, text: str) -> Any:
        if whole := PLACEHOLDER.fullmatch(text):
            return self.copied(self._evaluate(whole[1], self._lookup))
        return PLACEHOLDER.sub(self._piece, text)

    def _piece(self, placeholder: re.Match[str]) -> str:
        piece = as_text(self._evaluate(placeholder[1], self._lookup))
        self._budget.spend(len(piece))
        return piece

    def _evaluate(self, expression: str, lookup: Callable[[str], Any]) -> Any:
        noted = self.absences.count
        try:
            value = evaluate(expression, lookup, self._budget.spend)
        except ExpressionError as error:
            shown = expression.strip()[:80]
            raise ExpressionError(f"{error}, in '{{{{ {shown} }}}}'") from None
        if self.absences.count > noted and decides(expression):
            self.absences.forget(noted)
        return value

    def _owner(self, name: str) -> Scope | None:
        """The nearest scope that has the name; within a variable of that name, the one outside."""
        nearest = self._nearest(name)
        if self._open and (name, nearest) == self._open[-1] and nearest and nearest._outer:
            return nearest._outer._nearest(name) or nearest
        return nearest

    def _nearest(self, name: str) -> Scope | None:
        scope: Scope | None = self
        while scope is not None and name not in scope._variables:
            scope = scope._outer
        return scope

    def _names(self) -> Iterator[str]:
        """All that there are here, the nearest first."""
        scope: Scope | None = self
        while scope is not None:
            yield from scope._variables
            scope = scope._outer

    def _lookup(self, name: str) -> Any:
        owner = self._owner(name)
        if owner is None:
            self.absences.note(name, self._names())
            return None
        if owner._is_plain(name):
            return owner._variables[name]
        key = (name, owner)
        if key not in self._known:
            self._known[key] = self._resolved(key)
        return self._known[key]

    def _unresolved(self, name: str) -> Any:
        owner = self._owner(name)
        value = owner._variables[name] if owner else None
        return self._lookup(name) if isinstance(value, str) else value

    def _is_plain(self, name: str) -> bool:
        if name not in self._plain:
            self._plain[name] = not self._has_placeholder(self._variables[name])
        return self._plain[name]

    def _has_placeholder(self, value: Any) -> bool:
        if isinstance(value, str):
            self._budget.spend(weight(value))
            return "{{" in value
        if not isinstance(value, dict | list):
            return False
        self._budget.spend(VALUE_CHARS * len(value))
        return any(map(self._has_placeholder, value.values() if isinstance(value, dict) else value))

    def without_annotations(self, value: Any, depth: int = 0) -> Any:
        """A copy, of which a scope can be made.

        Raises ExpressionError when it nests too deep, LimitError.
        """
        if depth > MAX_DEPTH:
            raise ExpressionError(f"nested more than {MAX_DEPTH} deep")
        if isinstance(value, dict):
            self._budget.spend(VALUE_CHARS * (len(value) + 1))
            return {
                key: self.without_annotations(member, depth + 1)
                for key, member in value.items()
                if not key.startswith(ANNOTATIONS)
            }
        if isinstance(value, list):
            self._budget.spend(VALUE_CHARS * (len(value) + 1))
            return [self.without_annotations(item, depth + 1) for item in value]
        return value

    def _resolved(self, key: tuple[str, Scope]) -> Any:
        if key in self._open:
            names = [name for name, _ in self._open[self._open.index(key) :]]
            raise ExpressionError(f"variables go in a circle: {' → '.join([*names, key[0]])}")
        if len(self._open) == MAX_REFERENCES:
            raise ExpressionError(f"variables refer to variables more than {MAX_REFERENCES} deep")
        self._open.append(key)
        try:
            return self.filled(key[1]._variables[key[0]], (), _raise)
        finally:
            self._open.pop()


def _raise(path: DocumentPath, error: ExpressionError) -> None:
    raise error


def _field(path: DocumentPath) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")
