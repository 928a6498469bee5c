"""Who speaks and listens on one machine, without any account: what is set up there is at hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resplice.adapters.pocketsphinx import built as pocketsphinx
from resplice.core.providers import Access

if TYPE_CHECKING:
    from resplice.adapters.espeak.library import EspeakLibrary
    from resplice.adapters.ffmpeg.process import Ffmpeg


class Speech:
    """Nothing is started before it is asked for. voices_folder: what layers/voices has built."""

    def __init__(self, ffmpeg: Ffmpeg, voices_folder: Path) -> None:
        self._ffmpeg, self._folder = ffmpeg, voices_folder
        self._opened: list[Any] = []

    def at_hand(self) -> tuple[Access, ...]:
        """The best first."""
        return tuple(self._at_hand())

    def voices(self) -> Mapping[str, Callable[[], Any]]:
        return {"kokoro": self._kokoro, "espeak": self._espeak_voices}

    def transcribers(self) -> Mapping[str, Callable[[], Any]]:
        return {
            "pocketsphinx": self._pocketsphinx,
            "whisper": self._whisper,
        }

    def close(self) -> None:
        """End every process that was started."""
        for each in self._opened:
            each.close()

    def _at_hand(self) -> Iterator[Access]:
        if (self._folder / "kokoro/BUILD").exists():
            from resplice.adapters.kokoro.built import build

            yield Access("kokoro", build=build(self._folder / "kokoro", self._folder / "espeak"))
        if (self._folder / "espeak/BUILD").exists():
            from resplice.adapters.espeak.built import build as espeak_build

            yield Access("espeak", build=espeak_build(self._folder / "espeak"))
        if weights := whisper_folder():
            from resplice.adapters.faster_whisper.transcriber import build as whisper_build

            yield Access("whisper", build=whisper_build(weights))
        if pocketsphinx.installed():
            yield Access("pocketsphinx")

    @cached_property
    def _espeak(self) -> EspeakLibrary:
        from resplice.adapters.espeak.library import EspeakLibrary

        library = EspeakLibrary(self._folder / "espeak")
        self._opened.append(library)
        return library

    def _kokoro(self) -> Any:
        from resplice.adapters.kokoro.voices import KokoroVoices

        voices = KokoroVoices(self._folder / "kokoro", self._espeak)
        self._opened.append(voices)
        return voices

    def _espeak_voices(self) -> Any:
        from resplice.adapters.espeak.voices import EspeakVoices

        return EspeakVoices(self._espeak)

    def _pocketsphinx(self) -> Any:
        from resplice.adapters.pocketsphinx.transcriber import PocketSphinxTranscriber

        return PocketSphinxTranscriber(self._ffmpeg)

    def _whisper(self) -> Any:
        from resplice.adapters.faster_whisper.transcriber import WhisperTranscriber

        return WhisperTranscriber(self._ffmpeg, whisper_folder())


def whisper_folder() -> Path | None:
    """RESPLICE_WHISPER: a folder with weights that faster-whisper reads."""
    folder = os.environ.get("RESPLICE_WHISPER")
    return Path(folder) if folder else None
