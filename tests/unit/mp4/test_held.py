"""A picture that is held: key frames and what repeats them, in place of the one that is stored."""

from __future__ import annotations

from array import array
from itertools import pairwise

import pytest
from parameter_sets import described
from resplice.core.mp4 import Piece, Run, Span, Track, held, layout, size_of
from resplice.core.mp4.held import AGAIN_SECONDS

FPS, TICK, PICTURE = 10, 512, Run("a", "v", 48, 1000)


def piece() -> Piece:
    said = {b"stsd": described()}
    return Piece("a", "v", Track(b"", said, FPS * TICK, 48, array("I", [1000]), [0], None))


def spans(of: Piece) -> list[Span]:
    return [span for chunk in layout.laid([of], None, FPS) for span in chunk.spans if span]


@pytest.mark.parametrize("frames", [1, 2, 30, 31, 59, 301])
def test_every_frame_has_its_place_and_bytes(frames: int) -> None:
    one = held(piece(), frames, FPS)
    assert one.track.shown == list(range(0, frames * TICK, TICK))
    assert len(one.track.sizes) == frames and sum(one.track.sizes) == size_of(spans(one))


@pytest.mark.parametrize("frames", [2, 30, 31, 59, 301])
def test_it_comes_again_for_who_seeks_but_never_twice_in_a_row(frames: int) -> None:
    one = held(piece(), frames, FPS)
    leaps = [*(one.track.leaps or ()), frames + 1]
    groups = [after - leap for leap, after in pairwise(leaps)]
    assert leaps[0] == 1 and max(groups) <= AGAIN_SECONDS * FPS and min(groups) >= 2
    assert spans(one).count(PICTURE) == len(groups)


def test_a_run_of_frames_may_begin_and_end_anywhere() -> None:
    one = held(piece(), 50, FPS)
    whole = b"".join(_bytes(span) for span in one.repeating(0, 50))
    for cut in range(51):
        parts = [*one.repeating(0, cut), *one.repeating(cut, 50)]
        assert b"".join(map(_bytes, parts)) == whole


def _bytes(span: Span) -> bytes:
    return span if isinstance(span, bytes) else b"P" * span.size_bytes


def test_sound_lies_before_its_pictures_however_large_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layout, "BETWEEN_BYTES", 100)
    monkeypatch.setattr(layout, "LARGE_BYTES", 200)
    beats = Track(b"", {}, 48_000, 100, array("I", [2] * 40), list(range(0, 480_000, 12_000)), None)
    laid = [*layout.laid([held(piece(), 100, FPS)], Piece("b", "v", beats), FPS)]
    assert [each.samples for each in laid] == [4, FPS] * 10
