"""The schema of a movie document as JSON Schema, for editors and for documentation.

It describes a document as it is after expansion, in its plain spelling: numbers in quotes and names
in other cases are read too, and properties that it does not list are tolerated.
"""

from __future__ import annotations

from typing import Any

from resplice.core.schema.movie import Movie


def json_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a movie, with every type of element that is rendered."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return dialect | Movie.model_json_schema(by_alias=True)
