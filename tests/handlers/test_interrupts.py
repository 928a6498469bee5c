"""An interrupt is heard at once, also where Python itself would not hear it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

WAITS = """
import signal, sys, threading
from resplice.cli.interrupts import hear

hear()
signal.signal(signal.SIGTERM, signal.default_int_handler)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
try:
    print("waiting", flush=True)
    threading.Event().wait()
except KeyboardInterrupt:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    print("heard", flush=True)
print(sys.stdin.read(), flush=True)
"""
"""The main thread waits for ever, and all signals come to others."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_that_came_to_another_thread_ends_a_wait_without_end(number: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WAITS], stdin=-1, stdout=-1, stderr=-1, text=True
    ) as process:
        try:
            assert process.stdout and process.stdout.readline() == "waiting\n"
            time.sleep(0.2)  # It is said a moment before.
            process.send_signal(number)
            said, wrong = process.communicate("and nothing else is disturbed", timeout=20)
        finally:
            process.kill()
    assert (said, wrong) == ("heard\nand nothing else is disturbed\n", "")
