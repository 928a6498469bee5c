"""Keys: RFC 8785's own vectors, golden keys, what is in a key and what is not."""

import hashlib
import json
import struct
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from resplice.core.document.fields import INERT
from resplice.core.fingerprint import (
    LATER,
    SEMANTICS_VERSION,
    canonical,
    fingerprint,
    fingerprint_of,
    without_inert,
)

GOLDEN = json.loads((Path(__file__).parents[1] / "cases/golden_fingerprints.json").read_text())

RFC_8785_NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


@pytest.mark.parametrize(("bits", "expected"), RFC_8785_NUMBERS)
def test_numbers_of_rfc_8785_appendix_b(bits: str, expected: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(number).decode() == expected


def test_sample_of_rfc_8785() -> None:
    source = r"""{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }"""
    expected = (
        r'{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        r'"string":"€$\u000f\nA' + r"""'B\"\\\\\"/"}"""
    )
    assert canonical(json.loads(source)).decode() == expected


def test_keys_are_sorted_by_utf_16() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "ö"]
    ordered = list(json.loads(canonical(dict.fromkeys(names))))
    assert ordered == ["\r", "1", "\x80", "ö", "\u20ac", "\U0001f600", "\ufb33"]


def test_one_spelling_per_number() -> None:
    assert canonical([1, 1.0, 1e0, -0.0, 0, (2.50,)]) == b"[1,1,1,0,0,[2.5]]"
    assert canonical([True, 1]) == b"[true,1]"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800", {"\ud800": 1}, b""])
def test_what_has_no_canonical_form(value: Any) -> None:
    with pytest.raises(ValueError):
        canonical(value)


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["name"])
def test_golden(case: dict[str, Any]) -> None:
    """A key that changes orphans every stored entry: raise a semantics version, then the case."""
    assert canonical(case["value"]).decode() == case["canonical"]
    assert fingerprint(case["kind"], case["value"], *case["salts"]) == case["key"]


def test_a_key_is_sha_256_of_one_canonical_array() -> None:
    framed = b'["movie",1,["ffmpeg","x264"],{"a":1}]'
    assert fingerprint("movie", {"a": 1.0}, "ffmpeg", "x264") == hashlib.sha256(framed).hexdigest()


def test_parts_of_a_key_do_not_run_into_each_other() -> None:
    keys = {
        fingerprint("movie", "a"),
        fingerprint("scene", "a"),
        fingerprint("movie", "a", "b"),
        fingerprint("movie", "a", "b", "c"),
        fingerprint("movie", "a", "bc"),
        fingerprint("movie", "a", 'b","c'),
        fingerprint("movie", ["a"]),
        fingerprint("movie", ["a", "b"]),
    }
    assert len(keys) == 8


def test_a_semantics_version_changes_its_kind_only(monkeypatch: pytest.MonkeyPatch) -> None:
    movie, scene = fingerprint("movie", {}), fingerprint("scene", {})
    monkeypatch.setitem(SEMANTICS_VERSION, "movie", 2)
    assert fingerprint("movie", {}) != movie
    assert fingerprint("scene", {}) == scene


def test_inert_keys_go_at_the_levels_of_the_schema_only() -> None:
    inert = dict.fromkeys(INERT, "x")
    settings = {"id": "a", "comment": "b", "none": None, "elements": [{"id": 1}]}
    element = {"type": "component", "settings": settings}
    scene = {"elements": [element | inert], "transition": {"style": "fade", "id": "t"}}
    movie = {"scenes": [scene | inert], "elements": [element | inert], "unknown": {"draft": 1}}
    assert without_inert(movie | inert) == {
        "scenes": [{"elements": [element], "transition": {"style": "fade", "id": "t"}}],
        "elements": [element],
        "unknown": {"draft": 1},
    }


def test_a_null_is_a_missing_field() -> None:
    full = {"width": None, "scenes": [{"duration": None, "elements": [{"x": None, "y": [None]}]}]}
    assert without_inert(full) == {"scenes": [{"elements": [{"y": [None]}]}]}


def test_without_inert_leaves_its_argument_alone_and_takes_tuples() -> None:
    scene = {"id": 1, "elements": ({"id": 2, "x": 3},)}
    movie = {"scenes": (scene, "odd"), "elements": None}
    assert without_inert(movie) == {"scenes": [{"elements": [{"x": 3}]}, "odd"]}
    assert scene == {"id": 1, "elements": ({"id": 2, "x": 3},)}


class Fit(Enum):
    COVER = "cover"
    FILL = "fill"


@dataclass(frozen=True)
class Layer:
    start: float
    fit: Fit = Fit.COVER
    label: str = field(default="", compare=False)


@dataclass(frozen=True)
class Overlay:
    start: float
    fit: Fit = Fit.COVER


@dataclass(frozen=True)
class Task:
    layers: tuple[Any, ...]
    options: Any = None


def test_a_task_is_its_fields_and_the_names_of_its_classes() -> None:
    layers = [{"Layer": {"start": 1, "fit": "cover"}}]
    expected = fingerprint("Task", {"Task": {"layers": layers, "options": {"a": [1]}}}, "salt")
    assert fingerprint_of(Task((Layer(1.0, label="x"),), {"a": (1,)}), "salt") == expected


def test_equal_tasks_have_equal_keys_and_others_do_not() -> None:
    assert fingerprint_of(Layer(1)) == fingerprint_of(Layer(1.0, label="other"))
    tasks = [Layer(1), Layer(1.5), Layer(1, Fit.FILL), Overlay(1), Task((Layer(1),)), Task(())]
    tasks += [Task((Layer(1), Layer(1))), Task((Overlay(1),)), Task((), "None"), Task((), True)]
    assert len({fingerprint_of(task) for task in tasks}) == len(tasks)


def test_a_field_that_came_later_changes_a_key_only_by_what_it_says() -> None:
    @dataclass(frozen=True)
    class Grown:
        start: float
        fit: Fit = Fit.COVER
        turns: tuple[int, ...] = field(default=(), metadata=LATER)

    assert fingerprint_of(Grown(1), kind="x") != fingerprint_of(Grown(1, turns=(0,)), kind="x")
    told = {"Grown": {"start": 1, "fit": "cover"}}
    assert fingerprint_of(Grown(1)) == fingerprint("Grown", told)


@pytest.mark.parametrize("value", [{1, 2}, b"x", Path("x"), Layer])
def test_a_field_without_json_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="has no place in a key"):
        fingerprint_of(Task((), value))
