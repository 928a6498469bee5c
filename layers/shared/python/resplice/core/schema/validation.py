"""Validation: a document to a Movie, or all that is wrong with it, in JSON2Video's words.

Each problem carries the JSON path (`scenes[0].elements[1].src`) and a message that names the
scene and element as JSON2Video does (`Scene #1, element #2: …`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from resplice.core.document.limits import MAX_PROBLEMS
from resplice.core.document.paths import Location
from resplice.core.document.problems import problem_at
from resplice.core.elements import BLANK, TYPES
from resplice.core.exports.kinds import SECRETS
from resplice.core.exports.model import without
from resplice.core.schema.faults import counted, faults_of
from resplice.core.schema.movie import Movie
from resplice.errors import DocumentError, Problem

WORDS = {
    "tuple_": "must be a list",
    "list_": "must be a list",
    "dict_": "must be an object",
    "model_": "must be an object",
    "bool_": "must be true or false",
    "float_": "must be a number",
    "finite_number": "must be a number",
    "int_": "must be a whole number",
    "string_": "must be a text",
}
"""What a value must be by how the kind of its error begins."""


def validate(document: Mapping[str, Any]) -> Movie:
    """The document as a Movie. Raises DocumentError with the first 100 problems there are."""
    movie, problems = checked(document)
    if problems or movie is None:
        raise DocumentError(problems)
    return movie


def checked(document: Mapping[str, Any]) -> tuple[Movie | None, list[Problem]]:
    """The document as a Movie, and the first 100 problems there are.

    With problems the Movie is of what is well: a blank stands for each element that is not, and
    numbers the others. None when not even that is left.
    """
    document, problems = counted(document)
    try:
        movie = Movie.model_validate(document)
    except ValidationError:
        faults = list(islice(faults_of(document), MAX_PROBLEMS - len(problems)))
        problems += [_problem(fault, document) for fault in faults]
        if len(problems) >= MAX_PROBLEMS:
            return None, problems
        try:
            return Movie.model_validate(_rest(document, [f["loc"] for f in faults])), problems
        except ValidationError:
            return None, problems
    if not movie.scenes and not movie.elements and not problems:
        no_length = "Movie duration cannot be zero: the movie has no scenes and no elements"
        return movie, [Problem("scenes", no_length)]
    return movie, problems


def _rest(document: Mapping[str, Any], failed: Sequence[Location]) -> dict[str, Any]:
    """The document without what failed."""
    rest = _opened(document)
    rest["scenes"] = _opened_all(rest.get("scenes"))
    if places := [place[1:] for place in failed if place[0] == "exports"]:
        rest["exports"] = without(places, rest["exports"])
    for location in failed:
        match location:
            case ["scenes", int(scene), "elements", int(element), *_]:
                rest["scenes"][scene]["elements"][element] = BLANK
            case ["scenes", int(scene), str(name), *_]:
                rest["scenes"][scene].pop(name, None)
            case ["scenes", int(scene)]:
                rest["scenes"][scene] = {}
            case ["scenes", *_]:
                rest["scenes"] = []
            case ["elements", int(element), *_]:
                rest["elements"][element] = BLANK
            case [str(name), *_] if name != "exports":
                rest.pop(name, None)
    return rest


def _opened(holder: Mapping[str, Any]) -> dict[str, Any]:
    """A copy whose elements can be replaced."""
    elements = holder.get("elements")
    own = {"elements": list(elements)} if isinstance(elements, list | tuple) else {}
    return {**holder, **own}


def _opened_all(scenes: Any) -> Any:
    if not isinstance(scenes, list | tuple):
        return scenes
    return [_opened(scene) if isinstance(scene, dict) else scene for scene in scenes]


def _problem(detail: ErrorDetails, document: Mapping[str, Any]) -> Problem:
    path, element = _real_path(detail["loc"], document)
    if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
        path = [*path, "type"]
    return problem_at(path, _message(detail, path, element))


def _real_path(location: Location, document: Any) -> tuple[list[int | str], Any]:
    """The path without the type tag that pydantic puts in, and the element it lies in."""
    path: list[int | str] = []
    value, element, at_tag = document, None, False
    for part in location:
        if at_tag and part == value.get("type"):
            at_tag = False
            continue
        path.append(part)
        if isinstance(value, dict):
            value = value.get(str(part))
        elif isinstance(value, list) and isinstance(part, int):
            value = value[part]
        at_tag = isinstance(part, int) and path[-2] == "elements" and isinstance(value, dict)
        if at_tag:
            element = value
    return path, element


def _message(detail: ErrorDetails, path: Location, element: Any) -> str:
    name, kind = path[-1], detail["type"]
    if isinstance(name, int):
        return "must be an object"
    if kind == "missing":
        return _missing(name, path, element)
    if kind == "union_tag_not_found":
        return "The 'type' property is required"
    if kind == "union_tag_invalid":
        return _unknown_type(element["type"])
    if kind in ("too_long", "string_too_long"):
        things = "items" if kind == "too_long" else "characters"
        return f"'{name}' must have at most {detail['ctx']['max_length']} {things}"
    reason = _reason(detail)
    if reason[0].isupper():
        return reason
    seen = "" if name in SECRETS else f", not {_short(detail['input'])}"
    return f"'{name}' {reason}{seen}"


def _reason(detail: ErrorDetails) -> str:
    """What a value must be, in JSON's words."""
    if detail["type"] == "literal_error":
        names = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
        return f"must be one of {', '.join(names)}" if names[1:] else f"must be {names[0]}"
    for stem, words in WORDS.items():
        if detail["type"].startswith(stem):
            return words
    reason = detail["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return reason.replace("should be", "must be", 1)


def _missing(name: str, path: Location, element: Any) -> str:
    if not element or path[-3] != "elements":
        return f"The '{name}' property is required"
    return f"The element type '{element['type']}' requires a '{name}' property."


def _unknown_type(kind: Any) -> str:
    return f"The element type {_short(kind)} is unknown; known: {', '.join(TYPES)}"


def _short(value: Any, most_chars: int = 60) -> str:
    """The value as JSON, cut; no more of it is written than is shown."""
    if isinstance(value, str):
        text = repr(value[: most_chars + 1])
    else:
        pieces, length = list[str](), 0
        for piece in json.JSONEncoder(ensure_ascii=False).iterencode(value):
            pieces.append(piece)
            length += len(piece)
            if length > most_chars:
                break
        text = "".join(pieces)
    return text if len(text) <= most_chars else text[:most_chars] + "…"
