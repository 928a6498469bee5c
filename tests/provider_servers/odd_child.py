"""A child for sound_child that does as it is told: it answers, hangs, dies, grows."""

from __future__ import annotations

import ctypes
import os
import threading
from typing import Any, BinaryIO

from resplice.adapters.processes.sound_question import Question, Refusal, answer


def do(question: Question, samples: BinaryIO) -> Any:
    match question["do"]:
        case "count":
            return len(samples.read()) // 2
        case "refuse":
            raise Refusal("it is a song")
        case "environment":
            print("what a library prints")
            return dict(os.environ)
        case "hang":
            threading.Event().wait()
        case "die":
            ctypes.string_at(0)
        case "grow":
            return len(bytearray(1 << 31))
        case "tell":
            return "x" * (65 << 20)
    return None


if __name__ == "__main__":
    answer(do)
