"""The API as an OpenAPI 3.1 document, made of the operations' rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from resplice.api.errors import status_of
from resplice.api.operation import TIME, Operation, Parameter, Schema
from resplice.errors import (
    AccessRefused,
    DocumentError,
    Forbidden,
    RateLimited,
    RespliceError,
    TooLarge,
)

ERROR: Schema = {
    "title": "Error",
    "type": "object",
    "description": "What went wrong, where, and what to do.",
    "properties": {
        "success": {"const": False},
        "message": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "Every problem of a document, each with its JSON path.",
            "items": {
                "type": "object",
                "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
                "required": ["path", "message"],
            },
        },
        "timestamp": TIME,
    },
    "required": ["success", "message", "timestamp"],
}
KEY = {"type": "apiKey", "in": "header", "name": "x-api-key"}
MEANINGS = {
    400: "The request is refused: the key, the document, or what it names",
    401: "A quota is used up",
    403: "The key's role is too low",
    409: "A conflict with what is there",
    413: "Larger than may be",
    429: "Too much at a time: ask again after `Retry-After` seconds",
    500: "A fault of ours; it is logged",
    503: "Nothing new is taken in now",
}


def document(operations: Iterable[Operation], version: str, base_url: str = "") -> dict[str, Any]:
    """The whole document. base_url: where the API is; empty: where the document is."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Resplice",
            "version": version,
            "summary": "Movies from JSON: the JSON2Video v2 API, and what it says more.",
        },
        "servers": [{"url": base_url or "/"}],
        "paths": paths,
        "components": {"securitySchemes": {"key": KEY}, "schemas": {"Error": ERROR}},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": _id(operation),
        "summary": operation.summary,
        "tags": [_tag(operation.path)],
        "security": [{"key": []}] if operation.role else [],
        "responses": _responses(operation),
    }
    description = [operation.description, _role(operation)]
    said["description"] = "\n\n".join(filter(None, description))
    parameters = [*_parts(operation.path), *map(_parameter, operation.parameters)]
    if parameters:
        said["parameters"] = parameters
    if operation.body is not None:
        content: dict[str, Any] = {"schema": operation.body}
        if operation.examples:
            content["examples"] = {
                name: {"value": value} for name, value in operation.examples.items()
            }
        said["requestBody"] = {"required": True, "content": {"application/json": content}}
    return said


def _id(operation: Operation) -> str:
    return operation.does.__name__


def _tag(path: str) -> str:
    first, *rest = path.strip("/").split("/")
    return rest[0] if first == "v2" and rest else "service"


def _role(operation: Operation) -> str:
    return f"Needs a key of role `{operation.role}` or above." if operation.role else ""


def _parts(path: str) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names
    ]


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "description": parameter.description,
        "required": parameter.required,
        "schema": parameter.schema,
    }


def _responses(operation: Operation) -> dict[str, Any]:
    content = {operation.media: {"schema": operation.answer or {}}}
    errors: set[type[RespliceError]] = {*operation.errors}
    if operation.role:
        errors |= {AccessRefused, Forbidden, RateLimited}
    if operation.body is not None:
        errors |= {DocumentError, TooLarge}
    statuses = {*(status_of_kind(kind) for kind in errors), 500}
    elsewhere = {"302": _way(operation.leads_to)} if operation.leads_to else {}
    return {
        str(operation.status): {"description": operation.summary, "content": content},
        **elsewhere,
        **{str(status): _error(status) for status in sorted(statuses)},
    }


def status_of_kind(kind: type[RespliceError]) -> int:
    """The status of an error of that kind."""
    return status_of(kind.__new__(kind))


def _way(description: str) -> dict[str, Any]:
    place = {"schema": {"type": "string", "format": "uri"}}
    return {"description": description, "headers": {"Location": place}}


def _error(status: int) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Error"}
    return {
        "description": MEANINGS[status],
        "content": {"application/json": {"schema": reference}},
    }
