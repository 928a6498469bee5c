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


def rendered(folder: Path, name: str) -> tuple[Any, Report]:
    """Every frame of a movie, and the report."""
    frames = decoded(folder / f"{name}.mp4", CANVAS["width"], CANVAS["height"])  # type: ignore[arg-type]
    return frames, json.loads((folder / f"{name}-report.json").read_text())


def words(folder: Path, name: str, document: dict[str, Any]) -> list[str]:
    """What renders the document, as it is called."""
    written(folder / f"{name}.json", document)
    into = ("-o", f"{name}.mp4", "--report", f"{name}-report.json", "--data", "data")
    return ["render", f"{name}.json", *into]


def render(grown: Grown, folder: Path, document: dict[str, Any]) -> tuple[Any, Report]:
    grown.resplice(*words(folder, "out", document), cwd=folder)
    return rendered(folder, "out")


def render_each(grown: Grown, folder: Path, *documents: dict[str, Any]) -> list[tuple[Any, Report]]:
    """One after the other, with one cache."""
    names = [f"out{number}" for number in range(len(documents))]
    grown.resplice_each(
        [words(folder, *each) for each in zip(names, documents, strict=True)], cwd=folder
    )
    return [rendered(folder, name) for name in names]


def of_scenes(report: Report) -> list[str]:
    return [scene["result"] for scene in report["scenes"]]


def of_elements(report: Report) -> set[tuple[str, str]]:
    return {(element["type"], element["result"]) for element in report["elements"]}


def test_each_table_has_a_line_more_and_its_import_and_no_other_file_differs(grown: Grown) -> None:
    changes = dict(grown.changes())
    for row in ROWS:
        assert sorted(line.removeprefix("+").strip() for line in changes.pop(row.file)) == sorted(
            row.lines()
        )
    added = [path.relative_to(ADDITIONS).as_posix() for path in ADDITIONS.rglob("*.py")]
    assert changes.keys() == set(added)


def test_the_import_laws_have_a_place_for_both(grown: Grown) -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    grown.run(tool, "--config", ROOT / "tests/architecture.ini", "--no-cache")


def test_a_movie_is_rendered_and_cached_with_both(grown: Grown, folder: Path) -> None:
    blue, other = image("blue.png", x=32), still("blue.png")
    document = movie(shot(SWATCH, blue), other)
    edited = {**SWATCH, "colour": "rgb(16, 208, 32)"}
    first, again, tinged, green, forced = render_each(
        *(grown, folder, document, document),
        movie(shot(SWATCH, blue), {**other, "background-color": "#123456"}),
        movie(shot(edited, blue), other),
        movie(shot({**SWATCH, "cache": False}, blue), other),
    )
    frames, report = first
    assert len(frames) == 15
    assert near(frames[:10, :, :30], RED, 12) and near(frames[:10, :, 34:], BLUE, 12)
    assert report["movie"]["result"] == "miss"
    assert of_elements(report) == {("swatch", "miss"), ("image", "miss")}
    [tinted] = [each for each in report["elements"] if each["type"] == "swatch"]
    assert tinted["key"].startswith("elements/tint/")

    assert again[1]["movie"]["result"] == "hit"
    assert (again[0] == frames).all()

    assert of_scenes(tinged[1]) == ["hit", "miss"]
    assert of_elements(tinged[1]) == {("swatch", "hit"), ("image", "hit")}

    assert near(green[0][:10, :, :30], (16, 208, 32), 12)
    assert of_scenes(green[1]) == ["miss", "hit"]

    assert of_scenes(forced[1]) == ["bypass", "hit"]
    assert of_elements(forced[1]) == {("swatch", "bypass"), ("image", "hit")}


def test_a_local_file_that_the_type_names_is_followed(grown: Grown, folder: Path) -> None:
    frames, report = render(grown, folder, movie(shot({**SWATCH, "pattern": "pattern.png"})))
    assert near(frames[:, :, :14], RED, 12) and near(frames[:, :, 18:], BLACK, 12)
    assert [each["type"] for each in report["elements"]] == ["swatch", "swatch"]
    bad = movie(shot({**SWATCH, "pattern": "words.txt"}))
    said = grown.resplice(*words(folder, "bad", bad), cwd=folder, code=1)
    assert "is not an image file and cannot be used as a source for a swatch element's patt" in said


MISTAKES = (
    (
        {"type": "swotch"},
        "known: image, video, audio, text, html, voice, subtitles, audiogram, component, ",
    ),
    ({"type": "swatch"}, "The element type 'swatch' requires a 'colour' property."),
    ({**SWATCH, "colour": "reddish"}, "'colour' must be a colour like"),
    ({**SWATCH, "pattern": "ftp://e.com/a.png"}, "scenes[0].elements[0].pattern"),
)


def test_mistakes_are_told_in_the_words_of_the_type(grown: Grown, folder: Path) -> None:
    calls = [words(folder, f"bad{n}", movie(shot(bad))) for n, (bad, _) in enumerate(MISTAKES)]
    for said, (element, told) in zip(
        grown.resplice_each(calls, cwd=folder, code=2), MISTAKES, strict=True
    ):
        assert told in said, element


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
