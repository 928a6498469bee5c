"""The order of samples: sound before its pictures, and the most of a large piece in one run."""

from __future__ import annotations

from array import array

import pytest
from resplice.core.mp4 import Piece, Track, layout

FPS = 10


def piece(key: str, sizes: list[int], scale: int, tick: int) -> Piece:
    shown = list(range(0, len(sizes) * tick, tick))
    return Piece(key, "v", Track(b"", {}, scale, 100, array("I", sizes), shown, None))


def laid(pictures: list[Piece], sound: Piece | None) -> list[tuple[str, int, int, int]]:
    found = [(each, *each.spans) for each in layout.laid(pictures, sound, FPS)]
    return [(run.key, run.offset, run.size_bytes, each.samples) for each, run in found]  # type: ignore[union-attr]


def test_a_second_of_sound_lies_before_a_second_of_pictures() -> None:
    seen, heard = piece("seen", [4] * 15, 5120, 512), piece("heard", [2] * 6, 48_000, 12_000)
    assert laid([seen], heard) == [
        ("heard", 100, 8, 4),
        ("seen", 100, 40, 10),
        ("heard", 108, 4, 2),
        ("seen", 140, 20, 5),
    ]


def test_sound_that_is_left_lies_at_the_end() -> None:
    seen, heard = piece("seen", [4] * 10, 5120, 512), piece("heard", [2] * 6, 48_000, 12_000)
    assert [each[0] for each in laid([seen], heard)] == ["heard", "seen", "heard"]
    assert laid([seen, seen], None) == [("seen", 100, 40, 10)] * 2


def test_most_of_a_large_piece_lies_in_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "BETWEEN_BYTES", 100)
    monkeypatch.setattr(layout, "LARGE_BYTES", 200)
    seen, heard = piece("seen", [6] * 50, 5120, 512), piece("heard", [2] * 20, 48_000, 12_000)
    assert [each[3] for each in laid([seen], heard) if each[0] == "seen"] == [10, 10, 30]
    assert [each[3] for each in laid([seen], heard) if each[0] == "heard"] == [4, 4, 12]
