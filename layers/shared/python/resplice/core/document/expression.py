"""What stands between `{{` and `}}`: a small language over JSON values, never Python's.

A text is compiled to a postfix program, so that neither a long chain nor deep nesting can use up
the stack, and is run over a lookup of names. An unknown name is null. `and` and `or` give the
operand that decided: `title or 'Untitled'`. Nothing here knows documents or scopes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from resplice.core.document.limits import (
    MAX_EXPRESSION_CHARS,
    MAX_EXPRESSION_DEPTH,
    VALUE_CHARS,
)
from resplice.core.document.operators import (
    FUNCTIONS,
    OPERATORS,
    ExpressionError,
    as_text,
    field,
    negative,
    pay_all,
    plus,
    truthy,
    weight,
    whole_number,
)

__all__ = ["ExpressionError", "as_text", "evaluate", "truthy"]

STEP_CHARS = 2 * VALUE_CHARS
"""A step is read, compiled and run; that it may be known from before is not counted."""

_DECIDING = ("and", "or", "not", "unless")
_COMPARING = (OPERATORS["=="].apply, OPERATORS["!="].apply)

Lookup = Callable[[str], Any]
Spend = Callable[[int], None]
Program = tuple[tuple[str, Any], ...]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
      | (?P<text>'[^']*'|"[^"]*")
      | (?P<name>[^\W\d]\w*)
      | (?P<sign>==|!=|<=|>=|&&|\|\||[-+*/<>!?:.,()\[\]])
    )""",
    re.VERBOSE,
)
_ALIASES = {"&&": "and", "||": "or"}
_WORDS = {"true": True, "false": False, "null": None}
_TERNARY, _NOT, _UNARY = 1, 4, 9


def evaluate(text: str, lookup: Lookup, spend: Spend = lambda chars: None) -> Any:
    """The JSON value of an expression, null when it is blank.

    lookup gives a name's value, None when unknown, and may raise ExpressionError. spend is told
    what each step costs, in characters; what it raises comes through. Raises ExpressionError,
    for any text.
    """
    program = compiled(text)
    spend(len(program) * STEP_CHARS)
    return _run(program, lookup, spend)


@lru_cache(maxsize=4096)
def compiled(text: str) -> Program:
    """The program of an expression. Raises ExpressionError when it is malformed."""
    if len(text) > MAX_EXPRESSION_CHARS:
        raise ExpressionError(f"an expression is longer than {MAX_EXPRESSION_CHARS} characters")
    return _Compiler(_tokens(text)).program() if text.strip() else ()


def decides(text: str) -> bool:
    """Whether a well-formed expression does one thing or another by what its names are: then it is
    made for some that are not there.
    """
    return any(step in _DECIDING or argument in _COMPARING for step, argument in compiled(text))


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            rest = text[position:].lstrip()
            what = "a quote is not closed" if rest[0] in "'\"" else f"unexpected '{rest[0]}'"
            raise ExpressionError(what)
        kind, token = match.lastgroup or "", match[match.lastgroup or 0]
        tokens.append((kind, _ALIASES.get(token, token)))
        position = match.end()
    return tokens


class _Compiler:
    """A Pratt parser that emits postfix code; jumps skip what `and`, `or` and `?` leave out."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = [*tokens, ("end", "the end")]
        self._next = 0
        self._depth = 0
        self._code: list[tuple[str, Any]] = []

    def program(self) -> Program:
        self._expression(0)
        if self._peek() != ("end", "the end"):
            raise ExpressionError(f"unexpected '{self._peek()[1]}'")
        return tuple(self._code)

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._next]

    def _take(self) -> tuple[str, str]:
        token = self._tokens[self._next]
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def _takes(self, token: str) -> bool:
        """Take the sign or word if it comes next; a quoted text is neither."""
        kind, found = self._peek()
        if kind not in ("sign", "name") or found != token:
            return False
        self._next += 1
        return True

    def _expect(self, token: str) -> None:
        if not self._takes(token):
            raise ExpressionError(f"'{token}' is missing before {self._peek()[1]}")

    def _emit(self, step: str, argument: Any = None) -> int:
        self._code.append((step, argument))
        return len(self._code) - 1

    def _land(self, jump: int) -> None:
        self._code[jump] = (self._code[jump][0], len(self._code))

    def _expression(self, binds: int) -> None:
        self._depth += 1
        if self._depth > MAX_EXPRESSION_DEPTH:
            raise ExpressionError(f"nested more than {MAX_EXPRESSION_DEPTH} deep")
        self._operand()
        while self._infix(binds):
            pass
        self._depth -= 1

    def _infix(self, binds: int) -> bool:
        kind, token = self._peek()
        if binds <= _TERNARY and self._takes("?"):
            self._ternary()
            return True
        operator = OPERATORS.get(token) if kind in ("sign", "name") else None
        if operator is None or operator.binds < binds:
            return False
        self._take()
        jump = self._emit(token) if operator.apply is None else None
        self._expression(operator.binds + 1)
        if jump is None:
            self._emit("apply", operator.apply)
        else:
            self._land(jump)
        return True

    def _ternary(self) -> None:
        otherwise = self._emit("unless")
        self._expression(_TERNARY)
        self._expect(":")
        done = self._emit("jump")
        self._land(otherwise)
        self._expression(_TERNARY)
        self._land(done)

    def _operand(self) -> None:
        kind, token = self._take()
        if kind == "number":
            self._emit("value", whole_number(int(token) if token.isdigit() else float(token)))
        elif kind == "text":
            self._emit("value", token[1:-1])
        elif token == "not":
            self._unary(_NOT, "not")
        elif kind == "name":
            self._name(token)
        elif token in ("-", "!"):
            self._unary(_UNARY, "negative" if token == "-" else "not")
        elif token == "(":
            self._expression(0)
            self._expect(")")
        else:
            raise ExpressionError(f"a value is missing before {token}")
        self._fields()

    def _unary(self, binds: int, step: str) -> None:
        self._expression(binds)
        self._emit(step)

    def _name(self, name: str) -> None:
        if self._takes("("):
            self._call(name)
        elif name in _WORDS:
            self._emit("value", _WORDS[name])
        elif name in OPERATORS:
            raise ExpressionError(f"a value is missing before {name}")
        else:
            self._emit("name", name)

    def _call(self, name: str) -> None:
        function = FUNCTIONS.get(name)
        if function is None:
            raise ExpressionError(f"there is no function '{name}', only {', '.join(FUNCTIONS)}")
        count = 0
        while not self._takes(")"):
            if count:
                self._expect(",")
            self._expression(0)
            count += 1
        if not function.least <= count <= function.most:
            raise ExpressionError(f"{name} does not take {count} values")
        self._emit("call", (function.apply, count))

    def _fields(self) -> None:
        while True:
            if self._takes("."):
                kind, name = self._take()
                if kind != "name":
                    raise ExpressionError("a name is missing after '.'")
                self._emit("value", name)
            elif self._takes("["):
                self._expression(0)
                self._expect("]")
            else:
                return
            self._emit("apply", field)


def _run(program: Program, lookup: Lookup, spend: Spend) -> Any:
    stack: list[Any] = []
    at = 0
    while at < len(program):
        step, argument = program[at]
        at += 1
        if step == "value":
            stack.append(argument)
        elif step == "name":
            stack.append(lookup(argument))
        elif step == "apply":
            right = stack.pop()
            _pay(stack[-1], right, spend)
            stack[-1] = argument(stack[-1], right)
            if argument is plus and isinstance(stack[-1], str):
                spend(len(stack[-1]))
        elif step == "call":
            function, count = argument
            stack[-count:] = [function(*stack[-count:])]
        else:
            spend(weight(stack[-1]) if stack else 0)
            at = _branch(step, argument, stack, at)
    return stack[-1] if stack else None


def _pay(left: Any, right: Any, spend: Spend) -> None:
    """For looking at two values; to compare lists or objects means all that is in them."""
    spend(weight(left) + weight(right))
    if isinstance(left, list | dict) and type(left) is type(right):
        pay_all(left, spend)


def _branch(step: str, target: int, stack: list[Any], at: int) -> int:
    """Steps that look at the top only; where the program goes on."""
    if step == "jump":
        return target
    if step == "negative":
        stack[-1] = negative(stack[-1])
        return at
    if step == "not":
        stack[-1] = not truthy(stack[-1])
        return at
    if step == "unless":
        return at if truthy(stack.pop()) else target
    if truthy(stack[-1]) is (step == "or"):
        return target
    stack.pop()
    return at
