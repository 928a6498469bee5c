"""SSML and plain text: told apart, read, and refused where it is hostile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resplice.core.voices.speech_text import NO_TEXT, fault, is_empty, is_ssml, plain, rate

AZURE = """
<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis"
       xmlns:mstts="https://www.w3.org/2001/mstts" xml:lang="en-US">
  <voice name="en-US-JennyNeural">
    <mstts:express-as style="cheerful">Fish &amp; chips,
      <break time="250ms"/>please.<break time="1s"/>Thanks</mstts:express-as>
  </voice>
</speak>
"""


@pytest.mark.parametrize(
    "text", ["<speak>a</speak>", "<speak/>", " \n\ufeff<speak\tversion='1.1'>", AZURE]
)
def test_ssml_begins_with_speak(text: str) -> None:
    assert is_ssml(text)


def test_ssml_may_say_that_it_is_xml() -> None:
    text = '<?xml version="1.0"?>\n<speak>Hello</speak>'
    assert (is_ssml(text), fault(text), plain(text)) == (True, None, "Hello")


@pytest.mark.parametrize(
    "text", ["", "speak", "<speaker>", "a <speak>", "<SPEAK>", "<speak", "<b>"]
)
def test_other_text_is_plain(text: str) -> None:
    assert not is_ssml(text)
    assert plain(text) == text
    assert rate(text) == 1


@pytest.mark.parametrize("text", ["# Title\n\n**bold**", "<b>bold</b> &amp; more", "a < b"])
def test_markdown_and_html_are_left_alone(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("ssml", "said"),
    [
        (AZURE, "Fish & chips, please.\nThanks"),
        ("<speak>one<break/>two</speak>", "one two"),
        ('<speak>one<break strength="strong"/>two</speak>', "one\ntwo"),
        ('<speak><sub alias="World Wide Web">WWW</sub> is old</speak>', "World Wide Web is old"),
        ('<speak>in <say-as interpret-as="date">2020</say-as></speak>', "in 2020"),
        ("<speak><b>Un</b>believable</speak>", "Unbelievable"),
        ("<speak><p>One.</p><p>Two.</p></speak>", "One.\nTwo."),
        ("<speak><metadata>x</metadata>a<desc>y</desc></speak>", "a"),
        ("<speak><![CDATA[1 < 2]]></speak>", "1 < 2"),
        ("<speak>&#1087;</speak>", "п"),
        ("<speak><!-- x -->مرحبا</speak>", "مرحبا"),
        ("<speak>a<b></speak>", "a"),
        ("<speak>AT&T</speak>", "AT&T"),
    ],
)
def test_tags_are_left_out(ssml: str, said: str) -> None:
    assert plain(ssml) == said


@pytest.mark.parametrize(
    ("written", "factor"),
    [
        *(("+30%", 1.3), ("-30%", 0.7), ("130%", 1.3), ("1.3", 1.3), ("fast", 1.55)),
        *(("x-slow", 0.5), ("medium", 1), ("default", 1), ("+0.2", 1.2), ("1000%", 4)),
        *(("-100%", 0.25), ("0", 0.25), ("nan", 1), ("inf", 1), ("1e9", 1), ("", 1), ("٣", 1)),
        *(("++10%", 1), ("+-1", 1), (".5", 0.5), ("2.", 2), (".", 1)),
    ],
)
def test_a_rate_is_a_factor(written: str, factor: float) -> None:
    assert rate(f'<speak><prosody rate="{written}">Hello</prosody></speak>') == factor


def test_the_rate_of_most_of_the_text_counts() -> None:
    fast = '<prosody rate="2">said fast, and much of it</prosody>'
    assert rate(f"<speak>a word {fast}</speak>") == 2
    assert rate(f"<speak>much more is said at the usual rate here {fast}</speak>") == 1
    assert rate(f'<speak><prosody rate="0.5">{fast}</prosody></speak>') == 1
    assert rate("<speak/>") == 1


def test_a_good_document_has_no_fault() -> None:
    assert fault(AZURE) is None


@pytest.mark.parametrize(
    ("ssml", "words"),
    [
        ("<speak>a<b></speak>", "the SSML is not well-formed: mismatched tag, line 1"),
        ("<speak>AT&T</speak>", "not well-formed"),
        ("<speak>a</speak>junk", "junk after document element"),
        ("<speak>\n&nbsp;</speak>", "undefined entity, line 2"),
        ("<speak>\x01</speak>", "not well-formed"),
        ("<speak>" * 300 + "</speak>" * 300, "nested more than 200 deep"),
        ("<speak>" * 1_000_000, "nested more than 200 deep"),
        ('<!DOCTYPE s [<!ENTITY a "aa">]><speak>&a;</speak>', "document type"),
        ('<?xml version="1.0"?><!DOCTYPE s SYSTEM "file:///etc/passwd"><speak/>', "document type"),
    ],
)
def test_a_broken_or_hostile_document_is_refused(ssml: str, words: str) -> None:
    assert words in (fault(ssml) or "")


@pytest.mark.parametrize(
    "text",
    ["", "  \n", "...", "?!", "🎬", "<speak/>", "<speak> <break time='1s'/> . </speak>", "\u202e"],
)
def test_nothing_to_say_is_empty(text: str) -> None:
    assert is_empty(text)
    assert NO_TEXT == "Voice generation failed: No text provided"


@pytest.mark.parametrize("text", ["a", "7", "你", "<speak>a</speak>", "<b></b>"])
def test_a_letter_or_a_figure_is_something(text: str) -> None:
    assert not is_empty(text)


PARTS = ["<speak>", "</speak>", "<p>", "</p>", "<break/>", "<", ">", "&", ";", "a", " ", "\n", '"']


@given(st.one_of(st.text(), st.lists(st.sampled_from(PARTS), max_size=40).map("".join)))
def test_no_document_is_too_strange(text: str) -> None:
    for document in (text, f"<speak>{text}</speak>"):
        assert isinstance(plain(document), str)
        assert 0.25 <= rate(document) <= 4
        assert fault(document) is None or fault(document)
        assert is_empty(document) in (True, False)
