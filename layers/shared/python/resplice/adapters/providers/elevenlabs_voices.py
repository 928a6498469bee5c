"""ElevenLabs speaks, and says when each character is said.

https://elevenlabs.io/docs/api-reference/text-to-speech/convert-with-timestamps
Voices of an account: https://elevenlabs.io/docs/api-reference/voices/get-all
Models and their longest texts: https://elevenlabs.io/docs/overview/models
Refusals: https://help.elevenlabs.io/hc/en-us/articles/19572237925521
"""

from __future__ import annotations

import base64
import json
import re
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from resplice.adapters.providers.elevenlabs_names import STOCK
from resplice.adapters.providers.http import READ_SECONDS, Answer, Asking
from resplice.adapters.providers.voice_requests import (
    keep_sound,
    key_of,
    sayable,
    settings_of,
)
from resplice.adapters.providers.word_marks import Mark, words_of
from resplice.errors import ProviderLost, ProviderRefused
from resplice.ports.connections import Secret
from resplice.ports.voices import Spoken, Utterance

TITLE = "ElevenLabs"
ENDPOINT = "https://api.elevenlabs.io"
USUAL_MODEL = "eleven_multilingual_v2"
MODELS = {
    "": USUAL_MODEL,
    "elevenlabs": USUAL_MODEL,
    "elevenlabs-v2": USUAL_MODEL,
    "elevenlabs-flash-v2-5": "eleven_flash_v2_5",
    "elevenlabs-v3": "eleven_v3",
}
"""Theirs by the names that movies have for them; every other name is taken as theirs."""
SOUND = "mp3_44100_128"
"""What every plan may have. Formats without loss need higher ones."""
COSTS = ("character-cost", "x-character-count")
LONGEST_SECONDS = 24 * 3600
_ID = re.compile(r"[A-Za-z0-9]{20}")
_OWN_ID = re.compile(r"[A-Za-z0-9_-]+")
_MP3 = re.compile(r"mp3_\d+_\d+")


class ElevenLabsVoices:
    """Implements ports.voices.VoiceProvider. The connection may say another `endpoint`.

    voice is an id, or a name: a stock voice's, or one of the account's. model-settings are parts
    of the request as ElevenLabs has them (`voice_settings`, `language_code`, `seed`) and
    `output_format`, of MP3 only.
    """

    max_characters = 5000
    """Of the model that takes the least."""
    takes_ssml = False

    def __init__(
        self, *, read_s: float = 2 * READ_SECONDS, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """read_s: how long ElevenLabs may say nothing. It answers once all is spoken."""
        self._ask = Asking(TITLE, read_s, sleep)

    def speak(self, utterance: Utterance, secret: Secret | None, into: Path) -> Spoken:
        if utterance.ssml:
            raise ProviderRefused(TITLE, "it takes plain text only, no SSML")
        headers = {"xi-api-key": key_of(TITLE, secret), "Content-Type": "application/json"}
        base = dict(utterance.options).get("endpoint", "").strip().rstrip("/") or ENDPOINT
        text, settings = sayable(utterance.text), settings_of(TITLE, utterance)
        sound_format = _sound_format(settings.pop("output_format", SOUND))
        model = MODELS.get(utterance.model, utterance.model)
        body = json.dumps({**settings, "text": text, "model_id": model}).encode()
        id = self._id(base, utterance.voice, headers)
        url = f"{base}/v1/text-to-speech/{id}/with-timestamps?output_format={sound_format}"
        answer = self._ask("POST", url, headers=headers, body=body)
        given = answer.json(TITLE)
        keep_sound(TITLE, _sound(given), "mp3", into)
        return Spoken("mp3", words_of(text, _marks(given, text)), _paid(answer, text))

    def _id(self, base: str, voice: str, headers: Mapping[str, str]) -> str:
        """Of the voice; ElevenLabs is asked where the name is not one of everybody's."""
        if _ID.fullmatch(voice):
            return voice
        return STOCK.get(voice.strip().lower()) or self._found(base, voice, headers)

    def _found(self, base: str, voice: str, headers: Mapping[str, str]) -> str:
        answer = self._ask("GET", f"{base}/v1/voices", headers=headers, paid=False)
        ids = _named(answer.json(TITLE), voice.strip().casefold())
        if not ids:
            raise ProviderRefused(TITLE, f"the account has no voice of the name {voice[:80]!r}")
        return ids[0]


def _sound_format(asked: Any) -> str:
    if not isinstance(asked, str) or not _MP3.fullmatch(asked):
        raise ProviderRefused(TITLE, "of its output_format only the mp3_ ones are taken")
    return asked


def _named(given: Any, name: str) -> list[str]:
    """Ids of voices of that name, in lower case. Names may go on: `Rachel - calm narrator`."""
    voices = given.get("voices") if isinstance(given, dict) else None
    known = [
        (str(voice.get("name", "")).casefold(), str(voice.get("voice_id", "")))
        for voice in (voices if isinstance(voices, list) else [])
        if isinstance(voice, dict)
    ]
    known = [(called, id) for called, id in known if _OWN_ID.fullmatch(id)]
    exactly = [id for called, id in known if called == name]
    return exactly or [id for called, id in known if called.split(" - ")[0].strip() == name]


def _sound(given: Any) -> bytes:
    try:
        return base64.b64decode(given["audio_base64"], validate=True)
    except (ValueError, TypeError, KeyError, IndexError):
        raise ProviderLost(TITLE, "there is no sound in its answer") from None


def _paid(answer: Answer, text: str) -> int:
    said = next((answer.headers[name] for name in COSTS if name in answer.headers), "")
    return int(said) if re.fullmatch(r"\d{1,9}", said) else len(text)


def _marks(given: Mapping[str, Any], text: str) -> list[Mark]:
    """Of the letters and digits; none when the times are of another text, or of a wrong form."""
    try:
        times = given["alignment"]
        letters = list[str](times["characters"])
        starts = [float(each) for each in times["character_start_times_seconds"]]
        ends = [float(each) for each in times["character_end_times_seconds"]]
        every = list(zip(letters, starts, ends, strict=True))
        places = _places("".join(letters), text)
    except (ValueError, TypeError, KeyError, OverflowError):
        return []
    if not all(0 <= start <= end <= LONGEST_SECONDS for _, start, end in every):
        return []
    marks, at = list[Mark](), 0
    for letter, start, end in every:
        if letter and unicodedata.category(letter[0])[0] in "LNMS":
            place = places[at]
            marks.append(Mark(place, place + len(letter), start * 1000, end * 1000))
        at += len(letter)
    return marks


def _places(aligned: str, text: str) -> Sequence[int]:
    """Where each character of the aligned text is in ours, but for white space.

    Raises ValueError when they differ in more than that.
    """
    ours = [at for at, letter in enumerate(text) if not letter.isspace()]
    if "".join(aligned.split()) != "".join(text[at] for at in ours):
        raise ValueError("times of another text")
    following = iter(ours)
    return [0 if letter.isspace() else next(following) for letter in aligned]
