"""Programs that answer lines: much to say on both sides, nobody who listens, nobody who asks."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from resplice.adapters.kokoro import voices
from resplice.adapters.machine import MIB, Machine
from resplice.adapters.processes import lines
from resplice.adapters.processes.lines import Program
from resplice.errors import ProviderBusy

BUILT = Path(__file__).resolve().parents[2] / "layers/voices/built"
PACKAGES = Path(voices.__file__).resolve().parents[3]
MUCH = "x" * 300_000
"""More than a pipe holds."""
ECHO = """
import json, sys
for line in sys.stdin:
    print(line.strip(), flush=True)
"""


def program(code: str) -> Program:
    return Program("Somebody", (sys.executable, "-I", "-c", code))


def test_long_requests_and_long_answers_pass_each_other() -> None:
    echo = program(ECHO)
    try:
        with ThreadPoolExecutor(8) as asking:
            found = list(asking.map(lambda n: echo.ask({"n": n, "all": MUCH}, 60)["n"], range(40)))
        assert found == list(range(40))
    finally:
        echo.close()


def test_who_reads_nothing_holds_nobody_up() -> None:
    deaf = program("import time; time.sleep(600)")
    began = time.monotonic()
    with pytest.raises(ProviderBusy):
        deaf.ask({"all": MUCH}, 0.5)
    assert time.monotonic() - began < 60
    deaf.close()


def test_one_that_takes_more_memory_than_there_is_ends_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    grows = "import sys\nfor line in sys.stdin: held = bytearray(1 << 30); print(line, flush=True)"
    large = program(grows)
    assert large.ask({"n": 1}, 60)["n"] == 1
    large.close()
    monkeypatch.setattr(lines, "machine", lambda: Machine(512 * MIB, 1))
    with pytest.raises(ProviderBusy, match="its process has ended"):
        large.ask({"n": 1}, 60)


def test_two_hundred_requests_leave_no_descriptors_and_no_threads() -> None:
    def opened() -> tuple[int, int]:
        return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()

    echo = program(ECHO)
    before = opened()
    for n in range(200):
        echo.ask({"n": n}, 60)
        if n % 20 == 0:
            echo.close()
    assert threading.active_count() < before[1] + 20
    echo.close()
    for _ in range(200):
        if opened() <= before:
            return
        time.sleep(0.05)
    raise AssertionError(f"{before} became {opened()}")


def test_what_speaks_stops_in_the_midst_of_it_when_nobody_is_left_to_hear() -> None:
    """A busy machine would else compute on for whoever was killed."""
    code = (
        "import os, sys, threading, time; from pathlib import Path\n"
        "from resplice.adapters.espeak.library import EspeakLibrary\n"
        "from resplice.adapters.kokoro.voices import KokoroVoices\n"
        "from resplice.ports.voices import Utterance\n"
        f"built = Path({str(BUILT)!r})\n"
        "voices = KokoroVoices(built / 'kokoro', EspeakLibrary(built / 'espeak'), threads=1)\n"
        "said = Utterance('af_heart', '', 'en-US', 'One after the other, all of them. ' * 50)\n"
        "speak = lambda: voices.speak(said, None, Path(os.devnull))\n"
        "for _ in range(4):\n"
        "    threading.Thread(target=speak, daemon=True).start()\n"
        "while not voices.pid:\n"
        "    time.sleep(0.05)\n"
        "time.sleep(2)\n"
        "print(voices.pid, flush=True); os._exit(0)"
    )
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
    said = subprocess.run(
        [sys.executable, "-c", code], check=True, env=environment, stdout=subprocess.PIPE
    )
    left = Path(f"/proc/{int(said.stdout)}/status")
    for _ in range(200):
        try:
            if "\nState:\tZ" in left.read_text():
                return
        except OSError:
            return
        time.sleep(0.05)
    raise AssertionError("it computes on")


def test_a_text_that_keeps_espeak_busy_for_ever_is_given_up() -> None:
    code = (
        "from resplice.adapters.espeak import program\n"
        "program.CPU_SECONDS = 1\n"
        "class Endless:\n"
        "    def use(self, voice):\n"
        "        while True: pass\n"
        "print(program._answered(Endless(), {'id': 1, 'voice': 'en', 'do': 'phonemes'}))"
    )
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
    said = subprocess.run(
        [sys.executable, "-c", code],
        **{"check": True, "env": environment, "stdout": subprocess.PIPE, "timeout": 60},
    )
    assert said.stdout == b"False\n"
