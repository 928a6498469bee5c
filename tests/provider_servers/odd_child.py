"""A child for sound_child that does as it is told: it answers, hangs, dies, grows."""

from __future__ import annotations

import os
import signal
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
            os.kill(os.getpid(), signal.SIGSEGV)
        case "grow":
            return len(bytearray(1 << 31))
        case "tell":
            return "x" * (65 << 20)
        case "pid":
            with open(question["at"], "w") as file:  # noqa: PTH123
                file.write(str(os.getpid()))
            threading.Event().wait()
    return None


if __name__ == "__main__":
    answer(do)
