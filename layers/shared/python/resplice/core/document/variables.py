"""What a document's variables are, told from their values and from what annotates them.

`"@name": "0.1=Low|1=High"` beside `name` lists what may be chosen, `"@name": "url"` names another
type, `"?name"` explains. Two views: the fields of a form, as Make.com has them, and a JSON Schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from resplice.core.document.operators import as_text, whole_number
from resplice.frozen import frozen

CHOICE, HELP = "@", "?"
ANNOTATIONS = (CHOICE, HELP)
"""What keys begin with that are no variables."""
JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
OBJECT_TEXT = "[object Object]"
"""An object where a text is wanted: forms have no defaults but texts."""
_WORD_ENDS = re.compile(r"_+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_TYPE_NAME = re.compile(r"[a-z][A-Za-z]*")
_NATIVE = {"text": "string", "number": "number", "boolean": "boolean"}

PLATFORM_FIELDS: tuple[Mapping[str, Any], ...] = (
    {"name": "make_webhook_url", "advanced": True, "type": "text", "label": "Webhook URL"},
    {
        "name": "client_data",
        "advanced": True,
        "type": "array",
        "label": "Client data",
        "spec": [
            {"name": "name", "type": "text", "label": "Name"},
            {"name": "value", "type": "text", "label": "Value"},
        ],
    },
)
"""In the form of every template; clients know them by name."""


@frozen
class Variable:
    """One variable.

    type     text, number, boolean, array or collection; or what an annotation says: select, url, …
    options  of a select: (value, label)
    help     an explanation, Markdown
    members  of a collection, or of what an array holds
    """

    name: str
    type: str
    default: Any
    options: tuple[tuple[str, str], ...] = ()
    help: str = ""
    members: tuple[Variable, ...] = ()

    @property
    def label(self) -> str:
        """Its name in words: `titleWeight` is Title Weight, `video_URL` Video URL."""
        words = (word[:1].upper() + word[1:] for word in _WORD_ENDS.split(self.name) if word)
        return " ".join(words) or self.name


def declared(variables: Any) -> tuple[Variable, ...]:
    """The variables of an object, in its order; none where it is no object."""
    if not isinstance(variables, Mapping):
        return ()
    names = (name for name in variables if not name.startswith(ANNOTATIONS))
    return tuple(_variable(name, variables) for name in names)


def make_fields(variables: Any) -> list[Mapping[str, Any]]:
    """The fields of a form, with those that every form has."""
    return [*map(_field, declared(variables)), *PLATFORM_FIELDS]


def json_schema(variables: Any) -> dict[str, Any]:
    """The JSON Schema of the object of variables; nothing in it is required."""
    return {"$schema": JSON_SCHEMA, "type": "object", **_properties(declared(variables))}


def _variable(name: str, beside: Mapping[str, Any]) -> Variable:
    """beside: the object that has it, with its annotations."""
    default, told = beside[name], beside.get(HELP + name)
    type, options = _chosen(beside.get(CHOICE + name))
    return Variable(
        name,
        type or _type_of(default),
        default,
        options,
        told if isinstance(told, str) else "",
        declared(_first_of_each(default) if isinstance(default, list) else default),
    )


def _chosen(annotation: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The type that an annotation names, if it does, and the options that it lists."""
    if not isinstance(annotation, str):
        return "", ()
    if "=" in annotation or "|" in annotation:
        return "select", tuple(_options(annotation))
    return (annotation, ()) if _TYPE_NAME.fullmatch(annotation) else ("", ())


def _options(annotation: str) -> Iterator[tuple[str, str]]:
    """`0.1=Low|1=High`; an option without `=` is its own label."""
    for option in annotation.split("|"):
        value, equals, label = (part.strip() for part in option.partition("="))
        if value or equals:
            yield value, label if equals else value


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, list):
        return "array"
    return "collection" if isinstance(value, dict) else "text"


def _first_of_each(items: Sequence[Any]) -> Mapping[str, Any]:
    """The members of all objects in a list: of each name the first value."""
    members: dict[str, Any] = {}
    for item in items:
        if isinstance(item, dict):
            members |= {name: item[name] for name in item if name not in members}
    return members


def _field(variable: Variable) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": variable.name,
        "label": variable.label,
        "type": variable.type,
        "default": default_text(variable.default),
    }
    if variable.help:
        field["help"] = variable.help
    if variable.options:
        options = [{"label": label, "value": value} for value, label in variable.options]
        field |= {"options": options, "validate": False, "dynamic": True}
    if variable.members:
        field["spec"] = list(map(_field, variable.members))
    return field


def default_text(value: Any) -> str:
    """A default as JavaScript makes a text of it; of null, which is none, nothing."""
    if isinstance(value, list):
        return ",".join(map(default_text, value))
    return OBJECT_TEXT if isinstance(value, dict) else as_text(value)


def _properties(variables: Sequence[Variable]) -> dict[str, Any]:
    return {"properties": {each.name: _schema(each) for each in variables}}


def _schema(variable: Variable) -> dict[str, Any]:
    default = without_annotations(variable.default)
    schema: dict[str, Any] = {"title": variable.label, **_kind(variable), "default": default}
    if variable.help:
        schema["description"] = variable.help
    if variable.options:
        schema["enum"] = _choices(variable, default)
    return schema


def _kind(variable: Variable) -> dict[str, Any]:
    """The native type; null says of none what it is to be."""
    match _type_of(variable.default):
        case "array":
            return {"type": "array", **_items(variable)}
        case "collection":
            return {"type": "object", **_properties(variable.members)}
        case kind:
            return {} if variable.default is None else {"type": _NATIVE[kind]}


def _items(variable: Variable) -> dict[str, Any]:
    """Of what an array holds, where all of it is alike."""
    if variable.members:
        return {"items": {"type": "object", **_properties(variable.members)}}
    kinds = {None if item is None else _NATIVE.get(_type_of(item)) for item in variable.default}
    return {"items": {"type": kinds.pop()}} if len(kinds) == 1 and None not in kinds else {}


def _choices(variable: Variable, default: Any) -> list[Any]:
    """What may be chosen, of the default's own type; the default always."""
    values = [_as(default, value) for value, _ in variable.options]
    return values if default in values else [default, *values]


def _as(like: Any, text: str) -> Any:
    """The text as a value of the same type, where it is one."""
    if isinstance(like, bool):
        return {"true": True, "false": False}.get(text, text)
    if not isinstance(like, int | float) or not _NUMBER.fullmatch(text):
        return text
    return whole_number(float(text))


def without_annotations(value: Any) -> Any:
    """A value without what explains it, however deep."""
    if isinstance(value, list):
        return [without_annotations(item) for item in value]
    if not isinstance(value, dict):
        return value
    own = ((key, member) for key, member in value.items() if not key.startswith(ANNOTATIONS))
    return {key: without_annotations(member) for key, member in own}
