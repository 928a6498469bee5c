"""POST /v2/movies?dry-run=true: what would be done is told, and nothing is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from api_calls import MOVIE, Noted, call, movie_of, play, posted, use
from resplice.core.addresses import AllowedSource
from resplice.core.document.expand import expanded
from resplice.core.providers import Access, Offers
from resplice.ports import Ports
from resplice.wiring.local import local
from studio import give, picture, still
from web_server import Server, serving

OWNER = "dry"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def ports(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    folder = tmp_path_factory.mktemp("data")
    with local(folder, allowed=[AllowedSource("127.0.0.1", server.server_port)]) as made:
        yield made


@pytest.fixture(autouse=True)
def workflow(ports: Ports) -> Noted:
    noted = Noted()
    use(ports, noted, OWNER)
    return noted


def plan(document: Any, query: str = "dry-run=true") -> dict[str, Any]:
    status, answer = call("POST", f"/v2/movies?{query}", document)
    assert status == 200, answer
    assert answer.keys() == {"success", "plan"} and answer["success"] is True
    return dict(answer["plan"])


def film(*colours: str, **more: Any) -> dict[str, Any]:
    scenes = [{"duration": 1, "background-color": colour} for colour in colours]
    return {**MOVIE, "fps": 10, "scenes": scenes, **more}


def test_what_needs_no_elements_is_planned_whole_and_nothing_is_made(
    ports: Ports, workflow: Noted
) -> None:
    before = [each.key for each in ports.objects.list("")]
    told = plan(film("#210000", "#220000"))
    assert told["complete"] is True and told["movie"]["result"] == "miss"
    assert [scene["result"] for scene in told["scenes"]] == ["miss", "miss"]
    assert (told["duration"], told["frames"], told["to_make"]) == (2, 20, [])
    assert (told["cost_usd"], told["unpriced"]) == (0, 0)
    assert told["seconds"] >= 1 and "as measured with a movie" in told["seconds_from"]
    assert [each.key for each in ports.objects.list("")] == before
    assert workflow.started == [] and call("GET", "/v2/movies")[1]["movies"] == []


def test_it_tells_what_an_edit_would_render_and_from_what_it_knows(ports: Ports) -> None:
    project = posted(film("#230000", "#240000"))
    play(project, ports)
    told = plan(film("#230000", "#250000", "#240000"))
    assert [scene["result"] for scene in told["scenes"]] == ["hit", "miss", "hit"]
    assert told["frames"] == 10 and told["duration"] == 3
    assert told["seconds_from"] == "what 2 pieces of this movie took when they were rendered"
    reordered = plan(film("#240000", "#230000"))
    assert reordered["frames"] == 0 and reordered["seconds_from"] == "nothing has to be rendered"
    assert reordered["movie"]["result"] == "miss"


def test_a_movie_that_is_there_takes_and_costs_nothing(ports: Ports) -> None:
    project = posted(film("#260000"))
    play(project, ports)
    told = plan(film("#260000", **{"client-data": {"a": 1}}))
    assert told["movie"] == {"result": "hit", "key": movie_of(project)["cache"]["movie"]["key"]}
    assert (told["frames"], told["seconds"], told["duration"]) == (0, 0, 1)
    fresh = plan(film("#260000", cache=False))
    assert fresh["movie"]["result"] == "bypass" and fresh["frames"] == 10


def test_elements_that_are_not_made_are_told_and_are_not_made(
    ports: Ports, server: Server, workflow: Noted
) -> None:
    source = give(server, "/dry.png", picture("red"))
    document = {**film(), "scenes": [still(source, 1)]}
    for _ in range(2):
        told = plan(document)
        assert told["complete"] is False and told["scenes"] == []
        assert told["duration"] is told["frames"] is told["seconds"] is None
        (wanted,) = told["to_make"]
        assert wanted == {"path": "scenes[0].elements[0]", "type": "image", "work": "fetch"}
        assert told["seconds_from"].startswith("elements are not made yet")
    assert server.seen == [] and workflow.started == []
    play(posted(document), ports)
    told = plan({**document, "id": "again", "scenes": [still(source, 1), still(source, 2)]})
    assert told["complete"] is True and told["duration"] == 3
    assert [element["result"] for element in told["elements"]] == ["hit", "hit"]


def test_slips_of_the_pen_are_told_before_any_element_is_made() -> None:
    text = {"type": "text", "text": "x", "settings": {"font-sise": "2vw"}}
    told = plan({"resolutoin": "hd", "scenes": [{"elements": [text]}]})
    assert told["complete"] is False
    assert told["warnings"] == [
        "resolutoin is not known and does nothing; did you mean 'resolution'? [unknown-key]",
        "scenes[0].elements[0].settings.font-sise is not known and does nothing;"
        " did you mean 'font-size'? [unknown-key]",
    ]


def test_what_would_be_paid_is_told_by_the_list(ports: Ports, workflow: Noted) -> None:
    offers = Offers((Access("polly", build="1"),))
    use(replace(ports, offered=lambda owner: offers), workflow, OWNER)
    spoken = {"type": "voice", "text": "x" * 100, "voice": "Joanna"}
    told = plan({**MOVIE, "scenes": [{"elements": [spoken]}]})
    (wanted,) = told["to_make"]
    assert wanted["cost"]["provider"] == "polly" and wanted["cost"]["units"] == 200
    assert told["cost_usd"] == wanted["cost"]["usd"] > 0 and told["unpriced"] == 0


def test_what_is_no_movie_is_refused_as_ever() -> None:
    refused = call("POST", "/v2/movies?dry-run=true", {"scenes": "none"})
    assert refused == call("POST", "/v2/movies", {"scenes": "none"}) and refused[0] == 400
    status, answer = call("POST", "/v2/movies?dry-run=perhaps", MOVIE)
    assert (status, answer["message"]) == (400, "'dry-run' must be true, false, make or forecast")


@pytest.mark.parametrize("said", ["false", "0", ""])
def test_without_it_a_movie_is_made(said: str, workflow: Noted) -> None:
    status, answer = call("POST", f"/v2/movies?dry-run={said}", film("#270000"))
    assert status == 200 and workflow.started[-1:] == [answer["project"]]
    call("DELETE", f"/v2/movies?project={answer['project']}")


class Counting:
    """A cache index that notes what it is asked for."""

    def __init__(self, index: Any) -> None:
        self.index, self.asked = index, list[str]()

    def pointer(self, key: str) -> Any:
        self.asked.append(key)
        return self.index.pointer(key)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.index, name)


def test_a_document_is_read_once_and_equal_elements_are_looked_for_once(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, read = Counting(ports.cache_index), list[Any]()
    use(replace(ports, cache_index=index), Noted(), OWNER)  # type: ignore[arg-type]

    def noted(*document: Any) -> Any:
        read.append(document)
        return expanded(*document)

    monkeypatch.setattr("resplice.steps.pipeline.accept.expanded", noted)
    text = {"type": "text", "text": "looked for once"}
    told = plan({**MOVIE, "scenes": [{"duration": 1, "elements": [text] * 20}] * 2})
    assert len(told["to_make"]) == 40 and len(read) == 1
    elements = [key for key in index.asked if key.startswith("elements/")]
    assert len(elements) == 1, "nobody is paid for it, so that it is all the same who has its bytes"


def test_a_plan_is_of_the_document_as_it_is_kept(ports: Ports) -> None:
    """With the secret masked, and what it stood in."""
    ftp = {"type": "ftp", "host": "ftp.example", "username": "me", "password": "{{word}}"}
    text = {"type": "text", "text": "{{word}} {{word}}"}
    document = {
        **MOVIE,
        "variables": {"word": "open sesame"},
        "scenes": [{"duration": 1, "elements": [text]}],
        "exports": [{"destinations": [ftp]}],
    }
    kept = {**document, "variables": {"word": "********"}}
    assert plan(document)["movie"]["key"] == plan(kept)["movie"]["key"]
