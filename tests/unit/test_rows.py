"""Rows: a long movie's stretches are joined in parts, and nothing is lost or moved by it."""

from __future__ import annotations

import pytest
from resplice.core.pieces import RowTask, Stretch
from resplice.core.rows import MAX_STRETCHES, rows


def stretches(count: int) -> tuple[Stretch, ...]:
    """Every third is silent, every second overlaps what is before it."""
    return tuple(
        Stretch(f"scenes/sound/{n}" if n % 3 else None, 1000 + n, 10 * (n % 2))
        for n in range(count)
    )


def name(row: RowTask) -> str:
    return f"row of {len(row.stretches)} from {row.stretches[0].samples}"


def length(row: tuple[Stretch, ...]) -> int:
    return sum(stretch.samples - stretch.overlap for stretch in row)


@pytest.mark.parametrize("count", [0, 1, MAX_STRETCHES])
def test_a_short_movie_has_no_rows(count: int) -> None:
    assert rows(stretches(count), name) == ((), stretches(count))


@pytest.mark.parametrize(
    "count", [MAX_STRETCHES + 1, 2 * MAX_STRETCHES, 2 * MAX_STRETCHES + 1, 1000]
)
def test_a_long_one_is_as_long_in_rows(count: int) -> None:
    whole = stretches(count)
    first, left = rows(whole, name)
    assert all(1 <= len(row.stretches) <= MAX_STRETCHES for row in first)
    assert [stretch.key for stretch in left] == [name(row) for row in first]
    assert length(left) == length(whole)
    assert len(left) <= MAX_STRETCHES


def test_each_stretch_is_in_one_row_as_it_was_and_only_overlaps_between_rows_move() -> None:
    whole = stretches(3 * MAX_STRETCHES - 5)
    odd = tuple(Stretch(s.key, s.samples, 10) for s in whole)
    first, left = rows(odd, name)
    inside = [stretch for row in first for stretch in row.stretches]
    assert [(s.key, s.samples) for s in inside] == [(s.key, s.samples) for s in odd]
    begins = range(0, len(odd), MAX_STRETCHES)
    assert [n for n, stretch in enumerate(inside) if stretch.overlap == 0] == list(begins)
    assert [stretch.overlap for stretch in left] == [10] * len(begins)


def test_rows_begin_at_fixed_places_so_that_a_scene_at_the_end_makes_one_row_new() -> None:
    before, _ = rows(stretches(MAX_STRETCHES + 3), name)
    after, _ = rows(stretches(MAX_STRETCHES + 4), name)
    assert before[0] == after[0]
    assert before[1] != after[1]
