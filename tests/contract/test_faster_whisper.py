"""faster-whisper where it is not installed, where its weights are not there, and our side of it.

The package itself is no part of ours, nor are weights: a module of its name stands in, with the
call that its documentation has (https://github.com/SYSTRAN/faster-whisper#usage).
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from footage import FFMPEG
from resplice.adapters.faster_whisper.transcriber import WEIGHTS, WhisperTranscriber, build
from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.core.words import Word
from resplice.errors import ProviderLost, ProviderRefused
from resplice.ports.transcribers import Listening, Transcript
from resplice.wiring.speech import Speech

SPEECH = Path(__file__).parents[1] / "speech/sale.flac"
STAND_IN = """
from types import SimpleNamespace as Some

class WhisperModel:
    def __init__(self, weights, *, device, compute_type, local_files_only):
        assert local_files_only
        if open(weights + "/model.bin").read() == "damaged":
            raise RuntimeError("File model.bin is incomplete")

    def transcribe(self, audio, *, language, word_timestamps, vad_filter, hotwords):
        assert word_timestamps and audio.dtype == "float32" and abs(audio).max() <= 1
        words = [Some(word=" Save", start=0.27, end=0.56), Some(word=" 20%,", start=0.56, end=1.22)]
        words += [Some(word=f" {hotwords}", start=2, end=len(audio) / 16000)]
        found = Some(language=language or "pt", duration=6.25)
        return iter([Some(words=words), Some(words=None)]), found
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "packages"
    place.mkdir()
    (place / "faster_whisper.py").write_text(STAND_IN)
    monkeypatch.syspath_prepend(str(place))


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    folder = tmp_path / "weights"
    folder.mkdir()
    for name in WEIGHTS:
        (folder / name).write_text("{}")
    return folder


def hear(weights: Path | None, language: str = "auto", *keywords: str) -> Transcript:
    provider = WhisperTranscriber(Ffmpeg(Path(FFMPEG)), weights)
    return provider.transcribe(SPEECH, Listening("a" * 64, language, "whisper", keywords), None)


def test_without_the_package_it_is_refused_with_what_to_do(
    weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resplice.adapters.faster_whisper.transcriber.find_spec", lambda _: None)
    with pytest.raises(ProviderRefused, match=r"pip install resplice\[whisper\]"):
        hear(weights)


@pytest.mark.usefixtures("package")
def test_without_weights_it_is_refused_with_what_is_missing(weights: Path) -> None:
    with pytest.raises(ProviderRefused, match="name no folder"):
        hear(None)
    with pytest.raises(ProviderRefused, match=r"lacks model\.bin, config\.json, tokenizer\.json"):
        hear(weights / "elsewhere")
    (weights / "tokenizer.json").unlink()
    with pytest.raises(ProviderRefused, match=r"lacks tokenizer\.json"):
        hear(weights)


@pytest.mark.usefixtures("package")
def test_damaged_weights_are_refused(weights: Path) -> None:
    (weights / "model.bin").write_text("damaged")
    with pytest.raises(ProviderRefused, match="weights cannot be read"):
        hear(weights)


@pytest.mark.usefixtures("package")
def test_words_come_with_punctuation_times_and_language(weights: Path) -> None:
    heard = hear(weights, "en-GB", "Okonkwo")
    expected = (Word("Save", 270, 560), Word("20%,", 560, 1220), Word("Okonkwo", 2000, 6250))
    assert (heard.words, heard.language, heard.seconds) == (expected, "en", 6.25)
    assert heard.warnings == ()


@pytest.mark.usefixtures("package")
def test_a_language_that_nobody_names_is_found_out(weights: Path) -> None:
    assert hear(weights).language == "pt"
    heard = hear(weights, "tlh")
    assert (heard.language, len(heard.warnings)) == ("pt", 1)


@pytest.mark.usefixtures("package")
def test_its_death_is_no_death_of_ours(weights: Path) -> None:
    (weights.parent / "packages/faster_whisper.py").write_text("raise SystemExit(3)")
    with pytest.raises(ProviderLost, match="ended with code 3"):
        hear(weights)


def test_it_is_never_imported_here() -> None:
    assert "faster_whisper" not in sys.modules


def test_which_languages_and_models_are_known() -> None:
    knows = WhisperTranscriber(Ffmpeg(Path(FFMPEG)), None).knows
    assert all(knows(tag, "whisper") for tag in ("auto", "en-GB", "he", "ar", "no", "zh-TW"))
    assert knows("en", "default") and not knows("tlh", "whisper") and not knows("en", "base")


def offered(weights: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the wiring calls these weights."""
    monkeypatch.setenv("RESPLICE_WHISPER", str(weights))
    at_hand = Speech(Ffmpeg(Path(FFMPEG)), weights / "no voices").at_hand()
    return next(each.build for each in at_hand if each.provider == "whisper")


def test_other_weights_are_another_build(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So what they hear is not taken for what others heard."""
    before = offered(weights, monkeypatch)
    assert before and before == offered(weights, monkeypatch)
    (weights / "model.bin").write_bytes(bytes(200_000))
    larger = offered(weights, monkeypatch)
    (weights / "model.bin").write_bytes(bytes(199_999) + b"1")
    assert len({before, larger, offered(weights, monkeypatch)}) == 3


def test_weights_that_are_not_there_have_a_name_too(tmp_path: Path) -> None:
    assert len(build(tmp_path / "missing")) == 16
