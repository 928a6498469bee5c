"""A request for a movie for each row of variables: its own shape, before a movie is looked at.

What the movie of a row is like is decided by whoever takes it in, as of any movie.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from resplice.core.document.limits import MAX_EXPANDED_CHARS, MAX_EXPRESSION_CHARS, MAX_PROBLEMS
from resplice.core.document.paths import shortened
from resplice.core.document.scope import Budget
from resplice.core.document.table import ROW, Row, each_named
from resplice.core.document.template_call import with_template, with_variables
from resplice.errors import DocumentError, Problem
from resplice.frozen import frozen

MAX_ROWS = 500
"""As many as one call of a function takes in, on AWS, with time to spare."""
MAX_ALL_CHARS = MAX_EXPANDED_CHARS
"""Of the movies of all rows, as they would be posted."""
FIELDS = ("movie", "template", "rows", "name")
MOVIE_WANTED = "either 'movie', a JSON object, or 'template', the id of one, must be given"
ROWS_WANTED = "'rows' must be a list of JSON objects: the variables of one movie each"
NAMES_TOO_LARGE = (
    "the names of all rows up to this one take too much to fill in: make 'name' shorter, or post"
    " fewer rows at a time"
)
NAME_WANTED = f"'name' must be a text of 1 to {MAX_EXPRESSION_CHARS} characters"


@frozen
class BulkCall:
    """movie: what each row's variables go over; it may be the call of a template. name: pattern of
    the movies' names.
    """

    movie: Mapping[str, Any]
    rows: Sequence[Row]
    name: str

    def document(self, row: Row) -> dict[str, Any]:
        """What is posted for it. Those of all rows together may be many times the request."""
        return with_variables(self.movie, row.variables)

    def names(self, template: str | None = None) -> list[str]:
        """Of the movies, no two alike. template: the movie of the template that is called, as text.

        Raises DocumentError, also when all movies together are too large.
        """
        self._check_size(len(template or ""))
        whole = with_template(json.loads(template), self.movie) if template else self.movie
        own = whole.get("variables")
        known, budget = own if isinstance(own, dict) else {}, Budget(beyond=NAMES_TOO_LARGE)
        return [name for _, name in each_named(self.rows, self.name, "", known, lambda: budget)]

    def _check_size(self, template_chars: int) -> None:
        movie_chars = len(_text(self.movie)) + template_chars
        chars = movie_chars * len(self.rows) + sum(len(_text(row.variables)) for row in self.rows)
        if chars > MAX_ALL_CHARS:
            most, all_together = MAX_ALL_CHARS // 2**20, -(-chars // 2**20)
            said = f"with its {len(self.rows)} rows the movie has {all_together} MiB"
            raise _wrong("rows", f"{said}, and may have {most}: post fewer rows at a time")


def bulk_call(sent: Any) -> BulkCall:
    """The request in what was sent, read from JSON. Raises DocumentError with all its problems."""
    if not isinstance(sent, dict):
        raise _wrong("", "No valid request JSON received: it is no object")
    problems = [
        Problem(shortened(name), f"'{shortened(name)}' is none of {', '.join(FIELDS)}")
        for name in list(sent.keys() - set(FIELDS))[:MAX_PROBLEMS]
    ]
    name = sent.get("name", f"{{{{{ROW}}}}}")
    if not (isinstance(name, str) and 0 < len(name) <= MAX_EXPRESSION_CHARS):
        problems.append(Problem("name", NAME_WANTED))
    movie, rows = _movie(sent), sent.get("rows")
    problems += [Problem("movie", MOVIE_WANTED)] if movie is None else []
    problems += _problems_of_rows(rows)
    if problems or movie is None:
        raise DocumentError(problems)
    return BulkCall(movie, [Row(n, dict(row)) for n, row in enumerate(rows or (), 1)], name)


def _movie(sent: Mapping[str, Any]) -> Mapping[str, Any] | None:
    movie, template = sent.get("movie"), sent.get("template")
    if template is None:
        return movie if isinstance(movie, dict) and movie else None
    named = isinstance(template, str) and template and movie is None
    return {"template": template} if named else None


def _problems_of_rows(rows: Any) -> list[Problem]:
    if not isinstance(rows, list) or not rows:
        return [Problem("rows", ROWS_WANTED)]
    if len(rows) > MAX_ROWS:
        said = f"'rows' may have {MAX_ROWS}, and has {len(rows)}: post the others by themselves"
        return [Problem("rows", said)]
    # PHP writes an empty object as [].
    wrong = [n for n, row in enumerate(rows) if not isinstance(row, dict) and row != []]
    return [Problem(f"rows[{n}]", f"row {n + 1} is no JSON object") for n in wrong[:MAX_PROBLEMS]]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _wrong(path: str, message: str) -> DocumentError:
    return DocumentError([Problem(path, message)])
