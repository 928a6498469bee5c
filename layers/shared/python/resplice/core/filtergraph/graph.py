"""A filtergraph being written: the one place where labels are made."""

from __future__ import annotations

from collections.abc import Iterable


class Graph:
    """Statements of a filter_complex, in the order they were added."""

    def __init__(self) -> None:
        self._statements: list[str] = []
        self._labels = 0

    def chain(self, inputs: str | Iterable[str], *filters: str) -> str:
        """Run the inputs (labels) through the filters; the label of what comes out."""
        labels = [inputs] if isinstance(inputs, str) else list(inputs)
        out = self._label()
        heads = "".join(f"[{label}]" for label in labels)
        self._statements.append(f"{heads}{','.join(filters)}[{out}]")
        return out

    def split(self, label: str) -> tuple[str, str]:
        """The same frames twice."""
        one, two = self._label(), self._label()
        self._statements.append(f"[{label}]split[{one}][{two}]")
        return one, two

    def text(self) -> str:
        return ";\n".join(self._statements)

    def _label(self) -> str:
        self._labels += 1
        return f"v{self._labels}"
