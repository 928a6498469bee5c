"""A document that calls a stored template: which one, and what the two are together.

The template says what is seen; the call fills its variables in and may say otherwise what is about
the whole movie. Scenes and elements of the call are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resplice.core.document.expand import merged
from resplice.errors import DocumentError, Problem

OVERRIDES = (
    *("resolution", "width", "height", "quality", "fps", "draft", "cache"),
    *("id", "comment", "client-data", "exports"),
)
"""What a call may say otherwise."""


def called_template(document: Mapping[str, Any]) -> str | None:
    """The id of the template that a document calls. Raises DocumentError."""
    template = document.get("template")
    if template is None or template == "":
        return None
    if not isinstance(template, str):
        raise DocumentError([Problem("template", "'template' must be the id of a template")])
    return template


def with_template(movie: Mapping[str, Any], call: Mapping[str, Any]) -> dict[str, Any]:
    """The template's movie as the call wants it, as a new document. Raises DocumentError."""
    said = {name: call[name] for name in OVERRIDES if call.get(name) is not None}
    whole = {name: value for name, value in movie.items() if name != "template"} | said
    if {"width", "height"} <= said.keys() and "resolution" not in said:
        whole.pop("resolution", None)  # It would win over them.
    return with_variables(whole, call.get("variables"))


def with_variables(movie: Mapping[str, Any], variables: Any) -> dict[str, Any]:
    """The movie with variables merged over its own, objects key by key. Raises DocumentError."""
    # PHP writes an empty object as [].
    if variables is None or variables == []:
        return dict(movie)
    if not isinstance(variables, Mapping):
        raise DocumentError([Problem("variables", "'variables' must be an object")])
    own = movie.get("variables")
    return {**movie, "variables": merged(own if isinstance(own, Mapping) else {}, variables)}
