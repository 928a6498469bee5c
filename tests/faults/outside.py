"""What lies outside of us, made quick: FFmpeg and the browser that remember, providers that count.

A maker that remembers is the real one the first time, and each time that what goes into it is
other bytes; else it gives what came out before. What providers are asked is in the journal.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from faults.process import Journal, here, now_ms
from resplice.core.facts import MediaFacts
from resplice.core.filtergraph import Invocation
from resplice.core.words import Word
from resplice.ports import Ports
from resplice.ports.browser import Animated, Load, Painted, PaintPage, WebPage
from resplice.ports.connections import Secret
from resplice.ports.generators import Generated, Generation, Started
from resplice.ports.prober import Loudness
from resplice.ports.voices import Spoken, Utterance
from resplice.ports.web import Allowance, Fetched, Validators
from studio import picture, tone

QUOTED_PATH = re.compile(r"'(/[^']*)'")
VOICES, GENERATORS = "elevenlabs", "replicate"
"""The providers that are asked, by their connections too."""
KEY = "key"


@dataclass(frozen=True)
class Memory:
    """What came out of makers, by what went in. Several processes may share the folder."""

    folder: Path

    def file(self, *into: object) -> Path:
        return self.folder / hashlib.sha256(repr(into).encode()).hexdigest()

    def value(self, make: Callable[[], Any], *into: object) -> Any:
        """What make gives, or what it gave before."""
        file = self.file(*into)
        if not file.exists():
            self.keep(file, pickle.dumps(make()))
        return pickle.loads(file.read_bytes())

    def keep(self, file: Path, content: bytes) -> None:
        descriptor, fresh = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(descriptor, "wb") as written:
            written.write(content)
        Path(fresh).replace(file)


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def contents(invocation: Invocation) -> str:
    """The command line with the bytes of its files in the place of their names."""

    def content(found: re.Match[str]) -> str:
        path = Path(found[1])
        return digest_of(path) if path.is_file() else found[0]

    return QUOTED_PATH.sub(content, repr(invocation))


@dataclass(frozen=True)
class Renderer:
    """Implements ports.renderer.Renderer."""

    real: Any
    memory: Memory | None
    journal: Journal

    def run(
        self, invocation: Invocation, into: Path, on_frames: Callable[[int], None] | None = None
    ) -> int:
        made = self._noted(contents(invocation), [into])
        if self.memory is None:
            return int(self.real.run(invocation, into, on_frames))
        frames = self.memory.file("frames", made)
        kept = self.memory.file("made", made)
        if not frames.exists():
            done = self.real.run(invocation, into, on_frames)
            self.memory.keep(kept, into.read_bytes())
            self.memory.keep(frames, str(done).encode())
            return int(done)
        shutil.copyfile(kept, into)
        done = int(frames.read_text())
        if on_frames:
            on_frames(done)
        return done

    def run_together(self, invocation: Invocation, into: Sequence[Path]) -> None:
        made = self._noted(contents(invocation), into)
        if self.memory is None:
            self.real.run_together(invocation, into)
            return
        kept = [self.memory.file("one of them", made, n) for n in range(len(into))]
        if not all(each.exists() for each in kept):
            self.real.run_together(invocation, into)
            for each, path in zip(kept, into, strict=True):
                self.memory.keep(each, path.read_bytes())
            return
        for each, path in zip(kept, into, strict=True):
            shutil.copyfile(each, path)

    def _noted(self, made: str, into: Sequence[Path]) -> str:
        name = hashlib.sha256(made.encode()).hexdigest()[:16]
        self.journal.note("rendered", name, *map(str, into))
        return made


@dataclass(frozen=True)
class Prober:
    """Implements ports.prober.Prober."""

    real: Any
    memory: Memory

    def probe(self, path: Path, url: str) -> MediaFacts:
        digest = digest_of(path)
        facts: MediaFacts = self.memory.value(lambda: self.real.probe(path, url), "facts", digest)
        return facts

    def loudness(self, path: Path, demuxer: str) -> Loudness:
        into = "loudness", digest_of(path), demuxer
        found: Loudness = self.memory.value(lambda: self.real.loudness(path, demuxer), *into)
        return found


@dataclass(frozen=True)
class Browser:
    """Implements ports.browser.Browser."""

    real: Any
    memory: Memory
    journal: Journal

    def paint(self, page: PaintPage) -> Painted:
        return self._made(lambda: self.real.paint(page), "paint", page)

    def animate(self, page: PaintPage, fps: int) -> Animated | Painted:
        return self._made(lambda: self.real.animate(page, fps), "animate", page, fps)

    def paint_web_page(self, page: WebPage, load: Load) -> Animated | Painted:
        return self._made(lambda: self.real.paint_web_page(page, load), "web page", page)

    def _made(self, make: Callable[[], Any], *into: object) -> Any:
        self.journal.note("painted", self.memory.file(*into).name[:16])
        return self.memory.value(make, *into)

    def build(self) -> str:
        return str(self.real.build())

    def close(self) -> None:
        self.real.close()


@dataclass(frozen=True)
class Web:
    """Implements ports.web.Web."""

    real: Any
    journal: Journal

    def fetch(
        self,
        url: str,
        into: Path,
        known: Validators | None = None,
        allowance: Allowance | None = None,
    ) -> Fetched | None:
        self.journal.note("fetched", url)
        fetched: Fetched | None = self.real.fetch(url, into, known, allowance)
        return fetched


@dataclass(frozen=True)
class Speaker:
    """Implements ports.voices.VoiceProvider: each utterance is a tone of its own, and is paid."""

    journal: Journal
    max_characters: int = 1000
    takes_ssml: bool = False

    def speak(self, utterance: Utterance, secret: Secret | None, into: Path) -> Spoken:
        self.journal.note("paid", f"speech: {utterance.text}", here(), now_ms())
        words = utterance.text.split()
        into.write_bytes(tone(300 + 10 * len(utterance.text), 0.1 * len(words)))
        times = tuple(Word(each, 100 * n, 100 * n + 90) for n, each in enumerate(words))
        return Spoken("wav", times, len(utterance.text))


@dataclass(frozen=True)
class Painter:
    """Implements ports.generators.GeneratorProvider: what is begun is paid, and known by name."""

    journal: Journal

    def start(self, wanted: Generation, secret: Secret | None, into: Path) -> Started:
        self.journal.note("paid", f"picture: {wanted.prompt}", here(), now_ms())
        return Started(wanted.prompt)

    def collect(
        self, job: str, wanted: Generation, secret: Secret | None, into: Path
    ) -> Generated | None:
        into.write_bytes(picture(job))
        return Generated()


@dataclass(frozen=True)
class Outside:
    """All of it. memory: of a real share of runs none, for FFmpeg."""

    memory: Memory
    real: bool = False

    def around(self, ports: Ports, journal: Journal) -> Ports:
        """The ports of a process whose own FFmpeg and browser are behind these."""
        return replace(
            ports,
            renderer=Renderer(ports.renderer, None if self.real else self.memory, journal),
            prober=Prober(ports.prober, self.memory),
            browser=Browser(ports.browser, self.memory, journal),
            web=Web(ports.web, journal),
            voices={VOICES: Speaker(journal)},
            generators={GENERATORS: Painter(journal)},
        )
