"""Expansion: scopes, types, conditions, iteration, imports, and every problem at its place."""

from typing import Any

import pytest
from resplice.core.document.expand import expand
from resplice.core.document.limits import MAX_PROBLEMS
from resplice.errors import DocumentError

IMAGE = "https://example.com/{}.jpg"


def text(value: Any, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": value, **more}


def movie_of(*elements: Any, **more: Any) -> dict[str, Any]:
    return {"scenes": [{"elements": list(elements)}], **more}


def texts(movie: dict[str, Any]) -> list[Any]:
    return [element["text"] for scene in movie["scenes"] for element in scene["elements"]]


def problems(document: dict[str, Any], variables: dict[str, Any] | None = None) -> dict[str, str]:
    with pytest.raises(DocumentError) as caught:
        expand(document, variables)
    return {problem.path: problem.message for problem in caught.value.problems}


def filled(value: Any, **variables: Any) -> Any:
    """What `value` becomes as a field of an element."""
    movie = expand(movie_of({"type": "text", "field": value}, variables=variables))
    return movie["scenes"][0]["elements"][0]["field"]


def test_ternary() -> None:
    value = "{{ show_alternate_text ? secondary_text : primary_text }}"
    variables = {"show_alternate_text": True, "primary_text": "Hi", "secondary_text": "Bye"}
    assert texts(expand(movie_of(text(value), variables=variables))) == ["Bye"]
    request = {"show_alternate_text": False}
    assert texts(expand(movie_of(text(value), variables=variables), request)) == ["Hi"]


def test_expression_keeps_the_type_of_a_number() -> None:
    document = {
        "comment": "expression demo",
        "variables": {"text_element_duration": 10, "bgColor": "#334455", "message1": "Ten"},
        "resolution": "full-hd",
        "scenes": [
            {
                "background-color": "{{bgColor}}",
                "elements": [
                    text("{{message1}}", duration="{{text_element_duration}}"),
                    {"type": "audio", "duration": "{{text_element_duration + 5}}"},
                ],
            }
        ],
    }
    assert expand(document) == {
        "comment": "expression demo",
        "resolution": "full-hd",
        "scenes": [
            {
                "background-color": "#334455",
                "elements": [text("Ten", duration=10), {"type": "audio", "duration": 15}],
            }
        ],
    }


def test_iterate_as() -> None:
    rooms = [{"name": name, "image": IMAGE.format(name)} for name in ("front", "kitchen")]
    scene = {
        "duration": 4,
        "transition": {"style": "fade", "duration": 0.5},
        "iterate": "rooms",
        "iterate-as": "room",
        "elements": [{"type": "image", "src": "{{ room.image }}"}, text("{{ room.name }}")],
    }
    movie = expand({"variables": {"rooms": rooms}, "scenes": [scene]})
    assert movie["scenes"] == [
        {
            "duration": 4,
            "transition": {"style": "fade", "duration": 0.5},
            "elements": [
                {"type": "image", "src": IMAGE.format(name)},
                text(name),
            ],
        }
        for name in ("front", "kitchen")
    ]


def test_scopes_nearest_first() -> None:
    element = text("{{a}} {{b}} {{c}}", variables={"c": "element"})
    document = {
        "variables": {"a": "movie", "b": "movie", "c": "movie"},
        "scenes": [{"variables": {"b": "scene"}, "elements": [element, text("{{b}} {{c}}")]}],
        "elements": [text("{{b}}")],
    }
    movie = expand(document)
    assert texts(movie) == ["movie scene element", "scene movie"]
    assert movie["elements"] == [text("movie")]


def test_request_variables_win_and_objects_merge() -> None:
    document = movie_of(
        text("{{brand.name}} {{brand.colour}} {{list}}", variables={"list": "own"}),
        variables={"brand": {"name": "A", "colour": "red"}, "list": [1]},
    )
    assert texts(expand(document, {"brand": {"name": "B"}, "list": [2]})) == ["B red own"]
    assert document["variables"]["brand"]["name"] == "A"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{{n}}", 3),
        ("{{half}}", 0.5),
        ("{{yes}}", True),
        ("{{style}}", {"size": 3, "names": ["x"]}),
        ("{{ list }}", [1, 2]),
        (["{{undefined}}", "{{}}"], [None, None]),
        ({"a": "{{undefined}}", "b": None}, {"b": None}),
        ("is {{undefined}}{{ }}.", "is ."),
        ("{{n}}{{half}}{{whole}} {{yes}}", "30.52 true"),
        (" {{n}} ", " 3 "),
        ("{{\n n \n}}", 3),
        ("{{{n}}}", "{3}"),
        ("{{n", "{{n"),
        ("n}} {n} { {n} }", "n}} {n} { {n} }"),
        (["{{n}}", {"a": "{{n}}"}], [3, {"a": 3}]),
        ({"{{n}}": 1}, {"{{n}}": 1}),
        (None, None),
    ],
)
def test_values(value: Any, expected: Any) -> None:
    style = {"size": "{{n}}", "names": ["x"], "@size": "3=Three", "?size": "help {{ ("}
    known = {"n": 3, "half": 0.5, "whole": 2.0, "yes": True, "style": style, "list": [1, 2]}
    result = filled(value, **known)
    assert result == expected
    assert type(result) is type(expected)


def test_undefined_is_an_empty_text_or_no_field_at_all() -> None:
    settings = {"headline": {"text": ["{{x}}", "b"], "color": "{{x}}"}}
    element = text("{{x}}", duration="{{x}}", settings=settings)
    assert expand(movie_of(element))["scenes"][0]["elements"] == [
        text("", settings={"headline": {"text": ["", "b"]}})
    ]


def test_variables_within_variables() -> None:
    variables = {"a": "{{b}}!", "b": "{{ c + 1 }}", "c": 1, "label": "{{room}} by {{a}}"}
    scene = {"variables": {"room": "Hall"}, "elements": [text("{{label}}")]}
    movie = expand({"variables": variables, "scenes": [scene, {"elements": [text("{{label}}")]}]})
    assert texts(movie) == ["Hall by 2!", " by 2!"]


def test_a_variable_may_extend_the_outer_one_of_its_name() -> None:
    scene = {"variables": {"title": "{{title}}, part 2"}, "elements": [text("{{title}}")]}
    assert texts(expand({"variables": {"title": "T"}, "scenes": [scene]})) == ["T, part 2"]


def test_what_a_value_says_in_braces_is_resolved_once() -> None:
    assert filled("{{a}}", a={"b": "{{c}}"}, c="d") == {"b": "d"}
    assert filled("{{ '{' + '{' }}") == "{{ '{' + '{' }}"


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("{{ yes }}", True),
        ("{{ no }}", False),
        ("{{ undefined }}", False),
        ("{{ voice != 'none' }}", True),
        ("{{ voice == 'none' }}", False),
        ("{{voice}} == 'none'", False),
        ("'{{voice}}' == 'none'", False),
        ('"{{voice}}" == "azure"', True),
        ("{{yes}} and {{no}}", False),
        ("{{voice}}{{undefined}}", True),
        ("{{undefined}} {{undefined}}", False),
        ("{{ text_false }}", False),
        ("{{ empty }}", False),
        ("  {{ yes }}", True),
        ("", False),
        ("false", False),
        ("0", False),
        ("true", True),
        ("Kitchen - with a view", True),
        (False, False),
        (True, True),
        (0, False),
        ([], False),
        (None, True),
    ],
)
def test_condition(condition: Any, kept: bool) -> None:
    known = {"yes": True, "no": False, "voice": "azure", "text_false": "false", "empty": []}
    element = text("a", condition=condition)
    scene = {"condition": condition, "elements": []}
    movie = expand({"variables": known, "elements": [element], "scenes": [scene]})
    assert movie == {"elements": [text("a")] * kept, "scenes": [{"elements": []}] * kept}


def test_what_a_condition_leaves_out_is_not_resolved() -> None:
    document = movie_of(text("{{ 1 / n }}", condition="{{ n > 0 }}"), variables={"n": 0})
    assert texts(expand(document)) == []


def test_a_false_movie_is_a_problem() -> None:
    found = problems(movie_of(condition="{{ nope }}"))
    assert found == {"condition": "'condition': the movie's own condition is false"}


def test_item_fields_are_visible_directly_and_per_item_conditions_hold() -> None:
    slides = [{"n": 1, "show": True}, {"n": 2, "show": False}, {"n": 3, "show": True}]
    scene = {
        "iterate": "slides",
        "condition": "{{show}}",
        "duration": "{{n}}",
        "variables": {"twice": "{{ item.n * 2 }}"},
        "elements": [text("{{twice}}")],
    }
    movie = expand({"variables": {"slides": slides}, "scenes": [scene]})
    assert [scene["duration"] for scene in movie["scenes"]] == [1, 3]
    assert texts(movie) == [2, 6]


@pytest.mark.parametrize("name", ["house.names", "{{house.names}}", " alias ", "{{ alias }}"])
def test_iterate_over_plain_values_by_path(name: str) -> None:
    variables = {"house": {"names": ["a", "b"]}, "alias": "{{house.names}}"}
    scene = {"iterate": name, "elements": [text("{{item}}")]}
    assert texts(expand({"variables": variables, "scenes": [scene]})) == ["a", "b"]


def test_items_may_use_variables_of_the_scene() -> None:
    variables = {"slides": [{"title": "{{prefix}} 1"}, {"title": "{{prefix}} 2"}]}
    scene = {"iterate": "slides", "variables": {"prefix": "Day"}, "elements": [text("{{title}}")]}
    assert texts(expand({"variables": variables, "scenes": [scene]})) == ["Day 1", "Day 2"]


@pytest.mark.parametrize("iterate", ["nope", "n", "1 +", 5, ["a"], "{{n}}"])
def test_iterate_over_no_array(iterate: Any) -> None:
    found = problems({"variables": {"n": 3}, "scenes": [{"iterate": iterate}]})
    assert list(found) == ["scenes[0].iterate"]


def test_an_empty_array_leaves_no_scene() -> None:
    assert expand({"variables": {"l": []}, "scenes": [{"iterate": "l"}]}) == {"scenes": []}


def test_import_appends_elements() -> None:
    document = {
        "variables": {"who": "movie"},
        "scenes": [
            {"id": "intro", "elements": [text("intro {{who}}")], "condition": False},
            {"id": "a", "import": "intro", "elements": [text("a")], "variables": {"who": "a"}},
            {"import": "{{ 'a' }}"},
        ],
    }
    movie = expand(document)
    assert texts(movie) == ["a", "intro a", "a", "intro movie"]
    assert movie["scenes"][1] == {"elements": [text("a"), text("intro movie")]}


def test_import_of_nothing_or_in_a_circle() -> None:
    scenes = [{"id": "a", "import": "b"}, {"id": "b", "import": "a"}, {"import": "z"}]
    assert problems({"scenes": scenes}) == {
        "scenes[0].import": "Scene #1: 'import': a circle of imports at 'a'",
        "scenes[1].import": "Scene #2: 'import': a circle of imports at 'b'",
        "scenes[2].import": "Scene #3: 'import': no scene has the id 'z'",
    }


def test_all_problems_at_once_with_paths_of_the_original() -> None:
    document = {
        "variables": {"c": "{{d}}", "d": "{{c}}", "o": {}, "l": [1, 2]},
        "scenes": [
            {"condition": False, "elements": [text("{{ 1 / 0 }}")]},
            {
                "iterate": "l",
                "elements": [
                    text("a", condition=False),
                    text("{{ 1 / 0 }}", settings={"rows": ["", "{{ x + }}"]}),
                    text("b", condition="{{ a = 1 }}"),
                ],
            },
            {"variables": 5},
        ],
        "elements": [text("{{c}}"), text("is {{o}}")],
    }
    assert problems(document) == {
        "scenes[1].elements[1].text": (
            "Scene #2, element #2: 'text': division by zero, in '{{ 1 / 0 }}'"
        ),
        "scenes[1].elements[1].settings.rows[1]": (
            "Scene #2, element #2: 'rows': a value is missing before the end, in '{{ x + }}'"
        ),
        "scenes[1].elements[2].condition": (
            "Scene #2, element #3: 'condition': unexpected '=', in '{{ a = 1 }}'"
        ),
        "scenes[2].variables": "Scene #3: 'variables': must be an object",
        "elements[0].text": (
            "Movie element #1: 'text': variables go in a circle: c → d → c,"
            " in '{{ c }}', in '{{ d }}', in '{{ c }}'"
        ),
        "elements[1].text": (
            "Movie element #2: 'text': an object cannot stand in a text, name one of its values"
        ),
    }


def test_a_variable_that_is_itself() -> None:
    assert (
        "in a circle: a → a"
        in problems(movie_of(text("{{a}}"), variables={"a": "{{a}}"}))["scenes[0].elements[0].text"]
    )


def test_problems_are_bounded() -> None:
    found = problems(movie_of(*[text("{{ ( }}")] * 1000))
    assert len(found) == MAX_PROBLEMS


def test_what_is_not_ours_comes_back_untouched() -> None:
    document: dict[str, Any] = {
        "scenes": [{"elements": [text("a", comment="{{ ( }}", unknown={"variables": {"x": 1}})]}],
        "client-data": {"template": "{{ user.name }"},
        "id": "x",
        "exports": [{"destinations": []}],
    }
    movie = expand(document)
    assert movie == document
    assert movie is not document
    assert movie["scenes"][0] is not document["scenes"][0]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"scenes": None},
        {"scenes": 5, "elements": "x"},
        {"scenes": [None, "a", 5, []], "elements": [None, [], "b"]},
        {"scenes": [{"elements": {"a": 1}}, {"elements": None}]},
    ],
)
def test_malformed_shapes_pass_to_the_schema(document: dict[str, Any]) -> None:
    assert expand(document) == document


def test_variables_as_php_writes_them() -> None:
    assert expand({"variables": [], "scenes": [{"variables": None}]}) == {"scenes": [{}]}


def doubled(levels: int, start: Any, twice: Any) -> dict[str, Any]:
    """Variables v0 … each holding the one before it twice."""
    return {"v0": start} | {f"v{n}": twice(f"{{{{v{n - 1}}}}}") for n in range(1, levels)}


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (
            movie_of(text("{{v18}}"), variables=doubled(19, "x" * 999, lambda v: v + v)),
            "too large with",
        ),
        (
            movie_of(text("{{v18}}"), variables=doubled(19, "x" * 999, lambda v: [v, v])),
            "too large with",
        ),
        (movie_of(*[text("{{a + a}}")] * 99, variables={"a": "x" * 10**6}), "too large"),
        (movie_of(text("{{a}}" * 99), variables={"a": "x" * 10**6}), "too large"),
        (movie_of(text("{{v29}}"), variables=doubled(30, "x", lambda v: v)), "more than 20 deep"),
        (movie_of(text("{{v19}}"), variables=doubled(20, [], lambda v: [[[[v]]]])), "64 deep"),
        ({"variables": {"l": [0] * 501}, "scenes": [{"iterate": "l"}] * 2}, "1000 scenes"),
        (movie_of(*[text("")] * 10_001), "10000 elements"),
    ],
)
def test_limits(document: dict[str, Any], reason: str) -> None:
    [message] = problems(document).values()
    assert reason in message
