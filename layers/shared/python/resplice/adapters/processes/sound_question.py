"""The child's side of sound_child: one question, the samples of a sound, one answer.

argv: the descriptor of a file with the question as a line of JSON and the samples (16 bits, little
endian, mono) behind it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

RATE = 16_000
"""Samples a second."""
SAMPLE_BYTES = 2

Question = dict[str, Any]


class Refusal(Exception):
    """Why the question cannot be answered, in a user's words."""


def answer(function: Callable[[Question, BinaryIO], Any]) -> None:
    """Answer with what the function returns, as JSON, or with the words of its Refusal."""
    descriptor = int(sys.argv[1])
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
