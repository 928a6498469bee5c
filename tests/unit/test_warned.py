"""A warning's line: where, what is the matter, what to do, and a code, however it is cut."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import resplice
from resplice.core.warned import WAYS_OUT, code_of, first, said_of, shortened, warned

_USED = re.compile(r"\b(?:warned|_line)\(\s*['\"]([a-z-]+)['\"],")
SOURCE = Path(resplice.__file__).parent


def test_a_line_has_what_to_do_and_ends_with_its_code() -> None:
    line = warned("silent", "elements[0].volume is 0: it is never heard")
    words = "leave it out, or give it a 'volume' above 0"
    assert line == f"elements[0].volume is 0: it is never heard; {words} [silent]"
    assert warned("unknown-key", "a.b is not known", "did you mean 'c'?").endswith(
        "known; did you mean 'c'? [unknown-key]"
    )
    assert warned("blank", "is empty", "") == "is empty [blank]"
    with pytest.raises(KeyError):
        warned("no-such-code", "is wrong")


def test_its_code_is_read_from_its_end() -> None:
    assert code_of(warned("text-cut-off", "the text [blank] is cut off")) == "text-cut-off"
    assert code_of("elements[0] lies outside the canvas") == ""


def test_a_long_line_is_cut_before_its_code() -> None:
    line = warned("page-lacks", "a page goes without 'https://e.com/" + "a" * 600)
    assert len(shortened(line, 500)) == 500
    assert code_of(shortened(line, 500)) == "page-lacks"
    assert shortened(line, 1000) == line
    assert shortened("a" * 9, 5) == "aaaa…"


def test_every_code_is_used_and_is_written_of() -> None:
    used = set[str]()
    for file in SOURCE.rglob("*.py"):
        used |= set(_USED.findall(file.read_text()))
    assert used == WAYS_OUT.keys()
    written = (SOURCE.parents[3] / "docs" / "warnings.md").read_text()
    assert set(re.findall(r"^\| `([a-z-]+)` ", written, re.MULTILINE)) == WAYS_OUT.keys()


def test_what_is_left_out_is_counted_wherever_it_is_left_out() -> None:
    lines = [f"x{n} is amiss [blank]" for n in range(50)]
    assert first(lines[:3], 3) == lines[:3]
    once = first(lines, 20)
    assert (len(once), once[:19]) == (20, lines[:19])
    assert once[-1] == "the movie has 31 more warnings; mend those first that are told [left-out]"
    twice = first([*once, "y is amiss [blank]", lines[0]], 20)
    assert twice[:-1] == [*lines[:19]]
    assert twice[-1].startswith("the movie has 32 more")
    assert code_of(once[-1]) == "left-out"
    both = first([*once, *first((f"y{each}" for each in lines), 20)], 50)
    assert (len(both), both[-1].split()[3]) == (39, "62"), "equal counts are not one"


def test_no_line_is_made_of_what_is_left_out() -> None:
    made: list[int] = []

    def line(number: int) -> str:
        made.append(number)
        return f"{number} [blank]"

    told = said_of(range(1000), line, 5)
    assert (len(made), len(told)) == (4, 5)
    assert told[-1].startswith("the movie has 996 more")
    assert said_of(range(5), str, 5) == [*"01234"]
