"""A leash: a child process that ends when this program does, however that goes. On Linux.

The child holds the reading end of a pipe, this program alone the writing end: when this program is
gone, the kernel signals the child. PR_SET_PDEATHSIG would need code between fork and exec, and
would fire when the starting thread ends.
"""

from __future__ import annotations

import fcntl
import os
import sys


def leash(pid: int, reading_end: int, number: int) -> None:
    """number: of the signal. The process was started with the reading end; nothing is written."""
    if sys.platform != "linux":
        return
    fcntl.fcntl(reading_end, fcntl.F_SETOWN, pid)
    fcntl.fcntl(reading_end, fcntl.F_SETSIG, number)
    flags = fcntl.fcntl(reading_end, fcntl.F_GETFL)
    fcntl.fcntl(reading_end, fcntl.F_SETFL, flags | os.O_ASYNC)
