"""A program of its own that computes speech from tokens; the only one that imports onnxruntime.

    program.py <folder of the model> <threads>

Each line of its input is a request, a JSON object, and each line of its output an answer, in any
order; it ends with its input. Pieces are computed side by side, each by one thread, which is
faster than many threads for one, and gives the same samples however many there are.

    {"id": 1, "voice": "af_heart", "speed": 1.0, "pieces": [[50, 83, 54, 57]], "into": "/f.wav"}
    {"id": 1, "begins": [[480, 1080, …]], "samples": 24000}

    {"id": 2, "chinese": ["你好"]}
    {"id": 2, "words": [[["你好", ["ni3", "hao3"]]]]}
    {"id": 3, "japanese": "今日は"}
    {"id": 3, "tokens": [[0, 2, "名詞/副詞可能/*", "キョー"], [2, 3, "助詞/係助詞/*", "ワ"]]}

begins: at which sample of the file each token of each piece begins, and where the last one ends.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
import wave
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, count, pairwise
from pathlib import Path
from typing import Any

RATE = 24000
MS = RATE // 1000
FRAME = 600
"""Samples that one unit of the model's durations lasts."""
EARLY = 900
"""Samples by which sounds are heard before the durations say so: measured, against alignment."""
SPACE = 16
"""The token between words. Those below are marks."""
STEP = 10 * MS
SILENT_DB = 35.0
"""A step of so much less than the loudest is silent."""
ATTACK = RELEASE = 25 * MS
"""A sound begins so long before it is no longer silent, and ends so long after it is."""
LEAD, TAIL, LAST_TAIL = 50 * MS, 350 * MS, 150 * MS
"""Silence that is kept before a piece, after one that others follow, after the last."""
FADE = 5 * MS
REQUESTS_AT_ONCE = 8


class Model:
    def __init__(self, folder: Path) -> None:
        import numpy
        import onnxruntime

        self._numpy, self._folder = numpy, folder
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.enable_mem_pattern = False  # Every piece has lengths of its own.
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._styles = dict[str, Any]()

    def piece(self, tokens: list[int], voice: str, speed: float, last: bool) -> tuple[Any, Any]:
        """(samples, where each token begins in them and the last one ends)."""
        numpy = self._numpy
        feed = {
            "tokens": numpy.array([[0, *tokens, 0]], dtype=numpy.int64),
            "style": self._style(voice)[len(tokens)],
            "speed": numpy.array([speed], dtype=numpy.float32),
        }
        sound, durations = self._session.run(None, feed)
        heard = Heard(numpy, sound)
        places = heard.places(tokens, durations[0])
        first = max(0, heard.first - LEAD)
        end = min(len(sound), heard.last + (LAST_TAIL if last else round(TAIL / speed)))
        return self._faded(sound[first:end]), (places - first).clip(0, end - first)

    def joined(self, pieces: list[tuple[Any, Any]], into: str) -> dict[str, Any]:
        """Writes the file. Samples: 16 bits, mono."""
        begins, at = list[list[int]](), 0
        with wave.open(into, "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            for sound, places in pieces:
                begins.append((places + at).tolist())
                at += len(sound)
                whole = (sound.clip(-1, 1) * 32767).round().astype("<i2")
                file.writeframes(whole.tobytes())
        return {"begins": begins, "samples": at}

    def _faded(self, sound: Any) -> Any:
        ramp = self._numpy.linspace(0, 1, FADE, dtype=self._numpy.float32)
        sound = sound.copy()
        sound[:FADE] *= ramp
        sound[-FADE:] *= ramp[::-1]
        return sound

    def _style(self, voice: str) -> Any:
        if voice not in self._styles:
            values = self._numpy.fromfile(self._folder / "voices" / f"{voice}.bin", "<f4")
            self._styles[voice] = values.reshape(-1, 1, 256)
        return self._styles[voice]


class Heard:
    """What of a sound is heard: from the sample `first` to `last`, with silences between."""

    def __init__(self, numpy: Any, sound: Any) -> None:
        self._numpy = numpy
        steps = sound[: len(sound) // STEP * STEP].reshape(-1, STEP)
        level = 10 * numpy.log10((steps.astype(numpy.float64) ** 2).mean(axis=1) + 1e-12)
        self._loud = level > level.max() - SILENT_DB
        heard = numpy.flatnonzero(self._loud)
        self.first, self.last = int(heard[0]) * STEP, int(heard[-1] + 1) * STEP

    def places(self, tokens: list[int], durations: Any) -> Any:
        """The sample where each token begins, and where the last one ends.

        A space belongs to the sound after it. Before a mark the durations of sounds hold the
        pause too: there the sound ends with its silence.
        """
        numpy = self._numpy
        places = numpy.cumsum(durations.astype(numpy.int64))[: len(tokens) + 1] * FRAME - EARLY
        for at, token in enumerate(tokens):
            if token > SPACE and at and tokens[at - 1] == SPACE:
                places[at] = places[at - 1]
        sounds = [at for at, token in enumerate(tokens) if token > SPACE]
        places[: sounds[0] + 1] = max(0, self.first - ATTACK)
        places[sounds[-1] + 1 :] = self.last + RELEASE
        for before, after in pairwise(sounds):
            if any(token < SPACE for token in tokens[before + 1 : after]):
                places[before + 1 : after] = self._quiet_before(int(places[after]))
        return numpy.maximum.accumulate(places)

    def _quiet_before(self, place: int) -> int:
        """Where the silence begins that ends about there; there, if there is none."""
        around = range(max(0, place // STEP - 20), min(len(self._loud), place // STEP + 6))
        at = max((step for step in around if not self._loud[step]), default=-1)
        while at > 0 and not self._loud[at - 1]:
            at -= 1
        return min(place, at * STEP + RELEASE) if at >= 0 else place


def pinyin(text: str) -> list[tuple[str, list[str]]]:
    """Each word of a Chinese text, and its syllables with the tone as a digit."""
    from pypinyin import Style, lazy_pinyin
    from rjieba import cut

    style = {"style": Style.TONE3, "neutral_tone_with_five": True}
    return [(word, lazy_pinyin(word, **style)) for word in cut(text)]


class Tokenizer:
    """Japanese by its dictionary, which is in the library and takes a second to be unfolded."""

    def __init__(self) -> None:
        self._alone = threading.Lock()
        self._made: Any = None

    def tokens(self, text: str) -> list[tuple[int, int, str, str]]:
        """(begin, end, parts of speech, how it is pronounced), by characters of the text."""
        with self._alone:
            found = self._tokenizer().tokenize(text)
        places = dict(zip(accumulate((len(each.encode()) for each in text), initial=0), count()))
        return [
            (
                places[each.byte_start],
                places[each.byte_end],
                "/".join(each.details[:3]),
                each.details[-1],
            )
            for each in found
        ]

    def _tokenizer(self) -> Any:
        if self._made is None:
            from lindera import TokenizerBuilder

            builder = TokenizerBuilder()
            builder.set_dictionary("embedded://ipadic")
            builder.set_mode("normal")
            self._made = builder.build()
        return self._made


def answer_all(model: Model, threads: int) -> None:
    alone, japanese = threading.Lock(), Tokenizer()
    with ThreadPoolExecutor(threads) as pieces, ThreadPoolExecutor(REQUESTS_AT_ONCE) as requests:

        def tell(request: dict[str, Any], found: dict[str, Any]) -> None:
            with alone:
                print(json.dumps({"id": request["id"], **found}), flush=True)

        def answer(request: dict[str, Any]) -> None:
            if "chinese" in request:
                tell(request, {"words": list(map(pinyin, request["chinese"]))})
                return
            if "japanese" in request:
                tell(request, {"tokens": japanese.tokens(request["japanese"])})
                return
            parts = request["pieces"]
            made = [
                pieces.submit(
                    model.piece, tokens, request["voice"], request["speed"], number == len(parts)
                )
                for number, tokens in enumerate(parts, 1)
            ]
            found = model.joined([each.result() for each in made], request["into"])
            tell(request, found)

        for line in sys.stdin:
            requests.submit(_or_end, answer, json.loads(line))
        os._exit(0)  # Nobody is there to hear what is still computed.


def _or_end(answer: Any, request: dict[str, Any]) -> None:
    """What no request should be able to cause ends the program, which is seen at once."""
    try:
        answer(request)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def main() -> None:
    folder = Path(sys.argv[1])
    sys.path.insert(0, str(folder / "packages"))
    answer_all(Model(folder), int(sys.argv[2]))


if __name__ == "__main__":
    main()
