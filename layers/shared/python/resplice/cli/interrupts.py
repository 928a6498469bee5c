"""Signals, heard whenever they come. Knows no command.

Python hears a signal between two of its steps, and one that comes while the main thread waits ends
the wait. One that comes in the moment before, or to another thread, is heard when the wait is over,
which may be when a long film is done.
https://docs.python.org/3/library/signal.html#execution-of-python-signal-handlers
"""

from __future__ import annotations

import os
import signal
import threading
import time

NUDGE = signal.SIGURG
"""It means nothing, to us or to those who do not handle it, and ends a wait as each signal does."""
PAUSES_SECONDS = (0.05, 0.5, 2.0)
"""From a signal to the nudges after it: where all is busy the moment before a wait may last."""


def hear() -> None:
    """From now on, in this process, whose main thread calls."""
    heard, told = os.pipe()
    os.set_blocking(told, False)
    signal.signal(NUDGE, lambda *_: None)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    threading.Thread(target=_nudge, args=(heard,), name="signals", daemon=True).start()


def _nudge(heard: int) -> None:
    """After each signal that is none of ours."""
    main = threading.main_thread().ident or 0
    while numbers := os.read(heard, 64):
        for pause_s in PAUSES_SECONDS if set(numbers) - {NUDGE} else ():
            time.sleep(pause_s)
            signal.pthread_kill(main, NUDGE)
