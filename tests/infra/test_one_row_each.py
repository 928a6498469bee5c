"""A made-up type of element and a made-up kind of work take a row each, and nothing else.

tests/additions has what is written for them. What they bring is tried as a person would use it; on
the deployed stack too, in tests/stack.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from grown import ADDITIONS, ROOT, ROWS, Grown, grow
from PIL import Image
from stage import decoded, image, near, shot
from studio import CANVAS, movie, still, written

RED, BLUE, BLACK = (208, 32, 16), (16, 32, 208), (0, 0, 0)
SWATCH = {"type": "swatch", "colour": "#d02010", "width": 32, "height": 50}
Report = dict[str, Any]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Grown:
    return grow(tmp_path_factory.mktemp("grown"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with pictures beside the movies."""
    Image.new("RGB", (32, 50), BLUE).save(tmp_path / "blue.png")
    pattern = Image.new("L", (32, 50))
    pattern.paste(255, (0, 0, 16, 50))
    pattern.save(tmp_path / "pattern.png")
    (tmp_path / "words.txt").write_text("not a picture\n")
    return tmp_path


def render(grown: Grown, folder: Path, document: dict[str, Any]) -> tuple[Any, Report]:
    """Every frame of out.mp4, and the report."""
    written(folder / "movie.json", document)
    words = ("render", "movie.json", "-o", "out.mp4", "--report", "report.json", "--data", "data")
    grown.resplice(*words, cwd=folder)
    frames = decoded(folder / "out.mp4", CANVAS["width"], CANVAS["height"])  # type: ignore[arg-type]
    return frames, json.loads((folder / "report.json").read_text())


def refused(grown: Grown, folder: Path, element: dict[str, Any], code: int) -> str:
    """What the command line says of a movie with the element."""
    written(folder / "movie.json", movie(shot(element)))
    return grown.resplice("render", "movie.json", "--data", "data", cwd=folder, code=code)


def of_scenes(report: Report) -> list[str]:
    return [scene["result"] for scene in report["scenes"]]


def of_elements(report: Report) -> set[tuple[str, str]]:
    return {(element["type"], element["result"]) for element in report["elements"]}


def test_each_table_has_a_line_more_and_its_import_and_no_other_file_differs(grown: Grown) -> None:
    changes = dict(grown.changes())
    for row in ROWS:
        assert sorted(line.removeprefix("+").strip() for line in changes.pop(row.file)) == sorted(
            [row.imported, row.row]
        )
    added = [path.relative_to(ADDITIONS).as_posix() for path in ADDITIONS.rglob("*.py")]
    assert changes.keys() == set(added)


def test_the_import_laws_have_a_place_for_both(grown: Grown) -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    grown.run(tool, "--config", ROOT / "tests/architecture.ini", "--no-cache")


def test_a_movie_is_rendered_and_cached_with_both(grown: Grown, folder: Path) -> None:
    blue, other = image("blue.png", x=32), still("blue.png")
    document = movie(shot(SWATCH, blue), other)
    frames, report = render(grown, folder, document)
    assert len(frames) == 15
    assert near(frames[:10, :, :30], RED, 12) and near(frames[:10, :, 34:], BLUE, 12)
    assert report["movie"]["result"] == "miss"
    assert of_elements(report) == {("swatch", "miss"), ("image", "miss")}
    [tinted] = [each for each in report["elements"] if each["type"] == "swatch"]
    assert tinted["key"].startswith("elements/tint/")

    again, report = render(grown, folder, document)
    assert report["movie"]["result"] == "hit"
    assert (again == frames).all()

    _, report = render(grown, folder, movie(shot(SWATCH, blue), {**other, "duration": 0.7}))
    assert of_scenes(report) == ["hit", "miss"]
    assert of_elements(report) == {("swatch", "hit"), ("image", "hit")}

    edited = {**SWATCH, "colour": "rgb(16, 208, 32)"}
    frames, report = render(grown, folder, movie(shot(edited, blue), other))
    assert near(frames[:10, :, :30], (16, 208, 32), 12)
    assert of_scenes(report) == ["miss", "hit"]

    _, report = render(grown, folder, movie(shot({**SWATCH, "cache": False}, blue), other))
    assert of_scenes(report) == ["bypass", "hit"]
    assert of_elements(report) == {("swatch", "bypass"), ("image", "hit")}


def test_a_local_file_that_the_type_names_is_followed(grown: Grown, folder: Path) -> None:
    frames, report = render(grown, folder, movie(shot({**SWATCH, "pattern": "pattern.png"})))
    assert near(frames[:, :, :14], RED, 12) and near(frames[:, :, 18:], BLACK, 12)
    assert [each["type"] for each in report["elements"]] == ["swatch", "swatch"]
    said = refused(grown, folder, {**SWATCH, "pattern": "words.txt"}, 1)
    assert "is not an image file and cannot be used as a source for a swatch element's patt" in said


@pytest.mark.parametrize(
    ("element", "words"),
    [
        (
            {"type": "swotch"},
            "known: image, video, audio, text, html, voice, subtitles, audiogram, component, ",
        ),
        ({"type": "swatch"}, "The element type 'swatch' requires a 'colour' property."),
        ({**SWATCH, "colour": "reddish"}, "'colour' must be a colour like"),
        ({**SWATCH, "pattern": "ftp://e.com/a.png"}, "scenes[0].elements[0].pattern"),
    ],
)
def test_mistakes_are_told_in_the_words_of_the_type(
    grown: Grown, folder: Path, element: dict[str, Any], words: str
) -> None:
    assert words in refused(grown, folder, element, 2)


def test_the_json_schema_describes_the_type(grown: Grown) -> None:
    asked = "import json, resplice.core.schema.json_schema as s; print(json.dumps(s.json_schema()))"
    schema = json.loads(grown.python(asked))
    choices = schema["$defs"]["Element"]["properties"]["type"]["anyOf"]
    assert {
        "const": "swatch",
        "description": "A colour, and the picture of where it is seen.",
    } in choices
    described = schema["$defs"]["SwatchElement"]
    assert described["required"] == ["type", "colour"]
    assert {"pattern", "mask", "zoom", "cache"} <= described["properties"].keys()
    assert described["properties"]["colour"]["description"] == "Fills it."
