"""The schema of a movie document as JSON Schema, for editors and for documentation. Pure.

Made from the models of TYPES, with what their docstrings say; each type adds what its settings may
say. `plain` describes the plain spelling of a document before it is expanded; `json_schema` lets
through what documents are seen to say beside: see tolerant. Unknown properties are tolerated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from resplice.core.components import ComponentFolder
from resplice.core.elements import TYPES
from resplice.core.schema.before_expansion import OfElement, OfMovie, OfScene
from resplice.core.schema.descriptions import of_fields, of_part
from resplice.core.schema.movie import Movie
from resplice.core.schema.tolerant import Schema, tolerant

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_BOUNDS = {"ge": "minimum", "le": "maximum"}
"""Of fields whose values are read before they are bounded pydantic leaves these as they are."""


def json_schema(components: Sequence[ComponentFolder] = ()) -> Schema:
    """JSON Schema 2020-12 of a movie, with every type of element that is rendered.

    components: those that there are; those that cannot be used are none. Without any, a
    component's name is not checked.
    """
    return tolerant(plain(components))


def plain(components: Sequence[ComponentFolder] = ()) -> Schema:
    """The same, of the plain spelling alone."""
    made = Movie.model_json_schema(schema_generator=_Described)
    parts = made["$defs"]
    of_union = made["properties"]["elements"]["items"]
    for holder in (made, parts["Scene"]):
        holder["properties"]["elements"]["items"] = {"$ref": "#/$defs/Element"}
    _add(made, _properties(OfMovie))
    made["anyOf"] = [{"required": made.pop("required")}, {"required": ["template"]}]
    _add(parts["Scene"], _properties(OfScene))
    for row in TYPES.values():
        part = parts[row.model.__name__]
        _add(part, _properties(OfElement))
        row.described(part, parts, components)
    return {"$schema": DIALECT, "title": "Movie", **made, "$defs": {"Element": of_union, **parts}}


def _add(part: Schema, properties: Schema) -> None:
    part["properties"] = {**part["properties"], **properties}


def _properties(model: type[OfElement]) -> Schema:
    made: Schema = model.model_json_schema(schema_generator=_Described)["properties"]
    return made


class _Described(GenerateJsonSchema):
    """Pydantic's schema with the words of docstrings, without titles and without null."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made, model = super().model_schema(schema), schema["cls"]
        made.pop("title", None)
        made["description"] = of_part(model)
        words, known = of_fields(model), made["properties"]
        for name, field in model.model_fields.items():
            key = field.alias or name
            said = {"description": words[name]} if name in words else {}
            known[key] = said | {_BOUNDS.get(of, of): value for of, value in known[key].items()}
        return made

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        return {key: value for key, value in made.items() if key != "default" or value is not None}

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """What an element may say follows from its type; editors read that best from `if`."""
        choices = {str(name): self.generate_inner(each) for name, each in schema["choices"].items()}
        names = [{"const": name, "description": of_part(TYPES[name].model)} for name in choices]
        return {
            "type": "object",
            "description": "What is seen or heard.",
            "required": ["type"],
            "properties": {"type": {"description": "What the element is.", "anyOf": names}},
            "allOf": [
                {
                    "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
                    "then": part,
                }
                for name, part in choices.items()
            ],
        }
