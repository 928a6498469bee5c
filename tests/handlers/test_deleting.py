"""DELETE of movies by the API's handler: what is told, what is gone, what stays."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from api_calls import MOVIE, TIMESTAMP, Noted, call, movie_of, play, posted, use
from resplice.ports import Ports
from resplice.wiring.local import local

BASE_URL = "https://movies.example/"
SPOKEN = "A 16-character project ID must be provided in the 'project' query parameter"


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    with local(tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.fixture(autouse=True)
def workflow(ports: Ports) -> Noted:
    noted = Noted()
    use(ports, noted, "deleting")
    return noted


def document(colour: str) -> dict[str, Any]:
    return {**MOVIE, "scenes": [{"duration": 0.4, "background-color": colour}]}


def made(colour: str, ports: Ports) -> str:
    project = posted(document(colour))
    play(project, ports)
    assert movie_of(project)["status"] == "done"
    return project


def deleted(project: str, name: str = "project") -> str:
    status, answer = call("DELETE", f"/v2/movies?{name}={project}")
    assert status == 200 and answer["success"] is True and answer["project"] == project
    assert answer.keys() == {"success", "project", "deleted_at"}
    assert TIMESTAMP.fullmatch(answer["deleted_at"])
    return str(answer["deleted_at"])


def key_of(project: str) -> str:
    return str(movie_of(project)["url"]).removeprefix(BASE_URL)


def test_a_deleted_movie_stays_listed_and_its_file_goes(ports: Ports) -> None:
    project = made("#101010", ports)
    before, key = movie_of(project), key_of(project)
    assert "deleted_at" not in before
    at = deleted(project)
    assert ports.objects.head(key) is None
    gone = movie_of(project)
    assert gone["deleted_at"] == at and gone["url"] is None and gone["ass"] is False
    nothing = {"url": None, "thumbnail": None, "ass": False, "message": "The movie was deleted"}
    assert gone == {**before, **nothing, "deleted_at": at}
    _, listed = call("GET", "/v2/movies")
    (found,) = [each for each in listed["movies"] if each["project"] == project]
    assert found["deleted_at"] == at and found["url"] is None


def test_again_it_changes_nothing_and_id_is_another_word(ports: Ports) -> None:
    project = made("#111111", ports)
    assert deleted(project, "id") == deleted(project) == deleted(project, "id")


def test_the_movie_layer_serves_it_no_more_and_its_pieces_do(ports: Ports, workflow: Noted) -> None:
    project = made("#121212", ports)
    deleted(project)
    again = posted(document("#121212"))
    assert movie_of(again)["status"] == "pending" and again in workflow.started
    play(again, ports)
    cache = movie_of(again)["cache"]
    assert cache["movie"]["result"] == "miss"
    assert [scene["result"] for scene in cache["scenes"]] == ["hit"]
    assert ports.objects.head(key_of(again)) and movie_of(project)["url"] is None


def test_a_file_that_an_equal_movie_shows_goes_with_the_last(ports: Ports) -> None:
    first = made("#131313", ports)
    second, third = (posted({**document("#131313"), "comment": n}) for n in (2, 3))
    key = key_of(first)
    assert key == key_of(second) == key_of(third)
    for project in (second, first):
        deleted(project)
        assert ports.objects.head(key) and movie_of(third)["url"]
    deleted(first)
    assert ports.objects.head(key)
    deleted(third)
    assert ports.objects.head(key) is None


@pytest.mark.parametrize(
    "query",
    ["", "?project=", "?id=short", "?project=seventeen-letters", "?project=a/../../../../.."],
)
def test_without_a_project_id_it_says_so(query: str) -> None:
    status, answer = call("DELETE", f"/v2/movies{query}")
    assert (status, answer["success"], answer["message"]) == (400, False, SPOKEN)


def test_an_unknown_project_is_not_found() -> None:
    status, answer = call("DELETE", "/v2/movies?project=AAAAAAAAAAAAAAAA")
    assert status == 400 and answer["success"] is False
    assert answer["message"] == "No movie found with project ID AAAAAAAAAAAAAAAA"


def test_a_failed_movie_is_deleted_too(ports: Ports) -> None:
    missing = {"type": "image", "src": "http://127.0.0.1:80/none.png"}
    project = posted({**MOVIE, "scenes": [{"elements": [missing]}]})
    play(project, ports)
    before = movie_of(project)
    assert before["status"] == "error"
    at = deleted(project)
    assert movie_of(project) == {**before, "deleted_at": at}


def test_one_that_was_not_begun_is_cancelled(ports: Ports, workflow: Noted) -> None:
    project = posted(document("#141414"))
    at = deleted(project)
    movie = movie_of(project)
    assert (movie["status"], movie["message"], movie["success"]) == ("error", "Cancelled", False)
    assert movie["url"] is None and movie["deleted_at"] == at and movie["ended_at"]
    assert workflow.cancelled == [project]
    play(project, ports)
    assert movie_of(project) == movie


def test_who_waits_for_the_same_movie_takes_over(ports: Ports, workflow: Noted) -> None:
    leader, follower = (posted(document("#151515")) for _ in range(2))
    assert workflow.started == [leader]
    deleted(leader)
    assert workflow.started == [leader, follower]
    play(follower, ports)
    assert movie_of(follower)["status"] == "done" and movie_of(leader)["message"] == "Cancelled"


def test_one_that_waits_is_cancelled_and_the_leader_goes_on(ports: Ports, workflow: Noted) -> None:
    leader, follower = (posted(document("#161616")) for _ in range(2))
    deleted(follower)
    assert workflow.started == [leader]
    play(leader, ports)
    assert movie_of(leader)["status"] == "done" and movie_of(leader)["url"]
    assert movie_of(follower)["message"] == "Cancelled" and movie_of(follower)["url"] is None


def test_what_is_being_rendered_stops_and_finished_pieces_stay(
    ports: Ports, workflow: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of two scenes would take minutes."""
    monkeypatch.setattr("resplice.steps.execution.progress.LOOK_EVERY_MS", 0)
    short = {"duration": 0.4, "background-color": "#171717"}
    long = {"duration": 600, "background-color": "#181818"}
    project = posted({**MOVIE, "width": 1920, "height": 1080, "scenes": [short, long]})
    thread = threading.Thread(target=play, args=(project, ports))
    before = pieces(ports)
    thread.start()
    pause = threading.Event()
    while movie_of(project)["progress"] < 1 or pieces(ports) == before:
        assert not pause.wait(0.05) and thread.is_alive()
    finished = pieces(ports)
    deleted(project)
    assert movie_of(project)["message"] == "Cancelled"
    thread.join(20)
    assert not thread.is_alive()
    assert finished <= pieces(ports)
    assert movie_of(project)["progress"] < 100 and movie_of(project)["url"] is None


def pieces(ports: Ports) -> set[str]:
    return {each.key for each in ports.objects.list("scenes/segment/")}
