"""Types of elements: TYPES, the one table. Nobody outside asks for an element's type.

To add a type: make a folder here, named like it. Its model.py says what such an element may say;
its needs.py says which files it may name and which tasks make what it needs; its shown.py or
heard.py says what becomes of it. Its __init__.py puts these together as an ElementType, whose
docstring explains each part; `image` is the smallest example. The row has the type's name, in
capitals. Then add the folder to FOLDERS below. The schema, error messages, local files and the
workflow follow from the row.

What several types share lies beside the folders: `base`, `visual` and `moving` (models), `files`
(what they name), `looks` (how they are drawn), `outcome` (what comes of them). Work that no task
does yet is a new kind: see core/tasks.
"""

from __future__ import annotations

from collections import UserDict
from collections.abc import MutableMapping
from functools import cache
from importlib import import_module
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from resplice.core.elements.base import ElementBase
from resplice.core.elements.element_type import ElementType

__all__ = ["BLANK", "TYPES", "Element", "ElementBase", "ElementType", "type_of"]

BLANK = {"type": "text", "text": ""}
"""An element that shows nothing and needs nothing: it stands for one that is not well."""


FOLDERS: dict[str, str] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "text": "text",
    "html": "html",
    "voice": "voice",
    "subtitles": "subtitles",
    "audiogram": "audiogram",
    "component": "component",
    "template": "component",
}
"""Every type of element that is rendered, and the folder that has its row."""


class _Rows(UserDict[str, Any]):
    """Rows by name. One is imported from its folder when it is asked for: few movies have elements
    of many types.
    """

    def __getitem__(self, name: str) -> ElementType:
        if isinstance(folder := self.data[name], str):
            self.data[name] = getattr(import_module(f"{__name__}.{folder}"), name.upper())
        row: ElementType = self.data[name]
        return row


TYPES: MutableMapping[str, ElementType] = _Rows(FOLDERS)
"""The row of every type, by its name."""


def type_of(element: ElementBase) -> ElementType:
    """The row of the element's type."""
    return TYPES[element.type]


class _OneOf:
    """Makes a field the union of the models of some types."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        models = {name: handler.generate_schema(TYPES[name].model) for name in self._names}
        return core_schema.tagged_union_schema(models, "type")


class _OneOfTypes:
    """Makes a field of elements the union of all types; each model is built at its first use."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_element)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(_union(*TYPES).core_schema)


Element = Annotated[ElementBase, _OneOfTypes()]
"""An element of any type of the table."""


def _element(value: Any) -> Any:
    """Raises ValidationError."""
    name = value.get("type") if isinstance(value, dict) else None
    known = isinstance(name, str) and name in TYPES
    return _union(*((name,) if known else TYPES)).validate_python(value)


@cache
def _union(*names: str) -> TypeAdapter[Any]:
    return TypeAdapter(Annotated[ElementBase, _OneOf(*names)])
