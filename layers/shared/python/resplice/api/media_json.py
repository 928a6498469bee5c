"""Media as answers have it, and what is sent about it as it is meant. Nothing is looked up here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resplice.api.operation import TIME, Schema
from resplice.api.timestamps import timestamp
from resplice.core.media import (
    CREDITS_PER_GIB,
    FREE_BYTES,
    MAX_BYTES,
    MAX_FOLDER_CHARS,
    MAX_NAME_CHARS,
    MEDIA_TYPES,
    TEMP,
    MediaFile,
    clean_folder,
    clean_name,
    is_content_type,
)
from resplice.errors import DocumentError, Problem

GIB = 1 << 30
ROOT = "/"

FILE: Schema = {
    "title": "File",
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "folder": {"type": "string", "description": "Empty for the root"},
        "type": {"enum": [*MEDIA_TYPES]},
        "contentType": {"type": "string"},
        "size": {"type": "integer", "description": "Bytes"},
        "url": {"type": "string", "description": "Of the file itself; it asks for no key"},
        "thumbnailUrl": {"type": ["string", "null"]},
        "status": {"enum": ["pending", "uploaded"]},
        "temporary": {"type": "boolean", "description": f"Whether it lies in `{TEMP}`"},
        "created_at": TIME,
        "expires_at": {"type": ["string", "null"], "description": "When a temporary one goes"},
    },
    "required": ["name", "folder", "type", "contentType", "size", "url", "status", "temporary"],
}
STORAGE: Schema = {
    "title": "Storage",
    "type": "object",
    "properties": {
        "used_bytes": {"type": "integer"},
        "free_allowance": {"const": FREE_BYTES},
        "credits_per_week": {"type": "integer"},
        "blocked": {"type": "boolean"},
        "blocked_at": {"type": ["string", "null"]},
    },
    "required": ["used_bytes", "free_allowance", "credits_per_week", "blocked", "blocked_at"],
}


def file_json(file: MediaFile, url: str) -> Mapping[str, Any]:
    expires_at_ms = file.expires_at_ms
    seen = file.content_type.startswith("image/") and file.status == "uploaded"
    return {
        "name": file.name,
        "folder": file.folder,
        "type": file.type,
        "contentType": file.content_type,
        "size": file.size_bytes,
        "url": url,
        "thumbnailUrl": url if seen else None,
        "status": file.status,
        "temporary": file.is_temporary,
        "created_at": timestamp(file.created_at_ms),
        "expires_at": None if expires_at_ms is None else timestamp(expires_at_ms),
    }


def storage_json(used_bytes: int) -> Mapping[str, Any]:
    """Nothing is charged, and nobody is blocked; clients read the numbers all the same."""
    paid = max(0, used_bytes - FREE_BYTES)
    return {
        "used_bytes": used_bytes,
        "free_allowance": FREE_BYTES,
        "credits_per_week": -(-paid // GIB) * CREDITS_PER_GIB,
        "blocked": False,
        "blocked_at": None,
    }


def name_in(sent: Mapping[str, Any]) -> str:
    """The name of a file, as it is kept. Raises DocumentError."""
    said = _text(sent, "name", MAX_NAME_CHARS)
    if not said.strip():
        raise _wrong("name", "name is required")
    return clean_name(said)


def folder_in(sent: Mapping[str, Any], name: str = "folder", *, required: bool = False) -> str:
    """The folder, as it is kept; empty for the root. Raises DocumentError.

    required: `""` is said then; it is not left out.
    """
    if required and sent.get(name) is None:
        raise _wrong(name, f"{name} is required")
    return clean_folder(_text(sent, name, MAX_FOLDER_CHARS))


def content_type_in(sent: Mapping[str, Any]) -> str:
    """Raises DocumentError."""
    said = _text(sent, "contentType", MAX_NAME_CHARS)
    if not said:
        raise _wrong("contentType", "contentType is required")
    if not is_content_type(said):
        raise _wrong("contentType", "'contentType' must be a media type, such as video/mp4")
    return said


def size_in(sent: Mapping[str, Any]) -> int:
    """Raises DocumentError."""
    said = sent.get("size")
    if said is None:
        raise _wrong("size", "size is required")
    whole = isinstance(said, int | float) and not isinstance(said, bool) and said == int(said)
    if not whole or said <= 0:
        raise _wrong("size", "'size' must be a whole number of bytes, above 0")
    return int(said)


def _text(sent: Mapping[str, Any], name: str, most_chars: int) -> str:
    """Empty when it is not said. Raises DocumentError."""
    said = sent.get(name)
    if said is None:
        return ""
    if not isinstance(said, str):
        raise _wrong(name, f"'{name}' must be text")
    if len(said) > most_chars:
        raise _wrong(name, f"'{name}' may have {most_chars} characters at most")
    return said


def _wrong(path: str, message: str) -> DocumentError:
    return DocumentError([Problem(path, message)])


def body_schema(required: tuple[str, ...], **properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": [*required]}


NAME: Schema = {"type": "string", "maxLength": MAX_NAME_CHARS, "minLength": 1}
FOLDER: Schema = {"type": "string", "maxLength": MAX_FOLDER_CHARS}
SIZE: Schema = {"type": "integer", "minimum": 1, "maximum": MAX_BYTES}
