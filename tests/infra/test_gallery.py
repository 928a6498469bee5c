"""The gallery's page: nothing that can be painted is left out, and every picture is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from resplice.adapters.disk.component_folders import CATALOG, ComponentFolders
from resplice.core.schema.json_schema import json_schema
from resplice.core.text.styles import STYLES

from examples.gallery.pieces import LANDSCAPE, Piece, movie, pieces

ROOT = Path(__file__).resolve().parents[2]
GALLERY = ROOT / "docs/gallery"
PAGE = (GALLERY / "README.md").read_text()
FOLDERS = ComponentFolders(CATALOG).all()
COMPONENTS = {each.name for each in FOLDERS}
SCHEMA = Draft202012Validator(json_schema(FOLDERS))


def table(name: str) -> dict[str, dict[str, dict[str, object]]]:
    read: dict[str, dict[str, dict[str, object]]] = json.loads(
        (ROOT / f"examples/gallery/{name}.json").read_text()
    )
    return read


@pytest.mark.parametrize(
    ("name", "there"),
    [("styles", set(STYLES)), ("components", COMPONENTS)],
    ids=["styles", "components"],
)
def test_every_style_and_component_has_its_pieces(name: str, there: set[str]) -> None:
    assert set(table(name)) == there
    assert all(set(row) == {"defaults", "used"} for row in table(name).values())
    assert all(f"### `{each}` " in PAGE for each in there), "make gallery shows it"


def test_every_file_that_the_page_shows_is_there_and_no_other() -> None:
    shown = set(re.findall(r'src="([^"]+)"', PAGE))
    assert shown | {"README.md", "strip.jpg"} == {each.name for each in GALLERY.iterdir()}


def test_pictures_are_small() -> None:
    for file in GALLERY.iterdir():
        most = {".jpg": 40_000, ".webp": 150_000, ".md": 100_000}[file.suffix]
        assert file.stat().st_size <= (120_000 if file.name == "strip.jpg" else most), file.name
    assert sum(each.stat().st_size for each in GALLERY.iterdir()) <= 8_000_000


@pytest.mark.parametrize("pair", [*pieces()], ids=lambda pair: pair[0].name)
def test_settings_to_copy_are_right_by_the_schema(pair: tuple[Piece, Piece]) -> None:
    document = movie([*pair], LANDSCAPE)
    assert list(SCHEMA.iter_errors(document)) == []
