"""Pieces: a segment names all that it is made of, and profiles are whole."""

from __future__ import annotations

from typing import get_args

from resplice.core.composition import Canvas, Composite, FilePicture, Layer, Look, Mask, Source
from resplice.core.pieces import PROFILES, SegmentTask
from resplice.core.schema.movie import Quality


def layer(name: str, mask: str = "") -> Layer:
    look = Look(scaled=(8, 8), size=(8, 8), x=0, y=0)
    return Layer(picture(name), look, 0, 5, mask=Mask(picture(mask)) if mask else None)


def picture(name: str) -> FilePicture:
    return FilePicture(Source(name, "png_pipe", "image", 8, 8, has_alpha=False))


def test_a_segment_is_made_of_both_scenes_of_what_is_above_and_of_masks() -> None:
    task = SegmentTask(
        Canvas(8, 8, 25),
        PROFILES["low"],
        5,
        Composite("#000000", (layer("one", "mask"),)),
        Composite("#000000", (layer("two"),)),
        above=(layer("three"), layer("one")),
    )
    assert [each.picture for each in task.layers()] == [
        picture(name) for name in ("one", "two", "three", "one")
    ]
    assert task.digests() == {"one", "mask", "two", "three"}


def test_a_segment_of_nothing_is_made_of_nothing() -> None:
    empty = SegmentTask(Canvas(8, 8, 25), PROFILES["low"], 5, Composite("#000000", ()))
    assert (empty.layers(), empty.digests()) == ((), frozenset())


def test_every_quality_has_a_profile_and_a_better_one_is_finer() -> None:
    assert list(PROFILES) == list(get_args(Quality))
    fineness = [(-profile.crf, profile.audio_bitrate) for profile in PROFILES.values()]
    assert fineness == sorted(fineness)
    assert len({profile.threads for profile in PROFILES.values()}) == 1
