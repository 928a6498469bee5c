"""FFmpeg, run where it can do little harm: behind walls (see adapters/confined), no environment,
limits on everything, no file but those that its words name, and no network but what serves it a
file on this machine (see command_line).

The only place that starts FFmpeg. It takes argument lists, never a shell, and knows no movies.
"""

from __future__ import annotations

import hashlib
import os
import resource
import selectors
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from resplice.adapters.confined.launching import LAUNCHER_OF_ALL, Confined, Launcher, Start
from resplice.adapters.confined.programs import FFMPEG
from resplice.adapters.ffmpeg.command_line import FILE, SERVED
from resplice.adapters.machine import GIB, allowed_processors, machine
from resplice.adapters.processes.limits import stack_bytes
from resplice.adapters.time_left import TimeLeft, endless
from resplice.core.ffmpeg_log import printable, starved
from resplice.errors import LimitReached, RenderError
from resplice.frozen import frozen

EVIDENCE_BYTES = 16_384

# Without the first libass asks the machine's fontconfig, and pictures would depend on the machine.
# With the second its threads have one heap, and not each its own of what they freed: frames are
# pooled, and nobody waits for it.
_ENVIRONMENT = {"FONTCONFIG_FILE": "/dev/null", "MALLOC_ARENA_MAX": "1"}

_QUIET = ("-nostdin", "-hide_banner", "-nostats", "-v", "error")

Consumer = Callable[[bytes], None]


USUAL_BYTES = 8 * GIB
"""What one may take alone, wherever there is room for it."""
THREADS, THREADS_PER_STILL, THREADS_PER_CLIP = 16, 2, 4
"""That it starts: at all, for an input whose decoder is told to have one, and for another beside
those of its decoder, of which FFmpeg makes one more than there are processors.
"""
MOST_DECODER_THREADS = 16
_ONE = ("-threads", "1")


def _data_bytes() -> int:
    here = machine()
    return here.share_bytes(here.renders_at_once(), USUAL_BYTES)


def _stacks_bytes(argv: Sequence[str]) -> int:
    """Of its threads. They count as data and are hardly touched: of a film with 300 layers it is
    two thirds of all.
    """
    inputs = argv.count("-i")
    stills = min(inputs, sum(pair == _ONE for pair in pairwise(argv)))
    decoding = min(MOST_DECODER_THREADS, allowed_processors() + 1)
    clips = (inputs - stills) * (THREADS_PER_CLIP + decoding)
    return stack_bytes() * (THREADS + THREADS_PER_STILL * stills + clips)


@frozen
class Limits:
    """What one FFmpeg process may take, enforced by the kernel on Linux.

    data_bytes: without the stacks of its threads.
    """

    data_bytes: int = field(default_factory=_data_bytes)
    file_bytes: int = 16 * GIB
    open_files: int = 2048


LIMITS = Limits()


class Ffmpeg:
    """Runs FFmpeg processes. Safe to use from many threads."""

    def __init__(
        self,
        executable: Path,
        limits: Limits = LIMITS,
        left_s: TimeLeft = endless,
        launcher: Launcher = LAUNCHER_OF_ALL,
    ) -> None:
        """left_s: no process runs longer than that."""
        self._executable, self._limits, self._left_s = executable, limits, left_s
        self._launcher = launcher

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout_s: float,
        pass_fds: Sequence[int] = (),
        on_progress: Callable[[int], None] | None = None,
        on_output: Consumer | None = None,
        evidence_bytes: int = EVIDENCE_BYTES,
    ) -> bytes:
        """Run `ffmpeg <argv>` to its end and give the last evidence_bytes of what it logged.

        argv         without the program; `-v` there replaces the default `-v error`
        on_progress  called with the number of video frames written so far, twice a second
        on_output    called with what FFmpeg writes to its stdout, as it comes

        Raises RenderError when it fails or takes longer than timeout_s, LimitReached when nobody
        has time for it any more. An exception from a callback stops the
        process and passes through; no process outlives this call, nor this program.
        """
        evidence, timeout_s = _Tail(evidence_bytes), min(timeout_s, self._left_s())
        flags, fds = [*_QUIET], list(pass_fds)
        readers: dict[int, Consumer] = {}
        with ExitStack() as stack:
            if on_progress is not None:
                reading, writing = _pipe(stack)
                fds.append(writing.fileno())
                flags += ["-stats_period", "0.5", "-progress", f"pipe:{writing.fileno()}"]
                readers[reading.fileno()] = _progress_reader(on_progress)
            given = dict[int, IO[bytes]]()
            for descriptor, consumer in ((1, on_output), (2, evidence.add)):
                if consumer is not None:
                    reading, given[descriptor] = _pipe(stack)
                    readers[reading.fileno()] = consumer
            descriptors = {number: end.fileno() for number, end in given.items()}
            process = self._start(stack, [*flags, *argv], descriptors, fds, timeout_s)
            for end in given.values():
                end.close()
            if on_progress is not None:
                writing.close()
            try:
                _pump(process, readers, time.monotonic() + timeout_s)
            except RenderError:
                if self._left_s():
                    raise
                # Not the fault of what it reads, as being slow would be.
                raise LimitReached("FFmpeg was stopped: no time was left for it") from None
        _judge(process.wait(), evidence.text())
        return evidence.text()

    def _start(
        self,
        stack: ExitStack,
        argv: Sequence[str],
        descriptors: Mapping[int, int],
        fds: Sequence[int],
        timeout_s: float,
    ) -> Confined:
        """Start FFmpeg; when the stack unwinds it is killed if it still runs, and waited for.

        descriptors: by the number that they have there; fds keep theirs.
        """
        inputs, outputs = _files(argv)
        try:
            for path in outputs:
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o666))
            process = self._launcher.start(
                Start(
                    FFMPEG,
                    [str(self._executable), *argv],
                    _ENVIRONMENT,
                    {**descriptors, **{each: each for each in fds}},
                    reads=inputs,
                    writes=outputs,
                    port=_port(argv),
                    limits=self._most(argv, timeout_s),
                )
            )
        except OSError as error:
            raise RenderError(f"FFmpeg could not be started: {error.strerror}") from error
        return stack.enter_context(process)

    def _most(self, argv: Sequence[str], timeout_s: float) -> dict[int, int]:
        return {
            resource.RLIMIT_DATA: self._limits.data_bytes + _stacks_bytes(argv),
            resource.RLIMIT_FSIZE: self._limits.file_bytes,
            resource.RLIMIT_NOFILE: self._limits.open_files,
            resource.RLIMIT_CPU: int(timeout_s * machine().processors) + 1,
            resource.RLIMIT_CORE: 0,
        }

    def tools_digest(self) -> str:
        """The digest that names this FFmpeg build; part of every key of what it makes."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        said: list[bytes] = []
        self.run(["-version"], timeout_s=30, on_output=said.append)
        size = self._executable.stat().st_size
        return hashlib.sha256(b"".join(said) + str(size).encode()).hexdigest()


class _Tail:
    """The last bytes of a stream."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept = bytearray()

    def add(self, data: bytes) -> None:
        self._kept += data
        del self._kept[: -self._most_bytes]

    def text(self) -> bytes:
        return bytes(self._kept)


def _progress_reader(on_progress: Callable[[int], None]) -> Consumer:
    rest = b""

    def read(data: bytes) -> None:
        nonlocal rest
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            name, _, value = line.partition(b"=")
            if name == b"frame" and value.strip().isdigit():
                on_progress(int(value))

    return read


def _pump(process: Confined, readers: Mapping[int, Consumer], deadline_s: float) -> None:
    """Hand on what FFmpeg writes until it closes all its pipes, then wait for its end."""
    with selectors.DefaultSelector() as selector:
        for fd in readers:
            selector.register(fd, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select(_remaining(deadline_s)):
                data = os.read(key.fd, 65_536)
                if data:
                    readers[key.fd](data)
                else:
                    selector.unregister(key.fd)
    try:
        process.wait(_remaining(deadline_s))
    except subprocess.TimeoutExpired:
        raise _out_of_time() from None


def _pipe(stack: ExitStack) -> tuple[IO[bytes], IO[bytes]]:
    """A pipe's reading and writing end, closed with the stack."""
    reading, writing = os.pipe()
    return (
        stack.enter_context(os.fdopen(reading, "rb", buffering=0)),
        stack.enter_context(os.fdopen(writing, "wb", buffering=0)),
    )


def _remaining(deadline_s: float) -> float:
    left_s = deadline_s - time.monotonic()
    if left_s <= 0:
        raise _out_of_time()
    return left_s


def _out_of_time() -> RenderError:
    return RenderError("FFmpeg was stopped: out of time")


def _files(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """(what it reads, what it writes) by name: as command_line.py says them, and no others."""
    inputs, outputs = list[str](), list[str]()
    for before, word in pairwise(["", *argv]):
        if word.startswith(FILE):
            (inputs if before == "-i" else outputs).append(word.removeprefix(FILE))
    return inputs, outputs


def _port(argv: Sequence[str]) -> int:
    """Of this machine, where something that it reads is served; all of them by one."""
    served = [urlsplit(word).port for word in argv if word.startswith(SERVED)]
    return served[0] or 0 if served else 0


def _judge(returncode: int, evidence: bytes) -> None:
    said = printable(evidence.decode("utf-8", "replace"))
    hungry = starved(said)
    if returncode == 0 and not hungry:
        return
    how = (
        "too little memory"
        if hungry
        else f"signal {-returncode}"
        if returncode < 0
        else f"code {returncode}"
    )
    raise RenderError(f"FFmpeg ended with {how}", said)
