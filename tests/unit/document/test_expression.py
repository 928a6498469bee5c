"""Expressions: precedence, types, what is null, and that every mistake is an ExpressionError."""

import pytest
from resplice.core.document.expression import STEP_CHARS, ExpressionError, as_text, evaluate, truthy

VALUES = {
    "n": 3,
    "half": 0.5,
    "ten": "10",
    "name": "Ann",
    "yes": True,
    "no": False,
    "nothing": None,
    "blank": "",
    "android": 1,
    "room": {"image": "a.jpg", "size": {"w": 4}, "tags": ["x", "y"], "my-key": 7, "and": 8},
    "rooms": [{"name": "Hall"}, {"name": "Den"}],
}

RESULTS = [
    ("", None),
    ("  ", None),
    ("n", 3),
    ("missing", None),
    ("1.0", 1),
    ("2e3", 2000),
    ("'it is \"x\"'", 'it is "x"'),
    ('"it\'s"', "it's"),
    ("true", True),
    ("null", None),
    ("1 + 2 * 3", 7),
    ("(1 + 2) * 3", 9),
    ("10 - 4 - 3", 3),
    ("16 / 4 / 2", 2),
    ("7 / 2", 3.5),
    ("-n * -2", 6),
    ("--n", 3),
    ("2 - -2", 4),
    ("n-1", 2),
    ("half + half", 1),
    ("ten + 5", 15),
    ("ten * 2", 20),
    ("'1' + '2'", "12"),
    ("name + ' ' + n", "Ann 3"),
    ("n + ' of ' + 1.0", "3 of 1"),
    ("name + missing", "Ann"),
    ("'is ' + yes", "is true"),
    ("n == 3.0", True),
    ("n == '3'", True),
    ("n != 4", True),
    ("name == 'Ann'", True),
    ("name == 'ann'", False),
    ("missing == null", True),
    ("missing == ''", True),
    ("missing != 'none'", True),
    ("blank == nothing", True),
    ("missing == 0", False),
    ("yes == 'true'", True),
    ("yes == 1", True),
    ("no == ''", False),
    ("room == rooms", False),
    ("room == room", True),
    ("ten > 9", True),
    ("ten < '9'", False),
    ("name < 'Bob'", True),
    ("n >= 3 and n <= 3", True),
    ("missing > 0", False),
    ("missing < 0", False),
    ("yes and no or yes", True),
    ("no or yes and no", False),
    ("yes && !no || no", True),
    ("not yes == no", True),
    ("!yes == no", True),
    ("not no and not no", True),
    ("missing or 'Untitled'", "Untitled"),
    ("name and n", 3),
    ("no and 1 / 0", False),
    ("yes or 1 / 0", True),
    ("yes ? 'a' : 'b'", "a"),
    ("missing ? 1 / 0 : 'b'", "b"),
    ("no ? 1 : no ? 2 : 3", 3),
    ("yes ? no ? 1 : 2 : 3", 2),
    ("n > 2 ? n * 2 : n + 1", 6),
    ("(yes ? 1 : 2) + 1", 2),
    ("'a' == 'b' ? 1 : 2", 2),
    ("room.image", "a.jpg"),
    ("room . size . w + 1", 5),
    ("room.tags[1]", "y"),
    ("room['my-key']", 7),
    ("room.and", 8),
    ("rooms[n - 2].name", "Den"),
    ("rooms[9].name", None),
    ("rooms[0 - 1]", None),
    ("rooms[half]", None),
    ("missing.a.b[0]", None),
    ("name.length", None),
    ("name.__class__", None),
    ("room.keys", None),
    ("android", 1),
    ("min(n, ten, 5)", 3),
    ("max(n, ten, 5)", 10),
    ("min(1)", 1),
    ("ceil(1.2) + floor(-1.2)", 0),
    ("round(2.5)", 3),
    ("round(-2.5)", -3),
    ("round(1.005, 2)", 1.01),
    ("round(7, 2)", 7),
    ("abs(-0.5)", 0.5),
    ("max(min(n, 2), 1)", 2),
]

FAULTS = [
    ("1 / 0", "division by zero"),
    ("1 / blank", "the text '' is not a number"),
    ("n / missing", "an undefined variable is not a number"),
    ("missing + 1", "an undefined variable is not a number"),
    ("name - 1", "the text 'Ann' is not a number"),
    ("yes + 1", "true is not a number"),
    ("-rooms", "an array is not a number"),
    ("room > 1", "an object is not a number"),
    ("n < name", "the text 'Ann' is not a number"),
    ("'a' + room", "an object cannot stand in a text"),
    ("9007199254740991 + 1", "too large"),
    ("9007199254740993", "too large"),
    ("1e308 * 10", "too large"),
    ("1e999", "too large"),
    ("'abc", "a quote is not closed"),
    ("n = 3", "unexpected '='"),
    ("[1]", "a value is missing before ["),
    ("a @ b", "unexpected '@'"),
    ("a b", "unexpected 'b'"),
    ("1 +", "a value is missing before the end"),
    ("* 2", "a value is missing before *"),
    ("1 and", "a value is missing before the end"),
    ("and", "a value is missing before and"),
    ("(1", "')' is missing before the end"),
    ("1)", "unexpected ')'"),
    ("rooms[0", "']' is missing before the end"),
    ("yes ? 1", "':' is missing before the end"),
    ("room.", "a name is missing after '.'"),
    ("room.0", "a name is missing after '.'"),
    ("exec('x')", "there is no function 'exec'"),
    ("min()", "min does not take 0 values"),
    ("abs(1, 2)", "abs does not take 2 values"),
    ("max(1 2)", "',' is missing before 2"),
    ("round(1.5, -1)", "round takes 0 to 15 digits"),
    ("(" * 51 + "1" + ")" * 51, "nested more than 50 deep"),
    ("-" * 1000 + "1", "nested more than 50 deep"),
    ("1" * 2001, "longer than 2000 characters"),
]


@pytest.mark.parametrize(("text", "value"), RESULTS)
def test_value(text: str, value: object) -> None:
    result = evaluate(text, VALUES.get)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(("text", "reason"), FAULTS)
def test_fault(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, VALUES.get)
    assert reason in str(caught.value)


@pytest.mark.parametrize("text", ["+".join(["1"] * 1000), "1 - " * 400 + "1", "!" * 40 + "yes"])
def test_long_chains_need_no_stack(text: str) -> None:
    assert evaluate(text, VALUES.get) in (1000, -399, True)


def test_nesting_up_to_the_limit() -> None:
    assert evaluate("(" * 49 + "1" + ")" * 49, VALUES.get) == 1


def test_what_is_put_together_is_spent() -> None:
    spent: list[int] = []
    evaluate("name + name + '!'", VALUES.get, spent.append)
    assert spent[0] == 5 * STEP_CHARS
    assert sum(spent[1:]) == 6 + 6 // 4 + 7


FALSE: list[object] = [None, False, 0, 0.0, "", " ", "false", "False", "0", [], {}]
TRUE: list[object] = [True, 1, -1, 0.1, "a", "true", "no", "00", [0], {"a": None}]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((value, False) for value in FALSE),
        *((value, True) for value in TRUE),
    ],
)
def test_truthy(value: object, expected: bool) -> None:
    assert truthy(value) is expected


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1"), (-0.0, "0"), (0.1 + 0.2, "0.3"), (1e20, "1e+20"), (True, "true"), (None, "")],
)
def test_as_text(value: object, text: str) -> None:
    assert as_text(value) == text
