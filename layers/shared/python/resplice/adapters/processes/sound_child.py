"""Questions about a sound to a program of its own: it may die, hang or grow without harm to us.

The child is told the question and the sound as samples, which FFmpeg made in its fences; it stands
behind walls (adapters/confined), and its environment is the way to our packages.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from resplice.adapters.confined.launching import LAUNCHER_OF_ALL, Confined, Start
from resplice.adapters.confined.programs import PYTHON
from resplice.adapters.ffmpeg.command_line import hostile_input
from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.adapters.machine import machine
from resplice.adapters.processes.environment import environment
from resplice.adapters.processes.sound_question import RATE, SAMPLE_BYTES, Question
from resplice.errors import ProviderLost, ProviderRefused, RenderError

AT_ONCE = 2
MAX_ANSWER_BYTES = 64 << 20
NICENESS = 5
"""It gives way to who asks, which has others to answer."""
DECODING_SECONDS = 600
_UNREADABLE = "the sound cannot be read"


class SoundChild:
    """One kind of question. Safe to use from many threads, who wait their turn."""

    def __init__(
        self,
        ffmpeg: Ffmpeg,
        title: str,
        module: str,
        *,
        most_bytes: int,
        most_hours: float,
        patience_s: Callable[[float], float],
        reads: Sequence[str] = (),
    ) -> None:
        """title: as people call who answers. module: the program, which calls
        sound_question.answer. most_bytes: that it may hold.
        patience_s: by the seconds of sound, how long it may take. reads: files and folders, beside
        our packages.
        """
        self._ffmpeg, self._title, self._module = ffmpeg, title, module
        self._most_bytes = min(most_bytes, machine().room_bytes())
        self._most_hours = most_hours
        self._patience_s, self._reads = patience_s, tuple(reads)
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def ask(self, sound: Path, question: Mapping[str, Any]) -> tuple[Any, float]:
        """(the answer, seconds of sound). sound: FLAC.

        Raises ProviderRefused, with what the child says, and ProviderLost.
        """
        with self._turns, TemporaryFile() as asked:
            asked.write(json.dumps(dict(question)).encode() + b"\n")
            seconds = self._decode(sound, asked)
            asked.seek(0)
            return self._answer(asked, self._patience_s(seconds)), seconds

    def _decode(self, sound: Path, into: IO[bytes]) -> float:
        most = int(self._most_hours * 3600) * RATE * SAMPLE_BYTES
        size = 0

        def add(samples: bytes) -> None:
            nonlocal size
            size += len(samples)
            if size > most:
                reason = f"the sound is longer than the {self._most_hours:g} hours that it takes"
                raise ProviderRefused(self._title, reason)
            into.write(samples)

        form = ("-map", "0:a:0", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "pipe:1")
        try:
            argv = [*hostile_input(str(sound), "flac"), *form]
            self._ffmpeg.run(argv, timeout_s=DECODING_SECONDS, on_output=add)
        except RenderError:
            raise ProviderRefused(self._title, _UNREADABLE) from None
        return size / SAMPLE_BYTES / RATE

    def _answer(self, asked: IO[bytes], patience_s: float) -> Any:
        with TemporaryFile() as told:
            with self._running(asked, told, patience_s) as process:
                try:
                    code = process.wait(patience_s)
                except subprocess.TimeoutExpired:
                    reason = f"it took longer than {patience_s:.0f} seconds and was stopped"
                    raise ProviderLost(self._title, reason) from None
            told.seek(0)
            return self._judged(code, told.read(MAX_ANSWER_BYTES))

    def _running(self, asked: IO[bytes], told: IO[bytes], patience_s: float) -> Confined:
        # Not where whoever started us stands: that may hold anything.
        beside = {Path.cwd(), Path(sys.argv[0]).parent.absolute()}
        folders = [path for path in sys.path if path and Path(path).absolute() not in beside]
        limits = {
            resource.RLIMIT_DATA: self._most_bytes,
            resource.RLIMIT_CPU: (int(patience_s) * 2 + 1) * machine().processors,
            resource.RLIMIT_FSIZE: MAX_ANSWER_BYTES,
            resource.RLIMIT_CORE: 0,
        }
        try:
            return LAUNCHER_OF_ALL.start(
                Start(
                    PYTHON,
                    [sys.executable, "-P", "-m", self._module, str(asked.fileno())],
                    environment(PYTHONPATH=os.pathsep.join(folders)),
                    {1: told.fileno(), asked.fileno(): asked.fileno()},
                    reads=[*folders, *self._reads],
                    limits=limits,
                    niceness=NICENESS,
                )
            )
        except OSError as error:
            raise ProviderLost(self._title, f"cannot be started: {error.strerror}") from None

    def _judged(self, code: int, told: bytes) -> Any:
        try:
            answer: Question = json.loads(told) if code == 0 else {}
        except ValueError:
            answer = {}
        if "refused" in answer:
            raise ProviderRefused(self._title, str(answer["refused"]))
        if "answer" not in answer:
            how = f"signal {-code}" if code < 0 else f"code {code}"
            raise ProviderLost(self._title, f"its process ended with {how}")
        return answer["answer"]
