"""The cache as callers of the API see it: reports with reasons, on real renders in a folder."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from api_calls import MOVIE, Noted, call, play, posted, use
from resplice.ports import Ports
from resplice.wiring.local import local

RED, BLUE = ({"duration": 0.2, "background-color": colour} for colour in ("#ff0000", "#0000ff"))
MISSING = 1_000


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    with local(tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.fixture
def owner(request: pytest.FixtureRequest) -> str:
    return str(request.node.name)[:60].lower().replace("[", "-")


@pytest.fixture(autouse=True)
def workflow(ports: Ports, owner: str) -> Noted:
    noted = Noted()
    use(ports, noted, owner)
    return noted


def movie(*scenes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**MOVIE, "scenes": list(scenes), **more}


def made(document: dict[str, Any], ports: Ports) -> str:
    project = posted(document)
    play(project, ports)
    return project


def report(project: str) -> dict[str, Any]:
    status, answer = call("GET", f"/v2/movies/{project}/cache")
    assert status == 200 and answer["success"], answer
    return answer


def test_the_first_render_was_never_made_before(ports: Ports) -> None:
    told = report(made(movie(RED), ports))
    assert told["against"] is None and told["status"] == "done"
    assert told["cache"]["movie"]["why"] == ["not made before"]
    assert told["cache"]["scenes"][0]["why"] == ["not made before"]
    assert told["cache"]["rendered_ms"] >= 0


def test_an_edit_is_compared_with_the_render_that_has_most_of_its_scenes(ports: Ports) -> None:
    first = made(movie(RED, BLUE), ports)
    made(movie({**RED, "duration": 0.4}), ports)
    second = made(movie(RED, {**BLUE, "background-color": "#00ff00"}), ports)
    told = report(second)
    assert told["against"] == {"project": first, "because": "1 scenes in common"}
    scenes = told["cache"]["scenes"]
    assert scenes[0]["result"] == "hit" and "why" not in scenes[0]
    assert scenes[1]["why"] == ["scenes[1].background-color changed"]
    assert told["cache"]["movie"]["why"] == ["scenes[1].background-color changed"]


def test_a_movie_object_that_is_rendered_again_names_the_project_it_was(ports: Ports) -> None:
    first = made(movie(RED, id="other"), ports)
    made(movie(BLUE, RED, id="mine"), ports)
    again = made(movie({**RED, "background-color": "#123"}, project=first, id="mine"), ports)
    told = report(again)
    assert told["against"] == {"project": first, "because": "the document names it"}
    assert told["cache"]["scenes"][0]["why"] == ["scenes[0].background-color changed"]


def test_the_same_id_is_the_same_movie(ports: Ports) -> None:
    first = made(movie(RED, BLUE, id="mine"), ports)
    made(movie(RED, {**BLUE, "duration": 0.3}, id="other"), ports)
    told = report(made(movie({**BLUE, "duration": 0.6}, id="mine"), ports))
    assert told["against"] == {"project": first, "because": "the same id"}


def test_a_hit_has_no_reasons_and_what_follows_it_still_knows_the_scenes(
    ports: Ports, owner: str
) -> None:
    first = movie(RED, {**BLUE, "duration": 0.7}, id="mine")
    made(first, ports)
    hit = posted(first)
    assert "why" not in report(hit)["cache"]["movie"]
    ports.cache_index.forget(ports.projects.get(hit).movie_key, ports.clock.now_ms())  # type: ignore
    for stored in ports.objects.list("scenes/segment/"):
        ports.objects.delete(stored.key)
    told = report(made(first, ports))
    assert told["against"]["project"] == hit
    for each in (told["cache"]["movie"], *told["cache"]["scenes"]):
        assert each["why"][0].startswith("evicted")


def test_scenes_of_a_loop_are_counted_as_they_come_out(ports: Ports) -> None:
    looped = movie(
        {"iterate": "rows", "duration": 0.2, "background-color": "#10203{{item.n}}"},
        variables={"rows": [{"n": 2}, {"n": 4}]},
    )
    made(looped, ports)
    more = copy.deepcopy(looped)
    more["variables"]["rows"].insert(0, {"n": 6})
    told = report(made(more, ports))["cache"]
    assert [scene["result"] for scene in told["scenes"]] == ["miss", "hit", "hit"]
    assert told["scenes"][0]["why"] == ["scenes[0] is new"]


def test_what_is_not_made_has_no_report(ports: Ports) -> None:
    told = report(posted(movie({**RED, "duration": 0.9})))
    assert told["cache"] is None and told["against"] is None and told["status"] == "pending"


def test_nobody_sees_the_report_of_another(ports: Ports) -> None:
    project = made(movie(RED), ports)
    use(ports, Noted(), "somebody-else")
    status, answer = call("GET", f"/v2/movies/{project}/cache")
    assert status == 400 and project in answer["message"]


def worth(more: str = "") -> dict[str, Any]:
    status, answer = call("GET", f"/v2/cache{more}")
    assert status == 200 and answer["success"], answer
    return dict(answer["cache"])


def test_what_the_cache_is_worth_to_an_owner(ports: Ports) -> None:
    assert worth()["hits"]["movies"] == {
        "hit": 0,
        "miss": 0,
        "bypass": 0,
        "joined": 0,
        "rate": None,
    }
    document = movie(RED, {**BLUE, "duration": 1.2})
    made(document, ports)
    posted(document)
    made(movie(RED, RED), ports)
    told = worth("?days=1")
    assert told["hits"]["movies"] == {"hit": 1, "miss": 2, "bypass": 0, "joined": 0, "rate": 0.3333}
    assert told["hits"]["scenes"]["hit"] == 2 and told["hits"]["scenes"]["miss"] == 2
    assert told["rendered_seconds"] > 0 and told["saved_seconds"] > 0
    assert told["saved_usd"] == told["spent_usd"] == 0
    assert told["layers"] is None, "of all owners: told to the first one only"
    use(ports, Noted(), "another")
    assert worth()["hits"]["movies"]["rate"] is None


def test_sizes_by_layer_are_told_to_the_first_owner(ports: Ports) -> None:
    made(movie(RED), ports)
    use(ports, Noted(), "self")
    layers = worth()["layers"]
    assert layers["elements"] == {"objects": 0, "bytes": 0, "at_least": False}
    for layer in ("scenes", "movies"):
        assert layers[layer]["objects"] > 0 and layers[layer]["bytes"] > 1_000


@pytest.mark.parametrize("days", ["0", "x", "-1", "1.5"])
def test_days_are_a_whole_number(days: str) -> None:
    status, answer = call("GET", f"/v2/cache?days={days}")
    assert status == 400 and "'days' must be a whole number from 1" in answer["message"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "Say what is to be purged: url"),
        ({"url": "a", "project": "b"}, "Say what is to be purged"),
        ({"url": ""}, "'url' must be a text"),
        ({"url": 1}, "'url' must be a text"),
        ({"older-than-days": -1}, "'older-than-days' must be a whole number from 0"),
        ({"older-than-days": True}, "'older-than-days' must be a whole number"),
        ({"older-than-days": 1, "next": 3}, "'next' is what the call before answered"),
        ({"project": "0" * 16}, "No movie found with project ID"),
        ({"project": "@", "scene": 0}, "'scene' must be a whole number from 1"),
        ({"project": "@", "scene": 4}, "there is no scene 4: the movie has 3"),
        ({"project": "@", "element": "scenes[0]"}, "'element' is a path like"),
        ({"project": "@", "element": "scenes[0].elements[7]"}, "there is no scenes[0].elements[7]"),
        ({"project": "@", "dry-run": "yes"}, "'dry-run' must be true or false"),
    ],
)
def test_what_cannot_be_purged_is_said(body: dict[str, Any], words: str) -> None:
    project = posted(movie(RED, BLUE, RED))
    body = {**body, **({"project": project} if body.get("project") == "@" else {})}
    status, answer = call("POST", "/v2/cache/purge", body)
    assert status == 400 and words in answer["message"], answer


def test_calls_of_one_template_are_renders_of_one_movie(ports: Ports) -> None:
    words = movie({**RED, "background-color": "{{s}}"}, BLUE)
    status, answer = call("POST", "/v2/templates", {"name": "why", "movie": words})
    assert status == 200, answer
    template = answer["templateId"]
    first = made({"template": template, "variables": {"s": "#100"}}, ports)
    made(movie(RED, BLUE), ports)
    told = report(made({"template": template, "variables": {"s": "#200"}}, ports))
    assert told["against"] == {"project": first, "because": "the same template"}
    assert told["cache"]["scenes"][0]["why"] == ["scenes[0].background-color changed"]
