"""The program that finds the words of a text in the English sound that says it.

    python -m resplice.adapters.pocketsphinx.find (see sound_question for its arguments)
Each word of the text becomes one word of the dictionary, with every way to say it that we know
of: so `20%` is found where "twenty percent" is said, and one time comes back for each word.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from resplice.adapters.pocketsphinx.listen import FRAME_MS
from resplice.adapters.pocketsphinx.pronounced import ways_to_say
from resplice.adapters.processes.sound_question import RATE, Question, answer

Found = list[tuple[int, int, int]]
"""The number of a word, its start and its end in ms."""
_NAME = "word-"


def find(question: Question, samples: BinaryIO) -> Found | None:
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=RATE, lm=None, loglevel="FATAL")
    numbers = [n for n, word in enumerate(question["words"]) if _enter(decoder, n, word)]
    if not numbers:
        return None
    try:
        decoder.set_align_text(" ".join(f"{_NAME}{n}" for n in numbers))
        decoder.start_utt()
        decoder.process_raw(samples.read(), full_utt=True)
        decoder.end_utt()
    except RuntimeError:
        return None
    found = _found(decoder) if decoder.hyp() else []
    return found if [n for n, _, _ in found] == numbers else None


def _enter(decoder: Any, number: int, word: str) -> bool:
    """Whether there is a way to say it."""
    name = f"{_NAME}{number}"
    ways = ways_to_say(word, decoder.lookup_word)
    for n, phones in enumerate(ways, 1):
        decoder.add_word(name if n == 1 else f"{name}({n})", phones, False)
    return bool(ways)


def _found(decoder: Any) -> Found:
    parts = [part for part in decoder.seg() if part.word.startswith(_NAME)]
    return [
        (
            int(part.word.removeprefix(_NAME).partition("(")[0]),
            part.start_frame * FRAME_MS,
            (part.end_frame + 1) * FRAME_MS,
        )
        for part in parts
    ]


if __name__ == "__main__":
    answer(find)
