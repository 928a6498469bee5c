"""Movies such as people have, rendered small with files of ours in place of theirs."""

from __future__ import annotations

import json
from pathlib import Path

from footage import BLUE, GREEN, RED, number_of
from stage import Document, Frames, Stage, near

FOLDER = Path(__file__).parents[1] / "movies"
SMALL = {"resolution": "custom", "width": 80, "height": 60, "quality": "low"}


def seen(stage: Stage, name: str, files: dict[str, str]) -> Frames:
    text = (FOLDER / f"{name}.json").read_text()
    document: Document = json.loads(text) | SMALL
    for scene in document["scenes"]:
        for element in scene["elements"]:
            if "src" in element:
                element["src"] = files[element["src"].rpartition("/")[2]]
    return stage.frames(document)


def test_two_videos_in_a_scene_follow_one_another(stage: Stage) -> None:
    first, second = stage.footage.clip(330, "25"), stage.footage.clip(210, "25")
    frames = seen(stage, "two-videos-one-scene", {"beach-01.mp4": first, "new-york-01.mp4": second})
    assert [number_of(picture) for picture in frames] == [*range(125), *range(125)]


def test_rooms_fade_into_one_another(stage: Stage) -> None:
    files = {
        f"sample-house-{room}.jpg": stage.footage.colour(*colour, (80, 60))
        for room, colour in (("front", RED), ("kitchen", GREEN), ("bedroom", BLUE))
    }
    frames = seen(stage, "three-rooms-fade", files)
    assert len(frames) == 275
    corner = frames[:, 5:9, 5:9].mean(axis=(1, 2))
    for first, end, colour in ((0, 87, RED), (101, 174, GREEN), (188, 275, BLUE)):
        assert near(corner[first:end], colour, 4)
    assert near(corner[94], (127, 64, 0), 14), "half way"
    for number in (50, 130, 220):
        assert abs(frames[number] - corner[number]).max() > 60, "each has its words"


def test_a_clip_goes_round_until_its_scene_ends(stage: Stage) -> None:
    frames = seen(stage, "own-loop-fill", {"5s.mp4": stage.footage.clip(125, "25")})
    assert [number_of(picture) for picture in frames] == [25 + n % 100 for n in range(300)]
