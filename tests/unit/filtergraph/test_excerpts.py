"""How much of a clip is read: from where it seeks on, and nothing is said of what is read else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from resplice.core.composition import (
    Canvas,
    Clip,
    Composite,
    FilePicture,
    Layer,
    Look,
    Mask,
    Play,
    Sound,
    Source,
    WaveformPicture,
)
from resplice.core.filtergraph import seconds_read
from resplice.core.pieces import PROFILES, SegmentTask

FPS, FRAMES = 25, 50
LOOK = Look(scaled=(64, 48), size=(64, 48), x=0, y=0)
FILM = Source("film", "mov", "video", 64, 48, has_alpha=False)
HEARD = WaveformPicture(64, 48, 10, "#ffffff", 1, (Sound(FILM, 0, 48_000, 0, 1),))


def layer(source: Source = FILM, clip: Clip | None = Clip(), **more: Any) -> Layer:  # noqa: B008
    return Layer(FilePicture(source), LOOK, 0, FRAMES, **{"clip": clip, **more})


def read(*layers: Layer, **more: Any) -> dict[str, float]:
    canvas, ground = Canvas(64, 48, FPS), Composite("#000000", layers)
    return dict(seconds_read(SegmentTask(canvas, PROFILES["low"], FRAMES, ground, **more)))


@pytest.mark.parametrize(
    ("clip", "frames"),
    [
        (Clip(), FRAMES),
        (Clip(seek_us=90_000_000, skip_frames=10), FRAMES + 10),
        (Clip(skip_frames=10, loop_frames=200), 210),
        (Clip(skip_frames=10, held_after=1), 11),
    ],
)
def test_it_is_read_from_its_seek_point_to_the_end_of_what_is_shown(
    clip: Clip, frames: int
) -> None:
    assert read(layer(clip=clip)) == {"film": frames / FPS}


def test_all_readings_of_a_clip_count() -> None:
    other = replace(FILM, digest="other")
    mask = Mask(FilePicture(FILM), (Play(5, Clip()), Play(45, Clip(skip_frames=5))))
    into = Composite("#000000", (layer(), layer(other)))
    found = read(layer(other, mask=mask), into=into, style="fade", above=(layer(),))
    assert found == pytest.approx({"film": 55 / FPS + 4, "other": 4})


def test_what_is_not_found_by_an_index_is_not_told() -> None:
    assert read(layer(replace(FILM, demuxer="mpegts"))) == {}
    assert read(layer(replace(FILM, demuxer="png_pipe", kind="image"), clip=None)) == {}


def test_a_clip_that_is_heard_too_is_not_told() -> None:
    wave = Layer(HEARD, LOOK, 0, FRAMES, clip=Clip())
    assert read(layer(), layer(replace(FILM, digest="other")), wave) == {"other": 2}
