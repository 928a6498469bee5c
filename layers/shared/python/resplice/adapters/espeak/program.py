"""A program of its own around the library of eSpeak NG: phonemes, and speech with times of words.

    program.py <folder that has libespeak-ng and espeak-ng-data>

eSpeak NG is under GPL-3. So this file is only ever run, by itself, and takes nothing from the
package that it lies in. Each line of its input is a request, a JSON object, and each line of its
output an answer; it ends with its input.

    {"id": 1, "do": "phonemes", "voice": "fr", "texts": ["Un mot."]}
    {"id": 1, "texts": [[[0, 7, "œ̃ mˈo"]]]}      clauses: characters [begin, end), IPA

    {"id": 2, "do": "speech", "voice": "de+f3", "text": "…", "ssml": false, "speed": 1.0,
     "into": "/folder/file.wav"}
    {"id": 2, "samples": 31500, "rate": 22050, "words": [[0, 0]], "pauses": [[610, 1400]]}
                                                  words: (character, ms); pauses: [begin, end) ms

    {"id": 3, "refused": "there is no such voice: xx"}

A voice is a language that it has (`de`, `en-us`; `de-at` is `de`), with a variant after a plus if
another speaker is wanted. The API: https://github.com/espeak-ng/espeak-ng, speak_lib.h
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SYNCHRONOUS = 2
DONT_EXIT = 0x8000
UTF8 = 1
SSML = 0x10
IPA = 0x02
TIE = "^"
IPA_WITH_TIES = IPA | 0x80 | ord(TIE) << 8
"""Bit 7: bits 8 to 23 are the character between the letters of one sound."""
RATE = 1
USUAL_WORDS_PER_MINUTE = 175
WORD, END = 1, 5
SILENT = 40
"""Samples of 16 bits up to it are: -58 dBFS."""
MOST_SECONDS = 1800
POSITION_IS_CHARACTER = 1
LIBRARIES = "libespeak-ng.*"
BREATH = 1
"""The seed of its noise, which it takes from the clock by itself: equal texts shall sound equal."""


DIED = "the text could not be read"
CPU_SECONDS = 120
MEMORY_BYTES = FILE_BYTES = 1 << 30
"""More no text needs: one that makes the library go on and on ends then, also without us."""


class Refused(Exception):
    pass


class VoiceRow(ctypes.Structure):
    """espeak_VOICE. languages: for each a byte of preference, then its name; a zero byte ends."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("unused", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


class Event(ctypes.Structure):
    """espeak_EVENT. text_position counts characters from 1, audio_position milliseconds."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event)
)
URI_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p)
"""Asked before a sound file is played: 1 is no. Without it the library would read any file."""


class Espeak:
    """The library. It has one voice at a time and is not safe to call from several threads."""

    def __init__(self, folder: Path) -> None:
        library = next(path for path in sorted(folder.glob(LIBRARIES)) if path.is_file())
        self._library = ctypes.CDLL(str(library))
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(VoiceRow))
        self.rate = self._library.espeak_Initialize(SYNCHRONOUS, 0, str(folder).encode(), DONT_EXIT)
        if self.rate < 8000:
            raise RuntimeError(f"eSpeak NG cannot read its data in {folder}")
        self._library.espeak_ng_SetRandSeed(ctypes.c_long(BREATH))
        self._sound, self._events = bytearray(), list[tuple[int, int, int]]()
        self._most_bytes = 2 * self.rate * MOST_SECONDS
        self._hears = CALLBACK(self._hear)  # Kept: the library only has its address.
        self._library.espeak_SetSynthCallback(self._hears)
        self._refuses = URI_CALLBACK(lambda *_: 1)
        self._library.espeak_SetUriCallback(self._refuses)
        self._voices = self._voices_by_language()
        self._variants = {path.name for path in folder.glob("espeak-ng-data/voices/!v/*")}

    def use(self, voice: str) -> None:
        """Raises Refused."""
        language, plus, variant = voice.partition("+")
        known = next(filter(None, map(self._voices.get, _shorter(language.lower()))), None)
        if not known or (plus and variant not in self._variants):
            raise Refused(f"there is no such voice: {voice[:60]}")
        if self._library.espeak_SetVoiceByName((known + plus + variant).encode()):
            raise Refused(f"there is no such voice: {voice[:60]}")

    def phonemes(self, text: str) -> list[tuple[int, int, str]]:
        """(begin, end, IPA) of each clause, in characters. Sounds of several letters have ties.

        The library reads one character of the clause that comes next, which is taken back here.
        """
        data = text.encode()
        buffer = ctypes.create_string_buffer(data)
        base = ctypes.addressof(buffer)
        pointer = ctypes.c_void_p(base)
        clauses, begin = list[tuple[int, int, str]](), 0
        while pointer.value is not None:
            said = self._library.espeak_TextToPhonemes(ctypes.byref(pointer), UTF8, IPA_WITH_TIES)
            read = data if pointer.value is None else data[: pointer.value - base]
            end = len(read.decode(errors="ignore")) - (pointer.value is not None)
            clauses.append((begin, max(begin, end), said.decode(errors="replace")))
            begin = max(begin, end)
        return clauses

    def speech(self, text: str, ssml: bool, speed: float, into: str) -> dict[str, Any]:
        self._sound, self._events = bytearray(), []
        self._library.espeak_SetParameter(RATE, round(USUAL_WORDS_PER_MINUTE * speed), 0)
        data = text.encode()
        flags = UTF8 | (SSML if ssml else 0)
        self._library.espeak_Synth(
            data, len(data) + 1, 0, POSITION_IS_CHARACTER, 0, flags, None, None
        )
        self._library.espeak_Synchronize()
        if len(self._sound) > self._most_bytes:
            raise Refused(f"it would last more than {MOST_SECONDS // 60} minutes")
        with wave.open(into, "wb") as file:
            file.setparams((1, 2, self.rate, 0, "NONE", ""))
            file.writeframes(self._sound)
        return {
            "samples": len(self._sound) // 2,
            "rate": self.rate,
            "words": [(at, ms) for kind, at, ms in self._events if kind == WORD],
            "pauses": list(self._pauses()),
        }

    def _pauses(self) -> Iterator[tuple[int, int]]:
        """The silence at the end of each clause, which is where the library says it ends."""
        samples = memoryview(bytes(self._sound)).cast("h")
        for end in (ms for kind, _, ms in self._events if kind == END):
            at = last = min(len(samples), end * self.rate // 1000)
            while at and -SILENT <= samples[at - 1] <= SILENT:
                at -= 1
            yield at * 1000 // self.rate, last * 1000 // self.rate

    def _hear(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._sound += ctypes.string_at(samples, count * 2)
        if len(self._sound) > self._most_bytes:
            return 1  # Stops it.
        for event in _until(events, lambda event: event.type == 0):
            self._events.append((event.type, event.text_position - 1, event.audio_position))
        return 0

    def _voices_by_language(self) -> dict[str, str]:
        """The best voice of each language, by the language's name in lower case."""
        best = dict[str, tuple[int, str]]()
        rows = self._library.espeak_ListVoices(None)
        for row in _until(rows, lambda row: not row):
            voice = row.contents
            for preference, language in _languages(voice.languages):
                found = (preference, voice.identifier.decode())
                if found < best.get(language, (256, "")):
                    best[language] = found
        return {language: identifier for language, (_, identifier) in best.items()}


def _until(array: Any, ends: Any) -> Iterator[Any]:
    place = 0
    while not ends(array[place]):
        yield array[place]
        place += 1


def _shorter(language: str) -> Iterator[str]:
    """`zh-hant-tw`, `zh-hant`, `zh`."""
    while language:
        yield language
        language = language.rpartition("-")[0]


def _languages(address: int) -> Iterator[tuple[int, str]]:
    while preference := ctypes.string_at(address, 1)[0]:
        name = ctypes.string_at(address + 1)
        yield preference, name.decode().lower()
        address += len(name) + 2


def answer(espeak: Espeak, request: dict[str, Any]) -> dict[str, Any]:
    try:
        espeak.use(request["voice"])
        if request["do"] == "phonemes":
            return {"texts": [espeak.phonemes(text) for text in request["texts"]]}
        return espeak.speech(request["text"], request["ssml"], request["speed"], request["into"])
    except Refused as refused:
        return {"refused": str(refused)}


def main() -> None:
    espeak = Espeak(Path(sys.argv[1]))
    for line in sys.stdin:
        request = json.loads(line)
        if not _answered(espeak, request):
            print(json.dumps({"id": request["id"], "refused": DIED}), flush=True)


def _answered(espeak: Espeak, request: dict[str, Any]) -> bool:
    """Whether a copy of this process could: what was said before leaves its traces in the library,
    and equal requests shall have equal answers. A text that breaks the library breaks the copy.
    """
    copy = os.fork()
    if copy:
        return os.waitpid(copy, 0)[1] == 0
    try:
        _limit()
        print(json.dumps({"id": request["id"], **answer(espeak, request)}), flush=True)
    except BaseException:
        os._exit(1)
    os._exit(0)


def _limit() -> None:
    most = {
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_FSIZE: FILE_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, bound in most.items():
        hard = resource.getrlimit(kind)[1]
        bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (bound, bound))


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.stderr.close()  # Nobody is there to hear it.
