"""The stitch: pieces are copied in order, and their durations never add up to a drift."""

from __future__ import annotations

import re

import pytest
from resplice.core.composition import Canvas
from resplice.core.filtergraph.inputs import AS_NAMED
from resplice.core.filtergraph.stitch import concat_list, stitch_invocation
from resplice.core.pieces import Piece, StitchTask


def stitch(*frames: int, fps: int = 25, mix: str | None = None) -> StitchTask:
    pieces = tuple(Piece(f"scenes/segment/{n}", count) for n, count in enumerate(frames))
    return StitchTask(Canvas(64, 48, fps), pieces, mix)


def durations_us(script: str) -> list[int]:
    return [int(found) for found in re.findall(r"^duration (\d+)us$", script, re.MULTILINE)]


def test_pieces_are_listed_in_order_with_their_lengths() -> None:
    assert concat_list(stitch(25, 13), AS_NAMED) == (
        "ffconcat version 1.0\n"
        "file 'file:scenes/segment/0'\nduration 1000000us\n"
        "file 'file:scenes/segment/1'\nduration 520000us\n"
    )


@pytest.mark.parametrize("fps", [7, 24, 30, 60, 119])
def test_however_many_pieces_there_are_the_end_is_where_it_should_be(fps: int) -> None:
    found = durations_us(concat_list(stitch(*[1] * 1000, fps=fps), AS_NAMED))
    assert sum(found) == round(1000 * 1_000_000 / fps)
    assert max(found) - min(found) <= 1


def test_a_path_is_never_syntax() -> None:
    hostile = {"scenes/segment/0": "/tmp/it's\\ here"}
    assert "file 'file:/tmp/it'\\''s\\ here'\n" in concat_list(stitch(1), hostile)


def test_everything_is_copied_and_sound_only_if_there_is_some() -> None:
    silent = stitch_invocation(stitch(1), "/tmp/list", AS_NAMED)
    assert " ".join(silent.argv).startswith("-map 0:v:0 -c copy ")
    assert [(each.origin, each.format) for each in silent.inputs] == [("/tmp/list", "concat")]
    heard = stitch_invocation(stitch(1, mix="scenes/mix/a"), "/tmp/list", AS_NAMED)
    assert " ".join(heard.argv).startswith("-map 0:v:0 -map 1:a:0 -c copy ")
    assert [each.origin for each in heard.inputs] == ["/tmp/list", "scenes/mix/a"]
