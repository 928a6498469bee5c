"""What tests of whole movies need: small media, a web server for it, renders that are counted."""

from __future__ import annotations

import io
import json
import math
import os
import struct
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import imageio_ffmpeg
from PIL import Image
from resplice.cli.main import main
from resplice.core.addresses import AllowedSource
from resplice.core.filtergraph import Invocation
from resplice.core.report import Report
from resplice.ports import Ports
from resplice.ports.renderer import Renderer
from resplice.steps.execution.call import render
from resplice.steps.execution.local import explain
from resplice.steps.execution.progress import Unwatched
from resplice.steps.movie_cache import Outcome
from resplice.steps.pipeline.accept import Accepted, accept
from resplice.wiring.local import UNLIMITED, Paid, local
from web_server import Handler, Server

os.environ.setdefault("RESPLICE_FONTS_URL", "off")
"""No test asks Google for a font."""
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
COMMAND = [sys.executable, "-m", "resplice"]
CANVAS = {"width": 64, "height": 50, "fps": 10, "quality": "low"}


def movie(*scenes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**CANVAS, "scenes": list(scenes), **more}


def still(source: str, seconds: float = 0.5, **more: Any) -> dict[str, Any]:
    """A scene that shows one picture."""
    return {"duration": seconds, "elements": [{"type": "image", "src": source, **more}]}


def picture(colour: str, size: tuple[int, int] = (64, 50)) -> bytes:
    """A PNG of a colour, with a darker bar so that flips and shifts show."""
    image = Image.new("RGB", size, colour)
    image.paste((20, 20, 20), (3, 4, size[0] // 3, size[1] // 2))
    into = io.BytesIO()
    image.save(into, "PNG")
    return into.getvalue()


def tone(hertz: float, seconds: float = 1.0, rate: int = 48_000) -> bytes:
    """A mono WAV."""
    into = io.BytesIO()
    with wave.open(into, "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        turns = (math.tau * hertz * index / rate for index in range(int(rate * seconds)))
        file.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(t))) for t in turns))
    return into.getvalue()


def clip(into: Path, seconds: float = 1.0, rate: int = 10) -> Path:
    """An MP4 of a test card with a tone."""
    sources = ["-f", "lavfi", "-i", f"testsrc2=s=64x50:r={rate}:d={seconds}"]
    sources += ["-f", "lavfi", "-i", f"sine=d={seconds}"]
    command = [FFMPEG, "-v", "error", "-y", *sources, "-pix_fmt", "yuv420p", str(into)]
    subprocess.run(command, check=True)
    return into


def decoded(file: Path) -> str:
    """A hash of every decoded frame and of the sound, with their times."""
    hashing = ["-map", "0", "-c:a", "pcm_s16le", "-f", "framemd5", "-"]
    command = [FFMPEG, "-nostdin", "-v", "error", "-threads", "1", "-i", str(file), *hashing]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Counted:
    """A Renderer that counts what it runs. Of a movie that is joined it makes the poster."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer, self.runs = renderer, 0

    def run(
        self, invocation: Invocation, into: Path, on_frames: Callable[[int], None] | None = None
    ) -> int:
        self.runs += 1
        return self._renderer.run(invocation, into, on_frames)

    def run_together(self, invocation: Invocation, into: Sequence[Path]) -> None:
        self.runs += len(into)
        self._renderer.run_together(invocation, into)


class Studio:
    """One data folder, with its ports open: renders documents and counts the work."""

    def __init__(self, ports: Ports) -> None:
        self._counted = Counted(ports.renderer)
        self.ports = replace(ports, renderer=self._counted)

    def render(self, document: dict[str, Any]) -> Outcome:
        return render(self.accepted(document), self.ports, Unwatched())

    def planned(self, document: dict[str, Any]) -> Report:
        """What a render would be served from; its elements are made for that."""
        return explain(self.accepted(document), self.ports)[0]

    def accepted(self, document: dict[str, Any]) -> Accepted:
        ports = self.ports
        return accept(document, ports.tools, ports.offers, ports.components.all, files_allowed=True)

    def decoded(self, document: dict[str, Any]) -> str:
        with self.ports.objects.open(self.render(document).stored.key) as file:
            return decoded(file)

    def runs(self) -> int:
        """How often FFmpeg wrote something since the last call."""
        runs, self._counted.runs = self._counted.runs, 0
        return runs


@contextmanager
def studio(folder: Path, server: Server | None = None, paid: Paid = UNLIMITED) -> Iterator[Studio]:
    allowed = [AllowedSource("127.0.0.1", server.server_port)] if server else []
    with local(folder, allowed=allowed, files_allowed=True, paid=paid) as ports:
        yield Studio(ports)


def give(server: Server, path: str, body: bytes) -> str:
    """Serve the body with an ETag, answering 304 to who knows it; its URL."""
    tag = f'"{hash(body):x}"'

    def answer(to: Handler) -> None:
        known = to.headers.get("If-None-Match") == tag
        to.give(304 if known else 200, b"" if known else body, ETag=tag)

    server.answers[path] = answer
    return server.url(path)


def asked(server: Server) -> list[str]:
    """The paths that were asked for since the last call, sorted; `?` marks a conditional one."""
    seen = sorted(path + "?" * ("If-None-Match" in headers) for path, headers in server.seen)
    server.seen.clear()
    return seen


def written(file: Path, document: Any) -> Path:
    """The document as a JSON file."""
    file.write_text(json.dumps(document))
    return file


def called(
    *words: Any,
    cwd: Path | None = None,
    given: str = "",
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """The command line in this process: for what it says, not for how it starts and ends."""
    told = patch.dict(os.environ, environment or {}, clear=environment is not None)
    out, err, code = io.StringIO(), io.StringIO(), None
    piped = patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode()), "utf-8"))
    with redirect_stdout(out), redirect_stderr(err), chdir(cwd or "."), piped, told:
        try:
            code = main(list(map(str, words)))
        except SystemExit as ended:
            assert isinstance(ended.code, int)
            code = ended.code
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


def resplice(*words: Any, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command line, in a process of its own. Never a traceback."""
    command = [*COMMAND, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=cwd)
    assert "Traceback" not in done.stderr, done.stderr
    return done
