"""Families of frozen values that travel as JSON: each object carries a tag that names its class.

A family is a base class and one table, tag -> class. This module knows no family; it reads and
writes the members of any.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import GetCoreSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, core_schema

TAG = "tag"
"""The key of the tag, which therefore no member has as a field."""

T = TypeVar("T", bound="Tagged")


class Tagged(ABC):
    """The base of a family. A field of the base's type holds any member, also through pydantic."""

    @classmethod
    @abstractmethod
    def table(cls) -> Mapping[str, type[Any]]:
        """Tag -> class, of every member."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        if Tagged not in cls.__bases__:
            return handler(source)
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else from_json(cls, value),
            serialization=core_schema.plain_serializer_function_ser_schema(to_json),
        )


def tag_of(value: Tagged) -> str:
    """The tag of the value's own class. Raises TypeError for a class without a row."""
    for tag, member in value.table().items():
        if type(value) is member:
            return tag
    raise TypeError(f"{type(value).__name__} has no row in the table of its family")


def to_json(value: Tagged) -> dict[str, Any]:
    """The value as a JSON object with its tag. Raises TypeError for a class without a row."""
    member: Any = type(value)
    return {TAG: tag_of(value), **_adapter(member).dump_python(value, mode="json")}


def from_json(family: type[T], found: Mapping[str, Any]) -> T:
    """Read what to_json wrote; keys that are not the member's own are left alone.

    Raises ValueError when the tag is missing or unknown, or the values are not the member's.
    """
    member: Any = family.table().get(str(found.get(TAG)))
    if member is None:
        raise ValueError(f"no {family.__name__} has the tag {found.get(TAG)!r}")
    read: T = _adapter(member).validate_python(dict(found))
    return read


@cache
def _adapter(member: Any) -> TypeAdapter[Any]:
    return TypeAdapter(member)
