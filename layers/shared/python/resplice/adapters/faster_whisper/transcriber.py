"""Transcripts by faster-whisper, which an installation may add: it is no part of ours.

Its weights lie in a folder that the user has put there; nothing is ever downloaded. What the
folder holds: https://github.com/SYSTRAN/faster-whisper#model-conversion
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.adapters.processes.sound_child import SoundChild
from resplice.adapters.providers.heard_words import Unexpected, not_as_documented, words_of
from resplice.core import languages
from resplice.core.transcribing import CODES, knows
from resplice.errors import ProviderRefused
from resplice.ports.connections import Secret
from resplice.ports.transcribers import Listening, Transcript

TITLE = "faster-whisper"
WEIGHTS = ("model.bin", "config.json", "tokenizer.json")
"""What must lie in the folder. Without the last it would be downloaded."""
MOST_BYTES = 24 << 30
"""More than its largest weights take."""
LOOKED_AT_BYTES = 1 << 16
"""Of the beginning and of the end of each file: all of the weights would take seconds to read."""
MOST_HOURS = 4
PATIENCE_SECONDS, PATIENCE_PER_SECOND = 300.0, 10.0


class WhisperTranscriber:
    """Implements ports.transcribers.TranscriberProvider. It needs no connection."""

    def __init__(self, ffmpeg: Ffmpeg, weights: Path | None) -> None:
        """weights: the folder; None when the settings name none."""
        self._weights = weights
        self._child = SoundChild(
            ffmpeg,
            TITLE,
            f"{__package__}.listen",
            most_bytes=MOST_BYTES,
            most_hours=MOST_HOURS,
            patience_s=lambda seconds: PATIENCE_SECONDS + PATIENCE_PER_SECOND * seconds,
            reads=[str(weights.absolute())] if weights else [],
        )

    def knows(self, language: str, model: str) -> bool:
        return knows("whisper", language, model)

    def transcribe(self, sound: Path, wanted: Listening, secret: Secret | None) -> Transcript:
        code, warnings = languages.asked(wanted.language, CODES["whisper"], TITLE)
        heard, seconds = self._child.ask(
            sound,
            {"weights": str(self._folder()), "language": code, "keywords": list(wanted.keywords)},
        )
        try:
            return _transcript(heard, seconds, warnings)
        except (Unexpected, TypeError, ValueError):
            raise not_as_documented(TITLE) from None

    def _folder(self) -> Path:
        if find_spec("faster_whisper") is None:
            raise ProviderRefused(
                TITLE, "the package is not installed: pip install resplice[whisper]"
            )
        if self._weights is None:
            raise ProviderRefused(TITLE, "the settings name no folder with its weights")
        missing = [name for name in WEIGHTS if not (self._weights / name).is_file()]
        if missing:
            listed = ", ".join(missing)
            raise ProviderRefused(
                TITLE, f"the folder of its weights, {self._weights}, lacks {listed}"
            )
        return self._weights.absolute()


def build(weights: Path) -> str:
    """Names these weights and the package that reads them: 16 hex digits. What it hears is other
    with others. What is missing, or cannot be read, is told by who is asked to transcribe.
    """
    parts = [_package().encode()]
    with suppress(OSError):
        files = sorted(path for path in weights.iterdir() if path.is_file())
        parts += [part for path in files for part in _looks(path)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _package() -> str:
    try:
        return version("faster-whisper")
    except PackageNotFoundError:
        return ""


def _looks(path: Path) -> Iterator[bytes]:
    size = path.stat().st_size
    yield f"{path.name} {size}".encode()
    with path.open("rb") as file:
        yield file.read(LOOKED_AT_BYTES)
        file.seek(max(0, size - LOOKED_AT_BYTES))
        yield file.read(LOOKED_AT_BYTES)


def _transcript(heard: Mapping[str, Any], seconds: float, warnings: tuple[str, ...]) -> Transcript:
    words = words_of((tuple(each) for each in heard["words"]), scale=1000)
    language = languages.canonical(str(heard["language"])) or languages.AUTO
    return Transcript(words, language, seconds, warnings)
