"""Unpacking the browser's layer: whole or not at all, once for all who ask at the same time."""

from __future__ import annotations

import io
import os
import tarfile
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from resplice.adapters.chromium import packed as packed_chromium
from resplice.adapters.chromium.packed import unpacked
from resplice.errors import PaintError

EXECUTABLE = os.urandom(3_000_000) + b"\0" * 3_000_000


def tar(name: str, content: bytes) -> bytes:
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w") as file:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(content), 0o755
        file.addfile(entry, io.BytesIO(content))
    return into.getvalue()


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    folder = tmp_path / "layer"
    folder.mkdir()
    (folder / "VERSION").write_text("1.2.3\n")
    for name, plain in (
        ("chromium.br", EXECUTABLE),
        ("al2023.tar.br", tar("lib/libnss3.so", b"library")),
        ("fonts.tar.br", tar("fonts/Open/Sans.ttf", b"font")),
    ):
        (folder / name).write_bytes(brotli.compress(plain, quality=1))
    return folder


@pytest.fixture
def into(tmp_path: Path) -> Path:
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


def folders(into: Path) -> list[str]:
    return sorted(path.name for path in into.iterdir() if path.is_dir())


@pytest.fixture(params=["this Python", "Python 3.11.2"])
def python(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The older one, which Debian 12 has, knows of no filters."""
    if request.param == "this Python":
        return
    extractall = tarfile.TarFile.extractall

    def extractall_of_old(self: tarfile.TarFile, path: Path, members: Any = None) -> None:
        extractall(self, path, members)

    monkeypatch.delattr(tarfile, "data_filter", raising=False)
    unfiltered = staticmethod(lambda member, path: member)
    monkeypatch.setattr(tarfile.TarFile, "extraction_filter", unfiltered, raising=False)
    monkeypatch.setattr(tarfile.TarFile, "extractall", extractall_of_old)


@pytest.mark.usefixtures("python")
def test_it_lies_as_the_browser_wants_it(layer: Path, into: Path) -> None:
    files = unpacked(layer, into)
    assert files.layer == into / "chromium-1.2.3"
    assert (files.executable, files.version) == (files.layer / "chromium", "1.2.3")
    assert files.executable.read_bytes() == EXECUTABLE
    assert os.access(files.executable, os.X_OK)
    assert (files.layer / "lib/libnss3.so").read_bytes() == b"library"
    assert (files.layer / "fonts/Open/Sans.ttf").read_bytes() == b"font"


def test_the_second_call_unpacks_nothing(layer: Path, into: Path) -> None:
    files = unpacked(layer, into)
    for packed in layer.glob("*.br"):
        packed.unlink()
    assert unpacked(layer, into) == files


def test_many_at_once_get_the_same_one(layer: Path, into: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: unpacked(layer, into), range(8)))
    assert found == found[:1] * 8
    assert folders(into) == ["chromium-1.2.3"]


def test_what_a_dead_process_left_goes(layer: Path, into: Path) -> None:
    left = into / ".chromium-1.2.3-half"
    left.mkdir()
    (left / "chromium").write_bytes(b"half")
    unpacked(layer, into)
    assert folders(into) == ["chromium-1.2.3"]


@pytest.mark.parametrize("name", ["chromium.br", "al2023.tar.br", "fonts.tar.br"])
@pytest.mark.parametrize("harm", ["missing", "cut", "spoilt"])
def test_a_damaged_layer_leaves_nothing(layer: Path, into: Path, name: str, harm: str) -> None:
    file = layer / name
    packed = file.read_bytes()
    match harm:
        case "missing":
            file.unlink()
        case "cut":
            file.write_bytes(packed[: len(packed) // 2])
        case "spoilt":
            file.write_bytes(b"\xff" * len(packed))
    with pytest.raises(PaintError, match="cannot be unpacked"):
        unpacked(layer, into)
    assert not folders(into)


@pytest.mark.usefixtures("python")
@pytest.mark.parametrize("absolute", [False, True])
def test_nothing_is_written_elsewhere(layer: Path, into: Path, absolute: bool) -> None:
    name = str(into.parent / "evil") if absolute else "../../evil"
    (layer / "fonts.tar.br").write_bytes(brotli.compress(tar(name, b"x")))
    with pytest.raises(PaintError):
        unpacked(layer, into)
    assert not list(into.parent.rglob("evil"))
    assert not folders(into)


def test_memory_does_not_grow_with_the_file(layer: Path, into: Path) -> None:
    size = 48 * packed_chromium.CHUNK_BYTES
    (layer / "chromium.br").write_bytes(brotli.compress(bytes(size), quality=1))
    tracemalloc.start()
    files = unpacked(layer, into)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert files.executable.stat().st_size == size
    assert peak < 12 * packed_chromium.CHUNK_BYTES
