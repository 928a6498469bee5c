"""Keys of a document that nothing acts on: most often a slip of the pen. Never an error."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from resplice.core.document.paths import Location, json_path
from resplice.core.document.values import Part
from resplice.core.schema.elements import TextElement
from resplice.core.schema.movie import Movie
from resplice.core.text.page import says_nothing
from resplice.errors import shown

MAX_WARNINGS = 20
FOREIGN = frozenset(
    {
        *("template", "settings", "variables", "condition", "iterate", "iterate-as", "import"),
        *("prompt", "model", "model-settings", "aspect-ratio", "connection"),
        *("project", "apiKey", "client_data", "comment", "id"),
    }
)
"""Keys of the format that do their work elsewhere or do none yet, and what its SDKs add."""
ADDRESSES = frozenset({"font-url"})
"""Text settings that are no matter of style."""


def unknown_keys(movie: Movie) -> list[str]:
    """A warning for each key that does nothing; the first 20."""
    paths = islice(_paths(movie, ()), MAX_WARNINGS)
    return [f"{shown(json_path(path))} is not known and does nothing" for path in paths]


def _paths(part: Part, path: Location) -> Iterator[Location]:
    yield from ((*path, key) for key in part.model_extra or {} if key not in FOREIGN)
    if isinstance(part, TextElement):
        names = (name for name in part.settings if name not in ADDRESSES)
        yield from ((*path, "settings", name) for name in names if says_nothing(name))
    for name, value in part:
        if isinstance(value, Part):
            yield from _paths(value, (*path, name.replace("_", "-")))
        elif isinstance(value, tuple):
            for index, inner in enumerate(value):
                yield from _paths(inner, (*path, name, index))
