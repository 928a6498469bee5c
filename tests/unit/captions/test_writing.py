"""Text in pieces becomes words, with the times of their first letters."""

from __future__ import annotations

from resplice.core.captions.line import LineWord
from resplice.core.captions.writing import Words, readable, regular


def test_words_end_at_spaces_and_rows_at_line_breaks() -> None:
    words = Words()
    for piece in ("one t", "wo\nthree", "\n"):
        words.add(piece)
    assert words.made(50, 90) == (
        LineWord("one", 50),
        LineWord("two", 50, ends_row=True),
        LineWord("three", 50),
    )
    assert not words.timed


def test_a_word_is_as_its_first_letter_is() -> None:
    words = Words()
    words.add("a")
    words.italic = True
    words.said_at(20)
    words.add("b c")
    assert words.made(0, 100) == (LineWord("ab", 0), LineWord("c", 20, italic=True))


def test_where_a_script_has_no_spaces_each_time_begins_a_word() -> None:
    words = Words()
    for at, piece in ((0, "字幕"), (40, "です")):
        words.said_at(at)
        words.add(piece)
    assert words.made(0, 100) == (LineWord("字幕", 0), LineWord("です", 40))


def test_words_that_share_a_time_have_it_one_after_another() -> None:
    words = Words()
    words.add("a ")
    words.said_at(500)
    words.add("b ccc")
    assert [word.start_ms for word in words.made(0, 1000)] == [0, 500, 630 - 10]


def test_times_never_go_back_nor_leave_the_caption() -> None:
    words = Words()
    for at in (900, 100, 5000):
        words.said_at(at)
        words.add("x ")
    starts = [word.start_ms for word in words.made(200, 1000)]
    assert starts == sorted(starts)
    assert (starts[0], starts[-1]) == (900, 1000)


def test_what_cannot_be_read_is_left_out() -> None:
    assert readable("a\x00b\x1b\ud800c\ufeff") == "abc"
    words = Words()
    words.add("x" * 5000)
    words.add("y")
    assert len(words.made(0, 1)[0].text) == 200


def test_rows_can_be_given_up() -> None:
    assert regular((LineWord("a", 0, ends_row=True),)) == (LineWord("a", 0),)


def test_words_with_times_of_their_own_keep_them_also_when_they_are_equal() -> None:
    words = Words()
    for piece in ("a ", "b "):
        words.said_at(0)
        words.add(piece)
    assert [word.start_ms for word in words.made(0, 1000)] == [0, 0]
