"""The layers that functions run on, built without Docker for Lambda's Linux on x86_64.

Each is a folder build/layers/<name>-<digest of what goes in>, made once and then kept. Times and
modes of its files are always the same, so equal content gives an equal asset on every machine
that has the functions' version of Python; without it, Lambda compiles modules at each cold start.
    python -m infra.layers     builds all, for Lambda's Python and the one that runs functions here
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from resplice.adapters.chromium.browser import TAILWIND

from infra.runtime import LAMBDA_PYTHON, interpreter, runtime_version
from layers.espeak.assemble import assemble as assemble_espeak
from layers.hashed import as_file

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "layers"
BUILT = ROOT / "build" / "layers"
PACKAGE = SOURCES / "shared/python/resplice"
CHROMIUM = SOURCES / "chromium/node_modules/@sparticuz/chromium"
STUDIO = SOURCES / "studio"
FONTS = SOURCES / "fonts/node_modules"
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux2014_x86_64")
"""Amazon Linux 2023 has glibc 2.34."""

SERVICES = (
    *("dynamodb", "s3", "secretsmanager", "stepfunctions", "sts"),
    *("bedrock-runtime", "polly", "transcribe"),
    *("lambda", "sesv2"),
)
"""What functions call: boto's models of all others are left out, 30 MB of them."""
ALIGNER_FILES = (
    *("pocketsphinx/*.py", "pocketsphinx/*.so", "pocketsphinx-*/**/*"),
    *("pocketsphinx/model/en-us/*.dict", "pocketsphinx/model/en-us/en-us/*"),
)
"""Without the models of language, 28 MB of them: what was said is known."""
FONT_FILES = (
    *("@fontsource*/*/" + each for each in ("package.json", "metadata.json", "LICENSE", "*.css")),
    "@fontsource*/*/files/*.woff2",
    *("@expo-google-fonts/*/" + each for each in ("package.json", "LICENSE_FONT")),
    "@expo-google-fonts/*/400Regular/*.ttf",
)
EXECUTABLES = {"ffmpeg"}
EPOCH_SECONDS = 315532800
"""1980, where the time of zip files begins."""


@dataclass(frozen=True)
class Recipe:
    """How a layer is made. inputs: the files that decide its content; fill: writes it."""

    inputs: Callable[[], Iterable[Path]]
    fill: Callable[[Path, str], None]


def build(name: str, python: str) -> Path:
    """The folder of a layer for a version of Python, made if it is not there yet.

    Raises CalledProcessError when pip cannot have a wheel, FileNotFoundError when npm has not
    been run.
    """
    recipe = RECIPES[name]
    inputs = [Path(__file__), *sorted(recipe.inputs())]
    target = BUILT / f"{name}-{_digest(inputs, python)}"
    if not target.exists():
        BUILT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUILT, prefix=".") as scratch:
            fresh = Path(scratch) / name
            fresh.mkdir()
            recipe.fill(fresh, python)
            _compile(fresh / "python", interpreter(python))
            _normalise(fresh)
            _take_place(fresh, target)
    return target


def content(folder: Path) -> Iterator[Path]:
    """Every file below the folder, sorted."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def pinned(name: str) -> dict[str, str]:
    """The lock of a layer: package to version."""
    lines = (SOURCES / name / "requirements.txt").read_text().splitlines()
    pins = (line.partition("==") for line in lines if line and not line.startswith("#"))
    return {package: version for package, _, version in pins}


def _digest(inputs: Iterable[Path], python: str) -> str:
    digest = hashlib.sha256(f"{python} {interpreter(python) is not None}".encode())
    for path in inputs:
        digest.update(f"\0{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _compile(folder: Path, python: Path | None) -> None:
    """Modules are imported as they are compiled here, whatever the time of their source."""
    if not folder.exists() or python is None:
        return
    command = [str(python), "-I", "-m", "compileall", "-q", "--invalidation-mode"]
    command += ["unchecked-hash", "-s", str(folder), "-p", "/opt/python", str(folder)]
    subprocess.run(command, check=True)


def _normalise(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        runs = path.is_dir() or path.name in EXECUTABLES
        path.chmod(0o755 if runs else 0o644)
        os.utime(path, (EPOCH_SECONDS, EPOCH_SECONDS))


def _take_place(fresh: Path, target: Path) -> None:
    """Rename, unless someone else was faster: then theirs is the same."""
    try:
        fresh.rename(target)
    except OSError:
        if not target.exists():
            raise


def _fill_shared(into: Path, _: str) -> None:
    refused = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(PACKAGE, into / "python/resplice", ignore=refused)


def _fill_deps(into: Path, python: str) -> None:
    _install("deps", into / "python", python)
    data = into / "python/botocore/data"
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in SERVICES:
            shutil.rmtree(folder)


def _fill_pillow(into: Path, python: str) -> None:
    _install("pillow", into / "python", python)


def _fill_ffmpeg(into: Path, python: str) -> None:
    with tempfile.TemporaryDirectory(dir=into.parent) as scratch:
        _install("ffmpeg", Path(scratch), python)
        (binary,) = Path(scratch).glob("imageio_ffmpeg/binaries/ffmpeg-linux-x86_64-*")
        (into / "bin").mkdir()
        binary.rename(into / "bin/ffmpeg")


def _fill_espeak(into: Path, python: str) -> None:
    """As layers/voices has it on one machine, so that the voices have the same name."""
    with tempfile.TemporaryDirectory(dir=into.parent) as scratch:
        _install("espeak", Path(scratch), python)
        assemble_espeak(Path(scratch) / "espeakng_loader", into / "espeak")


def _fill_aligner(into: Path, python: str) -> None:
    with tempfile.TemporaryDirectory(dir=into.parent) as scratch:
        _install("aligner", Path(scratch), python)
        found = (Path(scratch).glob(pattern) for pattern in ALIGNER_FILES)
        _copy(chain.from_iterable(found), Path(scratch), into / "python")


def _fill_sftp(into: Path, python: str) -> None:
    _install("sftp", into / "python", python)


def _fill_credentials(into: Path, python: str) -> None:
    """Without what it is linked with when it is made, 31 MB."""
    _install("credentials", into / "python", python)
    for unneeded in into.glob("python/c2pa/libs/*.rlib"):
        unneeded.unlink()


def _fill_chromium(into: Path, _: str) -> None:
    target = into / "chromium"
    target.mkdir()
    for name in ("chromium.br", "al2023.tar.br", "fonts.tar.br"):
        shutil.copyfile(CHROMIUM / "bin" / name, target / name)
    (target / "VERSION").write_text(f"{chromium_version()}\n")
    _copy([CHROMIUM.parents[1] / TAILWIND.relative_to("node_modules")], CHROMIUM.parents[2], target)


def _fill_fonts(into: Path, _: str) -> None:
    found = (FONTS.glob(pattern) for pattern in FONT_FILES)
    _copy(chain.from_iterable(found), FONTS, into / "fonts/node_modules")


def _fill_studio(into: Path, _: str) -> None:
    shutil.copytree(STUDIO / "built", into / "studio/built")


def _copy(files: Iterable[Path], root: Path, into: Path) -> None:
    """Each to its place below the root."""
    for source in filter(Path.is_file, files):
        target = into / source.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _install(name: str, into: Path, python: str) -> None:
    """The wheels of a lock, and nothing that is not needed to run them."""
    lock = SOURCES / name / "requirements.txt"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-compile", "--only-binary=:all:", "--implementation=cp"]
    command += ["--python-version", python, *(f"--platform={each}" for each in PLATFORMS)]
    with as_file(lock) as held:
        subprocess.run([*command, "--target", str(into), *held], check=True)
    unneeded = ("bin", "*-stubs", "**/__pycache__", "**/tests", "**/*.pyi", "*.dist-info/R*")
    for path in [found for pattern in unneeded for found in into.glob(pattern)]:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def chromium_version() -> str:
    """The version of the package that the browser comes in."""
    return str(json.loads((CHROMIUM / "package.json").read_text())["version"])


def _of_package() -> Iterator[Path]:
    return (path for path in content(PACKAGE) if "__pycache__" not in path.parts)


def _lock(name: str, *files: str) -> Callable[[], list[Path]]:
    return lambda: [SOURCES / name / file for file in files]


RECIPES = {
    "shared": Recipe(_of_package, _fill_shared),
    "deps": Recipe(_lock("deps", "requirements.txt"), _fill_deps),
    "pillow": Recipe(_lock("pillow", "requirements.txt"), _fill_pillow),
    "ffmpeg": Recipe(_lock("ffmpeg", "requirements.txt"), _fill_ffmpeg),
    "espeak": Recipe(_lock("espeak", "requirements.txt", "assemble.py"), _fill_espeak),
    "aligner": Recipe(_lock("aligner", "requirements.txt"), _fill_aligner),
    "sftp": Recipe(_lock("sftp", "requirements.txt"), _fill_sftp),
    "credentials": Recipe(_lock("credentials", "requirements.txt"), _fill_credentials),
    "chromium": Recipe(_lock("chromium", "package-lock.json"), _fill_chromium),
    "studio": Recipe(lambda: sorted((STUDIO / "built").glob("*.gz")), _fill_studio),
    "fonts": Recipe(_lock("fonts", "package-lock.json"), _fill_fonts),
}

if __name__ == "__main__":
    for version in sorted({LAMBDA_PYTHON, runtime_version()}):
        for layer in RECIPES:
            print(build(layer, version))
