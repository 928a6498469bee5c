"""What is wrong with a document, looked for part by part, so that a reader can stop early.

Lists are counted before they are looked into. No words for users here, save for a list's length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from resplice.core.document.limits import MAX_LISTED_ELEMENTS, MAX_SCENES
from resplice.core.document.paths import DocumentPath, Location
from resplice.core.document.problems import problem_at
from resplice.core.elements import Element
from resplice.core.schema.movie import Movie
from resplice.errors import Problem


@cache
def element_schema() -> TypeAdapter[Any]:
    """The schema of an element of any type that there is when this is first asked."""
    return TypeAdapter(Element)


def counted(document: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[Problem]]:
    """The document without lists that are too long, and a problem for each: counting is cheap."""
    problems: list[Problem] = []

    def within(holder: Mapping[str, Any], name: str, most: int, path: Location) -> dict[str, Any]:
        given = holder.get(name)
        if isinstance(given, list | tuple) and len(given) > most:
            message = f"'{name}' must have at most {most} items"
            problems.append(problem_at([*path, name], message))
            return {**holder, name: []}
        return dict(holder)

    whole = within(document, "scenes", MAX_SCENES, ())
    whole = within(whole, "elements", MAX_LISTED_ELEMENTS, ())
    if isinstance(whole.get("scenes"), list | tuple):
        whole["scenes"] = [
            within(scene, "elements", MAX_LISTED_ELEMENTS, ("scenes", n))
            if isinstance(scene, dict)
            else scene
            for n, scene in enumerate(whole["scenes"])
        ]
    return whole, problems


def faults_of(document: Mapping[str, Any]) -> Iterator[ErrorDetails]:
    """What is wrong with the movie and its scenes, then element by element.

    Pydantic collects all that is wrong before it says anything, and each costs more than its
    value did: so it gets one part at a time, and nothing more once nobody reads on.
    """
    yield from _details(Movie.model_validate, _hollow(document), ())
    for path, element in _element_places(document):
        yield from _details(element_schema().validate_python, element, path)


def _details(validated: Callable[[Any], Any], value: Any, path: DocumentPath) -> list[ErrorDetails]:
    try:
        validated(value)
    except ValidationError as error:
        return [{**e, "loc": (*path, *e["loc"])} for e in error.errors(include_url=False)]
    return []


def _hollow(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with nothing in its lists of elements."""
    hollow = _emptied(document)
    if isinstance(scenes := document.get("scenes"), list | tuple):
        hollow["scenes"] = [_emptied(s) if isinstance(s, dict) else s for s in scenes]
    return hollow


def _emptied(holder: Mapping[str, Any]) -> dict[str, Any]:
    has_elements = isinstance(holder.get("elements"), list | tuple)
    return {**holder, "elements": []} if has_elements else dict(holder)


def _element_places(document: Mapping[str, Any]) -> Iterator[tuple[DocumentPath, Any]]:
    scenes = document.get("scenes")
    for n, scene in enumerate(scenes if isinstance(scenes, list | tuple) else ()):
        if isinstance(scene, dict):
            yield from _listed(scene, ("scenes", n, "elements"))
    yield from _listed(document, ("elements",))


def _listed(holder: Mapping[str, Any], path: DocumentPath) -> Iterator[tuple[DocumentPath, Any]]:
    elements = holder.get("elements")
    if isinstance(elements, list | tuple):
        yield from (((*path, n), element) for n, element in enumerate(elements))
