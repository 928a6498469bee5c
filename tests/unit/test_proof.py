"""Two movies are compared line by line, and what explains a difference is found in manifests."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.proof import (
    MOST_CAUSES,
    PICTURES,
    SOUND,
    Cause,
    Span,
    differing,
    explained,
    is_chosen,
    is_proof,
    project_proven,
    run_of,
    verdict,
)

HEAD = ["#format: frame checksums\n", "#tb 0: 1/12800\n"]


def hashed(pictures: str, sound: str = "") -> list[str]:
    """As FFmpeg writes it, a letter for each frame and packet."""
    lines = [f"0, {n},       {n},  512, 4800, {each * 8}\n" for n, each in enumerate(pictures)]
    return [*HEAD, *lines, *(f"1, {n}, {n}, 1024, 4096, {e * 8}\n" for n, e in enumerate(sound))]


def test_the_name_of_a_run_says_what_it_proves() -> None:
    run = run_of("AbC123", "word")
    assert is_proof(run) and project_proven(run) == "AbC123"
    assert project_proven(run_of("", "word")) == ""
    assert not is_proof("AbC123")


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ("abcd", "abcd", None),
        ("abcd", "axxd", Span("frames", 1, 2, 2)),
        ("abcd", "xbcx", Span("frames", 0, 3, 2)),
        ("abcd", "ab", Span("frames", 2, 3, 2)),
        ("", "a", Span("frames", 0, 0, 1)),
    ],
)
def test_what_differs_is_from_the_first_frame_to_the_last(
    before: str, now: str, found: Span | None
) -> None:
    assert differing(hashed(before), hashed(now), PICTURES) == found


def test_streams_are_compared_apart_with_their_times() -> None:
    one, other = hashed("ab", "xyz"), hashed("ab", "xyy")
    assert differing(one, other, PICTURES) is None
    assert differing(one, other, SOUND) == Span("sound", 2, 2, 1)
    later = [line.replace("512", "256") for line in one]
    assert differing(one, later, PICTURES) == Span("frames", 0, 1, 2)


def manifest(**parts: Any) -> dict[str, Any]:
    return {"tools": {"core": "c1", "ffmpeg": "f1"}, "sources": [], "generated": [], "painted": [],
            **parts}  # fmt: skip


def entry(kind: str, sha256: str, *at: str) -> dict[str, Any]:
    return {"at": [*at], "kind": kind, "sha256": sha256}


def test_what_was_made_anew_with_other_bytes_is_ours_and_what_was_got_anew_is_not() -> None:
    before = manifest(
        sources=[entry("fetch", "s1", "a", "b")],
        painted=[entry("paint", "p1", "c"), entry("paint", "q", "d"), entry("paint", "r1", "e")],
    )
    now = manifest(
        sources=[entry("fetch", "s2", "a", "b")],
        painted=[entry("paint", "p2", "c"), entry("paint", "q", "d"), entry("paint", "r2", "e")],
        tools={"core": "c1", "ffmpeg": "f2"},
    )
    elements = [("c", "k", "p1", "p2")]
    tool = Cause("tools.ffmpeg", "", "f1", "f2")
    renewed = [Cause("sources.fetch", at, "s1", "s2", ours=False) for at in "ab"]
    derived = Cause("painted.paint", "e", "r1", "r2", ours=False)
    painted = Cause("element k", "c", "p1", "p2")
    found = explained(before, now, elements, ["k"])
    assert found == (tool, *renewed, derived, painted, Cause("piece", "k"))
    assert verdict([*renewed, derived]) == "renewed"
    assert verdict([derived]) == verdict([]) == verdict([*renewed, painted]) == "differs"


def test_the_movie_of_another_document_is_no_renewal() -> None:
    before = manifest(movie={"key": "m1"}, sources=[entry("fetch", "s1", "a")])
    now = manifest(movie={"key": "m2"}, sources=[entry("fetch", "s2", "a")])
    found = explained(before, now, [], [])
    assert found[0] == Cause("movie", "", "m1", "m2")
    assert verdict(found) == "differs"


def test_without_a_manifest_pieces_explain_it_and_not_more_than_are_read() -> None:
    keys = [f"k{n}" for n in range(2 * MOST_CAUSES)]
    found = explained(None, manifest(), [], keys)
    assert [each.at for each in found] == keys[:MOST_CAUSES]


def test_a_sample_is_the_same_whenever_it_is_asked_for() -> None:
    keys = [f"movies/{n}" for n in range(2000)]
    chosen = [key for key in keys if is_chosen(key, 0.1, "today")]
    assert 140 < len(chosen) < 260
    assert chosen == [key for key in keys if is_chosen(key, 0.1, "today")]
    assert chosen != [key for key in keys if is_chosen(key, 0.1, "tomorrow")]
    assert all(is_chosen(key, 1, "today") for key in keys)
