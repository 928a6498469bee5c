"""What holds for every test run: what makes it fast, and that Node is the one of the setup.

A run starts Python hundreds of times, and reads each test in several processes: Python keeps what
it compiled, and garbage collections are rare and look through no tests, neither while they are read
nor later; but they come before a process has as many open files as most machines allow, 1,024. What
tests write is in memory, where there is room: programs under test wait for the disk at each file,
so that nothing is lost when the power fails, and no test can pull the plug. No test is timed.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import settings

MEMORY = Path("/dev/shm")
ROOM_BYTES = 4 << 30
MANY_FILES = 400

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["PATH"] = os.pathsep.join((str(Path(sys.prefix) / "node"), os.environ["PATH"]))
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None

LONGEST = ("test_dying", "test_bare_root", "test_smoke", "test_voice_providers_local")

gc.set_threshold(50_000, 20, 20)
# A shell's job in the background ignores interrupts, and so would each program that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def one_browser() -> Iterator[None]:
    from lent_browser import lent
    from resplice.adapters.confined.launching import LAUNCHER_OF_ALL

    with patch("resplice.wiring.local._browser", lent):
        yield
    LAUNCHER_OF_ALL.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that nobody waits for it in the end."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)


def pytest_runtest_logfinish() -> None:
    file = os.open(os.devnull, os.O_RDONLY)  # It has the lowest number that is free.
    os.close(file)
    if file > MANY_FILES:
        gc.collect()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    gc.disable()
    yield
    gc.freeze()
    gc.enable()
