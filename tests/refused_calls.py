"""python refused_calls.py PROGRAM…: run where Linux does not have some system calls, as older
kernels do not: Landlock's, and seccomp's own but by prctl, with which this is done.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2
LANDLOCK = (444, 445, 446)
SECCOMP = {"x86_64": 317, "aarch64": 277}
ALLOW, ENOSYS = 0x7FFF0000, 0x00050000 | 38
LOAD, IF_EQUAL, RETURN = 0x20, 0x15, 0x06


def without_walls(*program: str) -> list[str]:
    """The command line that runs this command line so."""
    return [sys.executable, "-I", "-S", str(Path(__file__)), *program]


def refuse(numbers: Sequence[int]) -> None:
    """To this process and all that it starts, from now on."""
    rules = [(LOAD, 0, 0, 0)]
    for left, number in enumerate(numbers):
        rules.append((IF_EQUAL, len(numbers) - left, 0, number))
    rules += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, ENOSYS)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *rule) for rule in rules))
    about = ctypes.create_string_buffer(struct.pack("H6xQ", len(rules), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, about, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")


if __name__ == "__main__":
    refuse([*LANDLOCK, SECCOMP[os.uname().machine]])
    os.execvp(sys.argv[1], sys.argv[1:])
