"""Movies made of templates over the API, whosever they are, on both keepers of records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from api_calls import Noted, call, movie_of, play, posted, use
from resplice.ports import Ports
from template_calls import ABSENT, CARD, KEEPERS, VARIABLES, created, good, one, ports_with, refused


@pytest.fixture(scope="module", params=KEEPERS)
def ports(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ports]:
    with ports_with(request.param, tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.fixture
def owner(request: pytest.FixtureRequest) -> str:
    return str(request.node.originalname)


@pytest.fixture(autouse=True)
def workflow(ports: Ports, owner: str) -> Noted:
    noted = Noted()
    use(ports, noted, owner)
    return noted


def test_a_movie_of_a_template_is_that_of_the_document_it_stands_for(
    workflow: Noted, ports: Ports
) -> None:
    template = created()
    sent = {
        "template": template,
        "variables": {"seconds": 2},
        "id": "mine",
        "client-data": {"a": 1},
    }
    project = posted({**sent, "apiKey": "k"})
    assert workflow.started == [project]
    movie = movie_of(project)
    assert json.loads(movie["json"]) == sent
    assert (movie["id"], movie["client-data"]) == ("mine", {"a": 1})
    good("POST", f"?id={template}", {"movie": {"scenes": []}})
    good("DELETE", f"?id={template}")
    play(project, ports)
    done = movie_of(project)
    assert done["status"] == "done", done["message"]
    assert (done["duration"], done["width"], done["height"]) == (2, 64, 64)
    assert json.loads(done["json"]) == sent

    variables = {**VARIABLES, "seconds": 2}
    same = movie_of(posted({**CARD, "variables": variables}))
    assert same["status"] == "done" and same["url"] == done["url"]


def test_the_same_template_and_variables_are_in_the_cache(workflow: Noted, ports: Ports) -> None:
    template = created({**CARD, "variables": {"colour": "#405060", "seconds": 1}})
    first = posted({"template": template, "variables": {"colour": "#a0b0c0"}})
    play(first, ports)
    assert movie_of(first)["status"] == "done"
    again = {"template": template, "variables": {"colour": "#a0b0c0"}, "comment": "again"}
    assert movie_of(posted(again))["cache"]["movie"]["result"] == "hit"
    movie = {**json.loads(one(template)["movie"]), "comment": "changed"}
    good("POST", f"?id={template}", {"movie": movie})
    hit = movie_of(posted(again))
    assert hit["status"] == "done" and hit["url"] == movie_of(first)["url"]
    copy = good("POST", f"?id={template}&action=duplicate")["templateId"]
    assert movie_of(posted({**again, "template": copy}))["status"] == "done"
    assert movie_of(posted({"template": template}))["status"] == "pending"
    assert movie_of(posted({**again, "cache": False}))["status"] == "pending"


def test_what_a_call_says_of_the_whole_movie_wins(ports: Ports) -> None:
    template = created({**CARD, "quality": "high", "resolution": "hd"})
    call_of_it = {
        **{"template": template, "width": 100, "height": 50, "fps": 10, "quality": "low"},
        **{"scenes": [{"duration": 9}], "elements": [{"type": "nonsense"}]},
    }
    project = posted(call_of_it)
    stored = ports.projects.get(project)
    assert stored and json.loads(stored.document) == {
        **CARD,
        **{"width": 100, "height": 50, "fps": 10, "quality": "low"},
    }
    assert json.loads(movie_of(project)["json"]) == call_of_it


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"template": ABSENT}, f"Template {ABSENT} not found"),
        ({"template": "basic/001", "scenes": []}, "Template basic/001 not found"),
        ({"template": 7, "scenes": [{"duration": 1}]}, "'template' must be the id of a template"),
    ],
)
def test_a_template_that_is_not_there_is_no_movie(body: Any, words: str) -> None:
    status, answer = call("POST", "/v2/movies", body)
    assert (status, answer["message"]) == (400, words)


def test_what_is_wrong_with_the_filled_template_is_said() -> None:
    template = created()
    status, answer = call("POST", "/v2/movies", {"template": template, "variables": "x"})
    assert (status, answer["message"]) == (400, "'variables' must be an object")
    wrong = {"template": template, "variables": {"seconds": "soon"}}
    status, answer = call("POST", "/v2/movies", wrong)
    assert status == 400 and answer["errors"][0]["path"] == "scenes[0].duration"


def test_no_template_is_a_movie_as_before() -> None:
    for none in (None, ""):
        assert posted({**CARD, "template": none})


def test_a_large_call_is_not_kept_beside_what_came_of_it() -> None:
    template = created()
    project = posted({"template": template, "comment": "x", "elements": ["y" * 100_000]})
    assert json.loads(movie_of(project)["json"]) == {**CARD, "comment": "x"}


def test_templates_of_others_are_seen_when_they_are_shared(ports: Ports) -> None:
    hidden, shown = created(), created(shared=True, tags=["theirs"])
    use(ports, Noted(), "another")
    for template in (hidden,):
        assert refused("GET", f"?id={template}") == (400, f"Template {template} not found")
        assert refused("POST", f"?id={template}", {"name": "x"})[0] == 400
        assert refused("DELETE", f"?id={template}")[0] == 400
        status, answer = call("POST", "/v2/movies", {"template": template})
        assert (status, answer["message"]) == (400, f"Template {template} not found")
    assert one(shown)["owner"] is False
    assert posted({"template": shown})
    assert refused("POST", f"?id={shown}", {"name": "x"})[0] == 403
    assert refused("DELETE", f"?id={shown}")[0] == 403
    assert shown in [each["id"] for each in good("GET", "/library")["templates"]]
    assert good("GET", "")["templates"] == []
    assert good("POST", f"?id={shown}&action=duplicate")["templateId"] != shown


def test_changes_at_once_are_all_kept(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another changes the name between what an update reads and what it writes."""
    template, own = created(), ports.templates
    read = type(own).get

    def get(self: Any, owner: str, template_id: str) -> Any:
        found = read(self, owner, template_id)
        monkeypatch.setattr(type(own), "get", read)
        good("POST", f"?id={template}", {"name": "Other"})
        return found

    monkeypatch.setattr(type(own), "get", get)
    good("POST", f"?id={template}", {"tags": ["kept"]})
    assert (one(template)["name"], one(template)["tags"]) == ("Other", ["kept"])
