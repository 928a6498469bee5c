"""A JSON Schema of the plain spelling, made to let through what documents are seen to say. Pure.

Validation reads numbers and flags in quotes, and null as missing; before a document is expanded
any value may be a text with {{ }} in it. Limits stay: they are of numbers, patterns of texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]

PLACEHOLDER = r"\{\{"
_NUMBER = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$"
_FLAG = r"^\s*([Tt]rue|TRUE|[Ff]alse|FALSE|[Yy]es|[Nn]o|on|off|[tfyn01])\s*$"
_READ_AS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "number": (("number", "string"), _NUMBER),
    "integer": (("integer", "string"), _NUMBER),
    "boolean": (("boolean", "string", "integer"), _FLAG),
    "string": (("string", "number"), ""),
    "object": (("object", "string"), PLACEHOLDER),
    "array": (("array", "string"), PLACEHOLDER),
}
"""Of each plain type: what is read as it, and what a text must be like then."""
_ABOUT = ("title", "description", "default", "examples", "deprecated")
_PARTS = ("$defs", "properties")
_LISTS = ("allOf",)


def tolerant(schema: Schema) -> Schema:
    """The same, with numbers and flags in quotes, null, and {{ }} let through."""
    nullable = set[str]()
    made = _any(schema, nullable)
    for name in nullable:
        made["$defs"][name] = _or_null(made["$defs"][name])
    return made


def _any(schema: Schema, nullable: set[str]) -> Schema:
    """What it is not asked about stays: the document, a definition, an item of a list."""
    made = _typed(schema) if isinstance(schema.get("type"), str) else dict(schema)
    required = schema.get("required", ())
    for key in _PARTS:
        for name, part in schema.get(key, {}).items():
            is_free = key == "properties" and name not in required
            read = _property(part, nullable) if is_free else _any(_choice(part), nullable)
            made[key] = {**made[key], name: read}
    for key in _LISTS:
        if key in schema:
            made[key] = [_any(part, nullable) for part in schema[key]]
    for key in ("items", "then"):
        if isinstance(schema.get(key), dict):
            made[key] = _any(schema[key], nullable)
    return made


def _property(schema: Schema, nullable: set[str]) -> Schema:
    """Of a value that may be missing, and so null."""
    if reference := schema.get("$ref"):
        name = reference.removeprefix("#/$defs/")
        nullable.add(name.replace("~1", "/").replace("~0", "~"))
    return _or_null(_any(_choice(schema), nullable))


def _or_null(schema: Schema) -> Schema:
    if isinstance(types := schema.get("type"), list):
        return {**schema, "type": list(dict.fromkeys([*types, "null"]))}
    return (
        {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]} if "anyOf" in schema else schema
    )


def _choice(schema: Schema) -> Schema:
    """A choice of values, which may come as a placeholder too."""
    free: Schema = {"type": "string", "pattern": PLACEHOLDER}
    about = {key: schema[key] for key in _ABOUT if key in schema}
    if "enum" in schema:
        return {**about, "anyOf": [{"enum": schema["enum"]}, free]}
    if "anyOf" in schema and "type" not in schema:
        return {**schema, "anyOf": [*schema["anyOf"], free]}
    return schema


def _typed(schema: Schema) -> Schema:
    """Of one type: of all that are read as it."""
    if "const" in schema:
        return dict(schema)
    types, pattern = _READ_AS[schema["type"]]
    patterns = filter(None, [pattern, schema.get("pattern", "")])
    made = {**schema, "type": [*types]}
    if wanted := "|".join(patterns):
        made["pattern"] = wanted if wanted == PLACEHOLDER else f"{wanted}|{PLACEHOLDER}"
    return made
