"""Movies on the deployed stack: cold, again, edited, bypassed, many, and those that cannot be."""

from __future__ import annotations

import copy
import json
import urllib.request
from collections import Counter
from typing import Any

import pytest
from deployed import PATIENCE_S, Deployed, Document, is_running
from resplice.core.proof import is_proof, project_proven
from resplice.steps.execution.record import STILL_MADE
from resplice.steps.execution.submit import PROJECT_ID_CHARS
from resplice.steps.random_text import is_like
from studio import asked, clip, give, movie, picture, still, tone


@pytest.fixture(scope="module")
def document(deployed: Deployed) -> Document:
    """Three scenes with a clip, pictures and a text, a transition, and music over all."""
    web = deployed.web
    card = clip(deployed.folder / "card.mp4", 0.9)
    red = {"type": "image", "src": give(web, "/red.png", picture("red"))}
    text = {"type": "text", "text": "Ann", "width": 60, "height": 30}
    video = {"type": "video", "src": give(web, "/card.mp4", card.read_bytes())}
    music = {"type": "audio", "src": give(web, "/tone.wav", tone(440, 1.0)), "loop": -1}
    return movie(
        {"duration": 0.6, "elements": [red, text]},
        {"elements": [video], "transition": {"style": "fade", "duration": 0.3}},
        still(give(web, "/blue.png", picture("blue")), zoom=2),
        elements=[{**music, "duration": -2}],
    )


@pytest.fixture(scope="module")
def cold(deployed: Deployed, document: Document) -> dict[str, Any]:
    """The movie of the document, made when nothing was in any cache."""
    return deployed.made(document)


def results(movie: dict[str, Any]) -> list[str]:
    return [scene["result"] for scene in movie["cache"]["scenes"]]


def test_a_movie_is_what_one_machine_makes_of_it(
    deployed: Deployed, document: Document, cold: dict[str, Any]
) -> None:
    cache = cold["cache"]
    assert cache["movie"]["result"] == "miss" and results(cold) == ["miss"] * 3
    assert [each["result"] for each in cache["transitions"]] == ["miss"]
    assert {each["result"] for each in cache["elements"]} == {"miss"}
    assert set(cache["timings_ms"]) == {"elements", "plan", "scenes", "movie"}
    assert cache["rendered_ms"] > 0 and cache["saved_ms"] == 0
    assert cold["url"].startswith(f"{deployed.stack.base_url}/movies/")
    assert deployed.frames(cold) == deployed.rendered_here(document)


def test_a_movie_is_put_together_in_the_bucket(deployed: Deployed, cold: dict[str, Any]) -> None:
    """No function had its bytes in a file: nobody knows their SHA-256."""
    key = cold["url"].removeprefix(f"{deployed.stack.base_url}/")
    place = {"Bucket": deployed.bucket, "Key": key}
    told = deployed.stack.client("s3").head_object(**place, ChecksumMode="ENABLED")
    assert "spliced" in told["Metadata"] and "sha256" not in told["Metadata"]
    assert told["ChecksumType"] == "FULL_OBJECT" and told["ChecksumCRC32"]


def test_a_still_is_what_one_machine_makes_of_it(
    deployed: Deployed, document: Document, cold: dict[str, Any]
) -> None:
    """Of the transition: both scenes are seen."""
    status, answer = deployed.call("POST", "/v2/stills?at=0.4", document)
    assert status == 200, answer
    still = deployed.ended(answer["project"])
    assert (still["status"], still["message"]) == ("done", STILL_MADE), still
    assert {each["result"] for each in still["cache"]["elements"]} == {"hit"}
    with urllib.request.urlopen(still["url"], timeout=PATIENCE_S) as got:
        assert got.headers["content-type"] == "image/png"
        assert got.read() == deployed.seen_here(document, 0.4)
    began, answer = deployed.call("GET", f"/v2/stills?project={cold['project']}&at=0.4")
    assert began == 202, answer
    assert deployed.ended(answer["project"])["url"] == still["url"]


def test_the_same_movie_again_starts_nothing(
    deployed: Deployed, document: Document, cold: dict[str, Any]
) -> None:
    before, asked_before = deployed.executions(), deployed.stack.invocations.copy()
    again = deployed.movie(deployed.post({**document, "comment": "again"}))
    assert again["status"] == "done" and again["url"] == cold["url"]
    assert again["cache"]["movie"] == {**cold["cache"]["movie"], "result": "hit"}
    assert again["cache"]["saved_ms"] >= cold["cache"]["rendered_ms"]
    assert deployed.executions() == before
    assert deployed.stack.invocations - asked_before == Counter(api=2)


def test_an_edit_renders_what_changed(
    deployed: Deployed, document: Document, cold: dict[str, Any]
) -> None:
    edited = copy.deepcopy(document)
    edited["scenes"][2]["elements"][0]["zoom"] = 3
    with deployed.fanned_out():
        before = deployed.stack.invocations["scene"]
        made = deployed.made(edited)
    assert results(made) == ["hit", "hit", "miss"]
    assert [each["result"] for each in made["cache"]["transitions"]] == ["hit"]
    assert deployed.stack.invocations["scene"] == before + 1
    assert deployed.frames(made) == deployed.rendered_here(edited)


def test_a_run_of_cached_pieces_goes_straight_to_the_movie(
    deployed: Deployed, document: Document, cold: dict[str, Any]
) -> None:
    quieter = copy.deepcopy(document)
    quieter["elements"][0]["volume"] = 0.5
    before = deployed.stack.invocations.copy()
    with deployed.fanned_out():
        made = deployed.made(quieter)
    spent = deployed.stack.invocations - before
    assert results(made) == ["hit"] * 3
    assert not spent.keys() & {"scene", "element", "paint"}
    assert (spent["prepare"], spent["plan"], spent["movie"], spent["finish"]) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("where", "scenes", "fetched"),
    [
        ("element", ["bypass", "hit", "hit"], ["/red.png"]),
        ("scene", ["bypass", "hit", "hit"], []),
        ("movie", ["bypass"] * 3, ["/blue.png?", "/card.mp4?", "/red.png?", "/tone.wav?"]),
    ],
)
def test_the_cache_is_bypassed_where_it_is_said(
    where: str,
    scenes: list[str],
    fetched: list[str],
    deployed: Deployed,
    document: Document,
    cold: dict[str, Any],
) -> None:
    forced = copy.deepcopy(document)
    first = forced["scenes"][0]
    {"element": first["elements"][0], "scene": first, "movie": forced}[where]["cache"] = False
    asked(deployed.web)
    made = deployed.made(forced)
    assert made["cache"]["movie"]["result"] == "bypass"
    assert results(made) == scenes
    assert asked(deployed.web) == fetched
    assert deployed.frames(made) == deployed.frames(cold)


def test_more_tasks_than_one_execution_holds(deployed: Deployed) -> None:
    """They run in executions of their own; elements too."""
    colours = [f"#{n:02x}{255 - n:02x}40" for n in range(42)]
    sources = [give(deployed.web, f"/many{n}.png", picture(c)) for n, c in enumerate(colours)]
    # Each is a task of its own: what stands still is made with others.
    many = movie(*(still(source, 0.2, **{"fade-in": 0.2}) for source in sources))
    before = deployed.stack.invocations.copy()
    made = deployed.made(many)
    spent = deployed.stack.invocations - before
    assert (spent["element"], spent["scene"], made["duration"]) == (42, 42, 8.4)
    assert deployed.frames(made) == deployed.rendered_here(many)


def test_equal_movies_at_once_are_one_execution(deployed: Deployed) -> None:
    document = movie(still(give(deployed.web, "/lime.png", picture("lime"))))
    before = deployed.executions()
    projects = deployed.posted_at_once(document, 10)
    ends = [deployed.ended(project) for project in projects]
    assert {end["status"] for end in ends} == {"done"} and len({end["url"] for end in ends}) == 1
    assert deployed.executions() == before + 1
    told = Counter(end["cache"]["movie"]["result"] for end in ends)
    assert told["miss"] == 1 and set(told) <= {"miss", "joined", "hit"}


def test_sources_that_cannot_be_had_are_told_with_their_place(deployed: Deployed) -> None:
    """As JSON2Video words it; and who joined is told the same."""
    web = deployed.web
    web.answers["/gone.png"] = lambda to: to.give(404)
    web.answers["/page"] = lambda to: to.give(200, b"<!doctype html><p>not a picture")
    broken = movie(still(web.url("/gone.png")), still(web.url("/page"), 0.6))
    projects = deployed.posted_at_once(broken, 3)
    for project in projects:
        end = deployed.ended(project)
        assert end["status"] == "error" and end["success"] is False and end["url"] is None
        first, second = end["message"].split("\n")
        assert first == f"Scene #1, element #1: Failed to download '{web.url('/gone.png')}' (404)"
        assert "Scene #2, element #1: The URL provided is not an image file" in second
    assert all(not is_running(execution) for execution in deployed.stack.executions())
    assert list(deployed.projects().unfinished()) == []


def test_a_source_that_comes_back_is_tried_again(deployed: Deployed) -> None:
    failing = iter([503] * 4)

    def answer(to: Any) -> None:
        status = next(failing, 200)
        to.give(status, picture("olivedrab") if status == 200 else b"")

    deployed.web.answers["/comes-back.png"] = answer
    made = deployed.made(movie(still(deployed.web.url("/comes-back.png"))))
    assert results(made) == ["miss"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"{", ""),
        (b'{"scenes": [{"elements": [{"type": "image", "src": 7}]}]}', "scenes[0].elements[0].src"),
        (b'{"scenes": "none"}', "scenes"),
        (b'{"scenes": [], "scenes": []}', "scenes"),
        (b"\xff\xfe", ""),
    ],
)
def test_what_is_no_movie_is_refused_with_its_place(
    body: bytes, path: str, deployed: Deployed
) -> None:
    before = deployed.executions()
    status, answer = deployed.call("POST", "/v2/movies", body)
    assert status == 400 and answer["success"] is False and answer["message"]
    assert [problem["path"] for problem in answer["errors"]] == [path]
    assert deployed.executions() == before


def test_keys_are_asked_for(deployed: Deployed) -> None:
    deployed.stack.add_key("only looking", "viewer")
    document = movie({"duration": 1, "elements": []})
    for key, status, message in (
        (None, 400, "Error: API Key not provided"),
        ("wrong", 400, "Error: Invalid API Key"),
        ("only looking", 403, "Insufficient permissions"),
    ):
        refused, answer = deployed.call("POST", "/v2/movies", document, key)
        assert (refused, answer["message"]) == (status, message)
    assert deployed.call("GET", "/v2/movies", key="only looking")[0] == 200


def is_of_a_movie(project: str) -> bool:
    """A project, or the run that proves one: other tests of this stack begin those."""
    return is_like(project_proven(project) if is_proof(project) else project, PROJECT_ID_CHARS)


def test_every_line_of_the_log_names_the_project(
    deployed: Deployed, document: Document, cold: dict[str, Any]
) -> None:
    with deployed.fanned_out():
        fanned_out = deployed.made({**document, "cache": False})
    for function in ("api", "lane", "prepare", "element", "plan", "scene", "movie", "finish"):
        lines = [line for line in deployed.stack.logs(function).splitlines() if line[:1] == "{"]
        told = [line for line in map(json.loads, lines) if "level" in line]
        made = cold if function == "lane" else fanned_out
        assert made["project"] in {line["project"] for line in told}, function
        if function not in ("api", "finish"):
            assert all(is_of_a_movie(line["project"]) for line in told), function


def test_what_the_cache_did_is_counted(deployed: Deployed, cold: dict[str, Any]) -> None:
    lines = deployed.stack.logs("finish").splitlines() + deployed.stack.logs("api").splitlines()
    counted = Counter[str]()
    for line in lines:
        if line.startswith('{"_aws"'):
            told = json.loads(line)
            names = told["_aws"]["CloudWatchMetrics"][0]["Metrics"]
            counted.update({each["Name"]: sum(told[each["Name"]]) for each in names})
    for layer in ("Movie", "Scene", "Element"):
        assert counted[f"{layer}Miss"] and counted[f"{layer}Bypass"] and counted[f"{layer}Hit"]
    assert counted["SavedSeconds"] > 0 and counted["SavedDollars"] > 0
    assert counted["RenderSeconds"] > 0 and counted["MovieSeconds"] > 0 and counted["Failed"]


def test_projects_are_listed(deployed: Deployed, cold: dict[str, Any]) -> None:
    status, answer = deployed.call("GET", "/v2/movies?limit=100")
    assert status == 200 and answer["count"] > 1
    assert cold["project"] in [each["project"] for each in answer["movies"]]
