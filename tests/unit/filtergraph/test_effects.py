"""What is done to a picture, as text; how it looks is seen in tests/render/test_effects."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.composition import (
    Box,
    ChromaKey,
    Clip,
    Correction,
    Fade,
    FilePicture,
    Layer,
    Look,
    Mask,
    Motion,
    Play,
    Rotation,
    SheetPicture,
    Source,
)
from resplice.core.filtergraph.effects import Drawn, draw, has_alpha
from resplice.core.filtergraph.graph import Graph
from resplice.core.filtergraph.inputs import AS_NAMED, Inputs

OPAQUE = FilePicture(Source("opaque", "png_pipe", "image", 64, 48, has_alpha=False))
CLEAR = FilePicture(Source("clear", "png_pipe", "image", 64, 48, has_alpha=True))
FILM = FilePicture(Source("film", "mov", "video", 64, 48, has_alpha=False))
MOTION = Motion(1, 2, 0, 0, 0, 0, 50)


def layer(picture: FilePicture = OPAQUE, **more: Any) -> Layer:
    own = {name: more.pop(name) for name in ("clip", "mask", "fades", "age") if name in more}
    look = Look(**{"scaled": (64, 48), "size": (64, 48), "x": 10, "y": 20, **more})
    return Layer(picture, look, 0, 50, **own)


def drawn(one: Layer) -> tuple[Drawn, str, Inputs]:
    graph, inputs = Graph(), Inputs(AS_NAMED)
    return draw(graph, inputs, one, 25), graph.text(), inputs


@pytest.mark.parametrize(
    ("more", "still"),
    [
        ({}, True),
        ({"rotation": Rotation(30)}, True),
        ({"mask": Mask(CLEAR)}, True),
        ({"rotation": Rotation(30, turn_frames=9)}, False),
        ({"mask": Mask(FILM, (Play(50, Clip()),))}, False),
        ({"fades": (Fade("in", 0, 9),)}, False),
        ({"motion": MOTION}, False),
        ({"picture": FILM, "clip": Clip()}, False),
    ],
)
def test_one_frame_is_made_of_what_stands_still(more: dict[str, Any], still: bool) -> None:
    made, text, _ = drawn(layer(**more))
    assert layer(**more).stands_still is still is not made.moving
    assert ("setpts=N+0" in text) is not still


@pytest.mark.parametrize(
    ("picture", "more", "alpha"),
    [
        (OPAQUE, {}, False),
        (CLEAR, {}, True),
        (OPAQUE, {"chroma_key": ChromaKey("#00FF00", 25)}, True),
        (OPAQUE, {"pad": Box(1, 1, 70, 50)}, True),
    ],
)
def test_keys_and_pads_make_a_picture_transparent(
    picture: FilePicture, more: dict[str, Any], alpha: bool
) -> None:
    assert has_alpha(layer(picture, **more)) is alpha


def test_transparent_pictures_are_scaled_with_premultiplied_colour() -> None:
    assert "premultiply" not in drawn(layer(CLEAR))[1]
    _, text, _ = drawn(layer(CLEAR, scaled=(32, 24), size=(32, 24)))
    order = ("premultiply", "scale=32:24", "unpremultiply")
    assert sorted(order, key=text.index) == list(order)


def test_steps_come_in_their_order() -> None:
    crop, cut = Box(1, 2, 30, 20), Box(0, 0, 16, 16)
    more = {
        "scaled": (40, 30),
        "crop": crop,
        "flip_horizontal": True,
        "cut": cut,
        "pad": Box(1, 1, 70, 50),
    }
    key, tone = ChromaKey("#00FF00", 25), Correction(0.1, 1, 1, 1)
    _, text, _ = drawn(layer(chroma_key=key, correction=tone, **more))
    steps = ("crop=30:20:1:2", "hflip", "scale=40:30", "crop=16:16:0:0", "chromakey", "eq=", "pad=")
    assert sorted(steps, key=text.index) == list(steps)


def test_a_turned_picture_keeps_its_middle() -> None:
    made, text, _ = drawn(layer(rotation=Rotation(90)))
    assert "ow=48:oh=64" in text
    assert (made.x + 48 // 2, made.y + 64 // 2) == (10 + 64 // 2, 20 + 48 // 2)
    turning, text, _ = drawn(layer(rotation=Rotation(360, turn_frames=50), age=7))
    assert "ow=80:oh=80" in text and "*(n+7)/50.000000" in text
    _, text, _ = drawn(layer(rotation=Rotation(360, turn_frames=50, stops_at=9), age=7))
    assert "*(min(n+7,9))/50.000000" in text
    assert (turning.x, turning.y) == (2, 4)


def test_a_view_that_travels_is_a_feed_with_a_run_of_its_own() -> None:
    _, text, inputs = drawn(layer(motion=MOTION, size=(32, 24), age=3))
    (feed,) = inputs.feeds
    assert (feed.source, feed.size, feed.age, feed.frames) == ((64, 48), (32, 24), 3, 50)
    assert (feed.still, feed.format) == (True, "yuv420p")
    assert [each.origin for each in feed.decode.inputs] == ["opaque"]
    assert "scale" not in text, "all before the motion is done in the feed's run"


def test_a_mask_multiplies_what_transparency_there_is() -> None:
    assert "blend=all_mode=multiply" not in drawn(layer(mask=Mask(OPAQUE)))[1]
    assert "blend=all_mode=multiply" in drawn(layer(CLEAR, mask=Mask(OPAQUE)))[1]


def test_a_fade_runs_on_the_layers_own_age() -> None:
    _, text, _ = drawn(layer(fades=(Fade("out", 40, 10),), age=30))
    assert "setpts=N+30,format=yuva420p,fade=t=out:st=1.600000:d=0.400000:alpha=1" in text


SHEET = SheetPicture(CLEAR.file, (64, 20), (0, 2), 5)


def shown(*showing: tuple[int, int]) -> tuple[Drawn, str, Inputs]:
    return drawn(Layer(SHEET, Look((64, 20), (64, 20), 10, 20), 5, 50, showing=showing))


def test_a_window_moves_over_a_sheet_from_slot_to_slot() -> None:
    made, text, _ = shown((0, 1), (10, 2), (30, 0))
    assert made == Drawn(made.label, True, 10, 20)
    assert "loop=loop=-1:size=1:start=0,trim=end_frame=45" in text
    assert "crop=64:20:0:'20+20*gte(n,10)-40*gte(n,30)':exact=1" in text
    assert text.index("format=yuva420p") < text.index("loop"), "its colours are made once"


def test_a_slot_that_stays_is_one_frame() -> None:
    made, text, _ = shown((0, 3))
    assert not made.moving
    assert "crop=64:20:0:'60':exact=1" in text and "loop" not in text
