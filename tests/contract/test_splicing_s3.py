"""What is S3's own about splicing: what it copies itself, and how the result is verified."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from resplice.adapters.s3.splicing import LEAST_BYTES, MOST_PARTS, parts_of
from resplice.core.mp4 import Run, Span, size_of
from resplice.errors import NotFound
from s3_store import KEY, Store

MIB = 1 << 20
MOVIE = "movies/m.mp4"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path)
    yield store
    assert list((tmp_path / "scratch").iterdir()) == []


def spliced(store: Store, content: bytes) -> list[Span]:
    """An object with this content, between two literals."""
    store.objects.put(KEY, store.source(content), {})
    (version,) = store.objects.each([KEY], lambda opened: opened.version)
    return [b"head", Run(KEY, version, 0, len(content)), b"tail"]


def test_a_long_run_is_copied_by_s3_and_only_the_rest_is_sent(store: Store) -> None:
    content = bytes(range(256)) * (20 * MIB // 256)
    spans, read, sent, copied = spliced(store, content), list[str](), list[int](), list[str]()
    store.on("before-call.GetObject", lambda **told: read.append(range_of(told)))
    store.on("before-call.UploadPart", lambda **told: sent.append(length(told)))
    store.on("before-call.UploadPartCopy", lambda **told: copied.append(range_of(told)))
    store.objects.splice(MOVIE, spans, {})
    first = LEAST_BYTES - len(b"head")
    assert read == [f"bytes=0-{first - 1}"]
    assert sorted(sent) == [len(b"tail"), LEAST_BYTES]
    assert copied == [f"bytes={first}-{len(content) - 1}"]
    assert store.content(MOVIE) == b"head" + content + b"tail"


def test_what_is_shown_again_and_again_is_read_once(store: Store) -> None:
    spans, read = spliced(store, bytes(range(250))), list[str]()
    _, whole, _ = spans
    assert isinstance(whole, Run)
    part = replace(whole, offset=20, size_bytes=60)
    store.on("before-call.GetObject", lambda **told: read.append(range_of(told)))
    store.objects.splice(MOVIE, [replace(part, offset=70), *([part] * 30), *spans, part], {})
    assert read == ["bytes=0-249"]
    content, shown = bytes(range(250)), bytes(range(20, 80))
    expected = [content[70:130], shown * 30, b"head", content, b"tail", shown]
    assert store.content(MOVIE) == b"".join(expected)


def length(told: dict[str, Any]) -> int:
    return len(told["params"]["body"].getvalue())


def range_of(told: dict[str, Any]) -> str:
    headers = told["params"]["headers"]
    return str(headers.get("Range") or headers.get("x-amz-copy-source-range"))


def test_only_the_version_that_was_read_is_copied(store: Store) -> None:
    """The server that tests have does not look at it, so here it is seen that it is said."""
    said: list[str] = []
    spans = spliced(store, bytes(6 * MIB))

    def told(**call: Any) -> None:
        said.append(call["params"]["headers"]["x-amz-copy-source-if-match"])

    store.on("before-call.UploadPartCopy", told)
    store.objects.splice(MOVIE, spans[1:], {})
    assert isinstance(spans[1], Run) and said == [spans[1].version]


@pytest.mark.parametrize("damage", ["rotten", "shorter"])
def test_damage_of_what_was_spliced_is_a_miss(store: Store, damage: str) -> None:
    store.objects.splice(KEY, spliced(store, b"some movie" * 100), {})
    whole = store.content()
    if damage == "rotten":
        store.raw().value = whole[:-1] + b"?"
    else:
        store.replace(whole[:-1])
    with pytest.raises(NotFound), store.objects.open(KEY):
        pass
    assert store.keys() == []


def test_a_piece_that_s3_does_not_vouch_for_is_a_miss(store: Store) -> None:
    store.objects.put(KEY, store.source(), {})
    store.replace(b"other movie" + store.content()[11:])
    with pytest.raises(NotFound, match=KEY):
        store.objects.each([KEY], lambda opened: opened.version)
    assert store.keys() == []


def test_who_dies_in_the_middle_leaves_nothing_behind(store: Store) -> None:
    spans = spliced(store, b"some movie" * 100)

    def die(**_: object) -> None:
        raise KeyboardInterrupt

    store.on("before-call.CompleteMultipartUpload", die)
    with pytest.raises(KeyboardInterrupt):
        store.objects.splice(MOVIE, spans, {})
    assert store.keys() == [KEY] and store.unfinished_uploads() == []


def test_what_is_old_is_made_new_and_read_as_it_is_then(store: Store) -> None:
    store.objects.put(KEY, store.source(), {})
    aged = store.another(refresh_after_days={"movies/": 0.0})
    (opened,) = aged.each([KEY], lambda opened: (opened.version, opened.read(0, 4)))
    assert opened[1] == b"some"
    assert aged.splice(MOVIE, [Run(KEY, opened[0], 0, 4)], {}).size_bytes == 4


SPANS = st.lists(
    st.one_of(
        st.integers(1, 9 * MIB).map(bytes),
        st.builds(Run, st.sampled_from("ab"), st.just("v"), st.just(0), st.integers(1, 90 * MIB)),
    ),
    max_size=6,
)


@given(SPANS)
def test_parts_are_what_s3_takes_and_all_bytes_are_in_them(spans: list[Span]) -> None:
    parts = list(parts_of(spans))
    assert sum(map(size_of, parts)) == size_of(spans) and all(map(size_of, parts))
    assert all(size_of(part) >= LEAST_BYTES for part in parts[:-1])
    assert all(size_of([span]) for part in parts for span in part)
    assert joined(span for part in parts for span in part) == joined(spans)


def joined(spans: Iterable[Span]) -> list[tuple[Any, ...]]:
    """What lies where, in as few stretches as there are."""
    found: list[tuple[Any, ...]] = []
    for span in spans:
        name = span.key if isinstance(span, Run) else ""
        begin = span.offset if isinstance(span, Run) else 0
        last = found[-1] if found else ("?", 0, 0)
        if last[0] == name and (not name or last[2] == begin):
            found[-1] = (name, last[1], last[2] + size_of([span]))
        else:
            found.append((name, begin, begin + size_of([span])))
    return found


@pytest.mark.parametrize("code", ["PreconditionFailed", "NoSuchKey"])
def test_a_piece_that_has_changed_before_s3_copies_it_is_a_miss(store: Store, code: str) -> None:
    """moto copies whatever the condition says."""
    spans, asked = spliced(store, bytes(6 * MIB)), list[str]()

    def refuse(**_: object) -> None:
        asked.append(code)
        raise ClientError({"Error": {"Code": code}}, "UploadPartCopy")

    store.on("before-call.UploadPartCopy", refuse)
    with pytest.raises(NotFound, match=KEY):
        store.objects.splice(MOVIE, [bytes(6 * MIB), *spans[1:]], {})
    assert asked == [code] and store.unfinished_uploads() == []


def test_no_run_of_no_bytes_is_read() -> None:
    """It would be answered with all of the object."""
    parts = list(parts_of([b"head", Run("a", "v", 48, 6 * MIB), Run("b", "v", 48, 6 * MIB)]))
    assert all(size_of([span]) for part in parts for span in part)


def test_no_movie_has_too_many_parts() -> None:
    """Three hours at 100 Mbit/s, of which nothing lies in long runs."""
    sound = Run("sound", "v", 0, 24_000)
    scenes: list[Span] = [
        span for n in range(10_800) for span in (sound, Run(f"s{n}", "v", 0, 12_500_000))
    ]
    assert len(list(parts_of(scenes))) <= MOST_PARTS
