"""Strict JSON: what passes (y), what is refused (n), and in which words."""

import sys

import pytest
from resplice.core.document.limits import MAX_BYTES, MAX_DEPTH, MAX_PAYLOAD_BYTES
from resplice.core.document.strict_json import parse, parse_value
from resplice.errors import DocumentError

PREFIX = "Error parsing movie JSON or the movie was empty: "

# Python 3.13 points at the comma itself, older ones at what stands after it.
EXTRA_COMMA_COLUMN = 4 if sys.version_info >= (3, 13) else 5

ACCEPTED = {
    "y_array_with_spaces": ("[ 1 ,\t2\r\n, 3 ]", [1, 2, 3]),
    "y_number_exponent": ("[1E+2, 1e-2, -0, -0.0, 0.5]", [100.0, 0.01, 0, -0.0, 0.5]),
    "y_number_largest": ("[9007199254740991, -9007199254740991]", [2**53 - 1, 1 - 2**53]),
    "y_number_long_fraction": ("0.1234567890123456789012", 0.1234567890123456789012),
    "y_number_tiny_is_zero": ("1e-400", 0.0),
    "y_string_escapes": (r'"\u0061\n\/\"\\"', 'a\n/"\\'),
    "y_string_pair": (r'"\uD83D\uDE00"', "😀"),
    "y_string_escaped_backslash": (r'"\\ud800"', r"\ud800"),
    "y_string_brackets": ('"' + "[{" * 100 + '"', "[{" * 100),
    "y_string_null_character": (r'"\u0000"', "\0"),
    "y_structure_lonely_true": ("true", True),
    "y_structure_bom": ("\ufeff[]", []),
    "y_object_same_key_elsewhere": ('{"a":{"a":1},"b":{"a":2}}', {"a": {"a": 1}, "b": {"a": 2}}),
    "y_object_empty_key": ('{"":0}', {"": 0}),
    "y_object_key_like_python": ('{"__class__":1}', {"__class__": 1}),
    "y_depth_at_limit": ("[" * MAX_DEPTH + "]" * MAX_DEPTH, None),
}

REFUSED = {
    "n_array_extra_comma": ('["",]', f"line 1, column {EXTRA_COMMA_COLUMN}: "),
    "n_array_unclosed": ("[1", "line 1, column 3: "),
    "n_array_just_comma": ("[,]", "line 1, column 2: expecting value"),
    "n_number_nan": ('{"a":[NaN]}', "NaN is not a JSON number"),
    "n_number_infinity": ("[-Infinity]", "-Infinity is not a JSON number"),
    "n_number_overflow": ("[1e999]", "1e999 is too large"),
    "n_number_2_53": ("[9007199254740992]", "the integer 9007199254740992 is beyond 2^53"),
    "n_number_5000_digits": ("9" * 5000, f"the integer {'9' * 25} is beyond 2^53"),
    "n_number_leading_zero": ("[012]", "line 1, column 3: "),
    "n_number_plus": ("[+1]", "line 1, column 2: "),
    "n_number_dot": ("[1.]", "line 1, column 3: "),
    "n_number_hex": ("[0x1]", "line 1, column 3: "),
    "n_number_arabic_digits": ("[١]", "line 1, column 2: "),
    "n_string_single_quote": ("['a']", "line 1, column 2: "),
    "n_string_raw_newline": ('"a\nb"', "line 1, column 3: invalid control character"),
    "n_string_bad_escape": (r'"\x41"', "line 1, column 2: "),
    "n_string_unclosed": ('["a', "line 1, column 2: unterminated string"),
    "n_string_unclosed_backslash": ('["\\', "line 1, column 2: "),
    "n_string_lone_high_surrogate": (r'["\uD800"]', "half of a surrogate pair"),
    "n_string_lone_low_surrogate": (r'["\uDE00\uD83D"]', "half of a surrogate pair"),
    "n_string_raw_surrogate": ('"\ud800"', "not UTF-8 at byte 1"),
    "n_string_latin_1": (b'"\xe9"', "not UTF-8 at byte 1"),
    "n_structure_utf_16": ('{"a":1}'.encode("utf-16"), "not UTF-8 at byte 0"),
    "n_structure_trailing": ('{"a":1}x', "line 1, column 8: extra data"),
    "n_structure_two_values": ("{}\n{}", "line 2, column 1: extra data"),
    "n_structure_comment": ("[/* */]", "line 1, column 2: "),
    "n_structure_bom_twice": ("\ufeff\ufeff[]", "line 1, column 1: "),
    "n_object_duplicate_key": ('{"a":1,"b":2,"a":1}', "the key 'a' appears twice"),
    "n_object_duplicate_escaped": (r'{"a":1,"\u0061":1}', "the key 'a' appears twice"),
    "n_object_surrogate_key": (r'{"\ud800":1}', "a key holds half of a surrogate pair"),
    "n_object_no_quotes": ("{a:1}", "line 1, column 2: "),
    "n_object_trailing_comma": ('{"a":1,}', "line 1, column "),
    "n_depth_beyond": ("[" * 65 + "]" * 65, "line 1, column 65: nested more than 64 deep"),
    "n_depth_100000": ("[" * 100_000, "line 1, column 65: nested more than 64 deep"),
    "n_depth_objects": ('{"":' * 100_000, "nested more than 64 deep"),
    "n_size": (b" " * MAX_BYTES + b"1", "it is larger than 10 MiB"),
}


@pytest.mark.parametrize(("text", "value"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(text: str, value: object) -> None:
    parsed = parse_value(text)
    assert parse_value(text.encode()) == parsed
    if value is not None:
        assert parsed == value
        assert type(parsed) is type(value)


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str | bytes, reason: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_value(text)
    [problem] = caught.value.problems
    assert problem.message.startswith(PREFIX)
    assert reason in problem.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "No movie JSON received"),
        (" \r\n\t", "No movie JSON received"),
        ("\ufeff", "No movie JSON received"),
        ("null", "No valid movie JSON received"),
        ("3", "No valid movie JSON received"),
        ('"{}"', "No valid movie JSON received"),
        ("[{}]", "No valid movie JSON received"),
        ("[]", "Error parsing movie JSON or the movie was empty"),
        ("{}", "Error parsing movie JSON or the movie was empty"),
        ("{'a':1}", PREFIX + "line 1, column 2: expecting property name enclosed in double quotes"),
        ("<movie/>", PREFIX + "line 1, column 1: expecting value"),
    ],
)
def test_no_movie(text: str | bytes, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse(text)
    assert [(p.path, p.message) for p in caught.value.problems] == [("", message)]


def test_a_refused_value_has_its_path_and_its_element_by_name() -> None:
    text = '{"scenes":[{},{"elements":[{"type":"image","src":"a","src":"b"}]}],"x":NaN}'
    with pytest.raises(DocumentError) as caught:
        parse(text)
    [problem] = caught.value.problems
    assert problem.path == "scenes[1].elements[0].src"
    assert problem.message == PREFIX + "Scene #2, element #1: the key 'src' appears twice"


def test_line_and_column_count_from_one() -> None:
    with pytest.raises(DocumentError, match="line 3, column 5: expecting value"):
        parse('{\n"a":1,\n"b":=2}')


def test_other_nouns() -> None:
    with pytest.raises(DocumentError, match=r"^No variables JSON received$"):
        parse_value("", "variables")
    assert parse_value("{}", "variables") == {}


def test_what_is_no_movie_may_have_to_be_smaller() -> None:
    small = b'"' + b"x" * (MAX_PAYLOAD_BYTES - 2) + b'"'
    assert len(parse_value(small, "request", MAX_PAYLOAD_BYTES)) == MAX_PAYLOAD_BYTES - 2
    with pytest.raises(DocumentError, match=r"request JSON .*: it is larger than 2 MiB$"):
        parse_value(b" " + small, "request", MAX_PAYLOAD_BYTES)


def test_a_movie_comes_back_as_plain_values() -> None:
    movie = parse(b'\xef\xbb\xbf{"scenes":[{"duration":1.50}],"width":640}')
    assert movie == {"scenes": [{"duration": 1.5}], "width": 640}
    assert type(movie["width"]) is int
