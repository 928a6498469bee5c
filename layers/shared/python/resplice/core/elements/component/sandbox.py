"""Templates of components, run so that none reaches anything but what it is given, or goes on
without end. Jinja is imported here alone, and late: a movie that is there already needs none.

A template may read groups, loop over lists and call what the page offers: no filters but those
below, no methods, no macros, no includes. Steps of loops and the length of what it writes are
counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

MAX_TEMPLATE_CHARS = 200_000
MAX_STEPS = 20_000
MAX_HTML_CHARS = 4_000_000
MAX_TEXT_CHARS = 100_000

MAX_NUMBER = 1e12
MAX_DIGITS = 12

FILTERS = (
    *("abs", "default", "first", "float", "int", "last", "length", "lower", "max", "min"),
    *("round", "safe", "upper"),
)

REFUSED = (
    *("Macro", "CallBlock", "Include", "Import", "FromImport", "Extends", "Block"),
    *("FilterBlock", "AssignBlock"),
)
"""What a template may not be made of, by Jinja's names."""


class TemplateRefused(ValueError):
    """A page.html that cannot be used, or did not end; what is wrong with it, in one line."""


def offered(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a function that templates may call."""
    function.for_templates = True  # type: ignore[attr-defined]
    return function


def rendered(source: str, values: Mapping[str, Any]) -> str:
    """What the template makes of the values. Raises TemplateRefused."""
    from jinja2 import TemplateError

    budget = _Budget()
    try:
        template = _compiled(source)
        given = {**values, "_bounded": budget.bounded, "_joined": budget.joined}
        return budget.text(template.generate(given))
    except TemplateRefused:
        raise
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise TemplateRefused(f"line {line}: {error}" if line else str(error)) from None
    except (
        *(ArithmeticError, LookupError, RecursionError),
        *(SyntaxError, TypeError, ValueError),
    ) as error:
        raise TemplateRefused(str(error) or type(error).__name__) from None


class _Budget:
    """What one rendering may still do."""

    def __init__(self) -> None:
        self._steps_left, self._chars_left = MAX_STEPS, MAX_HTML_CHARS

    @offered
    def bounded(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            self._steps_left -= 1
            if self._steps_left < 0:
                raise TemplateRefused(f"loops more than {MAX_STEPS} times")
            yield value

    @offered
    def joined(self, *parts: Any) -> Any:
        """Parts as one text, escaped if any is."""
        from markupsafe import Markup, escape

        whole = Markup("").join(map(escape, parts))
        self._chars_left -= len(whole)
        if len(whole) > MAX_TEXT_CHARS or self._chars_left < 0:
            raise TemplateRefused(f"joins a text of more than {MAX_TEXT_CHARS} characters")
        return whole

    def text(self, parts: Iterable[str]) -> str:
        found = []
        for part in parts:
            self._chars_left -= len(part)
            if self._chars_left < 0:
                raise TemplateRefused(f"writes more than {MAX_HTML_CHARS} characters")
            found.append(part)
        return "".join(found)


@lru_cache(maxsize=64)
def _compiled(source: str) -> Any:
    from jinja2 import nodes

    if len(source) > MAX_TEMPLATE_CHARS:
        raise TemplateRefused(f"is longer than {MAX_TEMPLATE_CHARS} characters")
    environment = _environment()
    tree = environment.parse(source)
    for kind in tree.find_all(tuple(getattr(nodes, name) for name in REFUSED)):
        raise TemplateRefused(f"line {kind.lineno}: {type(kind).__name__.lower()} is not offered")
    for loop in list(tree.find_all(nodes.For)):
        if loop.recursive:
            raise TemplateRefused(f"line {loop.lineno}: a recursive loop is not offered")
        loop.iter = _call(nodes, "_bounded", [loop.iter], loop.lineno)
    _without_concatenation(tree, nodes)
    return environment.from_string(tree)


def _call(nodes: Any, name: str, arguments: list[Any], line: int) -> Any:
    named = nodes.Name(name, "load", lineno=line)
    return nodes.Call(named, arguments, [], None, None, lineno=line)


def _without_concatenation(node: Any, nodes: Any) -> None:
    """`~` becomes a call whose result has a bound."""
    for name, value in node.iter_fields():
        if isinstance(value, list):
            changed = [_with_bound(each, nodes) for each in value]
            setattr(node, name, changed)
        elif isinstance(value, nodes.Node):
            setattr(node, name, _with_bound(value, nodes))


def _with_bound(node: Any, nodes: Any) -> Any:
    if not isinstance(node, nodes.Node):
        return node
    _without_concatenation(node, nodes)
    if isinstance(node, nodes.Concat):
        return _call(nodes, "_joined", node.nodes, node.lineno)
    return node


@cache
def _environment() -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Environment(ImmutableSandboxedEnvironment):
        """No attributes but of what is made for templates; no arithmetic that grows texts."""

        intercepted_binops = frozenset(["+", "*", "**", "%", "//"])

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            own = type(obj).__module__.startswith("resplice.core.elements.component")
            loop = type(obj).__name__ == "LoopContext"
            return (own or loop) and not attr.startswith("_") and not isinstance(obj, str)

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            if not all(type(side) in (int, float) for side in (left, right)):
                raise TemplateRefused(f"'{operator}' is for numbers; texts are joined with '~'")
            if operator == "**" or abs(left) > MAX_NUMBER or abs(right) > MAX_NUMBER:
                raise TemplateRefused(f"'{operator}' of these numbers is not offered")
            return super().call_binop(context, operator, left, right)

        def is_safe_callable(self, obj: Any) -> bool:
            return bool(getattr(obj, "for_templates", False))

    environment = Environment(
        autoescape=True, optimized=False, undefined=StrictUndefined, finalize=_printed
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    environment.filters["round"] = _rounded
    return environment


def _rounded(value: float, digits: int = 0) -> float:
    """Jinja's takes any number of digits, and as long."""
    if not -MAX_DIGITS <= digits <= MAX_DIGITS:
        raise TemplateRefused(f"rounds to {digits} digits; at most {MAX_DIGITS} are offered")
    return round(value, digits)


def _printed(value: Any) -> Any:
    """What a template writes: texts and numbers; a list may be longer than its parts together."""
    from jinja2 import Undefined

    if not isinstance(value, str | int | float | Undefined):
        raise TemplateRefused(f"writes a {type(value).__name__}, which is no text or number")
    return value
