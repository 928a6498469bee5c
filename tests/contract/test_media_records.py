"""What all records of media must do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from resplice.adapters.dynamodb.media import DynamoMedia
from resplice.adapters.sqlite.media import SqliteMedia
from resplice.core.media import MediaFile
from resplice.ports.media import MediaRecords
from row_places import Place

FILE = MediaFile("a/b", "x.png", 1000, "image/png", 7)


@pytest.fixture
def media(place: Place) -> Callable[[], MediaRecords]:
    """The same records, opened again each time."""
    return lambda: place.open(SqliteMedia, DynamoMedia)


def test_an_owner_keeps_its_first_token(media: Callable[[], MediaRecords]) -> None:
    assert media().token("ann") is None
    with ThreadPoolExecutor(4) as pool:
        given = set(pool.map(lambda n: media().claim_token("ann", f"t{n}"), range(4)))
    assert len(given) == 1 and given == {media().token("ann")}
    assert media().claim_token("bob", "other") == "other"


def test_a_name_is_taken_once(media: Callable[[], MediaRecords]) -> None:
    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(lambda _: media().add("ann", FILE), range(4)))
    assert sorted(added) == [False, False, False, True]
    assert media().get("ann", "a/b/x.png") == FILE
    assert media().get("ann", "a/b/y.png") is None and media().get("ann", "") is None
    assert media().get("bob", "a/b/x.png") is None and media().add("bob", FILE)


def test_a_folder_may_be_called_as_a_file_is(media: Callable[[], MediaRecords]) -> None:
    folder, file = MediaFile("a", "", 1), MediaFile("", "a", 1)
    assert media().add("ann", folder) and media().add("ann", file)
    assert media().get("ann", "a/") == folder and media().get("ann", "a") == file


def test_what_is_in_a_folder_is_listed_with_what_is_below(
    media: Callable[[], MediaRecords],
) -> None:
    names = [("", "z"), ("", "a0"), ("a", ""), ("a", "x"), ("a/b", "y"), ("a-b", "x"), ("ab", "x")]
    media().claim_token("ann", "token")
    for folder, name in names:
        assert media().add("ann", MediaFile(folder, name, 1))
    media().add("bob", FILE)
    assert [each.path for each in media().list("ann", "a")] == ["a/b/y", "a/x"]
    assert len(media().list("ann", "")) == len(names)
    assert media().list("ann", "c") == []


def test_it_is_replaced_and_removed_only_as_the_one_it_was(
    media: Callable[[], MediaRecords],
) -> None:
    media().add("ann", FILE)
    came = replace(FILE, status="uploaded", size_bytes=9, created_at_ms=2000)
    assert not media().replace("ann", replace(FILE, created_at_ms=1), came)
    assert media().replace("ann", FILE, came) and media().get("ann", FILE.path) == came
    assert not media().replace("ann", FILE, FILE) and not media().remove("ann", FILE)
    assert media().remove("ann", came) and not media().remove("ann", came)
    assert media().get("ann", FILE.path) is None and not media().replace("ann", came, came)
