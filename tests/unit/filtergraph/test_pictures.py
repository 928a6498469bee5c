"""What a layer shows is one of a small union: a kind of picture is a class and two rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import TypeAdapter
from resplice.core.composition import (
    PICTURES,
    Canvas,
    Clip,
    Composite,
    FilePicture,
    FramesPicture,
    Layer,
    Look,
    Mask,
    Picture,
    SheetPicture,
    Source,
)
from resplice.core.filtergraph import Input, segment_invocation
from resplice.core.filtergraph.graph import Graph
from resplice.core.filtergraph.inputs import AS_NAMED, Inputs
from resplice.core.filtergraph.pictures import READERS, Reading, Window, read
from resplice.core.pieces import PROFILES, SegmentTask
from resplice.frozen import frozen

CLIP = Source("clip", "mov", "video", 64, 48, has_alpha=False, untagged=True)
STILL = FilePicture(Source("still", "png_pipe", "image", 64, 48, has_alpha=True))
LOOK = Look(scaled=(64, 48), size=(64, 48), x=0, y=0)
CANVAS = Canvas(64, 48, 25)


@frozen
class PlainPicture(Picture):
    """A picture that only this file knows: one colour."""

    colour: str

    @property
    def size(self) -> tuple[int, int]:
        return 8, 8

    @property
    def has_alpha(self) -> bool:
        return False

    @property
    def moves(self) -> bool:
        return False

    @property
    def digests(self) -> frozenset[str]:
        return frozenset()


def plain(picture: PlainPicture, window: Window, graph: Graph, inputs: Inputs) -> Reading:
    number = inputs.add(Input(f"color=c={picture.colour}:s=8x8", "lavfi"))
    return Reading(f"{number}:v:0", ("trim=end_frame=1",))


def as_read(picture: Picture, window: Window) -> tuple[Input, Reading]:
    """The one input that the picture is read from, and how it is read."""
    inputs = Inputs(AS_NAMED)
    reading = read(picture, window, Graph(), inputs)
    (only,) = inputs.inputs
    return only, reading


def segment(*layers: Layer) -> SegmentTask:
    return SegmentTask(CANVAS, PROFILES["high"], 50, Composite("#000000", layers))


def test_a_kind_of_picture_is_two_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PICTURES, "plain", PlainPicture)
    monkeypatch.setitem(READERS, PlainPicture, plain)
    task = segment(Layer(PlainPicture("red"), LOOK, 0, 50), Layer(STILL, LOOK, 0, 50))
    adapter = TypeAdapter(SegmentTask)
    assert adapter.validate_json(adapter.dump_json(task)) == task
    assert task.digests() == {"still"}
    run = segment_invocation(task, AS_NAMED)
    assert run.inputs[0] == Input("color=c=red:s=8x8", "lavfi")
    assert "[0:v:0]trim=end_frame=1,scale=64:48" in run.graph
    assert run != segment_invocation(segment(Layer(PlainPicture("blue"), LOOK, 0, 50)), AS_NAMED)


def test_every_kind_has_a_reader() -> None:
    assert set(PICTURES.values()) == READERS.keys()


def test_a_still_is_read_once() -> None:
    source, reading = as_read(STILL, Window(None, 50, 25))
    assert reading.clock == ("trim=end_frame=1",)
    assert source == Input("still", "png_pipe", still=True)


def test_a_sheet_is_read_whole_as_it_was_before_it_was_cropped_to_its_ink() -> None:
    sheet = SheetPicture(STILL.file, (66, 20), (1, 3), 4)
    source, reading = as_read(sheet, Window(None, 50, 25))
    assert reading.clock == ("trim=end_frame=1", "format=rgba", "pad=66:80:1:3:color=black@0")
    assert source == Input("still", "png_pipe", still=True)


def test_a_clip_is_read_from_its_seek_point() -> None:
    picture = FilePicture(CLIP)
    source, reading = as_read(picture, Window(Clip(2_000_000, 3), 50, 25))
    assert source.options == ("-noaccurate_seek", "-ss", "2.000000")
    assert reading.clock == (
        "fps=fps=25:start_time=0",
        "trim=start_frame=3:end_frame=53",
        "setparams=range=tv:colorspace=smpte170m",
    )
    _, whole = as_read(picture, Window(Clip(0, 3, loop_frames=10), 50, 25))
    assert "trim=start_frame=0:end_frame=10" in whole.clock, "all that the loop repeats"


def test_a_picture_that_is_held_is_the_last_of_those_that_are_read() -> None:
    _, reading = as_read(FilePicture(CLIP), Window(Clip(0, 3, held_after=1), 50, 25))
    assert "trim=start_frame=3:end_frame=4" in reading.clock
    for loop_from in (None, 2):
        title = FramesPicture(CLIP, 60, loop_from)
        _, reading = as_read(title, Window(Clip(0, 9, held_after=1), 50, 25))
        assert reading.clock[-1] == "trim=start_frame=9:end_frame=10"


def test_what_cannot_seek_is_read_from_its_beginning() -> None:
    picture = FilePicture(replace(CLIP, demuxer="mpegts"))
    source, reading = as_read(picture, Window(Clip(2_000_000, 3), 50, 25))
    assert source.options == ()
    assert reading.clock[0] == "setpts=PTS-round(2.000000/TB)"


def test_a_segment_names_all_its_contents() -> None:
    masked = Layer(FilePicture(CLIP), LOOK, 0, 50, clip=Clip(), mask=Mask(STILL))
    assert segment(masked).digests() == {"clip", "still"}
