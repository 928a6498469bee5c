"""The program that recognises English: what is spoken between pauses, one by one.

    python -m resplice.adapters.pocketsphinx.listen (see sound_question for its arguments)
Its memory does not grow with the sound: speech without a pause is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from resplice.adapters.processes.sound_question import (
    RATE,
    SAMPLE_BYTES,
    Question,
    answer,
)

MOST_AT_ONCE_SECONDS = 30
FRAME_MS = 10
"""Of the recogniser, which counts time so."""
Heard = tuple[str, int, int]
"""A word, its start and its end in ms."""
_VARIANT = re.compile(r"\(\d+\)$")


def listen(question: Question, samples: BinaryIO) -> list[Heard]:
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=RATE, loglevel="FATAL")
    return [
        word for start, spoken in _stretches(samples) for word in _words(decoder, start, spoken)
    ]


def _stretches(samples: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """(start in ms, samples) of what may be speech."""
    from pocketsphinx import Endpointer

    ears = Endpointer(sample_rate=RATE)
    most_bytes = MOST_AT_ONCE_SECONDS * RATE * SAMPLE_BYTES
    held, start = bytearray(), 0
    while frame := samples.read(ears.frame_bytes):
        whole = len(frame) == ears.frame_bytes
        spoken = ears.process(frame) if whole else ears.end_stream(frame)
        if spoken is not None:
            if not held:
                start = max(start, round(ears.speech_start * 1000))
            held += spoken
        if held and (not ears.in_speech or len(held) >= most_bytes):
            yield start, bytes(held)
            start += round(len(held) / SAMPLE_BYTES / RATE * 1000)
            held.clear()
    if held:
        yield start, bytes(held)


def _words(decoder: Any, start_ms: int, spoken: bytes) -> Iterator[Heard]:
    decoder.start_utt()
    decoder.process_raw(spoken, full_utt=True)
    decoder.end_utt()
    if not decoder.hyp():
        return
    for part in decoder.seg():
        if not part.word.startswith(("<", "[", "+")):
            start = start_ms + part.start_frame * FRAME_MS
            end = start_ms + (part.end_frame + 1) * FRAME_MS
            yield _written(part.word), start, end


def _written(word: str) -> str:
    """`to(2)` is another way to say `to`; the dictionary has all in small letters."""
    bare = _VARIANT.sub("", word)
    return "I" + bare[1:] if bare == "i" or bare.startswith("i'") else bare


if __name__ == "__main__":
    answer(listen)
