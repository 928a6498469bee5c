"""A warning's line: where, what is the matter, what to do, and a code, however it is cut."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import resplice
from resplice.core.warned import WAYS_OUT, code_of, shortened, warned

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
