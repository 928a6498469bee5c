"""The API's handler on real ports in a folder; the workflow only notes what it was to start."""

from __future__ import annotations

import itertools
import json
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from api_calls import MOVIE, TIMESTAMP, Noted, call, movie_of, play, posted, use
from resplice.core.providers import Offers
from resplice.core.time_units import DAY_MS
from resplice.errors import StorageError
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps.messages import STORE_FAILED
from resplice.steps.pipeline.accept import accept
from resplice.wiring.local import local


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


def test_a_new_movie_is_pending_and_started(workflow: Noted) -> None:
    document = {**MOVIE, "id": "mine", "client-data": {"a": [1, "é", "{{not filled}}"]}}
    project = posted(document)
    assert re.fullmatch(r"[A-Za-z0-9]{16}", project)
    assert workflow.started == [project]
    movie = movie_of(project)
    assert movie["status"] == "pending" and movie["message"] == "" and movie["success"] is True
    assert movie["project"] == project and movie["id"] == "mine"
    assert movie["client-data"] == document["client-data"] and movie["consumed_credits"] == []
    assert movie["url"] is movie["ended_at"] is movie["duration"] is movie["cache"] is None
    assert TIMESTAMP.fullmatch(movie["created_at"])
    assert json.loads(movie["json"]) == document


def test_the_document_comes_back_as_it_was_sent() -> None:
    sent = b'{ "scenes": [ {"duration":1.50} ],\n "x": "\xc3\xa9" }'
    assert movie_of(posted(sent))["json"] == sent.decode()
    assert "json" not in movie_of(posted(sent), "&format=simple")


def test_what_clients_add_for_themselves_is_neither_kept_nor_part_of_the_movie(
    ports: Ports,
) -> None:
    document = {**MOVIE, "comment": "mine", "only": "with additions"}
    first = posted(document)
    play(first, ports)
    added = {"project": first, "apiKey": "a secret", "client_data": {"a": 1}}
    again = movie_of(posted({**added, **document}))
    assert again["status"] == "done" and again["url"] == movie_of(first)["url"]
    assert again["cache"]["movie"]["result"] == "hit"
    assert json.loads(again["json"]) == document
    status, answer = call("POST", "/v2/movies", added)
    assert status == 400 and "scenes" in answer["message"]


def test_without_a_browser_only_movies_with_text_fail(
    tmp_path: Path, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESPLICE_CHROMIUM", "/nowhere/chrome")
    text = {**MOVIE, "elements": [{"type": "text", "text": "Hello", "duration": 1}]}
    with local(tmp_path) as ports:
        use(ports, Noted(), owner)
        plain, written = posted(MOVIE), posted(text)
        for project in (plain, written):
            play(project, ports)
        assert movie_of(plain)["status"] == "done"
        movie = movie_of(written)
        assert movie["status"] == "error" and "/nowhere/chrome" in movie["message"]


def test_a_body_may_come_as_base64(workflow: Noted) -> None:
    status, answer = call("POST", "/v2/movies", {**MOVIE, "as": "base64"}, encoded=True)
    assert status == 200 and workflow.started == [answer["project"]]


def test_id_is_another_word_for_project() -> None:
    project = posted(MOVIE)
    status, answer = call("GET", f"/v2/movies?id={project}")
    assert status == 200 and answer["movie"]["project"] == project


def test_no_client_data_is_an_empty_object_and_no_id_is_none() -> None:
    movie = movie_of(posted(MOVIE))
    assert movie["client-data"] == {} and "id" not in movie


def test_a_project_is_played_to_its_end_and_the_same_movie_is_then_done_at_once(
    ports: Ports, workflow: Noted, owner: str
) -> None:
    document = {**MOVIE, "only": "here"}
    first, twin = posted(document), posted(document)
    assert movie_of(twin)["status"] == "pending"
    play(first, ports)
    movie = movie_of(first)
    key = accept(document, ports.of(owner).tools).key
    assert movie["status"] == "done" and movie["message"] == ""
    stored = ports.objects.head(movie["url"].removeprefix("https://movies.example/"))
    assert stored and re.fullmatch(r"movies/[0-9a-f]{64}\.mp4", stored.key)
    assert (movie["duration"], movie["width"], movie["height"]) == (1.0, 64, 64)
    assert movie["size"] == stored.size_bytes
    assert movie["cache"]["movie"] == {"result": "miss", "key": key}
    assert movie["rendering_time"] > 0 and TIMESTAMP.fullmatch(movie["ended_at"])
    assert movie_of(twin)["cache"]["movie"]["result"] == "joined"

    again = posted({**document, "client-data": {"n": 2}})
    hit = movie_of(again)
    assert workflow.started == [first]
    assert hit["status"] == "done" and hit["url"] == movie["url"]
    assert hit["cache"]["movie"]["result"] == "hit" and hit["client-data"] == {"n": 2}

    forced = posted({**document, "cache": False})
    assert movie_of(forced)["status"] == "pending" and workflow.started == [first, forced]
    play(forced, ports)
    assert movie_of(forced)["cache"]["movie"]["result"] == "bypass"


def test_what_is_offered_is_read_only_for_a_movie_that_asks_for_something(
    ports: Ports, workflow: Noted, owner: str
) -> None:
    """On AWS it is a call, which a hit has no need of."""
    read = list[Offers]()

    def offered(whose: str) -> Offers:
        read.append(ports.offered(whose))
        return read[-1]

    use(replace(ports, offered=offered), workflow, owner)
    posted(MOVIE)
    assert read == []
    posted({**MOVIE, "elements": [{"type": "voice", "text": "Hello"}]})
    assert read == [ports.offers()]


def test_progress_is_told_and_never_goes_back(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resplice.steps.execution.progress.WRITE_EVERY_MS", 0)
    scenes = [{"duration": 1, "background-color": f"#00{n}0ff"} for n in range(3)]
    project, told = posted({**MOVIE, "scenes": scenes}), []
    assert movie_of(project)["progress"] == 0

    class Listening:
        """Looks whenever something is written."""

        def __init__(self, port: Any) -> None:
            self.port = port

        def __getattr__(self, name: str) -> Any:
            def call(*values: Any) -> Any:
                result = getattr(self.port, name)(*values)
                movie = movie_of(project)
                told.append((movie["status"], movie["message"], movie["progress"]))
                return result

            return call if name in ("advance", "end", "plan", "add") else getattr(self.port, name)

    play(
        project,
        replace(ports, projects=Listening(ports.projects), progress=Listening(ports.progress)),
    )
    assert told[0] == ("running", "Preparing", 0) and told[-1] == ("done", "", 100)
    running = told[1:-1]
    assert {status for status, _, _ in running} == {"running"}
    assert [words for _, words, _ in running] == [f"Rendering {part}%" for _, _, part in running]
    percents = [part for _, _, part in told]
    assert percents == sorted(percents) and percents[0] == 0 and 50 < percents[-2] < 100


def test_a_project_that_cannot_be_rendered_ends_in_an_error(ports: Ports) -> None:
    missing = [{"type": "image", "src": f"http://127.0.0.1:80/{n}.png"} for n in "ab"]
    project = posted({**MOVIE, "scenes": [{"elements": missing}]})
    play(project, ports)
    movie = movie_of(project)
    assert movie["status"] == "error" and movie["success"] is False and movie["url"] is None
    lines = movie["message"].splitlines()
    assert [line.partition(": ")[0] for line in lines] == [
        "Scene #1, element #1",
        "Scene #1, element #2",
    ]
    play(project, ports)
    assert movie_of(project) == movie


def test_an_unforeseen_failure_is_an_internal_error(
    ports: Ports, caplog: pytest.LogCaptureFixture
) -> None:
    project = posted({**MOVIE, "z": 1})
    play(project, replace(ports, scratch=None))  # type: ignore[arg-type]
    assert (movie_of(project)["status"], movie_of(project)["message"]) == (
        "error",
        "Internal error",
    )
    assert "Traceback" in caplog.text and project in caplog.text


def test_a_project_dropped_by_a_stop_is_left_for_the_next_start(ports: Ports) -> None:
    project = posted({**MOVIE, "w": 1})
    play(project, ports, stopping=lambda: True)
    assert movie_of(project)["status"] == "running"
    play(project, ports)
    assert movie_of(project)["status"] == "done"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "No movie JSON received"),
        (b"{}", "Error parsing movie JSON or the movie was empty"),
        (b"[]", "Error parsing movie JSON or the movie was empty"),
        (b"null", "No valid movie JSON received"),
        (b"{", "Error parsing movie JSON or the movie was empty: line 1, column 2"),
        (b'{"template": "abcdefghijklmnopqrst"}', "Template abcdefghijklmnopqrst not found"),
    ],
)
def test_what_is_no_movie_is_refused(body: bytes, message: str, workflow: Noted) -> None:
    status, answer = call("POST", "/v2/movies", body)
    assert status == 400 and answer["success"] is False
    assert answer["message"].startswith(message)
    assert workflow.started == []


@pytest.mark.parametrize("body", [b"\xff\xfe{", b'{"a": "\xc3"}', b'{"scenes":' * 9999, b"\0"])
def test_bytes_that_are_no_json_are_refused(body: bytes) -> None:
    assert call("POST", "/v2/movies", body, encoded=True)[0] == 400


def test_all_that_is_wrong_is_told_at_once() -> None:
    broken = {"scenes": [{"duration": "x", "elements": [{"type": "image"}]}, {"elements": [{}]}]}
    status, answer = call("POST", "/v2/movies", broken)
    paths = [error["path"] for error in answer["errors"]]
    assert status == 400 and len(paths) == 3
    assert paths[-1] == "scenes[1].elements[0].type"
    assert answer["message"] == "; ".join(error["message"] for error in answer["errors"])


@pytest.mark.parametrize("key", [None, "", "wrong", "sesamé"])
def test_the_key_is_asked_for(ports: Ports, owner: str, key: str | None) -> None:
    use(ports, Noted(), owner, "sesame", keyed=True)
    words = "Error: Invalid API Key" if key else "Error: API Key not provided"
    for method, path in (("POST", "/v2/movies"), ("GET", "/v2/movies"), ("GET", "/v2/movies?id=x")):
        assert call(method, path, MOVIE, key) == (400, {"success": False, "message": words})
    assert call("POST", "/v2/movies", MOVIE, "sesame")[0] == 200
    assert call("GET", "/healthz", key=key) == (200, {"success": True})


@pytest.mark.parametrize("project", ["AAAAAAAAAAAAAAAA", "short", "é" * 16, "../../../../etc/p"])
def test_an_unknown_project_is_400(project: str) -> None:
    wanted = {"success": False, "message": f"No movie found with project ID {project}"}
    assert call("GET", f"/v2/movies?project={project}") == (400, wanted)


def test_threads_that_call_at_once_get_their_own_answers() -> None:
    names, before_s = [f"{number:016}" for number in range(400)], sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            answers = threads.map(lambda name: call("GET", f"/v2/movies?project={name}")[1], names)
            told = [answer["message"].rpartition(" ")[2] for answer in answers]
    finally:
        sys.setswitchinterval(before_s)
    assert told == names


def test_an_empty_project_is_400() -> None:
    status, answer = call("GET", "/v2/movies?project=")
    assert status == 400 and "16-character project ID" in answer["message"]


def test_a_project_of_another_owner_is_unknown(ports: Ports) -> None:
    project = posted(MOVIE)
    use(ports, Noted(), "someone else")
    assert call("GET", f"/v2/movies?project={project}")[0] == 400


@pytest.mark.parametrize("method", ["PUT", "PATCH", "TRACE"])
def test_a_wrong_method_is_405(method: str) -> None:
    status, told = call(method, "/v2/movies")
    assert status == 405 and told["success"] is False
    assert told["message"].startswith("Method not allowed: /v2/movies takes ")
    wanted = "Method not allowed: /healthz takes GET, HEAD, OPTIONS"
    assert call("POST", "/healthz") == (405, {"success": False, "message": wanted})


def test_what_is_got_can_be_asked_for_its_head() -> None:
    assert call("HEAD", "/healthz") == call("GET", "/healthz") == (200, {"success": True})


@pytest.mark.parametrize(
    "path", ["/", "/movies", "/v2", "/v2/movies/x", "/v2/nothing", "/V2/movies"]
)
def test_an_unknown_route_is_404(path: str) -> None:
    said = f"Not found: there is no {path} in this API"
    assert call("GET", path) == (404, {"success": False, "message": said})


def test_a_store_that_fails_is_told_as_json(
    ports: Ports, owner: str, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing:
        def list(self, *_: Any) -> Any:
            raise StorageError("arn:aws:dynamodb is throttled")

    broken = replace(ports, projects=Failing())  # type: ignore[arg-type]
    use(broken, Noted(), owner)
    assert call("GET", "/v2/movies") == (500, {"success": False, "message": STORE_FAILED})
    assert "arn:aws:dynamodb is throttled" in caplog.text


def test_a_project_that_a_failing_store_ends_is_told_the_same(
    ports: Ports, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing:
        def scratch(self) -> Any:
            raise StorageError("cannot write /var/data")

    project = posted({**MOVIE, "y": 1})
    play(project, replace(ports, scratch=Failing()))  # type: ignore[arg-type]
    assert (movie_of(project)["status"], movie_of(project)["message"]) == ("error", STORE_FAILED)
    assert "cannot write /var/data" in caplog.text


def test_projects_are_listed_newest_first_page_by_page(ports: Ports, owner: str) -> None:
    now_ms = ports.clock.now_ms()
    numbers = itertools.count()
    for _ in range(7):  # Some share a millisecond.
        at_ms, project_id = now_ms - next(numbers) // 2, f"Listed{next(numbers):010}"
        ports.projects.add(Project(project_id, owner, "{}", at_ms))
    path, pages = "/v2/movies?limit=3", []
    while True:
        status, answer = call("GET", path)
        assert status == 200 and answer["count"] == len(answer["movies"])
        pages.append([movie["project"] for movie in answer["movies"]])
        if not answer["has_next"]:
            break
        path = f"/v2/movies?limit=3&next_token={answer['next_token']}"
    assert [len(page) for page in pages] == [3, 3, 1] and answer["next_token"] is None
    wanted = ports.projects.list(owner, now_ms - DAY_MS, now_ms + DAY_MS, 99)
    assert [each for page in pages for each in page] == [project.id for project in wanted]
    assert "json" in call("GET", "/v2/movies?format=simple")[1]["movies"][0]


def test_the_dates_choose_what_is_listed(ports: Ports, owner: str) -> None:
    march_ms = 1_772_323_200_000  # 2026-03-01
    for day in range(3):
        project = Project(f"{owner[-15:]}{day}", owner, "{}", march_ms + day * DAY_MS + 5)
        ports.projects.add(project)

    def listed(query: str) -> list[str]:
        answer = call("GET", f"/v2/movies?{query}")[1]
        return [movie["created_at"][:10] for movie in answer["movies"]]

    assert listed("from=2026-03-01&to=2026-03-02") == ["2026-03-02", "2026-03-01"]
    assert listed("date_start=2026-03-02T00:00:00.006Z&date_end=2026-03-03") == ["2026-03-03"]
    assert listed("to=2026-03-31") == ["2026-03-03", "2026-03-02", "2026-03-01"]
    assert listed("") == []


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=x", "limit=-1", "limit=1e3", "from=yesterday", "to=9999-12-31",
        "from=2026-01-01&to=2026-12-31", "from=2026-02-02&to=2026-02-01", "next_token=x-y",
        "from=0001-01-01T00:00:00%2B14:00", f"next_token={'9' * 50}-{'a' * 16}",
        f"next_token=5-{'a' * 15}", f"next_token=5-{'a' * 3000}", f"next_token=5-{'%C3%A9' * 16}",
        f"next_token=5-{'a' * 15}%00", "next_token=5-", "next_token=5",
    ],
)  # fmt: skip
def test_a_listing_that_makes_no_sense_is_400(query: str) -> None:
    status, answer = call("GET", f"/v2/movies?{query}")
    assert status == 400 and answer["success"] is False and answer["message"]
