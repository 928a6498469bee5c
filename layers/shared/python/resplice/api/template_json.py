"""A template as answers have it: whole, in a list, in the library. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

from resplice.api.timestamps import timestamp
from resplice.core.document.variables import json_schema, make_fields
from resplice.ports.templates import Template

FORMATS: Mapping[str, Callable[[Any], Any]] = {"make": make_fields, "jsonschema": json_schema}
"""How a template's variables can be told."""
WITHOUT_MOVIE = "jsonschema"

_TIME = {"type": "string", "format": "date-time"}
_MAYBE_NUMBER = {"type": ["number", "null"]}
_MAYBE_TEXT = {"type": ["string", "null"]}
_TAGS = {"type": "array", "items": {"type": "string"}}
_NAMED = {"id": {"type": "string"}, "name": {"type": "string"}, "tags": _TAGS}
_OWNER = {"type": "boolean", "description": "Whether it is yours"}
_TIMES = {"created_at": _TIME, "updated_at": _TIME}
_REQUIRED = ["id", "name", "tags", "owner", "created_at", "updated_at"]
LISTED = {
    "title": "ListedTemplate",
    "type": "object",
    "properties": {**_NAMED, "owner": _OWNER, **_TIMES},
    "required": _REQUIRED,
}
TEMPLATE = {
    "title": "Template",
    "type": "object",
    "properties": {
        **_NAMED,
        "owner": _OWNER,
        **_TIMES,
        "shared": {"type": "boolean", "description": "Whether other owners see it"},
        "prompt": {"type": "boolean", "description": "Whether there is an `ai_prompt`"},
        "ai_prompt": {**_MAYBE_TEXT, "description": "With `scopes=prompt`"},
        "movie": {"type": "string", "description": "JSON, as it was given"},
        "variables": {
            "description": "With `format`: fields of a form, or a JSON Schema",
            "type": ["array", "object"],
        },
    },
    "required": [*_REQUIRED, "prompt"],
}
PUBLISHED = {
    "title": "LibraryTemplate",
    "type": "object",
    "properties": {
        **_NAMED,
        "width": _MAYBE_NUMBER,
        "height": _MAYBE_NUMBER,
        "aspect_ratio": _MAYBE_NUMBER,
        "video_url": _MAYBE_TEXT,
        "thumbnail_url": _MAYBE_TEXT,
    },
    "required": ["id", "name", "tags", "width", "height", "aspect_ratio"],
}
WARNINGS = {
    "type": "array",
    "description": "What a render would say of it as it is",
    "items": {
        "type": "object",
        "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
    },
}


def template_json(
    template: Template, owner: str, scopes: Collection[str], format: str
) -> dict[str, Any]:
    """The template with what is in scope. format: one of FORMATS, or none."""
    told: dict[str, Any] = {
        **listed_json(template, owner),
        "shared": template.shared,
        "prompt": template.ai_prompt is not None,
    }
    if "movie" in scopes and format != WITHOUT_MOVIE:
        told["movie"] = template.movie
    if "prompt" in scopes:
        told["ai_prompt"] = template.ai_prompt
    if format:
        told["variables"] = FORMATS[format](json.loads(template.movie).get("variables"))
    return told


def listed_json(template: Template, owner: str) -> dict[str, Any]:
    """owner: who asks."""
    return {
        **_named(template),
        "owner": template.owner == owner,
        "created_at": timestamp(template.created_at_ms),
        "updated_at": timestamp(template.updated_at_ms),
    }


def published_json(template: Template) -> dict[str, Any]:
    """In the library: nothing has a preview yet."""
    width, height = template.width, template.height
    ratio = round(width / height, 2) if width and height else None
    return {
        **_named(template),
        **{"width": width, "height": height, "aspect_ratio": ratio},
        **{"video_url": None, "thumbnail_url": None},
    }


def _named(template: Template) -> dict[str, Any]:
    return {"id": template.id, "name": template.name, "tags": list(template.tags)}
