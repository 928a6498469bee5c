"""The child's side of sound_child: one question, the samples of a sound, one answer.

argv: the descriptor of a file with the question as a line of JSON and the samples (16 bits, little
endian, mono) behind it; the most bytes of memory; the most seconds of CPU time.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO

from resplice.adapters.machine import machine
from resplice.adapters.processes.limits import first_to_go, limit

RATE = 16_000
"""Samples a second."""
SAMPLE_BYTES = 2
MAX_ANSWER_BYTES = 64 << 20
NICENESS = 5

Question = dict[str, Any]


class Refusal(Exception):
    """Why the question cannot be answered, in a user's words."""


def answer(function: Callable[[Question, BinaryIO], Any]) -> None:
    """Answer with what the function returns, as JSON, or with the words of its Refusal."""
    descriptor, memory_bytes, cpu_s = map(int, sys.argv[1:])
    threading.Thread(target=_end_with_who_asks, daemon=True).start()
    os.nice(NICENESS)
    most = {
        resource.RLIMIT_DATA: memory_bytes,
        resource.RLIMIT_CPU: cpu_s * machine().processors,
        resource.RLIMIT_FSIZE: MAX_ANSWER_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    limit(0, most)
    first_to_go(os.getpid())
    # What libraries print is no answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    with os.fdopen(descriptor, "rb") as asked, answers:
        question = json.loads(asked.readline())
        try:
            said = {"answer": function(question, asked)}
        except Refusal as refusal:
            said = {"refused": str(refusal)}
        json.dump(said, answers)


def _end_with_who_asks() -> None:
    with suppress(OSError):
        while os.read(0, 1):
            pass
    os._exit(1)
