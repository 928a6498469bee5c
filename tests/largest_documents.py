"""Documents of the largest size that is read: what anyone may send to keep a machine busy, and
what an honest program may send. Each is a function of how many bytes it may have."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from resplice.core.document.limits import MAX_BYTES

TEXT = {"type": "text", "text": "a"}
PAGE = {"type": "html", "html": "<p>a</p>"}
VOICE = {"type": "voice", "text": "Hello there"}
IMAGE = {"type": "image", "src": "https://example.com/a.png"}
FIELDS = {
    **{"start": 1.5, "duration": 2.25, "x": 10, "y": 20, "width": 300, "height": 200, "zoom": 2},
    **{"fade-in": 0.5, "fade-out": 0.5, "z-index": 3, "pan": "left", "resize": "cover"},
    **{"correction": {"brightness": 0.1, "contrast": 1.5}, "rotate": {"angle": 30, "speed": 2}},
    **{"chroma-key": {"color": "dodgerblue", "tolerance": 30}, "comment": "A picture"},
}


def text_of(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def filled(before: str, piece: str, after: str, most_bytes: int, most: int = 10**9) -> bytes:
    """Pieces with commas between, as many as there is room for and not more than `most`."""
    room = most_bytes - len(before.encode()) - len(after.encode())
    count = min(most, room // (len(piece.encode()) + 1))
    return (before + ",".join([piece] * count) + after).encode()


def padded(document: Any, most_bytes: int, name: str = "comment") -> bytes:
    """The document with a comment that makes it as large as may be."""
    small = text_of({**document, name: ""})
    return text_of({**document, name: "c" * (most_bytes - len(small))})


def nested(depth: int, inner: str) -> str:
    return "[" * depth + inner + "]" * depth


def of_scenes(scene: Any, count: int, **more: Any) -> Any:
    return {"scenes": [scene] * count, **more}


def with_scene(scene: Any, **more: Any) -> Any:
    return of_scenes(scene, 1, **more)


def expressions(value: str, count: int, **variables: Any) -> Any:
    elements = [{"type": "text", "text": value}] * count
    scenes = [{"elements": elements[:900]}] * (count // 900)
    return {"variables": variables, "scenes": scenes}


def _rows(before: str, piece: str, after: str) -> Callable[[int], bytes]:
    return lambda size: filled(before, piece, after, size)


def _iterate(scene: dict[str, Any], row: str = "0") -> Callable[[int], bytes]:
    after = "]}," + json.dumps({"scenes": [{"iterate": "rows", **scene}]})[1:]
    return lambda size: filled('{"variables":{"rows":[', row, after, size)


def _texts(value: str, count: int, half: str = "x") -> Callable[[int], bytes]:
    def made(size: int) -> bytes:
        room = max(0, size - len(text_of(expressions(value, count)))) // 2 - 100
        variables = {"a": half * (room // len(half)), "b": half * (room // len(half))}
        return text_of(expressions(value, count, **variables))

    return made


def _lists(value: str, count: int) -> Callable[[int], bytes]:
    def made(size: int) -> bytes:
        room = max(0, size - len(text_of(expressions(value, count)))) // 8
        rows = [1] * min(100_000, room)
        return text_of(expressions(value, count, a=rows, b=rows))

    return made


def _valid(element: Any, each: int = 100, **more: Any) -> Callable[[int], bytes]:
    """10,000 elements in the largest, `each` of them in a scene."""

    def made(size: int) -> bytes:
        elements = [element] * share(10_000, size)
        scenes = [{"elements": elements[n : n + each]} for n in range(0, len(elements), each)]
        return padded({"scenes": scenes, **more}, size)

    return made


def share(most: int, size: int) -> int:
    """As much of the most as the size is of the largest."""
    return most * size // MAX_BYTES


def _set(element: dict[str, Any], room: int, name: Callable[[int], str], value: Any) -> Any:
    """An element with a setting for each `room` bytes."""

    def made(size: int) -> bytes:
        settings = {name(n): value for n in range(size // room)}
        return text_of(with_scene({"elements": [{**element, "settings": settings}]}))

    return made


def _css(number: int) -> str:
    """A property that there may be: no two numbers have the same."""
    return "text-" + "".join(chr(97 + number // 26**place % 26) for place in range(4))


def values_in(text: bytes) -> int:
    """As the reader counts them, for texts without commas or brackets in their strings."""
    return sum(map(text.count, (b",", b"[", b"{")))


def of_most_values(make: Callable[[int], bytes], most_bytes: int, most_values: int) -> bytes:
    """The largest document of its kind that has no more values than may be."""
    step = 100_000
    fewer, more = values_in(make(step)), values_in(make(2 * step))
    if more == fewer:
        return make(most_bytes)
    room = (most_values - fewer) * step / (more - fewer)
    return make(min(most_bytes, step + int(room * 0.97)))


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "scenes of ints": _rows('{"scenes":[', "1", "]}"),
    "scenes of empty objects": _rows('{"scenes":[', "{}", "]}"),
    "scenes of empty lists": _rows('{"scenes":[', "[]", "]}"),
    "scenes of empty texts": _rows('{"scenes":[', '""', "]}"),
    "scenes of NaN": _rows('{"scenes":[', "NaN", "]}"),
    "scenes of long integers": _rows('{"scenes":[', "9" * 17, "]}"),
    "scenes of floats": _rows('{"scenes":[', "1e999", "]}"),
    "scenes with false conditions": _rows('{"scenes":[', '{"condition":"{{0}}"}', "]}"),
    "one scene of ints": _rows('{"scenes":[{"elements":[', "1", "]}]}"),
    "one scene of empty objects": _rows('{"scenes":[{"elements":[', "{}", "]}]}"),
    "one scene of wrong elements": _rows('{"scenes":[{"elements":[', '{"type":"x"}', "]}]}"),
    "a thousand scenes of ints": lambda size: filled(
        '{"scenes":[',
        '{"elements":[' + ",".join(["1"] * ((size - 20_000) // 2000)) + "]}",
        "]}",
        size,
        1000,
    ),
    "movie elements of ints": _rows('{"scenes":[],"elements":[', "1", "]}"),
    "doubled keys": _rows('{"scenes":[', '{"a":1,"a":1}', "]}"),
    "depth 64, many": _rows('{"scenes":[],"x":[', nested(61, ""), "]}"),
    "depth 64, of ints": _rows(
        '{"scenes":[],"x":' + nested(60, "")[:60] + "[", "1", "]" * 61 + "}"
    ),
    "too deep at the end": lambda size: filled(
        '{"scenes":[', "{}", "," + nested(2000, "") + "]}", size
    ),
    "too deep at once": lambda size: b"[" * size,
    "no end": lambda size: b'{"scenes":["' + b"\\\\" * (size // 2 - 20),
    "unknown list of ints": _rows('{"scenes":[],"x":[', "1", "]}"),
    "variables of ints": _rows('{"scenes":[{}],"variables":{"a":[', "1", "]}}"),
    "client-data of ints": _rows('{"scenes":[{}],"client-data":[', "1", "]}"),
    "exports of objects": _rows('{"scenes":[{}],"exports":[', '{"a":[]}', "]}"),
    "settings of objects": _rows(
        '{"scenes":[{"elements":[{"type":"text","text":"a","settings":{"color":[',
        '{"a":[]}',
        "]}}]}]}",
    ),
    "many settings": _set(TEXT, 22, "font-sise{}".format, 1),
    "many CSS settings": _set(TEXT, 18, _css, 1),
    "many wrong settings": _set(TEXT, 22, _css, "x("),
    "many settings of a page": _set(PAGE, 22, "font-sise{}".format, 1),
    "many CSS settings of a page": _set(PAGE, 18, _css, 1),
    "many settings of subtitles": _set({"type": "subtitles"}, 22, "font-sise{}".format, 1),
    "many settings of a component": _set(
        {"type": "component", "component": "basic/000"}, 22, "font-sise{}".format, 1
    ),
    "many variables": lambda size: text_of(
        {"variables": {f"v{n}": f"{{{{v{n - 1}}}}}" for n in range(size // 25)}, "scenes": [{}]}
    ),
    "a variable and many scopes": lambda size: text_of(
        of_scenes(
            {"variables": {"a": "{{a}}b"}, "elements": [{"type": "text", "text": "{{a}}"}] * 300},
            size // 9800,
        )
    ),
    "many unknown names": lambda size: text_of(
        {"scenes": [{}], **{f"duratoin{n}": 1 for n in range(size // 20)}}
    ),
    "many long unknown names": lambda size: text_of(
        {"scenes": [{}], **{"scene" * 50 + str(n): 1 for n in range(size // 265)}}
    ),
    "huge keys": lambda size: text_of(
        {"scenes": [{}], "k" * (size // 2): 1, "l" * (size // 2 - 50): 1}
    ),
    "problems under a huge key": lambda size: text_of(
        {"scenes": [{}], "k" * (size - 20_000): ["{{ ( }}"] * 1500}
    ),
    "wrong values under a huge key": lambda size: text_of(
        {"scenes": [{"elements": [{"type": "k" * (size // 2000)}] * 900}] * 2}
    ),
    "huge wrong values": lambda size: text_of(
        with_scene(
            {"elements": [{"type": "image", "src": "a:", "zoom": "x" * (size // 950)}] * 900}
        )
    ),
    "wrong objects": lambda size: text_of(
        with_scene({"elements": [{**IMAGE, "zoom": [[1] * 4] * (size // 9500)}] * 900})
    ),
    "one huge value": lambda size: padded(with_scene({"elements": [IMAGE]}), size, "resolution"),
    "a huge colour": lambda size: text_of(
        with_scene({"background-color": "rgb(1" + " " * (size - 100)})
    ),
    "a colour of digits": lambda size: text_of(
        with_scene({"background-color": "rgb(" + "1" * (size - 100)})
    ),
    "huge colours": lambda size: text_of(
        of_scenes({"background-color": "hsl(1," + " 1" * (size // 2500)}, 1000)
    ),
    "many problems each": lambda size: text_of(
        of_scenes(
            {"elements": [{"type": "image", **{name: "x" for name in FIELDS}}] * 100},
            size // 25_000,
        )
    ),
    "iterate, false by a literal": _iterate({"condition": False}),
    "iterate, false by an item": _iterate({"condition": "{{item}}"}),
    "iterate, false by a comparison": _iterate({"condition": "{{item}} == 'x'"}),
    "iterate over objects": _iterate({"condition": "{{item.a}}"}, '{"a":0}'),
    "iterate many scenes over many": lambda size: text_of(
        {
            "variables": {"rows": [0] * (size // 4)},
            "scenes": [{"iterate": "rows", "condition": "{{0}}"}] * (size // 90),
        }
    ),
    "iterate, false elements": lambda size: text_of(
        {
            "variables": {"rows": [0] * 999},
            "scenes": [{"iterate": "rows", "elements": [{"condition": 0}] * (size // 20)}],
        }
    ),
    "iterate with large variables": lambda size: text_of(
        {
            "variables": {"rows": [0] * 500_000},
            "scenes": [{"iterate": "rows", "condition": 0, "variables": {"a": [0] * (size // 3)}}],
        }
    ),
    "iterate by a path": _iterate({"iterate": "{{rows}}", "condition": "{{item.a.b.c}}"}),
    "imports": lambda size: text_of(
        {
            "scenes": [
                *({"id": str(n), "import": str(n + 1), "condition": 0} for n in range(999)),
                *({"import": "0"} for _ in range(size // 20)),
            ]
        }
    ),
    "imports of long lists": lambda size: text_of(
        {
            "scenes": [
                {"id": "a", "condition": 0, "elements": [{"condition": 0}] * (size // 20)},
                *({"import": "a"} for _ in range(900)),
            ]
        }
    ),
    "equal texts": _texts("{{ a == b }}", 9000),
    "ordered texts": _texts("{{ a < b }}", 9000),
    "truth of blanks": _texts("{{ a ? 1 : 2 }}", 9000, " "),
    "truth of texts": _texts("{{ not a }}", 9000, "X"),
    "sums of texts": _texts("{{ (a + b) == 'x' }}", 9000),
    "comparisons in a chain": _texts("{{ " + " or ".join(["a != b"] * 150) + " }}", 900),
    "equal lists": _lists("{{ a == b }}", 9000),
    "copies of lists": _lists("{{ a }}", 9000),
    "items of lists": _lists("{{ a[5] }}", 9000),
    "conditions of texts": lambda size: text_of(
        with_scene({"elements": [{"condition": " " * (size // 9000)}] * 8000})
    ),
    "long expressions": lambda size: text_of(
        {
            "scenes": [
                {
                    "elements": [
                        {"type": "text", "text": "{{ %s }}" % ("+".join(["1"] * 900) + f"+{n}")}
                        for n in range(size // 1900)
                    ]
                }
            ]
        }
    ),
    "texts of placeholders": lambda size: text_of(
        with_scene({"elements": [{"type": "text", "text": "{{a}}" * (size // 5)}]})
    ),
    "texts of braces": lambda size: text_of(
        with_scene({"elements": [{"type": "text", "text": "{{" * (size // 2 - 100)}]})
    ),
    "an annotated variable": lambda size: text_of(
        {"variables": {"@" + str(n): [[]] for n in range(size // 18)}, "scenes": [{}]}
    ),
}
"""What is refused, or is accepted although nobody means it."""

VALID: dict[str, Callable[[int], bytes]] = {
    "10,000 images": _valid(IMAGE),
    "10,000 images with every field": _valid({**IMAGE, **FIELDS}),
    "10,000 texts": _valid(
        {"type": "text", "text": "Hello", "settings": {"color": "red", "font-size": 40}}
    ),
    "10,000 texts with fonts": _valid({**TEXT, "settings": {"font-family": "Bungee Inline"}}),
    "10,000 pages": _valid(PAGE),
    "10,000 voices": _valid(VOICE),
    "10,000 components": _valid(
        {
            "type": "component",
            "component": "basic/000",
            "settings": {"headline": {"text": "a", "color": "red"}},
        }
    ),
    "10,000 texts with variables": _valid(
        {"type": "text", "text": "{{ a + ' ' + b }}", "start": "{{c * 2}}", "duration": 1},
        variables={"a": "Hello", "b": "there", "c": 1.5},
    ),
    "1,000 scenes": _valid({**IMAGE, **FIELDS}, 10),
    "1,000 scenes from rows": lambda size: padded(
        {
            "variables": {
                "rows": [
                    {"name": f"Room {n}", "src": IMAGE["src"]} for n in range(share(1000, size))
                ]
            },
            "scenes": [
                {
                    "iterate": "rows",
                    "elements": [
                        {"type": "image", "src": "{{item.src}}"},
                        {"type": "text", "text": "{{name}}"},
                    ],
                }
            ],
        },
        size,
    ),
    "many colours": lambda size: padded(
        {
            "scenes": [
                {
                    "background-color": f"hsl({n}, 50%, 40.{n}%)",
                    "elements": [
                        {**IMAGE, "chroma-key": {"color": f"rgb({n % 256} {m} 3 / 50%)"}}
                        for m in range(10)
                    ],
                }
                for n in range(share(1000, size))
            ]
        },
        size,
    ),
    "long texts": lambda size: padded(
        {
            "scenes": [
                {"elements": [{"type": "text", "text": "Hello wor\n" * 1900}] * share(500, size)}
            ]
        },
        size,
    ),
    "a long comment": lambda size: padded(with_scene({"elements": [IMAGE]}), size),
    "a long comment of braces": lambda size: text_of(
        {**with_scene({"elements": [IMAGE]}), "comment": '[{"' * (size // 4 - 100)}
    ),
    "a data URL": lambda size: text_of(
        with_scene(
            {"elements": [{"type": "image", "src": "data:image/png;base64," + "A" * (size - 200)}]}
        )
    ),
    "much client-data": lambda size: text_of(
        {
            **with_scene({"elements": [IMAGE]}),
            "client-data": {"rows": [{"name": "abcdefgh", "n": 1}] * share(90_000, size)},
        }
    ),
}
"""What an honest program may send."""
