"""Bulks: each row is what it would be alone, whoever dies or is late in the middle."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from api_calls import Noted, call, use
from far_apart import MovedClock
from resplice.core.document.bulk_call import BulkCall
from resplice.core.document.strict_json import parse
from resplice.core.document.table import Row
from resplice.core.quotas import TOGETHER, Bounds, Quota, Quotas
from resplice.errors import RateLimited, StorageError
from resplice.ports import Ports
from resplice.ports.bulks import MAX_ERROR_BYTES, Bulk
from resplice.ports.projects import Project
from resplice.steps import bulks, quotas, templates
from resplice.steps.execution.coalesce import Coalescer
from resplice.steps.leasing import free
from resplice.steps.messages import STORE_FAILED
from resplice.steps.moments import today_ms
from resplice.steps.random_text import derived_text, is_like
from resplice.steps.templates import Said
from resplice.wiring.local import local

MOVIE: dict[str, Any] = {
    "width": "{{width}}",
    "height": 50,
    "fps": "{{fps}}",
    "scenes": [
        {"iterate": "rooms", "duration": "{{seconds}}", "background-color": "{{colour}}"},
        {"duration": 1, "comment": "the same for all"},
    ],
    "exports": "{{exports}}",
    "variables": {"seconds": 1, "colour": "#70a1d4", "width": 64, "fps": 10, "rooms": [{"n": 1}]},
}
ALIKE: list[dict[str, Any]] = [
    {},
    {"colour": "#2a4c6e", "seconds": 1.5},
    {"colour": "#2a4c6e", "seconds": 1.50},
    {"seconds": "long"},
    {"seconds": -1, "width": 0, "fps": 10**9},
    {"rooms": {"n": 1}},
    {"rooms": [{"n": n, "seconds": 2} for n in range(1001)]},
    {"rooms": [], "variables": [1], "template": "U" * 20, "scenes": 7},
    {"colour": "{{colour}}"},
    {"colour": {"{{": "}}"}, "": None},
    {"colour": "é" * 400},
    {"exports": [{"destinations": [{"type": "nowhere"}]}]},
    {"seconds": {"a": {"b": [[[[]]]]}}},
]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    with local(tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.fixture
def ports(records: Ports) -> Ports:
    return replace(records, clock=MovedClock(records.clock))


def body(rows: list[Any], **more: Any) -> bytes:
    return json.dumps({"movie": MOVIE, "rows": rows, **more}).encode()


def taken(ports: Ports, sent: bytes, key: str | None = "key", **more: Any) -> Bulk:
    return bulks.submit(sent, Coalescer(ports, Noted()), "me", idempotency_key=key, **more)


def project_of(ports: Ports, bulk: Bulk, number: int) -> Project | None:
    return ports.projects.get(bulks.project_id_of(bulk.id, number))


@pytest.mark.parametrize("at_once", [1, 4])
def test_a_row_is_what_its_movie_is_alone(ports: Ports, at_once: int) -> None:
    noted = Noted()
    use(ports, noted, "me")
    bulk = taken(ports, body(ALIKE), None, at_once=at_once)
    refused = 0
    for number, (row, variables) in enumerate(zip(bulk.rows, ALIKE, strict=True), 1):
        document = {**MOVIE, "variables": {**MOVIE["variables"], **variables}}
        status, answer = call("POST", "/v2/movies", document)
        project = project_of(ports, bulk, number)
        if status != 200:
            problems = [f"{each['path']}: {each['message']}" for each in answer["errors"]]
            assert project is None and row.error.rstrip("…") in "; ".join(problems)
            refused += 1
            continue
        alone = ports.projects.get(answer["project"])
        assert project and alone and not row.error
        assert parse(project.document) == parse(alone.document) == document
        assert (project.movie_key, project.owner, project.exports) == (
            *(alone.movie_key, alone.owner, alone.exports),
        )
    assert 5 < refused < len(ALIKE) - 3
    assert all(len(row.error.encode()) <= MAX_ERROR_BYTES for row in bulk.rows)


class Dying:
    """Projects that are kept until so many are; then the process dies, or the store is gone."""

    def __init__(self, ports: Ports, left: int, error: BaseException) -> None:
        self._own, self._left, self._error = ports.projects, left, error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)

    def add(self, project: Project) -> None:
        if not self._left:
            raise self._error
        self._left -= 1
        self._own.add(project)


def dying(ports: Ports, left: int, error: BaseException) -> Ports:
    kept: Any = Dying(ports, left, error)
    return replace(ports, projects=kept)


def test_one_that_died_in_the_middle_is_gone_on_with(ports: Ports) -> None:
    sent = body([{"seconds": n} for n in range(1, 6)], name="a{{row}}")
    with pytest.raises(KeyboardInterrupt):
        taken(dying(ports, 3, KeyboardInterrupt()), sent, "died")
    noted, posted = Noted(), list[str]()
    submit: Callable[..., Bulk] = bulks.submit
    told = {"idempotency_key": "died", "on_posted": lambda project, _: posted.append(project)}
    bulk = submit(sent, Coalescer(ports, noted), "me", **told)
    there = [project_of(ports, bulk, number) for number in range(1, 6)]
    assert all(there) and len({each.id for each in there if each}) == 5
    assert posted == noted.started == [bulks.project_id_of(bulk.id, n) for n in (4, 5)]
    assert submit(sent, Coalescer(ports, noted), "me", **told).rows == bulk.rows
    assert len(noted.started) == 2


def test_the_same_request_at_once_takes_and_tells_nothing_twice(ports: Ports) -> None:
    """Nor does another one of the same owner begin meanwhile; of another owner it does."""
    bounded = replace(ports, quotas=Quotas(together=Bounds(movies=100)))
    sent, other = (body([{"seconds": n}, {"seconds": n + 1}]) for n in (31, 35))
    posted = list[str]()

    def meanwhile(project: str, report: Any) -> None:
        posted.append(project)
        for again, key in ((sent, "at once"), (other, None)):
            with pytest.raises(RateLimited, match="A bulk of yours is being taken in"):
                taken(bounded, again, key, on_posted=lambda project, _: posted.append(project))

    bulk = taken(bounded, sent, "at once", on_posted=meanwhile)
    assert posted == [bulks.project_id_of(bulk.id, n) for n in (1, 2)]
    assert ports.usage.total(TOGETHER, quotas.MOVIES, today_ms(ports.clock)) == 2
    assert taken(bounded, sent, "at once") == bulk
    with free("bulk/me", ports):
        assert not bulks.submit(other, Coalescer(ports, Noted()), "you").rows[0].error


def test_what_the_store_refused_is_told_and_tried_again(
    ports: Ports, caplog: pytest.LogCaptureFixture
) -> None:
    sent = body([{"seconds": n} for n in (11, 12)])
    with caplog.at_level(logging.ERROR):
        bulk = taken(dying(ports, 1, StorageError("no such table: x")), sent, "store")
    assert [row.error for row in bulk.rows] == ["", STORE_FAILED]
    assert f"row 2 of bulk {bulk.id}: no such table: x" in caplog.text
    assert [row.error for row in taken(ports, sent, "store").rows] == ["", ""]
    assert bulks.found(bulk.id, "me", ports).rows[1].error == ""


def test_what_comes_late_is_told_and_taken_in_by_the_next_request(ports: Ports) -> None:
    clock = ports.clock
    assert isinstance(clock, MovedClock)

    def slow(project: str, report: Any) -> None:
        clock.ahead_ms += 9_000

    sent = body([{"seconds": n} for n in (21, 22, 23, 24)])
    bulk = taken(ports, sent, "late", on_posted=slow)
    assert [row.error for row in bulk.rows] == ["", "", "", bulks.LATE]
    assert [row.error for row in taken(ports, sent, "late", on_posted=slow).rows] == [""] * 4


def test_rows_are_counted_one_by_one_where_there_is_a_bound(ports: Ports) -> None:
    """Side by side all of them would find too many."""
    bounded = replace(ports, quotas=Quotas(own={"me": Quota(movies_in_flight=3)}))
    sent = body([{"seconds": n, "colour": "red"} for n in range(1, 9)])
    bulk = taken(bounded, sent, "bound", at_once=8)
    assert [bool(row.error) for row in bulk.rows] == [False] * 3 + [True] * 5


def test_a_bulk_keeps_its_names_and_its_time_whatever_becomes_of_its_template(
    ports: Ports,
) -> None:
    clock = ports.clock
    assert isinstance(clock, MovedClock)
    named = {"width": 64, "height": 50, "scenes": [{"duration": 1}]}
    oslo, rome = (Said("T", movie={**named, "variables": {"city": c}}) for c in ("Oslo", "Rome"))
    template = templates.create("me", oslo, ports).id
    sent = json.dumps({"template": template, "rows": [{}], "name": "{{city}}"}).encode()
    bulk = taken(ports, sent, "edited")
    templates.update("me", template, rome, ports)
    clock.ahead_ms += 60_000
    assert taken(ports, sent, "edited") == bulk == bulks.found(bulk.id, "me", ports)
    assert bulk.rows[0].name == "Oslo"


def test_documents_of_rows_are_made_one_by_one(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them may be a thousand times the request."""
    made, ahead = list[int](), list[int]()
    document = BulkCall.document

    def counted(call: BulkCall, row: Row) -> dict[str, Any]:
        made.append(row.number)
        return document(call, row)

    monkeypatch.setattr(BulkCall, "document", counted)
    sent = body([{"seconds": n, "colour": "#2a4c00"} for n in range(1, 13)])
    taken(
        *(ports, sent, None),
        at_once=3,
        on_posted=lambda project, report: ahead.append(len(made) - len(ahead)),
    )
    assert len(made) == len(ahead) == 12 and max(ahead) <= 3


def test_the_ids_of_projects_follow_from_the_bulk_and_tell_nothing_of_it() -> None:
    ids = {bulks.project_id_of(bulk, n) for bulk in ("a" * 16, "b" * 16) for n in range(1, 501)}
    assert len(ids) == 1000 and all(is_like(each, 16) for each in ids)
    assert derived_text("x", 40) == derived_text("x", 40) != derived_text("y", 40)
