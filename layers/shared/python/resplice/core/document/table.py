"""Tables of values for the variables of one movie, and what the movie of each row is called.

A table is CSV with a header (RFC 4180), or has a JSON object on each line. Rows are read one by
one: a table may be larger than memory. No files: lines come in, rows go out.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from unicodedata import normalize

from resplice.core.document.expand import merged
from resplice.core.document.expression import ExpressionError
from resplice.core.document.operators import as_text
from resplice.core.document.paths import DocumentPath, shortened
from resplice.core.document.scope import Budget, LimitError, Scope
from resplice.core.document.strict_json import parse_value
from resplice.errors import DocumentError, Problem
from resplice.frozen import frozen

MAX_ROWS = 100_000
MAX_NAME_BYTES = 200
"""Of a file's name; file systems take 255, and what is written first has a longer one."""
ROW = "row"
"""The variable that has the number of the row, where the table has no such column."""
ROW_DIGITS = 4
PATTERN = "name"
"""What the pattern is called in messages."""
FORBIDDEN = frozenset('/\\<>:"|?*')
"""In names of files, on one system or another."""
FIRST_FORBIDDEN = tuple(".-=+@")
"""They hide a file, make an option of its name, or a formula of it in a table."""

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What spreadsheets take for the beginning of one, in CSV too."""


@frozen
class Row:
    """number: from 1, the header not counted."""

    number: int
    variables: Mapping[str, Any]

    def named(
        self,
        pattern: str,
        known: Mapping[str, Any],
        budget: Callable[[], Budget] = Budget,
    ) -> str:
        """The pattern with its `{{ }}` filled in, as the name of a file. known: variables that the
        row's own go over, without annotations. budget: of that. Raises DocumentError.
        """
        refused = list[ExpressionError]()

        def refuse(path: DocumentPath, error: ExpressionError) -> None:
            refused.append(error)

        number, reading = {ROW: f"{self.number:0{ROW_DIGITS}}"}, Scope({}, budget())
        try:
            own = reading.without_annotations(self.variables)
            scope = Scope({**number, **merged(known, own)}, budget())
            filled = scope.filled(pattern, (PATTERN,), refuse)
        except (LimitError, ExpressionError) as error:
            raise self.wrong(str(error)) from None
        if reason := next(iter((*map(str, refused), *scope.absences.warnings)), None):
            raise self.wrong(reason)
        name = normalize("NFC", as_text(filled))
        if reason := _unnameable(name):
            raise self.wrong(f"{shortened(name)!r} cannot name a file: {reason}")
        return name

    def wrong(self, reason: str) -> DocumentError:
        return wrong(f"row {self.number}: {reason}", f"rows[{self.number - 1}]")


def wrong(message: str, path: str = "") -> DocumentError:
    return DocumentError([Problem(path, message)])


def csv_rows(lines: Iterable[str]) -> Iterator[Row]:
    """All values are texts. Lines without any value are no rows. Raises DocumentError."""
    reader = csv.reader(lines, strict=True)
    header: list[str] | None = None
    number = 0
    for cells in _read(reader):
        if header is None:
            header = _header(cells)
            continue
        if len(header) > 1 and not any(cells):
            continue
        number += 1
        _count(number)
        if len(cells) != len(header):
            where = f"row {number}, which ends in line {reader.line_num}"
            raise wrong(f"{where}, has {len(cells)} values, and there are {len(header)} names")
        yield Row(number, dict(zip(header, cells, strict=True)))
    if header is None:
        raise wrong("there is no header, which names the variables")


def _read(reader: Any) -> Iterator[list[str]]:
    try:
        yield from filter(None, reader)
    except csv.Error as error:
        raise wrong(f"line {reader.line_num}: {error}") from None


def _header(cells: list[str]) -> list[str]:
    names = dict.fromkeys(cell.strip() for cell in cells)
    if "" in names:
        raise wrong("a name is missing in the header")
    if len(names) < len(cells):
        raise wrong("the header has a name more than once")
    return [*names]


def json_rows(lines: Iterable[str]) -> Iterator[Row]:
    """Lines without anything are no rows. Raises DocumentError."""
    number = 0
    for line in lines:
        if not line.strip():
            continue
        number += 1
        _count(number)
        variables = parse_value(line, f"row {number}")
        if not isinstance(variables, dict):
            raise wrong(f"row {number} is no JSON object")
        yield Row(number, variables)


def _count(number: int) -> None:
    if number > MAX_ROWS:
        raise wrong(f"there are more than {MAX_ROWS:,} rows")


def each_named(
    rows: Iterable[Row],
    pattern: str,
    ending: str,
    known: Mapping[str, Any],
    budget: Callable[[], Budget] = Budget,
) -> Iterator[tuple[Row, str]]:
    """Every row with the name of its file, which no other has, in capitals or not. budget: of a
    name. Raises DocumentError.
    """
    try:
        plain = Scope({}, budget()).without_annotations(known)
    except (LimitError, ExpressionError) as error:
        raise wrong(f"variables of the movie: {error}") from None
    taken: dict[str, int] = {}
    for row in rows:
        name = row.named(pattern, plain, budget)
        name = name if name.lower().endswith(ending) else f"{name}{ending}"
        first = taken.setdefault(name.casefold(), row.number)
        if first != row.number:
            said = f"rows {first} and {row.number} would both be {shortened(name)}"
            raise wrong(said, f"rows[{row.number - 1}]")
        yield row, name


def harmless(text: str) -> str:
    """The same as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULAS) else text


def _unnameable(name: str) -> str | None:
    if not name.strip():
        return "it is empty"
    if name.startswith(FIRST_FORBIDDEN):
        return f"it begins with {name[0]!r}"
    if bad := next((each for each in name if each in FORBIDDEN or not each.isprintable()), None):
        return f"it has {bad!r}"
    return "it is too long" if len(name.encode()) > MAX_NAME_BYTES else None
