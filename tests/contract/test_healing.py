"""Whatever happens to a file below the data folder, the movie stays the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from studio import clip, decoded, movie, picture, resplice, studio, written

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


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A movie with a stored object of every kind, rendered once."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "red.png").write_bytes(picture("red"))
    clip(folder / "card.mp4", 0.8)
    text = {"type": "text", "text": "Ann", "width": 60, "height": 30}
    source = {"type": "image", "src": f"file://{folder}/red.png"}
    card = {"type": "video", "src": f"file://{folder}/card.mp4"}
    scenes: list[dict[str, Any]] = [
        {"duration": 0.6, "elements": [source, text]},
        {"elements": [card], "transition": {"duration": 0.3}},
    ]
    written(folder / "movie.json", movie(*scenes))
    with studio(folder / "data") as first:
        (folder / "right").write_text(first.decoded(movie(*scenes)))
    return folder


def test_the_movie_has_stored_objects_of_every_kind(desk: Path) -> None:
    entries = desk / "data/objects/entries"
    kinds = {str(path.relative_to(entries).parents[1]) for path in entries.rglob("*.json")}
    assert kinds == {
        *("elements/content", "elements/fetch", "elements/paint", "movies"),
        *("scenes/mix", "scenes/segment", "scenes/sound"),
    }


def files(desk: Path) -> list[Path]:
    """Every stored file, entries and contents."""
    return sorted(path for path in (desk / "data/objects").rglob("*/*") if path.is_file())


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_one_file_damaged_and_the_movie_missing(desk: Path, damage: Damage) -> None:
    """The movie has to be stitched again, from what is damaged."""
    document = movie(**written_movie(desk))
    for index in range(len(files(desk))):
        with studio(desk / "data") as again:
            movies = [stored.key for stored in again.ports.objects.list("movies/")]
            file = files(desk)[index % len(files(desk))]
            file.chmod(0o644)
            damage(file)
            for key in movies:
                again.ports.objects.delete(key)
            assert again.decoded(document) == (desk / "right").read_text(), file


def written_movie(desk: Path) -> dict[str, Any]:
    import json

    document: dict[str, Any] = json.loads((desk / "movie.json").read_text())
    return {name: value for name, value in document.items() if name != "scenes"} | {
        "scenes": document["scenes"]
    }
