"""Runs the command lines that the core wrote, with the feeds they name.

A feed is FFmpeg → motion → FFmpeg over pipes: raw frames never touch the disk or this process.
"""

from __future__ import annotations

import fcntl
import os
import resource
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile

from resplice.adapters.confined.launching import LAUNCHER_OF_ALL, Confined, Start
from resplice.adapters.confined.programs import PYTHON
from resplice.adapters.ffmpeg import motion
from resplice.adapters.ffmpeg.command_line import FEED, FILE, command_line
from resplice.adapters.ffmpeg.process import Ffmpeg
from resplice.adapters.machine import machine
from resplice.adapters.processes.environment import environment
from resplice.core.filtergraph import FramePipe, Invocation
from resplice.core.filtergraph.inputs import GRAPH, INTO, OUTPUT
from resplice.errors import LimitReached, RenderError

TIMEOUT_SECONDS = 1800.0
PIPE_BYTES = 1 << 20
MAX_SAID_BYTES = 1 << 16


class FfmpegRenderer:
    """A Renderer on real FFmpeg processes. Safe to use from many threads."""

    def __init__(self, ffmpeg: Ffmpeg) -> None:
        self._ffmpeg = ffmpeg

    def run(
        self, invocation: Invocation, into: Path, on_frames: Callable[[int], None] | None = None
    ) -> int:
        frames = 0

        def progress(done: int) -> None:
            nonlocal frames
            frames = done
            if on_frames:
                on_frames(done)

        try:
            self._run(invocation, into, progress)
        except BaseException:
            into.unlink(missing_ok=True)
            raise
        return frames

    def run_together(self, invocation: Invocation, into: Sequence[Path]) -> None:
        names = {INTO.format(number): f"{FILE}{path}" for number, path in enumerate(into)}
        with _as_file(invocation.graph) as graph:
            names[GRAPH] = f"pipe:{graph}"
            argv = [names.get(word, word) for word in command_line(invocation)]
            self._ffmpeg.run(["-y", *argv], timeout_s=TIMEOUT_SECONDS, pass_fds=[graph])

    def _run(self, invocation: Invocation, into: Path, progress: Callable[[int], None]) -> None:
        with ExitStack() as stack:
            feeds = [
                stack.enter_context(closing(_RunningFeed(feed, self._ffmpeg)))
                for feed in invocation.feeds
            ]
            names = {FEED.format(i): f"pipe:{feed.output}" for i, feed in enumerate(feeds)}
            graph = stack.enter_context(_as_file(invocation.graph))
            names[GRAPH] = f"pipe:{graph}"
            argv = [names.get(word, word) for word in command_line(invocation)]
            error = self._main(argv, [graph, *(feed.output for feed in feeds)], into, progress)
            # FFmpeg ends well when a feed ends early, but the picture is not what was asked for.
            for failure in [*(feed.settle() for feed in feeds), error]:
                if failure:
                    raise failure

    def _main(
        self,
        argv: list[str],
        pass_fds: list[int],
        into: Path,
        progress: Callable[[int], None],
    ) -> RenderError | None:
        try:
            self._ffmpeg.run(
                [*argv, "-y", f"{FILE}{into}"],
                timeout_s=TIMEOUT_SECONDS,
                pass_fds=pass_fds,
                on_progress=progress,
            )
        except RenderError as error:
            return error
        return None


@contextmanager
def _as_file(text: str) -> Iterator[int]:
    """A file without a name that holds the text; its descriptor."""
    with TemporaryFile("w+") as file:
        file.write(text)
        file.seek(0)
        yield file.fileno()


def _wide_pipe() -> tuple[int, int]:
    """A pipe that holds a good part of a frame, where the system lets us ask for it."""
    reading, writing = os.pipe()
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return reading, writing


def _motion_process(feed: FramePipe, frames: int, out: int, said: int) -> Confined:
    # A Lambda's Python knows its layers by a path that no new Python inherits.
    packages = list(dict.fromkeys(map(_folder_of, ("resplice", *motion.packages()))))
    return LAUNCHER_OF_ALL.start(
        Start(
            PYTHON,
            motion.command(feed),
            environment(**motion.ENVIRONMENT, PYTHONPATH=os.pathsep.join(packages)),
            {0: frames, 1: out, 2: said},
            reads=packages,
            limits={
                resource.RLIMIT_DATA: machine().room_bytes(),
                resource.RLIMIT_FSIZE: MAX_SAID_BYTES,
                resource.RLIMIT_CORE: 0,
            },
        )
    )


def _folder_of(package: str) -> str:
    """Where it would be imported from; it is not."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise RenderError(f"{package} is not installed")
    return str(Path(spec.origin).parents[1])


class _RunningFeed:
    """A feed while it runs; `output` is the end of a pipe that its frames can be read from."""

    def __init__(self, feed: FramePipe, ffmpeg: Ffmpeg) -> None:
        self._failure: RenderError | LimitReached | None = None
        self._closed = False
        with ExitStack() as until_it_runs, ExitStack() as given_away:
            decoded, self._decoding = _wide_pipe()
            given_away.callback(os.close, decoded)
            until_it_runs.callback(os.close, self._decoding)
            self.output, moved = _wide_pipe()
            given_away.callback(os.close, moved)
            until_it_runs.callback(os.close, self.output)
            self._said = until_it_runs.enter_context(TemporaryFile())
            self._motion = _motion_process(feed, decoded, moved, self._said.fileno())
            until_it_runs.pop_all()
        names = {OUTPUT: f"pipe:{self._decoding}"}
        argv = [names.get(word, word) for word in command_line(feed.decode)]
        self._thread = threading.Thread(target=self._decode, args=(ffmpeg, argv), daemon=True)
        self._thread.start()

    def _decode(self, ffmpeg: Ffmpeg, argv: list[str]) -> None:
        """Decode until motion has seen enough; the pipe is closed whatever happens."""
        try:
            ffmpeg.run(argv, timeout_s=TIMEOUT_SECONDS, pass_fds=[self._decoding])
        except (RenderError, LimitReached) as error:
            self._failure = error
        finally:
            os.close(self._decoding)

    def settle(self) -> RenderError | LimitReached | None:
        """Wait for its end, after nobody reads it any more; what went wrong, if it gave too little.

        That decoding was cut short does not matter when motion had enough.
        """
        self._close_output()
        code = self._motion.wait()
        self._thread.join()
        if code == 0:
            return None
        self._said.seek(0)
        said = self._said.read().decode(errors="replace")
        return self._failure or RenderError("a moving picture failed", said[-2000:])

    def close(self) -> None:
        """Stop everything that still runs."""
        self._close_output()
        self._motion.kill()
        self._motion.wait()
        self._thread.join()
        self._said.close()

    def _close_output(self) -> None:
        if not self._closed:
            self._closed = True
            os.close(self.output)
