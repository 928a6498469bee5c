"""Documents, by the grammar that is their JSON Schema, with what no schema takes now and then: each
is accepted or refused, and what it would be rendered from is planned.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import strategies as st
from resplice.adapters.disk.component_folders import CATALOG, ComponentFolders
from resplice.core.elements import TYPES
from resplice.core.schema.json_schema import plain
from resplice.core.text.styles import STYLES
from resplice.steps.forecast import forecast
from resplice.wiring.local import local

from fuzz.placed import Place
from fuzz.target import Opened, Saw, Target

URLS = st.sampled_from(
    [
        *("https://example.com/a.png", "https://example.com/a.mp4", "data:image/png;base64,iVBO"),
        *("file://@canary-file@", "@canary-file@", "http://127.0.0.1:@canary-port@/a.mp4", "a:"),
        *("http://[::1]/", "https://example.com/{{a}}.png", "", "//x", "http://[", "ftp://x/y"),
    ]
)
EXPRESSIONS = st.sampled_from(
    ["{{a}}", "{{ b.c[0] }}", "{{ a + ", "{{ item.x * 2 }}", "{{ 1 / 0 }}", "{{ a ? 1 : 2 }}", "}}"]
)
TEXTS = st.text(max_size=12) | URLS | EXPRESSIONS | st.sampled_from(
    ["#ff0000", "#12345", "red", "-1", "1e9", "1e999", "NaN", "10px", "50%", "a\0b", "‮"]
)  # fmt: skip
NUMBERS = st.integers(-3, 12) | st.floats() | st.sampled_from([-1, -2, 10**9, 0.1])
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
MOST_PROPERTIES, DEEPEST, IN_A_HUNDRED_WRONG = 7, 5, 1
COMPONENTS = ComponentFolders(CATALOG).all()
SCHEMA = plain(COMPONENTS)
PARTS: dict[str, Any] = SCHEMA["$defs"]
NAMED = sorted(name for name in PARTS if name.count("/") == 1)


class Draw:
    """Values by a schema. draw: Hypothesis's own."""

    def __init__(self, draw: Any) -> None:
        self._draw = draw

    def wrong(self) -> bool:
        return bool(self._draw(st.integers(1, 100)) > 100 - IN_A_HUNDRED_WRONG)

    def value(self, schema: Any, depth: int = 0, name: str = "") -> Any:
        if self.wrong() or depth > DEEPEST or not isinstance(schema, dict):
            return self._draw(ANYTHING)
        if "$ref" in schema:
            named = schema["$ref"].removeprefix("#/$defs/").replace("~1", "/")
            return self.value(PARTS[named], depth, name)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._draw(st.sampled_from(schema["enum"]))
        if schema.get("properties"):
            return self.object(schema, depth)
        for union in ("anyOf", "oneOf"):
            if union in schema and "type" not in schema:
                return self.value(self._draw(st.sampled_from(schema[union])), depth, name)
        return self._plain(schema, depth, name)

    def _plain(self, schema: dict[str, Any], depth: int, name: str) -> Any:
        if "default" in schema and self._draw(st.booleans()):
            return schema["default"]
        kind = schema.get("type")
        kind = self._draw(st.sampled_from(kind)) if isinstance(kind, list) else kind
        if kind == "boolean":
            return self._draw(st.booleans())
        if kind in ("number", "integer"):
            return self._number(schema)
        if kind == "string":
            return self._draw(URLS if name in ("src", "font-url", "mask", "captions") else TEXTS)
        if kind == "array":
            count = self._draw(st.integers(0, 3))
            return [self.value(schema.get("items"), depth + 1) for _ in range(count)]
        return self._draw(ANYTHING)

    def _number(self, schema: dict[str, Any]) -> Any:
        least, most = schema.get("minimum", -5), schema.get("maximum", 20)
        near = [least, most, min(most, max(least, 1)), min(most, max(least, 0.5)), 3]
        return self._draw(st.sampled_from([each for each in near if least <= each <= most]))

    def object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        names = sorted(schema["properties"])
        chosen = self._draw(st.lists(st.sampled_from(names), max_size=MOST_PROPERTIES, unique=True))
        wanted = dict.fromkeys([*schema.get("required", ()), *chosen])
        return {name: self.value(schema["properties"][name], depth + 1, name) for name in wanted}

    def element(self) -> Any:
        if self.wrong():
            return self._draw(ANYTHING)
        kind = self._draw(st.sampled_from(sorted(TYPES)))
        made = self.object(PARTS[TYPES[kind].model.__name__], 1)
        made["type"] = kind
        if kind in ("component", "template"):
            name = self._draw(st.sampled_from(NAMED))
            made |= {"component": name, "settings": self.value(PARTS[name], 1)}
        if kind == "text":
            made["style"] = self._draw(st.sampled_from(sorted(STYLES)))
        usual = {"text": "Hello", "src": "https://example.com/a.png", "html": "<p>Hi"}
        needed = {"text": ("text",), "voice": ("text",), "html": ("html",)}.get(kind, ("src",))
        return {**{name: usual[name] for name in needed}, **made}

    def elements(self) -> list[Any]:
        return [self.element() for _ in range(self._draw(st.integers(0, 3)))]

    def scene(self) -> Any:
        made = self.object(PARTS["Scene"], 1)
        made.pop("elements", None)
        if not self.wrong():
            for name in ("iterate", "import", "condition"):
                made.pop(name, None)
        return {**made, "elements": self.elements()}

    def movie(self, scenes: int) -> Any:
        made = self.object(SCHEMA, 0)
        for name in ("scenes", "elements", "template"):
            made.pop(name, None)
        if not self.wrong():
            made["variables"] = {"a": self._draw(ANYTHING), "b": {"c": [self._draw(ANYTHING)]}}
        whole = [self.scene() for _ in range(scenes)]
        return {**made, "scenes": whole, "elements": self.elements()}


@st.composite
def movies(draw: Any) -> bytes:
    return json.dumps(Draw(draw).movie(draw(st.integers(1, 2)))).encode()


@st.composite
def damaged_json(draw: Any) -> bytes:
    """What is no JSON any more, or says a thing twice."""
    text = json.dumps(draw(ANYTHING)).encode()
    at = draw(st.integers(0, len(text)))
    pieces = [
        b'"a":1,"a":2',
        b"[" * 400,
        b"-1" + b"0" * 30,
        b'"\\ud800"',
        b"NaN",
        b"\xff",
        b"1e400",
        b"{",
        b"\\u",
        b"-",
        b'"',
        b"",
    ]
    return text[:at] + draw(st.sampled_from(pieces)) + text[at + draw(st.integers(0, 3)) :]


@contextmanager
def opened(place: Place) -> Iterator[Opened]:
    with local(place.folder / "data") as ports:

        def check(data: bytes) -> Saw:
            return Saw(True, repr(forecast(data, ports)).encode("utf-8", "replace"))

        yield movies() | movies() | movies() | damaged_json(), check


TARGETS = (Target("documents", opened, limit_s=5),)
