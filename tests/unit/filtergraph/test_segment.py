"""A segment's command line: what stands still is one frame, what moves is laid over it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from resplice.core.composition import (
    Canvas,
    Clip,
    Composite,
    Fade,
    FilePicture,
    Layer,
    Look,
    Source,
)
from resplice.core.filtergraph.inputs import AS_NAMED
from resplice.core.filtergraph.segment import encoding, segment_invocation
from resplice.core.motion import Motion
from resplice.core.pieces import PROFILES, SegmentTask

CANVAS, FRAMES = Canvas(64, 48, 25), 50
LOOK = Look(scaled=(64, 48), size=(64, 48), x=0, y=0)
STILL = FilePicture(Source("still", "png_pipe", "image", 64, 48, has_alpha=False))
FILM = FilePicture(Source("film", "mov", "video", 64, 48, has_alpha=False))


def still(**more: Any) -> Layer:
    return Layer(**{"picture": STILL, "look": LOOK, "first": 0, "end": FRAMES, **more})


def film(**more: Any) -> Layer:
    return still(picture=FILM, clip=Clip(), **more)


def graph_of(*layers: Layer, **more: Any) -> str:
    picture = Composite("#102030", layers)
    task = SegmentTask(CANVAS, PROFILES["low"], FRAMES, picture, **more)
    return segment_invocation(task, AS_NAMED).graph


def test_still_layers_are_composed_once_and_then_repeated() -> None:
    statements = graph_of(still(), still()).split(";\n")
    overlays = [n for n, each in enumerate(statements) if "overlay" in each]
    (repeated,) = [n for n, each in enumerate(statements) if "loop=loop=-1:size=1" in each]
    assert len(overlays) == 2 and max(overlays) < repeated


@pytest.mark.parametrize("over", [still(end=20), still(fades=(Fade("in", 0, 5),)), film()])
def test_what_changes_is_laid_over_what_is_repeated(over: Layer) -> None:
    statements = graph_of(still(), over).split(";\n")
    first, second = (n for n, each in enumerate(statements) if "overlay" in each)
    (repeated,) = [
        n
        for n, each in enumerate(statements)
        if "size=1:start=0,trim=end_frame=50,settb=1/25,setpts=N,fps" in each
    ]
    assert first < repeated < second


def test_a_clip_over_the_whole_canvas_needs_no_ground() -> None:
    assert "color=" not in graph_of(film())
    for layer in (film(end=49), film(fades=(Fade("out", 40, 10),))):
        assert "color=c=0x102030:s=64x48:r=25" in graph_of(layer)


def test_a_transition_is_blended_over_exactly_its_frames() -> None:
    graph = graph_of(into=Composite("#FFFFFF", (still(),)), style="wipeleft")
    assert "xfade=transition=wipeleft:duration=2.000000:offset=0,trim=end_frame=50" in graph


def test_all_segments_of_a_movie_are_encoded_alike() -> None:
    profile = PROFILES["high"]
    said = " ".join(encoding(profile, CANVAS))
    assert f"-preset {profile.preset} -crf {profile.crf} -threads {profile.threads}" in said
    assert "-g 50 " in said and "-video_track_timescale 12800" in said
    assert "stitchable=1:open-gop=0" in said


def test_what_is_drawn_is_told_in_kinds_whatever_it_is_made_of() -> None:
    travelling = replace(LOOK, motion=Motion(1, 2, 0, 1, 0, 1, FRAMES))

    def kinds(*layers: Layer, **more: Any) -> tuple[str, ...]:
        picture = Composite("#102030", layers)
        return SegmentTask(CANVAS, PROFILES["low"], FRAMES, picture, **more).kinds()

    other = FilePicture(replace(STILL.file, digest="other"))
    assert kinds(still(), film()) == kinds(film(), still(picture=other)) == ("file", "file moving")
    assert kinds(still(look=travelling)) == ("file travelling",)
    stands = replace(PROFILES["low"], stands=True)
    standing = SegmentTask(CANVAS, stands, FRAMES, Composite("#102030", (still(),)))
    assert standing.kinds() == ("file", "standing")
    assert kinds(still(), into=Composite("#000000", (film(),)), style="fade") == (
        *("file", "file moving"),
        "fade",
    )
