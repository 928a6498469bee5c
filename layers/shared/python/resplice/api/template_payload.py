"""What is sent of a template: read, and refused in the words that clients know. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resplice.core.document.limits import MAX_PAYLOAD_BYTES
from resplice.core.document.strict_json import parse_value
from resplice.errors import DocumentError, Problem
from resplice.steps.templates import (
    MAX_NAME_CHARS,
    MAX_PROMPT_BYTES,
    MAX_TAG_CHARS,
    MAX_TAGS,
    MOVIE_WANTED,
    Said,
)

TAGS_WANTED = "Tags must be a string or an array"
NO_PAYLOAD = "No payload provided"

PAYLOAD: Mapping[str, Any] = {
    "title": "TemplatePayload",
    "type": "object",
    "properties": {
        "name": {
            "type": "string",
            "maxLength": MAX_NAME_CHARS,
            "description": "Needed to create one; of a duplicate, the original's + ` (custom)`",
        },
        "tags": {
            "description": f"At most {MAX_TAGS} of {MAX_TAG_CHARS} characters; a string has commas",
            "type": ["string", "array"],
            "items": {"type": "string"},
        },
        "movie": {
            "description": "A movie, or JSON text of one, at most 350 kB; with a `template` in it, "
            "that one's movie, with its `variables` merged in",
            "type": ["object", "string"],
        },
        "prompt": {
            "type": ["string", "null"],
            "description": f"What it was made from, in words: {MAX_PROMPT_BYTES // 1000} kB",
        },
        "shared": {"type": "boolean", "description": "Whether other owners see it"},
        "variables": {
            "type": "object",
            "description": "Of a duplicate: merged into its own",
        },
    },
}


def payload_of(body: bytes) -> dict[str, Any]:
    """The object that was sent. Raises DocumentError."""
    if not body.strip():
        raise _wrong("", NO_PAYLOAD)
    payload = parse_value(body, "payload", MAX_PAYLOAD_BYTES)
    # PHP writes an empty object as [].
    if payload == []:
        return {}
    if not isinstance(payload, dict):
        raise _wrong("", f"{NO_PAYLOAD}: the body must be a JSON object")
    return payload


def said_of(payload: Mapping[str, Any]) -> Said:
    """What it says of a template; what it says beside is ignored. Raises DocumentError."""
    return Said(
        name=_of_type(payload, "name", str, "text"),
        tags=_tags(payload.get("tags")),
        movie=_movie(payload.get("movie")),
        ai_prompt=_prompt(payload),
        shared=_of_type(payload, "shared", bool, "true or false"),
    )


def _of_type(payload: Mapping[str, Any], name: str, wanted: type, words: str) -> Any:
    value = payload.get(name)
    if value is not None and not isinstance(value, wanted):
        raise _wrong(name, f"'{name}' must be {words}")
    return value


def _tags(tags: Any) -> tuple[str, ...] | None:
    if tags is None:
        return None
    listed = tags.split(",") if isinstance(tags, str) else tags
    if not isinstance(listed, list):
        raise _wrong("tags", TAGS_WANTED)
    if not all(isinstance(tag, str) for tag in listed):
        raise _wrong("tags", f"{TAGS_WANTED} of strings")
    return tuple(dict.fromkeys(tag.strip() for tag in listed if tag.strip()))


def _movie(movie: Any) -> str | Mapping[str, Any] | None:
    """An empty one is none."""
    if movie in (None, "", []):
        return None
    if not isinstance(movie, str | dict):
        raise _wrong("movie", MOVIE_WANTED)
    return movie


def _prompt(payload: Mapping[str, Any]) -> str | None:
    """Null takes it away, as an empty text does."""
    if "prompt" in payload and payload["prompt"] is None:
        return ""
    found: str | None = _of_type(payload, "prompt", str, "text")
    return found


def _wrong(path: str, message: str) -> DocumentError:
    return DocumentError([Problem(path, message)])
