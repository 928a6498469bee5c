"""Whatever a movie holds, the answers about it are no larger than Lambda gives back."""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from api_calls import MOVIE, Noted, call, movie_of, posted, use
from resplice.core.report import ElementReport, Report, SceneReport, TransitionReport
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.wiring.local import local

NEWEST_MS = time.time_ns() // 1_000_000

_numbers = itertools.count()


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    with local(tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.fixture
def owner(request: pytest.FixtureRequest) -> str:
    return request.node.name


@pytest.fixture(autouse=True)
def workflow(ports: Ports, owner: str) -> Noted:
    noted = Noted()
    use(ports, noted, owner)
    return noted


def added(ports: Ports, owner: str, document: str, **more: Any) -> str:
    """A project older than those before it; its id."""
    number = next(_numbers)
    project = Project(f"Added{number:011}", owner, document, NEWEST_MS - number)
    ports.projects.add(replace(project, **more))
    return project.id


def large_report(elements: int, warning: str = "") -> dict[str, Any]:
    key = "0123456789abcdef" * 4
    report = Report(
        *("miss", f"movies/{key}"),
        tuple(SceneReport(n, "miss", f"scenes/{key}", "new", {"hit": 1}) for n in range(1, 1_000)),
        (TransitionReport(2, "miss"),),
        tuple(
            ElementReport(f"scenes[{n}].elements[0]", "text", "miss", f"elements/paint/{key}")
            for n in range(elements)
        ),
        warnings=(warning,) if warning else (),
    )
    return report.as_json()


@pytest.mark.parametrize("text", ["x", '"', "\\", "é", "字", "𝄞", "\x7f"], ids=ascii)
def test_a_document_that_no_answer_can_hold_is_left_out(
    ports: Ports, owner: str, text: str
) -> None:
    """It grows on its way, by as much as it is made of."""
    small, large = (len(json.dumps(json.dumps(text * n, ensure_ascii=False))) for n in (1, 2))
    for size_bytes, fits in ((6_190_000, True), (6_250_000, False)):
        body = text * (size_bytes // (large - small))
        project = added(ports, owner, body)
        assert movie_of(project)["json"] == (body if fits else None)
        assert "json" not in movie_of(project, "&format=simple")


def test_of_a_report_that_no_answer_can_hold_the_tasks_are_left_out(
    ports: Ports, owner: str
) -> None:
    own = {"caller_id": "é" * 190_000, "client_data": {"a": "é" * 190_000}}
    reports = [large_report(9), large_report(30_000), large_report(9, "é" * 1_000_000)]
    ids = [
        added(ports, owner, "d" * 4_500_000, status="done", report=report, **own)
        for report in reports
    ]
    first, second, third = map(movie_of, ids)
    assert first["json"] is second["json"] is third["json"] is None
    assert first["cache"] == reports[0]
    assert second["cache"] == {**reports[1], "elements": [], "scenes": []}
    empty = {name: told for name, told in third["cache"].items() if told == []}
    assert third["cache"] == {**reports[2], **empty}
    assert empty.keys() == {"elements", "scenes", "transitions", "warnings"}
    assert all(movie["client-data"] == own["client_data"] for movie in (first, second, third))
    first_page = call("GET", "/v2/movies")[1]
    second_page = call("GET", f"/v2/movies?next_token={first_page['next_token']}")[1]
    pages = [[each["project"] for each in page["movies"]] for page in (first_page, second_page)]
    assert pages == [ids[:2], ids[2:]] and not second_page["has_next"]


def test_a_listing_reads_only_what_it_can_show(ports: Ports, owner: str) -> None:
    asked, report = list[int](), large_report(500)
    more = {"report": report, "client_data": '"' * 1_000}
    ids = [added(ports, owner, '{"a": "é"}' * 9_000, **more) for _ in range(60)]

    class Counting:
        def list(self, *args: Any) -> Any:
            found = ports.projects.list(*args)
            asked.append(len(found))
            return found

    counting = replace(ports, projects=Counting())  # type: ignore[arg-type]
    use(counting, Noted(), owner)
    path, listed = "/v2/movies", []
    while path:
        asked.clear()
        answer = call("GET", path)[1]
        assert answer["count"] == len(answer["movies"]) > 1
        assert all(movie["json"] and movie["cache"] == report for movie in answer["movies"])
        assert max(asked) <= 10 and sum(asked) <= answer["count"] + 10
        listed += [movie["project"] for movie in answer["movies"]]
        path = f"/v2/movies?next_token={answer['next_token']}" if answer["has_next"] else ""
    assert listed == ids


@pytest.mark.parametrize("name", ["id", "client-data"])
def test_what_is_in_every_answer_may_not_be_large(name: str, workflow: Noted) -> None:
    movie = movie_of(posted({**MOVIE, name: "é" * 199_999}))
    assert movie[name] == "é" * 199_999
    workflow.started.clear()
    status, answer = call("POST", "/v2/movies", {**MOVIE, name: "é" * 200_000}, encoded=True)
    words = f"'{name}' may be at most 400 KB of JSON"
    assert (status, answer["errors"]) == (400, [{"path": name, "message": words}])
    assert workflow.started == []


def test_the_most_that_is_in_every_answer_fits_it() -> None:
    own = {"id": "\x7f" * 399_990, "client-data": ["\x7f" * 399_990]}
    movie = movie_of(posted({**MOVIE, **own}))
    assert movie["json"] is None
    assert (movie["id"], movie["client-data"]) == (own["id"], own["client-data"])


def test_a_refusal_stays_small_however_long_the_words() -> None:
    key = "é" * 1_000_000
    body = f'{{"scenes": [], "{key}": {{"{key}": 1, "{key}": 2}}}}'.encode()
    status, answer = call("POST", "/v2/movies", body, encoded=True)
    assert status == 400 and len(json.dumps(answer, ensure_ascii=False)) < 16_000


def test_a_refusal_stays_small_however_much_is_wrong() -> None:
    status, answer = call("POST", "/v2/movies", {"scenes": [{"elements": [{}] * 900}]})
    assert status == 400 and re.search(r"; and \d+ more$", answer["message"])
    assert len(json.dumps(answer)) < 16_000


def test_half_a_surrogate_pair_breaks_no_answer() -> None:
    raw = json.dumps({**MOVIE, "\ud800": 1}).encode()
    assert call("POST", "/v2/movies", raw)[0] == 400
    status, answer = call("GET", "/v2/movies", query={"project": "\udc80"})
    assert status == 400 and answer["message"].endswith("project ID \udc80")
