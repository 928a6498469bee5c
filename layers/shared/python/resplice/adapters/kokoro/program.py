"""A program of its own that computes speech from tokens; the only one that imports onnxruntime.

    program.py <folder of the model> <threads>

Each line of its input is a request, a JSON object, and each line of its output an answer, in any
order; it ends with its input. Pieces are computed side by side, each by one thread, which is
faster than many threads for one, and gives the same samples however many there are.

    {"id": 1, "voice": "af_heart", "speed": 1.0, "pieces": [[50, 83, 54, 57]], "into": "/f.wav"}
    {"id": 1, "begins": [[480, 1080, …]], "samples": 24000}

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
from pathlib import Path
from typing import Any

RATE = 24000
FRAME = 600
"""Samples that one unit of the model's durations lasts."""
LAST_PAUSE_TOKEN = 16
"""Tokens up to it are marks and spaces: no sound of their own."""
MOST_LEAD, MOST_INNER_TAIL, MOST_TAIL = 2, 12, 8
"""Frames of silence that are kept before a piece, after one that others follow, after the last."""
FADE = RATE * 5 // 1000
REQUESTS_AT_ONCE = 8


class Model:
    def __init__(self, folder: Path) -> None:
        import numpy
        import onnxruntime

        self._numpy, self._folder = numpy, folder
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
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
        begins = numpy.concatenate(([0], numpy.cumsum(durations[0].astype(numpy.int64)))) * FRAME
        loud = [place for place, token in enumerate(tokens, 1) if token > LAST_PAUSE_TOKEN]
        first = max(0, int(begins[loud[0]]) - MOST_LEAD * FRAME)
        most = MOST_TAIL if last else MOST_INNER_TAIL
        end = min(len(sound), int(begins[loud[-1] + 1]) + most * FRAME)
        return self._faded(sound[first:end]), (begins[1:-1] - first).clip(0, end - first)

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


def answer_all(model: Model, threads: int) -> None:
    alone = threading.Lock()
    with ThreadPoolExecutor(threads) as pieces, ThreadPoolExecutor(REQUESTS_AT_ONCE) as requests:

        def answer(request: dict[str, Any]) -> None:
            parts = request["pieces"]
            made = [
                pieces.submit(
                    model.piece, tokens, request["voice"], request["speed"], number == len(parts)
                )
                for number, tokens in enumerate(parts, 1)
            ]
            found = model.joined([each.result() for each in made], request["into"])
            with alone:
                print(json.dumps({"id": request["id"], **found}), flush=True)

        for line in sys.stdin:
            requests.submit(_or_end, answer, json.loads(line))


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
