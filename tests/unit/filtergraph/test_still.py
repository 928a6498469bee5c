"""The command lines of stills: their segment's graph, for one frame, and no encoder of films."""

from __future__ import annotations

from resplice.core.composition import Canvas, Clip, Composite, FilePicture, Layer, Look, Source
from resplice.core.filtergraph import segment_invocation, sheet_invocation, still_invocation
from resplice.core.filtergraph.inputs import AS_NAMED
from resplice.core.pieces import PROFILES, SegmentTask, SheetTask
from resplice.core.stills import still_of

CARD = FilePicture(Source("a" * 64, "mov", "video", 64, 50, False))
LOOK = Look((64, 50), (64, 50), 0, 0)
GROUND = Composite("#102030", (Layer(CARD, LOOK, 0, 40, clip=Clip()),))
TASK = SegmentTask(Canvas(64, 50, 10), PROFILES["low"], 40, GROUND)


def test_it_is_drawn_as_the_segment_is() -> None:
    film = segment_invocation(TASK, AS_NAMED).graph
    *composed, _ = still_invocation(still_of(TASK, 0), AS_NAMED).graph.split(";\n")
    assert [each.rpartition(",")[2] for each in composed] == [
        each.rpartition(",")[2].replace("=40", "=1") for each in film.split(";\n")
    ]


def test_the_frame_alone_is_decoded_from_near_it_and_held_where_the_clip_ends() -> None:
    said = still_invocation(still_of(TASK, 36), AS_NAMED)
    assert said.inputs[0].options == ("-noaccurate_seek", "-ss", "2.000000")
    assert "trim=end_frame=17,tpad=stop_mode=clone:stop=-1,trim=start_frame=16:end_frame=17" in (
        said.graph
    )


def test_a_transition_begins_before_its_first_frame() -> None:
    task = SegmentTask(TASK.canvas, TASK.profile, 40, GROUND, GROUND, "dissolve")
    graph = still_invocation(still_of(task, 12), AS_NAMED).graph
    assert "xfade=transition=dissolve:duration=4.000000:offset=-1.200000,trim=end_frame=1" in graph


def test_it_is_a_png_of_srgb_that_says_nothing_of_who_made_it() -> None:
    words = still_invocation(still_of(TASK, 0), AS_NAMED)
    assert words.argv[words.argv.index("-c:v") + 1] == "png" and "+bitexact" in words.argv
    assert "in_color_matrix=bt709:in_range=tv:out_range=pc" in words.graph
    assert "color_trc=iec61966-2-1" in words.graph and "x264" not in " ".join(words.argv)


def test_it_is_scaled_as_a_picture_where_it_is_to_be_small() -> None:
    graph = still_invocation(still_of(TASK, 0, (32, 25)), AS_NAMED).graph
    assert "format=rgb24,scale=32:25:flags=bicubic+accurate_rnd,setsar=1" in graph


def test_a_sheet_is_made_of_stills_alone() -> None:
    said = sheet_invocation(SheetTask(("s/a", "s/b", "s/c"), 2, (32, 25)), AS_NAMED)
    assert [(each.origin, each.format) for each in said.inputs] == [
        *(("s/a", "png_pipe"), ("s/b", "png_pipe"), ("s/c", "png_pipe"))
    ]
    assert "concat=n=3" in said.graph and "tile=2x2:padding=8:margin=8" in said.graph
    alone = sheet_invocation(SheetTask(("s/a",), 1, (32, 25)), AS_NAMED).graph
    assert "concat" not in alone and "tile=1x1" in alone
