"""Whatever happens to a file below the data folder, the movie stays the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from studio import called, clip, decoded, movie, picture, studio, written

Damage = Callable[[Path], object]


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def empty(file: Path) -> None:
    file.write_bytes(b"")


DAMAGES: list[Damage] = [Path.unlink, cut, flip, empty]


@dataclass(frozen=True)
class Desk:
    """A folder with a movie, rendered once; right is its decoded frames."""

    folder: Path
    document: dict[str, Any]
    right: str

    def files(self) -> list[Path]:
        """Every stored file, entries and contents."""
        found = (self.folder / "data/objects").rglob("*/*")
        return sorted(path for path in found if path.is_file())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("desk")
    (folder / "red.png").write_bytes(picture("red"))
    clip(folder / "card.mp4", 0.8)
    text = {"type": "text", "text": "Ann", "width": 60, "height": 30}
    source = {"type": "image", "src": f"file://{folder}/red.png"}
    card = {"type": "video", "src": f"file://{folder}/card.mp4"}
    document = movie(
        {"duration": 0.6, "elements": [source, text]},
        {"elements": [card], "transition": {"duration": 0.3}},
    )
    written(folder / "movie.json", document)
    with studio(folder / "data") as first:
        return Desk(folder, document, first.decoded(document))


def test_the_movie_has_stored_objects_of_every_kind(desk: Desk) -> None:
    entries = desk.folder / "data/objects/entries"
    kinds = {str(path.relative_to(entries).parents[1]) for path in entries.rglob("*.json")}
    assert kinds == {
        *("elements/content", "movies"),
        *("scenes/mix", "scenes/poster", "scenes/segment", "scenes/sound"),
    }


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_file_is_damaged_and_the_movie_stitched_again(desk: Desk, damage: Damage) -> None:
    """Each file in one way; each way meets entries and contents."""
    for file in desk.files()[DAMAGES.index(damage) :: len(DAMAGES)]:
        with studio(desk.folder / "data") as again:
            for stored in list(again.ports.objects.list("movies/")):
                again.ports.objects.delete(stored.key)
            if file.exists():
                file.chmod(0o644)
                damage(file)
            assert again.decoded(desk.document) == desk.right, file


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_the_movie_itself_is_damaged(desk: Desk, damage: Damage) -> None:
    """Its content, and the entry that names it."""
    out = desk.folder / "out.mp4"
    words = ["render", desk.folder / "movie.json", "-o", out, "--data", desk.folder / "data"]
    objects = desk.folder / "data/objects"
    for what in ("content", "entry"):
        called(*words)
        entries = (objects / "entries/movies").rglob("*.json")
        entry = max(entries, key=lambda used: used.stat().st_mtime_ns)
        digest = json.loads(entry.read_text())["digest"]
        file = entry if what == "entry" else objects / "blobs" / digest[:2] / digest
        file.chmod(0o644)
        damage(file)
        out.unlink()
        done = called(*words)
        assert done.returncode == 0, done.stderr
        assert decoded(out) == desk.right


def test_everything_is_damaged(desk: Desk) -> None:
    for file in desk.files():
        if file.stat().st_size:  # Of what nobody needs any more one may be empty by now.
            file.chmod(0o644)
            flip(file)
    with studio(desk.folder / "data") as again:
        assert again.decoded(desk.document) == desk.right
