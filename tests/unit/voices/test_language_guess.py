"""The language of a text, at a guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resplice.core.voices.language_guess import guess


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("This is the story of your life, and it is good.", "en"),
        ("Hola, ¿cómo estás?", "es"),
        ("Ceci est une phrase pour vous", "fr"),
        ("Das ist nicht gut", "de"),
        ("Questo è un testo che non è lungo", "it"),
        ("Isto não é um teste", "pt"),
        ("Dit is een zin van het boek", "nl"),
        ("To jest nie tak, jak się mówi", "pl"),
        ("Det här är inte bra och jag vet att det är så", "sv"),
        ("Hän ei ole täällä, mutta se on hyvä", "fi"),
        ("Bu bir gün için çok güzel", "tr"),
        ("To je dobře, že se to stalo", "cs"),
        ("Ez egy nagyon jó könyv, és nem drága", "hu"),
        ("Buku ini tidak untuk dibaca dengan cepat", "id"),
        ("xin chào việt nam", "vi"),
        ("Привет, мир", "ru"),
        ("Привіт, її справи", "uk"),
        ("Қалайсың, әлем", "kk"),
        ("Γειά σου", "el"),
        ("Բարեւ", "hy"),
        ("שלום עולם", "he"),
        ("مرحبا بالعالم", "ar"),
        ("سلام چطوری", "fa"),
        ("ہیلو دنیا میں ٹھیک ہوں", "ur"),
        ("नमस्ते दुनिया, यह अच्छा है", "hi"),
        ("हे माझे घर आहे", "mr"),
        ("নমস্কার", "bn"),
        ("வணக்கம்", "ta"),
        ("สวัสดี", "th"),
        ("გამარჯობა", "ka"),
        ("こんにちは、世界", "ja"),
        ("漢字とかな", "ja"),
        ("你好，世界", "zh"),
        ("안녕하세요", "ko"),
        ("ສະບາຍດີ", "lo"),
        ("Наша новая марка называется OpenSky", "ru"),
    ],
)
def test_it_knows_languages(text: str, language: str) -> None:
    assert guess(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "123 !!! 456",
        "Bonjour",
        "Hello world",
        "OK",
        "🎬🎬",
        "de en",
        "abc где שלום",
        "\x00\x01",
    ],
)
def test_it_says_nothing_when_it_is_not_sure(text: str) -> None:
    assert guess(text) is None


def test_only_the_beginning_is_looked_at() -> None:
    assert guess("Das ist nicht gut. " * 100_000 + "ж" * 10_000_000) == "de"


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    found = guess(text)
    assert found is None or 2 <= len(found) <= 3


@pytest.mark.parametrize(
    "text", ["A line by Rachel.", "A line by id.", "A dog is here.", "Ein Test"]
)
def test_a_few_letters_are_no_evidence_of_a_rare_language(text: str) -> None:
    assert guess(text) in (None, "en")
