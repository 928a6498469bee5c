"""How English words may be said: numbers, money, abbreviations, names that no dictionary has."""

from __future__ import annotations

import pytest
from resplice.adapters.pocketsphinx.filled import filled
from resplice.adapters.pocketsphinx.numbers import number_words
from resplice.adapters.pocketsphinx.pronounced import MOST_WAYS, ways_to_say
from resplice.adapters.pocketsphinx.spelling import guesses
from resplice.core.words import Word

DICTIONARY = {
    **{"save": "S EY V", "to": "T UW", "to(2)": "T IH", "twenty": "T W EH", "six": "S IH K S"},
    **{"percent": "P ER", "doctor": "D AA K", "and": "AE N D", "three": "TH R IY", "fifty": "F IH"},
    **{"dollars": "D AA L", "cents": "S EH N", "u.": "Y UW", "s.": "EH S", "a": "AH", "at": "AE T"},
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *(
            ("7", "seven"),
            ("20%", "twenty percent"),
            ("21st", "twenty first"),
            ("40th", "fortieth"),
        ),
        *(("120", "one hundred twenty"), ("1,250", "one thousand two hundred fifty")),
        *(("2026", "twenty twenty six"), ("1905", "nineteen oh five"), ("2000", "two thousand")),
        *(("3.14", "three point one four"), ("007", "zero zero seven"), ("0", "zero")),
        *(("$3.50", "three dollars and fifty cents"), ("$1", "one dollar"), ("£2", "two pounds")),
        ("1000000", "one million"),
    ],
)
def test_a_number_is_said_first_as_most_people_say_it(text: str, said: str) -> None:
    assert " ".join(next(number_words(text))) == said


def test_a_number_is_said_in_several_ways() -> None:
    said = {" ".join(words) for words in number_words("2026")}
    assert {"two thousand and twenty six", "two zero two six"} < said


@pytest.mark.parametrize("text", ["", "x", "1.", "--1", "%", "1st2", "①"])
def test_what_is_no_number_is_not_said_as_one(text: str) -> None:
    assert list(number_words(text)) == []


def test_no_number_is_too_long_to_be_said() -> None:
    assert len(next(number_words("9" * 400))) == 400


def test_a_word_of_the_dictionary_is_said_as_it_has_it() -> None:
    assert ways_to_say("“To”,", DICTIONARY.get) == ["T UW", "T IH"]


def test_a_number_is_one_word() -> None:
    assert ways_to_say("20%", DICTIONARY.get) == ["T W EH P ER"]
    assert "TH R IY D AA L SIL AE N D F IH S EH N" in ways_to_say("$3.50", DICTIONARY.get)


def test_abbreviations_signs_and_capitals_are_said_too() -> None:
    assert "D AA K" in ways_to_say("Dr.", DICTIONARY.get)
    assert ways_to_say("&", DICTIONARY.get) == ["AE N D"]
    assert "Y UW EH S" in ways_to_say("US", DICTIONARY.get)


@pytest.mark.parametrize("word", ["—", "🎵", "…", "大久保", "", "7" * 5000, "a" + "-b" * 99])
def test_what_is_not_said_has_no_way(word: str) -> None:
    assert ways_to_say(word, lambda _: None) == []


def test_a_word_has_few_ways() -> None:
    assert len(ways_to_say("to-to-to-to-to-to", DICTIONARY.get)) == MOST_WAYS


def test_a_name_is_said_by_its_letters() -> None:
    assert list(guesses("okonkwo")) == ["AA K AA N K W OW", "OW K OW N K W OW"]
    assert next(guesses("zake")) == "Z AE K"
    assert ways_to_say("Café", lambda _: None) == ways_to_say("cafe", lambda _: None) != []


def test_words_without_a_time_lie_between_their_neighbours() -> None:
    words = filled(["a", "b", "c", "d"], {0: (0, 100), 3: (500, 600)}, 700)
    assert words == (Word("a", 0, 100), Word("b", 100, 260), Word("c", 340, 500), words[3])


def test_where_there_is_no_room_the_neighbours_give_some() -> None:
    words = filled(["abc", "def", "ghi"], {0: (0, 300), 2: (300, 600)}, 600)
    assert [word.text for word in words] == ["abc", "def", "ghi"]
    assert 100 < words[1].start_ms < words[1].end_ms < 500


def test_a_dash_takes_next_to_nothing() -> None:
    assert filled(["abc", "—", "ghi"], {0: (0, 300), 2: (300, 600)}, 600) == (
        Word("abc", 0, 290),
        Word("—", 290, 300),
        Word("ghi", 300, 600),
    )


def test_the_first_and_the_last_reach_the_ends_of_the_sound() -> None:
    first, _, last = filled(["a", "b", "c"], {1: (300, 400)}, 900)
    assert (first.start_ms, first.end_ms, last.start_ms, last.end_ms) == (0, 300, 400, 900)


def test_a_word_of_many_parts_is_not_tried_in_all_ways() -> None:
    dashed = "-".join(["to"] * 24)
    ways = ways_to_say(dashed, {"to": "T UW", "to(2)": "T IH", "to(3)": "T AH"}.get)
    assert len(ways) == MOST_WAYS and ways[0] == " ".join(["T UW"] * 24)
