"""Words in place of others: whole words only, in any case, with their punctuation."""

from __future__ import annotations

import pytest
from resplice.core.captions.replacing import replaced, shared_out
from resplice.core.words import Word


def heard(text: str) -> list[Word]:
    return [Word(word, n * 100, n * 100 + 100) for n, word in enumerate(text.split())]


@pytest.mark.parametrize(
    ("text", "replacements", "written"),
    [
        ("Jason video", {"jason": "JSON"}, "JSON video"),
        ('"JASON," he said', {"jason": "JSON"}, '"JSON," he said'),
        ("jasons jason", {"jason": "x"}, "jasons x"),
        ("jason to video!", {"Jason to Video": "JSON2Video"}, "JSON2Video!"),
        ("jason two three", {"jason": "x", "jason two": "y"}, "y three"),
        ("jason. two", {"jason two": "y"}, "jason. two"),
        ("so um yes", {"um": ""}, "so yes"),
        ("a & b", {"&": "and"}, "a and b"),
        ("don't go", {"don't": "do not"}, "do not go"),
        ("straße", {"STRASSE": "x"}, "x"),
        ("a b", {"": "x", " ": "y"}, "a b"),
        ("今天的 天气 很 好。", {"天气很好": "晴"}, "今天的 晴。"),
        ("新 功能， 天气", {"天气": "x", "新功能": "y", "新": "z"}, "y， x"),
        ("新 功能，天 气", {"功能天": "x", "气象": "y"}, "新 功能，天 气"),
        ("天， 气", {"天气": "x"}, "天， 气"),
    ],
)
def test_replaced(text: str, replacements: dict[str, str], written: str) -> None:
    assert " ".join(word.text for word in replaced(heard(text), replacements)) == written


def test_what_comes_in_its_place_has_its_time() -> None:
    found = replaced(heard("a new york b"), {"new york": "NYC"})
    assert found == [Word("a", 0, 100), Word("NYC", 100, 300), Word("b", 300, 400)]
    assert replaced(heard("nyc"), {"nyc": "New York"}) == [
        Word("New", 0, 42),
        Word("York", 42, 100),
    ]


def test_time_is_shared_by_letters() -> None:
    assert list(shared_out(["a", "bbb"], 0, 400)) == [Word("a", 0, 100), Word("bbb", 100, 400)]
    assert list(shared_out([], 0, 400)) == []
