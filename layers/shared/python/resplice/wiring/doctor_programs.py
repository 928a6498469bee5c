"""Whether the programs that movies are made with start here, and do what they are for."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.ffmpeg.executable import ffmpeg_executable
from resplice.adapters.pocketsphinx import built as pocketsphinx
from resplice.errors import RespliceError
from resplice.ports.browser import PaintPage
from resplice.ports.voices import Utterance
from resplice.wiring.findings import BROKEN, OK, WARN, Check, Finding
from resplice.wiring.local import LAYERS, chromium_files
from resplice.wiring.sandbox import missing_walls, required
from resplice.wiring.speech import Speech

OLDEST_PYTHON = (3, 11)
SETUP = "make setup, in a checkout of Resplice"
FFMPEG_MEND = f"{SETUP}, brings one; or name another in IMAGEIO_FFMPEG_EXE"
BROWSER_MEND = (
    f"{SETUP}, unpacks one on x86-64 Linux; elsewhere install Google Chrome or Chromium, or name "
    "one in RESPLICE_CHROMIUM; without it no text, page or component is painted"
)
FAMILY = "Inter"
PAGE = PaintPage(200, 80, f"<!doctype html><p style='font-family:{FAMILY}'>Resplice</p>")
SPOKEN = {"kokoro": "af_heart", "espeak": "en-us"}
"""A voice of each that is set up here."""
LEAST_SOUND_BYTES = 1000
WALLS_MEND = "see docs/sandbox.md; --require-sandbox refuses to work with less"


def checks() -> Sequence[Check]:
    return (
        Check("python", _python, "install Python 3.11 or later, then make setup"),
        Check("ffmpeg", _ffmpeg, FFMPEG_MEND, within_s=60),
        Check("browser", _browser, BROWSER_MEND, within_s=120),
        Check("fonts", _fonts, f"{SETUP}, installs them"),
        Check("voices", _voices, f"{SETUP}, builds them", within_s=180),
        Check("sandbox", _sandbox, WALLS_MEND),
    )


def _python() -> Iterator[Finding]:
    said = f"Python {platform.python_version()}, {sys.executable}"
    if sys.version_info[:2] < OLDEST_PYTHON:
        raise RespliceError(f"{said} is too old")
    yield Finding("python", OK, said)


def _ffmpeg() -> Iterator[Finding]:
    from resplice.adapters.ffmpeg.process import Ffmpeg

    executable, said = ffmpeg_executable(), list[bytes]()
    ffmpeg = Ffmpeg(executable)
    ffmpeg.run(["-version"], timeout_s=30, on_output=said.append)
    version = b"".join(said).decode(errors="replace").partition(" Copyright")[0]
    yield Finding("ffmpeg", OK, f"{version}, {executable}, digest {ffmpeg.tools_digest()[:12]}")


def _browser() -> Iterator[Finding]:
    from resplice.adapters.chromium.browser import Chromium

    files = chromium_files()
    browser = Chromium(lambda: files, BundledFonts(LAYERS / "fonts"))
    try:
        painted = browser.paint(PAGE)
    finally:
        browser.close()
    if painted.width < 2:
        raise RespliceError(f"{files.executable} painted nothing")
    yield Finding("browser", OK, f"{files.version} paints a page, {files.executable}")


def _fonts() -> Iterator[Finding]:
    fonts = BundledFonts(LAYERS / "fonts")
    if not fonts.has(FAMILY) or not fonts.rules([FAMILY], "a"):
        raise RespliceError(f"there are no fonts in {LAYERS / 'fonts'}")
    yield Finding("fonts", OK, f"bundled ones are there, digest {fonts.digest()[:12]}")


def _voices() -> Iterator[Finding]:
    """What is not set up is done without; what is set up and does not speak is broken."""
    built = LAYERS / "voices/built"
    from resplice.adapters.ffmpeg.process import Ffmpeg

    speech = Speech(Ffmpeg(ffmpeg_executable()), built)
    try:
        at_hand = {access.provider for access in speech.at_hand()}
        for name, voice in SPOKEN.items():
            if name not in at_hand:
                yield Finding("voices", WARN, f"{name} is not set up in {built}", SETUP)
            else:
                yield _spoken(name, voice, speech.voices()[name])
    finally:
        speech.close()
    if not pocketsphinx.installed():
        yield Finding("voices", WARN, "PocketSphinx is not installed: nobody listens here", SETUP)


def _spoken(name: str, voice: str, provider: Callable[[], Any]) -> Finding:
    with TemporaryDirectory(prefix="doctor-") as folder:
        into = Path(folder, "word.wav")
        try:
            provider().speak(Utterance(voice, "", "en-US", "Resplice."), None, into)
            size_bytes = into.stat().st_size
        except (OSError, RespliceError) as error:
            return Finding("voices", BROKEN, f"{name}: {error}", f"{SETUP}, builds it anew")
    if size_bytes < LEAST_SOUND_BYTES:
        return Finding("voices", BROKEN, f"{name} said nothing", f"{SETUP}, builds it anew")
    return Finding("voices", OK, f"{name} speaks a word")


def _sandbox() -> Iterator[Finding]:
    missing, refused = missing_walls(), required()
    for each in missing:
        yield Finding("sandbox", BROKEN if refused else WARN, f"lacks {each}", WALLS_MEND)
    if not missing:
        held = "Landlock and seccomp hold all programs that read what others made"
        yield Finding("sandbox", OK, f"{held}{', as is required' if refused else ''}")
    if os.geteuid() == 0:
        said = "all of it runs as root: who gets out of a program has the machine"
        yield Finding("sandbox", WARN, said, "run it as a user of its own")
