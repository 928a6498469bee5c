"""Warnings without what to do about them, which each code has in one place."""

from __future__ import annotations

from collections.abc import Iterable

from resplice.core.warned import WAYS_OUT, code_of


def plain(line: str) -> str:
    """The path and what is the matter. A line without a code is no warning."""
    code = code_of(line)
    assert code in WAYS_OUT, line
    return line.removesuffix(f" [{code}]").removesuffix(f"; {WAYS_OUT[code]}")


def plainly(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(plain, lines))
