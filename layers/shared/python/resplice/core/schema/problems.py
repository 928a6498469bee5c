"""Validation: a document to a Movie, or all that is wrong with it, in JSON2Video's words.

Each problem carries the JSON path (`scenes[0].elements[1].src`) and a message that names the
scene and element as JSON2Video does (`Scene #1, element #2: …`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from resplice.core.schema.movie import Movie
from resplice.errors import DocumentError, Problem

SUPPORTED = ("image", "video", "audio", "text")
NOT_YET = ("html", "component", "voice", "audiogram", "subtitles", "template")

Location = Sequence[int | str]


def validate(document: Mapping[str, Any]) -> Movie:
    """The document as a Movie. Raises DocumentError with every problem there is."""
    try:
        movie = Movie.model_validate(document)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise DocumentError(_problem(detail, document) for detail in details) from None
    if not movie.scenes and not movie.elements:
        no_length = "Movie duration cannot be zero: the movie has no scenes and no elements"
        raise DocumentError([Problem("scenes", no_length)])
    return movie


def element_name(path: Location) -> str:
    """`Scene #1, element #2` for ('scenes', 0, 'elements', 1, …), as JSON2Video says it."""
    match list(path):
        case ["scenes", int(scene), "elements", int(element), *_]:
            return f"Scene #{scene + 1}, element #{element + 1}"
        case ["scenes", int(scene), *_]:
            return f"Scene #{scene + 1}"
        case ["elements", int(element), *_]:
            return f"Movie element #{element + 1}"
    return ""


def json_path(path: Location) -> str:
    """`scenes[0].elements[1].src` for its parts."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def problem_at(path: Location, message: str) -> Problem:
    """A Problem whose message opens with the name of the scene and element."""
    name = element_name(path)
    return Problem(json_path(path), f"{name}: {message}" if name else message)


def _problem(detail: ErrorDetails, document: Mapping[str, Any]) -> Problem:
    path, element = _real_path(detail["loc"], document)
    if detail["type"] == "missing" and path == ["scenes"] and "template" in document:
        return Problem("template", "Stored templates are not supported yet")
    if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
        path = [*path, "type"]
    return problem_at(path, _message(detail, path, element))


def _real_path(location: Location, document: Any) -> tuple[list[int | str], Any]:
    """The path without the type tag that pydantic puts in, and the element it lies in."""
    path: list[int | str] = []
    value, element = document, None
    for part in location:
        if value is element and value is not None and part == value.get("type"):
            continue
        path.append(part)
        if isinstance(value, dict):
            value = value.get(str(part))
        elif isinstance(value, list) and isinstance(part, int):
            value = value[part]
        if isinstance(part, int) and path[-2] == "elements" and isinstance(value, dict):
            element = value
    return path, element


def _message(detail: ErrorDetails, path: Location, element: Any) -> str:
    name = path[-1]
    if isinstance(name, int):
        return "must be an object"
    if detail["type"] == "missing":
        return _missing(name, path, element)
    if detail["type"] == "union_tag_not_found":
        return "The 'type' property is required"
    if detail["type"] == "union_tag_invalid":
        return _unknown_type(element["type"])
    reason = detail["msg"].removeprefix("Value error, ").removeprefix("Input ")
    if detail["type"] == "value_error" and reason[0].isupper():
        return reason
    reason = reason.replace("should be", "must be", 1).split(",")[0]
    return f"'{name}' {reason}, not {_short(detail['input'])}"


def _missing(name: str, path: Location, element: Any) -> str:
    if not element or path[-3] != "elements":
        return f"The '{name}' property is required"
    if element["type"] == "image" and element.get("prompt"):
        return "The element type 'image' with a 'prompt' is not supported yet; give it a 'src'"
    return f"The element type '{element['type']}' requires a '{name}' property."


def _unknown_type(kind: Any) -> str:
    if kind in NOT_YET:
        return f"The element type '{kind}' is not supported yet"
    return f"The element type {_short(kind)} is unknown; known: {', '.join(SUPPORTED + NOT_YET)}"


def _short(value: Any, most_chars: int = 60) -> str:
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= most_chars else text[:most_chars] + "…"
