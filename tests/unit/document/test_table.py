"""Tables of values: what is a row, what is none, and what the movie of each is called."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.document.table import (
    MAX_NAME_BYTES,
    MAX_ROWS,
    Row,
    csv_rows,
    each_named,
    harmless,
    json_rows,
)
from resplice.errors import DocumentError


def said(error: pytest.ExceptionInfo[DocumentError]) -> str:
    (problem,) = error.value.problems
    return problem.message


def test_rows_of_csv_are_texts_under_the_names_of_the_header() -> None:
    lines = ["city, text\r\n", "\r\n", ",\n", 'Rome,"Hi, ""you""\n', 'there"\n', "007,\n"]
    rows = [*csv_rows(lines)]
    assert rows == [
        Row(1, {"city": "Rome", "text": 'Hi, "you"\nthere'}),
        Row(2, {"city": "007", "text": ""}),
    ]


def test_rows_of_json_keep_their_types() -> None:
    rows = [*json_rows(['{"n": 1.5, "list": [1]}\n', "  \n", '{"n": "007"}'])]
    assert rows == [Row(1, {"n": 1.5, "list": [1]}), Row(2, {"n": "007"})]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "no header"),
        (["\n"], "no header"),
        (["a,,b\n"], "a name is missing"),
        (["a,b,a\n"], "a name more than once"),
        (["a,b\n", "1\n"], "row 1, which ends in line 2, has 1 values, and there are 2 names"),
        (["a\n", "1\n", '"2\n'], "line 3: unexpected end of data"),
        (["a\n", "\0" * 200_000], "line 2: field larger than field limit"),
    ],
)
def test_what_is_no_csv(lines: list[str], words: str) -> None:
    with pytest.raises(DocumentError) as error:
        list(csv_rows(lines))
    assert words in said(error)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["{}\n", "[1]\n"], "row 2 is no JSON object"),
        (['{"a": NaN}'], "row 1"),
        (['{"a": 1, "a": 2}'], "row 1"),
        (["{"], "line 1"),
    ],
)
def test_what_are_no_lines_of_json(lines: list[str], words: str) -> None:
    with pytest.raises(DocumentError) as error:
        list(json_rows(lines))
    assert words in said(error)


def test_there_are_so_many_rows_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_ROWS == 100_000
    monkeypatch.setattr("resplice.core.document.table.MAX_ROWS", 3)
    assert sum(1 for _ in json_rows(["{}"] * 3)) == 3
    for rows in (json_rows(["{}"] * 4), csv_rows(["a\n", *["1\n"] * 4])):
        with pytest.raises(DocumentError) as error:
            list(rows)
        assert said(error) == "there are more than 3 rows"


@pytest.mark.parametrize(
    ("pattern", "variables", "name"),
    [
        ("{{row}}", {}, "0007"),
        ("{{row}}", {"row": "mine"}, "mine"),
        ("{{city}} - {{n + 1}}", {"city": "Rome", "n": 2}, "Rome - 3"),
        ("{{n}}", {"n": 2}, "2"),
        ("film", {}, "film"),
        ("{{town}}", {}, "Oslo"),
        ("{{town}}", {"town": "Rome"}, "Rome"),
        ("{{n}}", {"n": "e\u0301"}, "\u00e9"),
    ],
)
def test_a_name_is_filled_in(pattern: str, variables: dict[str, Any], name: str) -> None:
    assert Row(7, variables).named(pattern, {"town": "Oslo"}) == name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../x", "begins with '.'"),
        ("-o", "begins with '-'"),
        ("=1+1", "begins with '='"),
        ("a/b", "'/'"),
        ("a\\b", "'\\\\'"),
        ("a\0b", "'\\x00'"),
        ("a\nb", "'\\n'"),
        (" ", "is empty"),
        ("", "is empty"),
        ("é" * (MAX_NAME_BYTES // 2 + 1), "too long"),
    ],
)
def test_what_names_no_file_here_or_elsewhere(name: str, words: str) -> None:
    with pytest.raises(DocumentError) as error:
        Row(7, {"name": name}).named("{{name}}", {})
    assert said(error).startswith("row 7: ") and words in said(error)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{{ 1 / }}", "row 7: "),
        ("{{ctiy}}-{{row}}", "there is no variable 'ctiy'; did you mean 'city'?"),
    ],
)
def test_a_pattern_that_means_nothing(pattern: str, words: str) -> None:
    with pytest.raises(DocumentError) as error:
        Row(7, {"city": "Rome"}).named(pattern, {})
    assert said(error).startswith("row 7: ") and words in said(error)


def test_no_two_rows_have_one_file() -> None:
    rows = [Row(1, {"a": "x"}), Row(2, {"a": "y.MP4"}), Row(3, {"a": "X.mp4"})]
    named = each_named(rows, "{{a}}", ".mp4", {})
    assert [next(named)[1], next(named)[1]] == ["x.mp4", "y.MP4"]
    with pytest.raises(DocumentError) as error:
        next(named)
    assert said(error) == "rows 1 and 3 would both be X.mp4"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1"])
def test_no_spreadsheet_takes_a_cell_for_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless(f"a{text}") == f"a{text}" and harmless("") == ""
