"""A movie made with the help of any cache has the frames and samples of one made from nothing."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from resplice.core.schema.movie import TRANSITION_STYLES
from studio import clip, movie, picture, studio, tone

MOVIES = 12
EDITS = 2

Document = dict[str, Any]


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """URLs of small files, by the type of element that takes them."""
    folder = tmp_path_factory.mktemp("media")
    for colour, size in (("red", (64, 50)), ("green", (31, 57)), ("blue", (90, 20))):
        (folder / f"{colour}.png").write_bytes(picture(colour, size))
    for hertz, rate in ((300, 48_000), (700, 44_100)):
        (folder / f"{hertz}.wav").write_bytes(tone(hertz, 0.9, rate))
    clip(folder / "same.mp4", 1.3, rate=10)
    clip(folder / "other.mp4", 0.9, rate=24)
    kinds = {"image": "png", "video": "mp4", "audio": "wav"}
    return {
        kind: sorted(f"file://{path}" for path in folder.glob(f"*.{ending}"))
        for kind, ending in kinds.items()
    }


def some(dice: random.Random, **choices: Any) -> Document:
    """About half of the fields, each with one of its values."""
    named = {name.replace("_", "-"): dice.choice(values) for name, values in choices.items()}
    return {name: value for name, value in named.items() if dice.random() < 0.5}


def element(dice: random.Random, media: dict[str, list[str]]) -> Document:
    kind = dice.choice(["image", "image", "video", "video", "audio"])
    fields = some(
        dice,
        start=[0.2, 0.5],
        duration=[0.5, 0.8, 1.1],
        fade_in=[0.3],
        fade_out=[0.3],
        cache=[True],
    )
    if kind != "audio":
        fields |= some(
            dice,
            x=[-5, 7, 20],
            y=[3, 11],
            width=[20, 45, 64],
            zoom=[-2, 3],
            z_index=[-1, 1],
            rotate=[{"angle": 30}, {"angle": 90, "speed": 0.7}],
            flip_horizontal=[True],
            position=["center-center", "bottom-right"],
        )
    if kind != "image":
        fields |= some(dice, volume=[0.4], seek=[0.25], loop=[2, 3])
    return {"type": kind, "src": dice.choice(media[kind]), **fields}


def scene(dice: random.Random, media: dict[str, list[str]]) -> Document:
    fields = some(
        dice,
        duration=[0.6, 1.0, 1.4],
        background_color=["transparent", "#336699"],
        transition=[{"style": style, "duration": 0.3} for style in TRANSITION_STYLES],
    )
    return {"elements": [element(dice, media) for _ in range(dice.randint(1, 2))], **fields}


def edits(dice: random.Random, media: dict[str, list[str]]) -> list[Callable[[Document], object]]:
    """What a person may do to a movie."""

    def of(document: Document) -> Document:
        return dice.choice(document["scenes"])  # type: ignore[no-any-return]

    return [
        lambda document: dice.shuffle(document["scenes"]),
        lambda document: document["scenes"].append(scene(dice, media)),
        lambda document: document["scenes"].insert(0, copy.deepcopy(of(document))),
        lambda document: of(document)["elements"].append(element(dice, media)),
        lambda document: of(document)["elements"][0].update(x=dice.randint(1, 30)),
        lambda document: of(document)["elements"][0].update(start=0.4),
        lambda document: of(document).update(duration=dice.choice([0.5, 0.9])),
        lambda document: of(document).update(cache=False),
        lambda document: of(document)["elements"][0].update(cache=False),
        lambda document: of(document).update(transition={"style": "fade", "duration": 0.2}),
        lambda document: document["elements"].append(element(dice, media)),
        lambda document: document["elements"].clear(),
        lambda document: document.update(cache=False),
        lambda document: document.update(quality="medium"),
        lambda document: document.update(fps=12),
    ]


@pytest.mark.parametrize("seed", range(MOVIES))
def test_clean_equals_cached(seed: int, media: dict[str, list[str]], tmp_path: Path) -> None:
    dice = random.Random(seed)
    layers = [element(dice, media) for _ in range(dice.randint(0, 2))]
    document = movie(*(scene(dice, media) for _ in range(dice.randint(1, 3))), elements=layers)
    with studio(tmp_path / "warm") as warm:
        warm.render(document)
        for number in range(EDITS):
            dice.choice(edits(dice, media))(document)
            with studio(tmp_path / f"clean {number}") as clean:
                assert warm.decoded(document) == clean.decoded(document), document
