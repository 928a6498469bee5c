"""Bulks by the API's handler: what is left of one, and whether the largest fits an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from api_calls import MOVIE, Noted, call, play, use
from resplice.api.bulk import COLUMNS, GONE
from resplice.core.document.bulk_call import MAX_ROWS
from resplice.core.document.table import MAX_NAME_BYTES
from resplice.ports import Ports
from resplice.ports.bulks import MAX_ERROR_BYTES, Bulk, BulkRow
from resplice.ports.projects import Ending, Project
from resplice.steps.bulks import ANOTHER, project_id_of
from resplice.steps.leasing import free
from resplice.wiring.local import local

ID = "B" * 16


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    with local(tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.fixture(autouse=True)
def workflow(ports: Ports) -> Noted:
    noted = Noted()
    use(ports, noted, "me")
    return noted


def test_a_project_that_expired_before_its_bulk_is_told_of(ports: Ports) -> None:
    ports.bulks.put(Bulk(ID, "me", 1, (BulkRow("Oslo"), BulkRow("Rome", "refused"))))
    status, answer = call("GET", f"/v2/bulk?bulk={ID}")
    assert status == 200 and answer["counts"]["error"] == 2
    assert [row["message"] for row in answer["movies"]] == [GONE, "refused"]


def test_rows_are_counted_by_how_far_they_are(ports: Ports, workflow: Noted) -> None:
    rows = [{"n": n} for n in range(4)]
    movie = {**MOVIE, "scenes": [{"duration": "{{n + 1}}", "background-color": "#aabbcc"}]}
    _, posted = call("POST", "/v2/bulk", {"movie": movie, "rows": rows})
    ids = [row["project"] for row in posted["movies"]]
    assert workflow.started == ids
    play(ids[0], ports)
    ports.projects.advance(ids[1], "Rendering")
    ports.projects.end(ids[2], Ending("timeout", "too late", 9))
    _, told = call("GET", f"/v2/bulk?bulk={posted['bulk']}")
    assert told["counts"] == {"total": 4, "done": 1, "running": 2, "error": 1}
    assert [row["status"] for row in told["movies"]] == ["done", "running", "timeout", "pending"]
    assert [row["seconds"] for row in told["movies"]] == [1, None, None, None]
    status, deleted = call("DELETE", f"/v2/movies?project={ids[0]}")
    assert status == 200 and deleted["success"]
    _, told = call("GET", f"/v2/bulk?bulk={posted['bulk']}")
    assert (told["movies"][0]["url"], told["movies"][0]["message"]) == (
        None,
        "The movie was deleted",
    )


def test_while_a_bulk_is_taken_in_another_is_to_come_later(ports: Ports) -> None:
    with free("bulk/me", ports):
        status, answer = call("POST", "/v2/bulk", {"movie": MOVIE, "rows": [{}]})
        assert (status, answer["message"]) == (429, ANOTHER)
    assert call("POST", "/v2/bulk", {"movie": MOVIE, "rows": [{}]})[0] == 200


@pytest.mark.parametrize("letter", ["\U0001f600", "\x01", '"', "é"])
def test_the_largest_bulk_fits_an_answer(ports: Ports, letter: str) -> None:
    """Each letter takes its most in JSON, in a text, in JSON: call() looks how much that is."""
    name = letter * (MAX_NAME_BYTES // len(letter.encode()))
    error = letter * (MAX_ERROR_BYTES // len(letter.encode()))
    document = json.dumps(MOVIE)
    for number in range(1, MAX_ROWS + 1, 2):
        project = project_id_of(ID, number)
        if ports.projects.peek(project) is None:
            _ended(project, document, ports)
    rows = tuple(BulkRow(name, "" if n % 2 else error) for n in range(1, MAX_ROWS + 1))
    ports.bulks.put(Bulk(ID, "me", 1, rows))
    status, answer = call("GET", f"/v2/bulk?bulk={ID}")
    assert status == 200 and answer["counts"]["total"] == answer["counts"]["error"] == MAX_ROWS
    assert set(answer["movies"][0]) == {*COLUMNS}


def _ended(project_id: str, document: str, ports: Ports) -> None:
    words = "\U0001f600" * 4_000
    report = {"movie": {"result": "miss", "key": "k"}, "warnings": [words]}
    project = Project(project_id, "me", document, 1, status="error", message=words, report=report)
    ports.projects.add(project)
