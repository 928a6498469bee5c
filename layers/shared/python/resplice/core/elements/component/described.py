"""What the JSON Schema is to know of components beside their model: what there are, and what each
may be told. From their declarations. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from resplice.core.components import ComponentFolder
from resplice.core.declarations import (
    Declaration,
    DeclarationRefused,
    Group,
    Setting,
    read_declaration,
)
from resplice.core.elements.component import styling
from resplice.core.elements.component.values import MAX_LISTED, MAX_MARKUP_CHARS, MAX_MS
from resplice.core.text.described_css import css_setting, css_settings
from resplice.core.text.easing import EASINGS

Schema = dict[str, Any]
CSS = "Css"
"""Settings of CSS that every group may have."""


def described(key: str, part: Schema, parts: Schema, components: Sequence[ComponentFolder]) -> None:
    """Adds which components there are, and what each one's settings may be. key: what names it."""
    found = dict(_usable(components))
    part["properties"]["settings"]["type"] = ["object", "string", "array"]
    part["properties"]["settings"]["maxItems"] = 0
    if not found:
        return
    parts[CSS] = {"properties": css_settings(styling.KNOWN, {})}
    for name, each in found.items():
        parts |= {f"{name}/{own}": _group(group) for own, group in each.groups.items()}
        parts[name] = _settings(name, each)
    known = part["properties"][key]
    part["properties"][key] = {
        "description": known["description"],
        "anyOf": [{"const": name, "description": _told(each)} for name, each in found.items()],
    }
    part["allOf"] = [_of_component(key, name) for name in found]


def _usable(components: Sequence[ComponentFolder]) -> Iterator[tuple[str, Declaration]]:
    for folder in components:
        try:
            yield folder.name, read_declaration(folder.declaration)
        except DeclarationRefused:
            continue


def _told(declaration: Declaration) -> str:
    intro_s = declaration.intro_ms / 1000
    words = f"{declaration.title}. {declaration.description}".strip()
    return words + f" {intro_s:g} s." * bool(intro_s)


def _of_component(key: str, name: str) -> Schema:
    return {
        "if": {"properties": {key: {"const": name}}, "required": [key]},
        "then": {"properties": {"settings": _reference(name)}},
    }


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name.replace('~', '~0').replace('/', '~1')}"}


def _settings(component: str, declaration: Declaration) -> Schema:
    """By the names of groups, which may say a text alone."""
    groups = dict[str, Schema]()
    for name, group in declaration.groups.items():
        reference = _reference(f"{component}/{name}")
        groups |= {each: reference for each in group.names(name)}
    also = {
        other: {**groups[name], "description": f"Another name of {name}."}
        for other, name in declaration.synonyms.items()
    }
    made = _object(_told(declaration), groups | also)
    return {**made, "type": ["object", "string", "array", "null"], "maxItems": 0}


def _group(group: Group) -> Schema:
    own = {name: _setting(each) for name, each in group.settings.items()}
    css = css_settings([name for name in group.defaults if name not in own], group.defaults)
    if group.animate:
        own["animate"] = _animate()
    made = _object(group.description, own | css)
    made["type"] = ["object", "string", "number", "array", "null"]
    if not group.css:
        return made
    if not own.keys() & {*styling.KNOWN}:
        return {**made, "allOf": [{"$ref": f"#/$defs/{CSS}"}]}
    rest = [name for name in styling.KNOWN if name not in made["properties"]]
    return {**made, "properties": made["properties"] | css_settings(rest, {})}


def _object(words: str, properties: Schema) -> Schema:
    return {"type": "object", "description": words, "properties": properties}


def _animate() -> Schema:
    """Times, and where it goes: CSS."""
    moves = ("left", "top", "width", "height", "opacity", "rotate", "background-color")
    times = {
        "duration": _of_type("milliseconds", "How long it moves, milliseconds.", 1000),
        "delay": _of_type("milliseconds", "After how long it begins, milliseconds.", 0),
        "easing": _of_type("easing", "How it gathers speed and slows down.",
                           "easeOutElastic(1, .5)"),
    }  # fmt: skip
    words = "Where it moves to from its own values: CSS, and points."
    return _object(words, times | {name: css_setting(name, {}) for name in moves})


def _of_type(kind: str, words: str, default: Any) -> Schema:
    return {"description": words, "default": default, **_TYPES[kind]}


def _setting(setting: Setting) -> Schema:
    made: Schema = {**_TYPES.get(setting.kind, {})}
    if setting.description:
        made["description"] = setting.description
    if setting.default is not None:
        made["default"] = setting.default
    if setting.choices:
        made["enum"] = [*setting.choices]
    for key, bound in (("minimum", setting.minimum), ("maximum", setting.maximum)):
        if bound is not None:
            made[key] = bound
    return made


_CSS = ["string", "number"]
_TYPES: Mapping[str, Schema] = {
    "text": {"type": [*_CSS, "array", "null"]},
    "number": {"type": "number"},
    "integer": {"type": "number"},
    "milliseconds": {"type": "number", "minimum": 0, "maximum": MAX_MS},
    "easing": {"type": "string", "examples": [*EASINGS]},
    "colour": {"type": "string", "format": "color", "examples": ["#1E90FF", "dodgerblue"]},
    "angle": {"type": "string", "examples": [-5, "10deg"]},
    "css": {"type": [*_CSS, "array", "null"], "maxItems": MAX_LISTED},
    "image": {"type": "string", "examples": ["https://example.com/picture.jpg"]},
    "boolean": {"type": "boolean"},
    "markup": {"type": "string", "maxLength": MAX_MARKUP_CHARS},
    "points": {"type": "string", "examples": ["0,0 100,0 50,100"]},
    "list": {"type": "array", "maxItems": MAX_LISTED},
}
"""What each type of setting may be; of a choice its choices say it."""
