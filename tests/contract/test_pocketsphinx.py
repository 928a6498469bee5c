"""PocketSphinx hears and aligns real, synthesised speech (tests/speech/README.md)."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from footage import FFMPEG, ffmpeg
from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.adapters.pocketsphinx.aligner import PocketSphinxAligner
from resplice.adapters.pocketsphinx.transcriber import PocketSphinxTranscriber
from resplice.core.words import Word
from resplice.errors import ProviderBusy, ProviderLost, ProviderRefused
from resplice.ports.transcribers import Listening, Transcript

SPEECH = Path(__file__).parents[1] / "speech/sale.flac"
TEXT = "Save 20% on Okonkwo's shoes. Only this weekend, until 2026!"
VOICED = ((302, 2429), (3241, 4231), (4486, 5794))
"""When somebody is heard, by the energy of the sound."""
NEAR_MS = 60


@cache
def hear(sound: Path = SPEECH, language: str = "auto") -> Transcript:
    provider = PocketSphinxTranscriber(Ffmpeg(Path(FFMPEG)))
    return provider.transcribe(sound, Listening("a" * 64, language), None)


@cache
def align(text: str, sound: Path = SPEECH, language: str = "en-US") -> tuple[Word, ...] | None:
    return PocketSphinxAligner(Ffmpeg(Path(FFMPEG))).align(sound, text, language)


def noise(folder: Path, source: str) -> Path:
    sound = folder / "noise.flac"
    ffmpeg("-f", "lavfi", "-i", source, "-ac", "1", "-ar", "16000", str(sound))
    return sound


def test_for_want_of_time_no_text_is_spread_over_its_sound() -> None:
    """What is stored then would depend on when it was asked for."""
    hurried = PocketSphinxAligner(Ffmpeg(Path(FFMPEG)), lambda: 0.0)
    with pytest.raises(ProviderBusy, match="no time was left"):
        hurried.align(SPEECH, "save twenty percent", "en-US")


def test_most_of_clean_english_is_heard() -> None:
    heard = hear()
    said = [word.text for word in heard.words]
    assert " ".join(said[:4]) == "save twenty percent on"
    assert " ".join(said[-7:]) == "only this weekend until twenty twenty six"
    assert (heard.language, heard.seconds) == ("en", 6.25)
    assert "clearly spoken English only" in heard.warnings[0]


def test_words_are_where_somebody_is_heard() -> None:
    words = hear().words
    for start, end in VOICED:
        inside = [word for word in words if start - NEAR_MS <= word.start_ms < end]
        assert inside[0].start_ms == pytest.approx(start, abs=NEAR_MS)
        assert inside[-1].end_ms == pytest.approx(end, abs=NEAR_MS)


@pytest.mark.parametrize("source", ["anullsrc=d=2", "sine=440:d=2", "anullsrc=d=0.001"])
def test_where_nobody_speaks_there_are_no_words(tmp_path: Path, source: str) -> None:
    assert hear(noise(tmp_path, source)).words == ()


def test_only_english_is_known() -> None:
    knows = PocketSphinxTranscriber(Ffmpeg(Path(FFMPEG))).knows
    assert all(knows(tag, "default") for tag in ("auto", "en", "en-GB", "eng"))
    assert not knows("de", "default") and not knows("en", "whisper")
    with pytest.raises(ProviderRefused, match="English only"):
        hear(language="de")


def test_a_sound_that_is_none_is_refused(tmp_path: Path) -> None:
    sound = tmp_path / "sound"
    sound.write_bytes(b"nothing")
    with pytest.raises(ProviderRefused, match="cannot be read"):
        hear(sound)
    assert align(TEXT, sound) is None


def test_it_is_never_imported_here() -> None:
    hear()
    assert "pocketsphinx" not in sys.modules


def test_without_the_package_it_is_refused_clearly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resplice.adapters.pocketsphinx.built.find_spec", lambda _: None)
    with pytest.raises(ProviderRefused, match="`pocketsphinx` is not installed"):
        hear(language="en")
    assert align(TEXT, language="en-GB") is None


def test_what_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PATIENCE_SECONDS", "PATIENCE_PER_SECOND"):
        monkeypatch.setattr(f"resplice.adapters.pocketsphinx.transcriber.{name}", 0.001)
    with pytest.raises(ProviderLost, match="was stopped"):
        hear(language="en-US")
    assert align(TEXT, language="en-AU") is None


def test_speech_without_a_pause_is_cut_and_none_of_it_lost() -> None:
    """In a program of its own, as it imports PocketSphinx."""
    program = """
import io, sys
from resplice.adapters.pocketsphinx import listen
listen.MOST_AT_ONCE_SECONDS = 0.5
samples = sys.stdin.buffer.read()
parts = [(start, len(each)) for start, each in listen._stretches(io.BytesIO(samples))]
assert max(size for _, size in parts) <= 0.6 * 32000 + 32000 * 0.3, parts
ends = [start + size / 32 for start, size in parts]
assert all(end <= start + 31 for end, (start, _) in zip(ends, parts[1:])), parts
print(round(sum(size for _, size in parts) / 32000, 1))
"""
    command = [FFMPEG, "-v", "error", "-i", str(SPEECH), "-f", "s16le", "pipe:1"]
    samples = subprocess.run(command, capture_output=True, check=True).stdout
    run = [sys.executable, "-c", program]
    path = os.pathsep.join(filter(None, sys.path))
    told = subprocess.run(run, input=samples, capture_output=True, env={"PYTHONPATH": path})
    assert told.returncode == 0, told.stderr.decode()
    assert 4.4 <= float(told.stdout) <= 6.25


def test_every_word_of_a_known_text_is_found() -> None:
    words = align(TEXT)
    assert words and " ".join(word.text for word in words) == TEXT
    assert all(word.start_ms < word.end_ms for word in words)
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(words))


def test_known_words_are_near_where_they_are_said() -> None:
    words = {word.text: word for word in align(TEXT) or ()}
    edges = [("Save", "shoes."), ("Only", "weekend,"), ("until", "2026!")]
    for (first, last), (start, end) in zip(edges, VOICED, strict=True):
        assert words[first].start_ms == pytest.approx(start, abs=NEAR_MS)
        assert words[last].end_ms == pytest.approx(end, abs=NEAR_MS)


def test_what_nobody_says_stands_beside_what_is_said() -> None:
    plain = {word.text: word for word in align(TEXT) or ()}
    words = align("— Save 20% on Okonkwo's shoes. 🎵 Only this — weekend, until 2026! …")
    assert words and [word.text for word in words if word.text in "—🎵…"] == ["—", "🎵", "—", "…"]
    for word in words:
        if word.text in plain:
            assert word.start_ms == pytest.approx(plain[word.text].start_ms, abs=NEAR_MS)


def test_a_word_that_cannot_be_said_in_english_lies_between_its_neighbours() -> None:
    words = align("Save 20% on 大久保 shoes. Only this weekend, until 2026!")
    assert words and len(words) == 10
    on, name, shoes = words[2:5]
    assert on.end_ms <= name.start_ms < name.end_ms <= shoes.start_ms


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (TEXT, "de"),
        (TEXT, ""),
        ("", "en"),
        (" \n", "en"),
        ("大久保 — !", "en"),
        ("Entirely other words about nothing that anyone has said in this sound at all", "en"),
        ("word " * 6000, "en"),
        ("7" * 5000, "en"),
    ],
    ids=["german", "none", "empty", "space", "ideographs", "another", "long", "digits"],
)
def test_what_cannot_be_aligned_is_none(text: str, language: str) -> None:
    assert align(text, language=language) is None


@pytest.mark.parametrize(
    "text", ["word-1 </s> <sil> word-0(2) [NOISE]", "a\x00b \ud800", "++ (2) #"]
)
def test_odd_words_are_words(text: str) -> None:
    words = align(text)
    assert words is None or [word.text for word in words] == text.split()
