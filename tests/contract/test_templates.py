"""What all that keep templates must do."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from resplice.adapters.dynamodb.templates import DynamoTemplates
from resplice.adapters.sqlite.templates import SqliteTemplates
from resplice.errors import StorageError
from resplice.ports.templates import MAX_MOVIE_BYTES, Template, Templates
from row_places import Place

Make = Callable[[], Templates]

PLAIN = Template("t1", "me", "Plain", (), "{}", 1_000, 1_000)
FULL = Template(
    *("t2", "me", "é \u2028", ("a", "é,b"), '{ "a":1.50 }\n', 2_000, 3_000),
    *("a prompt", True, 1920, 1080),
)


@pytest.fixture
def make(place: Place) -> Make:
    return lambda: place.open(SqliteTemplates, DynamoTemplates)


@pytest.fixture
def templates(make: Make) -> Templates:
    return make()


def in_list(template: Template) -> Template:
    return replace(template, movie="", ai_prompt=None)


def test_a_template_is_kept_whole_and_listed_without_what_is_large(
    templates: Templates, make: Make
) -> None:
    assert templates.get("me", "t1") is None and list(templates.list("me")) == []
    for template in (PLAIN, FULL):
        templates.add(template)
        assert make().get("me", template.id) == template
    assert list(make().list("me")) == [in_list(FULL), in_list(PLAIN)]


def test_the_largest_movie_that_cannot_be_compressed_is_kept(
    templates: Templates, make: Make
) -> None:
    noise = base64.b64encode(random.Random(1).randbytes(MAX_MOVIE_BYTES)).decode()
    large = replace(FULL, movie=noise[:MAX_MOVIE_BYTES], ai_prompt="p" * 20_000)
    templates.add(large)
    assert make().get("me", "t2") == large


def test_an_id_is_taken_once(templates: Templates) -> None:
    templates.add(PLAIN)
    with pytest.raises(StorageError, match="t1"):
        templates.add(replace(PLAIN, owner="other", shared=True))
    assert templates.get("me", "t1") == PLAIN
    assert list(templates.list("other")) == list(templates.shared("me")) == []


def test_others_see_only_what_is_shared(templates: Templates, make: Make) -> None:
    templates.add(PLAIN)
    templates.add(FULL)
    assert make().get("other", "t1") is None and make().get("other", "t2") == FULL
    assert list(make().list("other")) == []
    assert list(make().shared("other")) == [in_list(FULL)]
    assert list(make().shared("me")) == []

    hidden = replace(FULL, shared=False, updated_at_ms=4_000)
    assert templates.replace(hidden, 3_000)
    assert make().get("other", "t2") is None and list(make().shared("other")) == []
    shown = replace(PLAIN, shared=True, updated_at_ms=5_000)
    assert templates.replace(shown, 1_000)
    assert make().get("other", "t1") == shown
    assert list(make().shared("other")) == [in_list(shown)]


def test_newest_first_and_the_owners_only(templates: Templates) -> None:
    for name, updated_at_ms in (("a", 5), ("b", 9), ("d", 5), ("c", 5)):
        templates.add(replace(FULL, id=name, updated_at_ms=updated_at_ms))
    templates.add(replace(FULL, id="e", owner="me#2", updated_at_ms=7))
    assert [each.id for each in templates.list("me")] == ["b", "d", "c", "a"]
    assert [each.id for each in templates.shared("me#2")] == ["b", "d", "c", "a"]
    assert [each.id for each in templates.list("me#2")] == ["e"]
    assert [each.id for each in templates.shared("me")] == ["e"]


def test_what_is_replaced_is_replaced_whole(templates: Templates, make: Make) -> None:
    templates.add(FULL)
    other = Template("t2", "me", "Other", ("c",), '{"b": 2}', 2_000, 3_001)
    assert templates.replace(other, 3_000)
    assert make().get("me", "t2") == other
    assert list(make().list("me")) == [in_list(other)]


@pytest.mark.parametrize(
    "changed", [{"owner": "other"}, {"id": "t3"}], ids=["another's", "unknown"]
)
def test_what_is_not_the_owners_is_not_replaced(
    templates: Templates, make: Make, changed: dict[str, str]
) -> None:
    templates.add(FULL)
    assert not templates.replace(replace(FULL, **changed, updated_at_ms=4_000), 3_000)  # type: ignore[arg-type]
    assert make().get("me", "t2") == FULL and make().get("me", "t3") is None
    assert list(make().list("other")) == [] and list(make().list("me")) == [in_list(FULL)]


def test_of_two_changes_at_once_one_is_told_to_look_again(templates: Templates, make: Make) -> None:
    templates.add(PLAIN)
    keepers = [make() for _ in range(4)]

    def change(n: int) -> bool:
        try:
            return keepers[n].replace(replace(PLAIN, name=f"{n}", updated_at_ms=2_000), 1_000)
        except StorageError:  # DynamoDB may refuse transactions that meet.
            return False

    with ThreadPoolExecutor(4) as pool:
        changed = list(pool.map(change, range(4)))
    assert sum(changed) == 1
    found = make().get("me", "t1")
    assert found and found.name == f"{changed.index(True)}"
    assert list(make().list("me")) == [in_list(found)]


def test_only_the_owner_removes(templates: Templates, make: Make) -> None:
    templates.add(PLAIN)
    templates.add(FULL)
    assert not templates.remove("other", "t2") and not templates.remove("me", "t3")
    assert make().get("other", "t2") == FULL and list(make().shared("other")) == [in_list(FULL)]
    assert templates.remove("me", "t2") and not make().remove("me", "t2")
    assert make().get("me", "t2") is None
    assert list(make().list("me")) == [in_list(PLAIN)] and list(make().shared("other")) == []


def test_owners_and_ids_are_any_text(templates: Templates) -> None:
    for name in ("a#b", "templates", "é 𝄞", "%", "a"):
        template = replace(PLAIN, id=name, owner=f"owner#{name}")
        templates.add(template)
        assert templates.get(template.owner, name) == template
        assert list(templates.list(template.owner)) == [in_list(template)]
    assert templates.get("owner", "") is None
