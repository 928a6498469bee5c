"""The program of a child process: answers calls from its input on its output, to the input's end.

It gives way to the process that asks, which has others to answer.
"""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from typing import Any, BinaryIO

NICENESS = 5


def answer_all(calls: BinaryIO, answers: BinaryIO) -> None:
    """Each answer is (whether it was raised, what was returned or raised)."""
    while True:
        try:
            function, arguments = pickle.load(calls)
        except EOFError:
            return
        pickle.dump(_outcome(function, arguments), answers)
        answers.flush()


def _outcome(function: Any, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return False, function(*arguments)
    except Exception as error:
        error.add_note(f"In a child process:\n{traceback.format_exc()}")
        return True, error


if __name__ == "__main__":
    os.nice(NICENESS)
    try:
        answer_all(sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        os._exit(0)  # Nobody is there to hear it.
