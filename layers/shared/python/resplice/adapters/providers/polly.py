"""Amazon Polly speaks, and says when each word is said by its speech marks.

https://docs.aws.amazon.com/polly/latest/dg/API_SynthesizeSpeech.html
Speech marks, and how they count bytes: https://docs.aws.amazon.com/polly/latest/dg/output.html
Limits: https://docs.aws.amazon.com/polly/latest/dg/limits.html

Sound and marks are two requests, each paid for by its characters
(https://aws.amazon.com/polly/pricing/). The sound is asked for first, and once it is there
nothing makes it be paid for again: without marks it goes without times of words.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.response import StreamingBody

from resplice.adapters.providers.http import CONNECT_SECONDS, MAX_ANSWER_BYTES, READ_SECONDS
from resplice.adapters.providers.patience import patiently
from resplice.adapters.providers.polly_faults import FAULTS, TITLE, fault
from resplice.adapters.providers.polly_marks import marks_in
from resplice.adapters.providers.speech_markup import (
    Said,
    escaped,
    opened,
    read_markup,
    read_plain,
    within,
)
from resplice.adapters.providers.voice_requests import (
    expect_known,
    keep_sound,
    number_or_text,
    sayable,
    settings_of,
)
from resplice.adapters.providers.word_marks import words_of
from resplice.core.words import Word
from resplice.errors import ProviderError, ProviderLost, ProviderRefused, RightsRefused
from resplice.frozen import frozen
from resplice.ports.connections import Secret
from resplice.ports.voices import Spoken, Utterance

USUAL_ENGINE = "neural"
ITS_OWN = ("Engine", "LanguageCode", "LexiconNames", "SampleRate")
PROSODY = ("rate", "pitch", "volume")
SETTINGS = ("speed", *PROSODY, *ITS_OWN)
SLOWEST, FASTEST = 0.2, 2.0
BILINGUAL = {"Aditi": ("en-IN", "hi-IN"), "Kajal": ("en-IN", "hi-IN")}
"""Voices that must be told which of their languages to speak."""
ONCE = Config(
    connect_timeout=CONNECT_SECONDS,
    read_timeout=READ_SECONDS,
    retries={"mode": "standard", "total_max_attempts": 1},
)
"""What a client must be made with: by itself boto3 would ask, and pay, again after a time-out."""

log = logging.getLogger(__name__)


class PollyVoices:
    """Implements ports.voices.VoiceProvider. Who may use it is said by AWS's own credentials.

    model is the engine. model-settings: `speed` (0.2 to 2), what prosody takes in markup, and
    Engine, LanguageCode, LexiconNames, SampleRate as Polly has them.
    """

    max_characters = 3000
    takes_ssml = True

    def __init__(
        self,
        client_factory: Callable[[Config], Any],
        *,
        marks: bool = True,
        read_s: float = READ_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """client_factory: a client of boto3 for Polly, with that configuration; called once.
        marks: whether times of words are asked for, which doubles what is paid.
        """
        self._client_factory, self._making = client_factory, Lock()
        self._marks, self._sleep = marks, sleep
        self._config = ONCE.merge(Config(read_timeout=read_s))

    def speak(self, utterance: Utterance, secret: Secret | None, into: Path) -> Spoken:
        wanted = _request(utterance, settings_of(TITLE, utterance))
        sound, paid = self._ask({**wanted.parameters, "OutputFormat": "ogg_vorbis"}, wanted)
        keep_sound(TITLE, sound, "ogg", into)
        words, paid_for_words = self._words(wanted) if self._marks else (None, 0)
        return Spoken("ogg", words, paid + paid_for_words)

    def _words(self, wanted: _Wanted) -> tuple[tuple[Word, ...] | None, int]:
        # Visemes are free beside the words, and tell where a word ends before a silence.
        form = {"OutputFormat": "json", "SpeechMarkTypes": ["word", "viseme"]}
        try:
            answer, paid = self._ask({**wanted.parameters, **form}, wanted)
        except ProviderError as error:
            log.warning("no times of words: %s", error)
            return None, len(wanted.said.plain) if isinstance(error, ProviderLost) else 0
        return words_of(wanted.said.plain, marks_in(answer, wanted.said.offsets)), paid

    def _ask(self, parameters: dict[str, Any], wanted: _Wanted) -> tuple[bytes, int]:
        """(the whole answer, the characters to be paid for)."""

        client = self._client()

        def once() -> tuple[bytes, int]:
            try:
                answer = client.synthesize_speech(**parameters)
                whole = _read(answer["AudioStream"])
            except FAULTS as error:
                raise _judged(fault(error), parameters) from None
            return whole, answer.get("RequestCharacters") or len(wanted.said.plain)

        return patiently(once, self._sleep)

    def _client(self) -> Any:
        with self._making:
            try:
                return self._made
            except (BotoCoreError, ValueError) as error:
                raise RightsRefused(TITLE, f"no client can be made: {error}") from None

    @cached_property
    def _made(self) -> Any:
        return self._client_factory(self._config)


@frozen
class _Wanted:
    """said: what is in the text of the parameters."""

    parameters: dict[str, Any]
    said: Said


def _judged(error: Exception, parameters: Mapping[str, Any]) -> Exception:
    """Lexicons are the account's, and roles have no right to read them: who names one is refused
    because of that. https://docs.aws.amazon.com/polly/latest/dg/api-permissions-reference.html
    """
    if isinstance(error, RightsRefused) and parameters.get("LexiconNames"):
        return ProviderRefused(TITLE, error.reason)
    return error


def _read(stream: StreamingBody) -> bytes:
    """In pieces: one read of a size would not see that the rest is missing."""
    pieces, size = list[bytes](), 0
    with closing(stream):
        for piece in stream.iter_chunks(1 << 16):
            size += len(piece)
            if size > MAX_ANSWER_BYTES:
                raise ValueError("too much")
            pieces.append(piece)
    return b"".join(pieces)


def _request(utterance: Utterance, settings: dict[str, Any]) -> _Wanted:
    expect_known(TITLE, settings, SETTINGS)
    prosody = _prosody(settings)
    text = sayable(utterance.text)
    markup = utterance.ssml or bool(prosody)
    if utterance.ssml:
        attributes, inner = opened(TITLE, text)
        text = f"<speak{attributes}>{within('prosody', prosody, inner)}</speak>"
    elif prosody:
        text = f"<speak>{within('prosody', prosody, escaped(text))}</speak>"
    parameters = {
        "Engine": utterance.model or USUAL_ENGINE,
        **_language(utterance),
        **{name: settings[name] for name in ITS_OWN if name in settings},
        "Text": text,
        "TextType": "ssml" if markup else "text",
        "VoiceId": utterance.voice,
    }
    if "SampleRate" in parameters:
        parameters["SampleRate"] = number_or_text(TITLE, "SampleRate", parameters["SampleRate"])
    return _Wanted(parameters, read_markup(text) if markup else read_plain(text))


def _language(utterance: Utterance) -> dict[str, str]:
    speaks = BILINGUAL.get(utterance.voice, ())
    return {"LanguageCode": utterance.language} if utterance.language in speaks else {}


def _prosody(settings: Mapping[str, Any]) -> dict[str, str]:
    said = {
        name: number_or_text(TITLE, name, settings[name]) for name in PROSODY if name in settings
    }
    speed = settings.get("speed")
    if speed is None:
        return said
    if isinstance(speed, bool) or not isinstance(speed, int | float):
        raise ProviderRefused(TITLE, "its model-setting speed is no number")
    if not SLOWEST <= speed <= FASTEST:
        raise ProviderRefused(TITLE, f"its speed is from {SLOWEST} to {FASTEST}, not {speed}")
    return {"rate": f"{speed:.0%}", **said}
