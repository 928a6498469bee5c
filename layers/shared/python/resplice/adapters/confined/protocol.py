"""What launching.py and launcher.py say to each other, and in which form. It imports nothing heavy.

A message over their socket is a header with descriptors beside it. Of those of a start the first
is a file that holds the rest of it as JSON, the second a pipe on which its course is told.
"""

from __future__ import annotations

import struct

HEADER = struct.Struct("=cII")
"""What is asked, the start's number, how many descriptors there are."""
START, KILL = b"S", b"K"
TOLD = struct.Struct("=ci")
"""What came, and a number with it."""
RUNS, FAILED, ENDED = b"P", b"E", b"X"
"""With the process; with errno, as it could not be started; with how it ended, as wait tells."""
MOST_AT_A_TIME = 200
"""Descriptors: a message holds 253."""
