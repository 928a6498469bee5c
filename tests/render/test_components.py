"""Components in movies: what is seen before, while and after they move, and what is made again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from resplice.errors import DocumentError, MakeError
from stage import Document, Frames, Stage, extent, near, shot
from studio import called, written

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "examples/components"
CARD: Document = {
    "type": "component",
    "component": "basic/000",
    "settings": {
        "card": {
            "background": "#0000c0",
            "width": "80vw",
            "height": "60vh",
            "margin": "0",
            "padding": "2vw",
        },
        "headline": {"text": "HHHH", "color": "#ff0000", "font-size": "12vw", "font-weight": 700},
        "body": {"text": ["HH"], "color": "#00ff00", "font-size": "12vw", "font-weight": 700},
    },
}


def seen(stage: Stage, *elements: Document, seconds: float = 3, **canvas: Any) -> Frames:
    size = {"width": 320, "height": 180, "fps": 10, **canvas}
    return stage.frames({**size, "scenes": [shot(*elements, duration=seconds)]})


def ink(picture: Any, channel: int) -> int:
    """Pixels in which that channel is much above the others."""
    others = np.delete(picture, channel, axis=2).max(axis=2)
    return int((picture[..., channel] - others > 100).sum())


def test_a_card_fades_in_and_its_texts_slide_up_one_after_the_other(stage: Stage) -> None:
    frames = seen(stage, CARD)
    before, fading, headline, last = frames[0], frames[2], frames[9], frames[25]
    assert before.max() < 16
    assert near(fading[100, 200], (0, 0, 77), 16) and ink(fading, 0) == 0
    assert ink(headline, 0) > 50 and ink(headline, 1) == 0
    assert ink(last, 0) >= ink(headline, 0) and ink(last, 1) > 50
    assert near(last[100, 250], (0, 0, 192), 8)
    assert near(extent(last, 90), (0, 0, 256, 108), 1)
    red, green = (np.nonzero(last[..., c] > 128)[0] for c in (0, 1))
    assert red.max() < green.min()
    residue = 16  # Of the encoder's, until its next keyframe.
    assert near(frames[20], frames[29], residue)


def test_lengths_count_the_element_s_own_canvas(stage: Stage) -> None:
    small = {**CARD, "width": 160, "height": 90, "x": 100, "y": 60}
    assert near(extent(seen(stage, small)[-1], 90), (100, 60, 228, 114), 1)


def test_a_size_that_is_to_be_found_fills_its_box_and_leaves_it_nowhere(stage: Stage) -> None:
    def height_of(text: str, **more: Any) -> int:
        headline = {"text": text, "color": "#ff0000", "font-size": "auto", **more}
        card = {"width": "100%", "height": "100%", "margin": 0, "padding": 0}
        said = {"card": card, "headline": headline}
        picture = seen(stage, {**CARD, "settings": said}, seconds=2)[-1]
        rows = np.nonzero(picture[..., 0] > 128)[0]
        columns = np.nonzero(picture[..., 0] > 128)[1]
        assert rows.min() >= 0 and rows.max() < 179 and columns.max() < 319
        return int(rows.max() - rows.min())

    short, long = height_of("H"), height_of("HHHHHHHHHHHH")
    assert short > 90 and 10 < long < short / 2
    assert height_of("H", **{"max-font-size": "20px"}) < 20


def test_a_picture_of_the_settings_is_seen(stage: Stage, tmp_path: Path) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (900, 1600, 3), np.uint8)
    noise[:, :, 0] = 255
    Image.fromarray(noise).save(tmp_path / "noise.png")
    card = {"background-image": (tmp_path / "noise.png").as_uri(), "background-size": "cover"}
    said = {"card": {**card, "width": "100vw", "height": "100vh", "margin": 0}}
    picture = seen(stage, {**CARD, "settings": said}, seconds=1)[-1]
    assert picture[..., 0].min() > 200 and picture[..., 1].std() > 2


def test_a_word_that_changes_renders_its_own_scene_and_no_other(stage: Stage) -> None:
    def movie(word: str) -> Document:
        other = {**CARD, "settings": {"headline": word}}
        scenes = [shot(CARD, duration=1), shot(other, duration=1)]
        return {"width": 320, "height": 180, "fps": 10, "scenes": scenes}

    stage.render(movie("one"))
    report = stage.render(movie("two")).report
    assert [each.result for each in report.scenes] == ["hit", "miss"]
    assert [each.result for each in report.elements] == ["hit", "miss"]


def test_arabic_is_read_from_right_to_left_among_others(stage: Stage) -> None:
    """The mark stands to the left of the word that it follows."""

    def left_of_ink(text: str) -> tuple[int, int]:
        headline = {"text": text, "color": "#ff0000", "font-size": "40px"}
        picture = seen(stage, {**CARD, "settings": {"headline": headline}}, seconds=2)[-1]
        rows, columns = np.nonzero(picture[..., 0] > 128)
        lowest = columns[rows > rows.max() - 4]
        return int(lowest.mean()), int(columns.mean())

    mark, word = left_of_ink("ااا.")
    assert mark < word
    mark, word = left_of_ink("HHH.")
    assert mark > word


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"headline": {"color": "red;}*{background:url(file:///etc/passwd)"}}, "must not hold ';'"),
        ({"headline": {"background": "url(file:///etc/passwd"}}, "must not use url()"),
        ({"card": {"background-image": "file:///etc/passwd"}}, "is not an image file"),
        ({"card": {"width": "x" * 2000}}, "must not be longer than"),
    ],
)
def test_hostile_settings_are_refused_with_their_path(
    stage: Stage, settings: dict[str, Any], words: str
) -> None:
    with pytest.raises((DocumentError, MakeError)) as refused:
        seen(stage, {**CARD, "settings": settings})
    (problem,) = refused.value.problems
    assert problem.path.startswith("scenes[0].elements[0].settings.") and words in problem.message


def test_hostile_texts_are_texts(stage: Stage) -> None:
    words = "</p></div><style>*{background:#0f0!important}</style><img src=x onerror=alert(1)>"
    headline = {"text": words, "color": "#ff0000"}
    picture = seen(stage, {**CARD, "settings": {"headline": headline}}, seconds=1)[-1]
    assert ink(picture, 0) > 300 and ink(picture, 1) == 0


def test_a_component_of_one_s_own_is_used_and_a_change_of_it_is_noticed(tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(OWN / "mine", own / "mine")
    document = json.loads((OWN / "quote.json").read_text())
    document |= {"resolution": "custom", "width": 320, "height": 180, "fps": 5}
    Image.new("RGB", (40, 40), "#00ff00").save(tmp_path / "face.png")
    document["scenes"][0]["elements"][0]["settings"]["portrait"] = {"src": "face.png"}
    movie = written(tmp_path / "quote.json", document)

    def render() -> dict[str, Any]:
        out, report = tmp_path / "quote.mp4", tmp_path / "report.json"
        words = ["--components", own, "--data", tmp_path / "data", "-o", out, "--report", report]
        done = called("render", movie, *words)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(report.read_text())
        return found

    assert render()["movie"]["result"] == "miss"
    assert render()["movie"]["result"] == "hit"
    style = own / "mine/quote/style.css"
    style.write_text(style.read_text().replace("3vw", "4vw"))
    report = render()
    assert report["movie"]["result"] == "miss"
    assert sorted(each["result"] for each in report["elements"]) == ["hit", "miss"]
    done = called("render", movie, "--data", tmp_path / "data", "-o", tmp_path / "b.mp4")
    assert done.returncode == 2 and "there is no component 'mine/quote'" in done.stderr
