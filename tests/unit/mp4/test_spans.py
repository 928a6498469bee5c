"""Spans: how long they are, and a name for what is put together of them."""

from __future__ import annotations

from resplice.core.mp4 import Run, Span, digest_of, size_of


def test_sizes_add_up() -> None:
    assert size_of([b"abc", Run("a", "1", 7, 5)]) == 8 and size_of([]) == 0
    assert Run("a", "1", 7, 5).end == 12


def test_a_name_is_of_the_bytes_and_not_of_where_they_lie() -> None:
    digests = {"a": "d1", "b": "d1", "c": "d2"}

    def name(*spans: Span) -> str:
        return digest_of(spans, lambda run: digests[run.key])

    assert name(b"x", Run("a", "1", 0, 5)) == name(b"x", Run("b", "2", 0, 5))
    others = [(b"y", Run("a", "1", 0, 5)), (b"x", Run("c", "1", 0, 5)), (b"x", Run("a", "1", 1, 5))]
    assert len({name(*each) for each in others} | {name(b"x", Run("a", "1", 0, 5))}) == 4
