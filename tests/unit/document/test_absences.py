"""Variables that are asked for and are none, and those that nothing asks for, are told."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.document.expand import expanded
from resplice.core.document.limits import MAX_WARNINGS
from warned_lines import plain, plainly

HERE = "scenes[0].elements[0].text"


def told(text: Any = "", **more: Any) -> tuple[str, ...]:
    """Of a movie of one text."""
    element = {"type": "text", "text": text}
    _, problems, warnings = expanded({"scenes": [{"elements": [element]}], **more})
    assert not problems
    return plainly(warnings)


def absent(name: str, meant: str = "", path: str = HERE) -> str:
    return f"{path}: there is no variable '{name}'" + (f"; did you mean '{meant}'?" * bool(meant))


def test_what_is_asked_for_and_is_none_is_told_where_it_is_asked_for() -> None:
    assert told("{{ a }} {{ zz }} {{ zz }}", variables={"a": 1}) == (absent("zz"),)
    assert told("{{ pirce }}", variables={"price": 2, "total": "{{price}}"}) == (
        absent("pirce", "price"),
        "variables.total is used nowhere",
    )
    assert told(**{"width": "{{ wdith }}"}) == (absent("wdith", path="width"),)


def test_what_a_variable_misses_is_missed_where_that_is_used() -> None:
    assert told("{{label}}", variables={"label": ["{{nmae}}"]}) == (absent("nmae"),)


@pytest.mark.parametrize(
    "text",
    [
        "{{ zz or 'none' }}", "{{ zz ? 1 : 2 }}", "{{ zz == null }}", "{{ zz != 'a' }}",
        "{{ not zz }}", "{{ }}", "{{ (zz and 1) }}", "zz",
    ],
)  # fmt: skip
def test_what_provides_for_its_absence_is_not(text: str) -> None:
    assert told(text) == ()


def test_conditions_may_ask_for_what_is_not_there() -> None:
    element = {"type": "text", "text": "a", "condition": "{{ zz }}"}
    both = [element, {**element, "condition": "{{zz}} == 'a'"}, {"type": "text", "text": "{{a}}"}]
    scene = {"elements": both, "condition": "{{ not hidden }}"}
    assert expanded({"scenes": [scene], "variables": {"a": 1}})[2] == ()


def test_names_of_scenes_elements_and_turns_are_known() -> None:
    element = {"type": "text", "text": "{{a}} {{b}} {{c}} {{it.d}} {{d}}", "variables": {"a": 1}}
    scene = {"elements": [element], "variables": {"b": 1}, "iterate": "rows", "iterate-as": "it"}
    rows = {"rows": [{"d": 1}, {"d": 2}]}
    assert expanded({"scenes": [scene], "variables": {"c": 1, **rows}})[2] == ()
    _, _, warnings = expanded({"scenes": [{**scene, "variables": {}}], "variables": rows})
    assert [plain(each).partition(": ")[2] for each in warnings] == [
        f"there is no variable '{name}'" for name in "bc"
    ]


def test_what_is_left_out_is_counted() -> None:
    names = [f"n{number}" for number in range(MAX_WARNINGS + 12)]
    found = told(" ".join(f"{{{{{name}}}}}" for name in names))
    assert len(found) == MAX_WARNINGS
    assert found[-1].startswith("the movie has 13 more warnings")
    unused = told(variables=dict.fromkeys(names, 1))
    assert len(unused) == MAX_WARNINGS
    assert unused[-1].startswith("the movie has 13 more warnings")


def test_what_nothing_asks_for_is_told_with_what_is_asked_for() -> None:
    variables = {"headlin": "Winter", "headline": "Summer", "?headline": "as it is", "other": 1}
    assert told("{{ headline }}", variables=variables) == (
        "variables.headlin is used nowhere; did you mean 'headline'?",
        "variables.other is used nowhere",
    )
    document = {"scenes": [], "variables": {"headline": 1}}
    assert plainly(expanded(document, {"x": 1})[2]) == (
        "variables.headline is used nowhere",
        "variables.x is used nowhere",
    )


def test_what_only_something_hidden_asks_for_is_used() -> None:
    hidden = {"type": "text", "text": "{{ a }}", "condition": "{{b}} == 'x'"}
    scenes = [{"elements": [hidden]}, {"iterate": "c.rows", "elements": []}]
    variables = {"a": 1, "b": "{{d}}", "c": {"rows": []}, "d": 2}
    assert expanded({"scenes": scenes, "variables": variables})[2] == ()


def test_there_are_only_so_many() -> None:
    elements = [{"type": "text", "text": f"{{{{zz{n}}}}} {{{{yy{n}}}}}"} for n in range(40)]
    _, _, warnings = expanded({"scenes": [{"elements": elements}]})
    assert len(warnings) == MAX_WARNINGS
    assert len(told(variables={f"name{n}": n for n in range(40)})) == MAX_WARNINGS
    [one] = expanded({"scenes": [{"iterate": "rows", "background-color": "{{zz}}"}],
                      "variables": {"rows": [{}] * 40}})[2]  # fmt: skip
    assert plain(one) == absent("zz", path="scenes[0].background-color")
