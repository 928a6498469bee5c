"""What moto's Polly does not say and its Transcribe does not hear, done by what we have here.

Here Polly has eSpeak NG's voice, whoever is asked to speak, in the language of the voice that was
asked for; and Transcribe's ears are PocketSphinx's: they know English only, and of other sounds
hear what they can.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from moto.polly.resources import VOICE_DATA
from moto.s3.models import s3_backends
from resplice.adapters.espeak.library import EspeakLibrary
from resplice.adapters.espeak.voices import EspeakVoices
from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.adapters.pocketsphinx.transcriber import PocketSphinxTranscriber
from resplice.core.voices.speech_text import plain
from resplice.core.words import Word
from resplice.errors import ProviderError
from resplice.ports.transcribers import Listening
from resplice.ports.voices import Spoken, Utterance

from infra import layers
from infra.runtime import runtime_version

IsOurs = Callable[[str], bool]
"""Whether the repairs hold for the account of this number."""
FORMATS = {"ogg_vorbis": ("ogg", "audio/ogg"), "mp3": ("mp3", "audio/mpeg")}
MARKS = "application/x-json-stream"


def speaking(is_ours: IsOurs) -> Any:
    """Its sound is eight bytes of nothing, and of plain text it refuses marks."""

    def repair(original: Any) -> Any:
        def speech(self: Any) -> Any:
            wanted = self.json
            if not is_ours(self.current_account) or _voice(wanted) is None:
                return original(self)
            with tempfile.TemporaryDirectory() as folder:
                try:
                    kind, body = _answer(wanted, Path(folder))
                except ProviderError as error:
                    return self._error("ValidationException", error.reason)
            paid = len(_said(wanted))
            return body, {"Content-Type": kind, "x-amzn-RequestCharacters": str(paid)}

        return speech

    return repair


def listening(is_ours: IsOurs) -> Any:
    """Its jobs leave no result in the bucket, and are done once they were asked for three times."""

    def repair(original: Any) -> Any:
        def start(self: Any, **wanted: Any) -> Any:
            started = original(self, **wanted)
            if is_ours(self.account_id):
                _leave_result(self.account_id, wanted)
                job = self.transcriptions[wanted["transcription_job_name"]]
                while job.status != "COMPLETED":
                    job.advance()
            return started

        return start

    return repair


def _voice(wanted: dict[str, Any]) -> str | None:
    """The language of the voice, when Polly has it."""
    found = [each["LanguageCode"] for each in VOICE_DATA if each["Id"] == wanted.get("VoiceId")]
    return wanted.get("LanguageCode", *found) if found else None


def _said(wanted: dict[str, Any]) -> str:
    return plain(wanted["Text"]) if wanted.get("TextType") == "ssml" else str(wanted["Text"])


def _answer(wanted: dict[str, Any], folder: Path) -> tuple[str, bytes]:
    """(the kind of content, the content). Raises ProviderError."""
    spoken = _spoken(wanted, folder / "spoken.wav")
    if wanted["OutputFormat"] == "json":
        lines = map(json.dumps, _marks(wanted["Text"], spoken.words or ()))
        return MARKS, "\n".join(lines).encode()
    extension, kind = FORMATS[wanted["OutputFormat"]]
    coded = folder / f"spoken.{extension}"
    ffmpeg = layers.build("ffmpeg", runtime_version()) / "bin/ffmpeg"
    quietly = (str(ffmpeg), "-nostdin", "-v", "error", "-i", str(folder / "spoken.wav"))
    subprocess.run([*quietly, "-bitexact", str(coded)], check=True)
    return kind, coded.read_bytes()


def _spoken(wanted: dict[str, Any], into: Path) -> Spoken:
    language = str(_voice(wanted))
    utterance = Utterance(
        voice=language.lower(),
        model="",
        language=language,
        text=wanted["Text"],
        ssml=wanted.get("TextType") == "ssml",
        settings="{}",
        options=(),
    )
    folder = layers.build("espeak", runtime_version()) / "espeak"
    with closing(EspeakLibrary(folder)) as library:
        return EspeakVoices(library).speak(utterance, None, into)


def _marks(text: str, words: Sequence[Word]) -> Iterator[dict[str, Any]]:
    """Where each word stands in the text, in bytes, and when it is said."""
    reached = 0
    for word in words:
        found = text.find(word.text, reached)
        if found < 0:
            continue
        reached = found + len(word.text)
        start, end = (len(text[:place].encode()) for place in (found, reached))
        place = {"start": start, "end": end, "value": word.text}
        yield {"time": word.start_ms, "type": "word", **place}
        yield {"time": word.end_ms, "type": "viseme", "value": "sil"}


def _leave_result(account: str, wanted: dict[str, Any]) -> None:
    """Where the job was told to. https://docs.aws.amazon.com/transcribe/latest/dg/how-input.html"""
    bucket, _, key = wanted["media"]["MediaFileUri"].removeprefix("s3://").partition("/")
    backend = s3_backends[account]["aws"]
    with tempfile.NamedTemporaryFile(suffix=".flac") as sound:
        found = backend.get_object(bucket, key)
        sound.write(found.value if found else b"")
        sound.flush()
        items = [_item(word) for word in _heard(Path(sound.name))]
    text = " ".join(item["alternatives"][0]["content"] for item in items)
    results = {"transcripts": [{"transcript": text}], "items": items}
    said = {"jobName": wanted["transcription_job_name"], "results": results}
    whole = json.dumps({**said, "status": "COMPLETED"}).encode()
    backend.put_object(wanted["output_bucket_name"], wanted["output_key"], whole)


def _heard(sound: Path) -> Sequence[Word]:
    ears = PocketSphinxTranscriber(Ffmpeg(layers.build("ffmpeg", runtime_version()) / "bin/ffmpeg"))
    return ears.transcribe(sound, Listening("", "en", "default", (), ()), None).words


def _item(word: Word) -> dict[str, Any]:
    times = {"start_time": f"{word.start_ms / 1000}", "end_time": f"{word.end_ms / 1000}"}
    best = [{"confidence": "0.9", "content": word.text}]
    return {"type": "pronunciation", **times, "alternatives": best}
