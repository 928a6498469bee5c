"""The layers: what is in them runs on Lambda, fits it, and is what the rest of the project pins."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import synthesized
from resplice.adapters.espeak.built import build
from studio import FFMPEG

from infra import layers
from infra.runtime import OWN_PYTHON, interpreter, runtime_version
from infra.settings import PYTHON
from layers.voices.assemble import take_place

LARGEST_BYTES = 250_000_000
"""Lambda's own limit is 250 MiB (262 MB) unzipped, layers and code together."""
GLIBC_OF_AMAZON_LINUX_2023 = (2, 34)
LOCKED = ("deps", "pillow", "ffmpeg", "aligner", "sftp", "credentials")
ONLY_HERE = {"uvicorn"}
"""What only one machine needs: on AWS, API Gateway takes requests."""
UNCHECKED = (1).to_bytes(4, "little")
"""In a compiled module: imported without a look at its source. https://peps.python.org/pep-0552/"""
HERE = runtime_version()
PYTHONS = sorted({PYTHON, HERE})


def size_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in layers.content(folder))


def test_each_function_fits_lambda() -> None:
    made = synthesized.resources("AWS::Lambda::LayerVersion")
    sizes = {name: size_bytes(synthesized.asset(each["Content"])) for name, each in made.items()}
    for name, function in synthesized.functions().items():
        total = size_bytes(synthesized.asset(function["Code"]))
        total += sum(sizes[layer["Ref"]] for layer in function["Layers"])
        assert total < LARGEST_BYTES, (name, total)


def pins(path: Path) -> dict[str, str]:
    lines = re.findall(r"^([\w.-]+)(?:\[.*\])?==(\S+)", path.read_text(), re.MULTILINE)
    return {re.sub(r"[._-]+", "-", name).lower(): version for name, version in lines}


@pytest.mark.parametrize("name", LOCKED)
def test_layers_hold_the_versions_that_everything_else_is_tested_with(name: str) -> None:
    locked = pins(layers.SOURCES / name / "requirements.txt")
    assert locked
    for file in ("constraints.txt", "requirements.txt"):
        ours = pins(layers.ROOT / file)
        assert {each: ours.get(each, locked[each]) for each in locked} == locked
    assert locked.keys() <= pins(layers.ROOT / "constraints.txt").keys()


def test_layers_hold_what_the_package_requires() -> None:
    required = pins(layers.ROOT / "requirements.txt").keys()
    locked = {each for name in LOCKED for each in pins(layers.SOURCES / name / "requirements.txt")}
    assert required - ONLY_HERE <= locked
    assert not ONLY_HERE & locked


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", ["deps", "pillow", "aligner", "sftp"])
def test_every_wheel_is_for_the_runtime(name: str, python: str) -> None:
    folder = layers.build(name, python)
    own = f"cp{python.replace('.', '')}"
    tags = [
        (path.parent.name, tag)
        for path in folder.glob("python/*.dist-info/WHEEL")
        for tag in re.findall(r"^Tag: (\S+)", path.read_text(), re.MULTILINE)
    ]
    assert tags
    for package, tag in tags:
        interpreter, abi, platform = tag.split("-")
        if platform != "any":
            assert "x86_64" in platform, package
            assert interpreter == own or abi == "abi3", package
    built = {path.name for path in folder.rglob("*.so") if "cpython-" in path.name}
    assert built
    assert {name for name in built if f"cpython-{own[2:]}-x86_64-linux" not in name} == set()


def binaries() -> Iterator[Path]:
    names = [name for name in layers.RECIPES if name != "chromium"]
    unpacked = layers.SOURCES / "chromium/browser"
    for folder in (unpacked, *(layers.build(name, PYTHON) for name in names)):
        for path in layers.content(folder):
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path


def test_no_binary_needs_a_newer_glibc_than_lambda_has() -> None:
    seen = 0
    for path in binaries():
        wanted = re.findall(rb"\0GLIBC_(\d+)\.(\d+)", path.read_bytes())
        newest = max(((int(major), int(minor)) for major, minor in wanted), default=(0, 0))
        assert newest <= GLIBC_OF_AMAZON_LINUX_2023, path
        seen += bool(wanted)
    assert seen > 10


def state(folder: Path) -> str:
    """All that the hash of an asset could depend on."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        about = path.stat()
        digest.update(f"{path.relative_to(folder)} {about.st_mode:o} {about.st_mtime}".encode())
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def test_a_layer_is_the_same_wherever_it_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {name: layers.build(name, HERE) for name in ("shared", "aligner")}
    monkeypatch.setattr(layers, "BUILT", tmp_path)
    mask = os.umask(0o077)
    try:
        again = {name: layers.build(name, HERE) for name in before}
    finally:
        os.umask(mask)
    assert {name: state(path) for name, path in again.items()} == {
        name: state(path) for name, path in before.items()
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        path.name for path in before.values()
    )


def test_a_layer_is_built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    built = layers.build("deps", HERE)
    monkeypatch.setattr(layers, "_install", None)
    assert layers.build("deps", HERE) == built


def test_ffmpeg_can_be_run_and_nothing_else_needs_to() -> None:
    ffmpeg = layers.build("ffmpeg", PYTHON)
    assert os.access(ffmpeg / "bin/ffmpeg", os.X_OK)
    assert [path.name for path in layers.content(ffmpeg)] == ["ffmpeg"]


def test_a_voice_has_the_same_name_in_its_layer_as_on_one_machine() -> None:
    here = layers.SOURCES / "voices/built/espeak"
    assert build(layers.build("espeak", PYTHON) / "espeak") == build(here)


def test_the_aligner_finds_words_without_any_model_of_language() -> None:
    folder = layers.build("aligner", OWN_PYTHON) / "python"
    assert size_bytes(folder) < 12_000_000
    assert not [path for path in layers.content(folder) if path.name.endswith(".lm.bin")]
    script = f"""
import sys
sys.path.insert(0, {str(folder)!r})
import pocketsphinx
assert pocketsphinx.__file__.startswith({str(folder)!r})
import io
from resplice.adapters.pocketsphinx.find import find
print(find({{"words": ["Save", "20%"]}}, io.BytesIO(sys.stdin.buffer.read())))
"""
    sound = Path(__file__).parents[1] / "speech/sale.flac"
    form = ("-t", "1.3", "-ac", "1", "-ar", "16000", "-f", "s16le", "-")
    samples = subprocess.run(
        [FFMPEG, "-v", "error", "-i", str(sound), *form], check=True, capture_output=True
    ).stdout
    found = subprocess.run(
        [sys.executable, "-c", script], input=samples, check=True, capture_output=True
    ).stdout
    assert [number for number, _, _ in ast.literal_eval(found.decode())] == [0, 1]


def test_the_package_is_there_as_it_is() -> None:
    folder = layers.build("shared", PYTHON) / "python/resplice"
    ours = {
        path.relative_to(layers.PACKAGE): path.read_bytes()
        for path in layers.content(layers.PACKAGE)
        if "__pycache__" not in path.parts
    }
    there = (path for path in layers.content(folder) if "__pycache__" not in path.parts)
    assert {path.relative_to(folder): path.read_bytes() for path in there} == ours


@pytest.mark.parametrize("name", ["shared", "deps", "pillow", "sftp", "credentials"])
def test_functions_import_what_is_compiled_already(name: str) -> None:
    """They may not write beside their layers: each cold start would compile all modules again."""
    magic = "import importlib.util as i, sys; sys.stdout.buffer.write(i.MAGIC_NUMBER)"
    said = subprocess.run([str(interpreter(HERE)), "-c", magic], capture_output=True, check=True)
    modules = list((layers.build(name, HERE) / "python").rglob("*.py"))
    for module in modules:
        compiled = f"__pycache__/{module.stem}.cpython-{HERE.replace('.', '')}.pyc"
        assert (module.parent / compiled).read_bytes()[:8] == said.stdout + UNCHECKED
    assert modules


def test_without_the_functions_python_layers_hold_sources_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = layers.build("shared", HERE).name
    monkeypatch.setattr(layers, "interpreter", lambda _: None)
    monkeypatch.setattr(layers, "BUILT", tmp_path)
    plain = layers.build("shared", HERE)
    assert plain.name != compiled
    assert not list(plain.rglob("*.pyc"))


def test_voices_take_the_place_of_older_ones_whole(tmp_path: Path) -> None:
    built, before = tmp_path / "built", tmp_path / "before"
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
        take_place(tmp_path / name, built, before)
    assert [each.name for each in built.iterdir()] == ["second"]
    assert [each.name for each in before.iterdir()] == ["first"]
