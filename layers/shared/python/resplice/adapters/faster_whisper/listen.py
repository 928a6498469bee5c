"""The program that recognises speech with faster-whisper and the user's weights.

    python -m resplice.adapters.faster_whisper.listen (see sound_question for its arguments)
Sampling starts at temperature zero and the sound is cut where nobody speaks, so that silence is
not taken for words.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, BinaryIO

from resplice.adapters.processes.sound_question import Question, Refusal, answer


def listen(question: Question, samples: BinaryIO) -> dict[str, Any]:
    """{words: (text, start, end) in seconds, language}."""
    numpy, whisper = import_module("numpy"), import_module("faster_whisper")
    try:
        model = whisper.WhisperModel(
            question["weights"], device="cpu", compute_type="int8", local_files_only=True
        )
    except (RuntimeError, ValueError, OSError):
        raise Refusal("its weights cannot be read") from None
    sound = numpy.frombuffer(samples.read(), dtype="<i2").astype("float32") / 32768
    if not len(sound):
        return {"words": [], "language": question["language"] or "auto"}
    segments, about = model.transcribe(
        sound,
        language=question["language"],
        word_timestamps=True,
        vad_filter=True,
        hotwords=", ".join(question["keywords"]) or None,
    )
    words = [(word.word, word.start, word.end) for part in segments for word in part.words or ()]
    return {"words": words, "language": about.language}


if __name__ == "__main__":
    answer(listen)
