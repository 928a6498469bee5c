"""After a purge the same movie makes exactly that again, and nothing else: counted at a real server
and by the runs of FFmpeg.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_calls import Noted, call, movie_of, play, posted, use
from studio import Studio, asked, give, movie, picture, still, studio
from web_server import Server, serving

POSTER = 1
"""A piece that is made where its segment has other bytes than it had."""
"""The run that joins a movie of its pieces."""
NOTHING = {"elements": 0, "scenes": 0, "movies": 0, "bytes": 0}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        for name in ("red", "green", "blue"):
            give(server, f"/{name}.png", picture(name))
        yield server


@pytest.fixture
def lab(server: Server, tmp_path: Path) -> Iterator[Studio]:
    with studio(tmp_path / "data", server) as lab:
        use(lab.ports, Noted(), "self")
        yield lab


def three(server: Server, **more: Any) -> dict[str, Any]:
    return movie(*(still(server.url(f"/{name}.png")) for name in ("red", "green", "blue")), **more)


def made(document: dict[str, Any], lab: Studio) -> str:
    project = posted(document)
    play(project, lab.ports)
    assert movie_of(project)["status"] == "done", movie_of(project)["message"]
    return project


def work(document: dict[str, Any], server: Server, lab: Studio) -> tuple[list[str], int]:
    """What is asked for, and how often FFmpeg runs, for the same movie."""
    asked(server), lab.runs()
    made(document, lab)
    return asked(server), lab.runs()


def purged(**said: Any) -> dict[str, Any]:
    body = {name.replace("_", "-"): value for name, value in said.items()}
    status, answer = call("POST", "/v2/cache/purge", body)
    assert status == 200 and answer["success"] and not answer["more"], answer
    assert answer["next"] is None and answer["dry-run"] is said.get("dry_run", False)
    return dict(answer["purged"])


def test_an_address(server: Server, lab: Studio) -> None:
    document = three(server)
    first = made(document, lab)
    size_bytes = len(picture("green"))
    told = {"elements": 1, "scenes": 0, "movies": 0, "bytes": size_bytes}
    assert purged(url=server.url("/green.png"), dry_run=True) == told
    assert work(document, server, lab) == ([], 0), "a dry run does nothing"
    assert purged(url=server.url("/green.png")) == told
    assert work(document, server, lab) == (["/green.png"], 0), "downloaded"
    assert work(document, server, lab) == ([], 0)
    give(server, "/green.png", picture("yellow"))
    purged(url=f" {server.url('/green.png')} ")
    project = posted(document)
    play(project, lab.ports)
    assert lab.runs() == 1 + POSTER, "a scene"
    assert movie_of(project)["url"] != movie_of(first)["url"]
    told = call("GET", f"/v2/movies/{project}/cache")[1]["cache"]
    changed = [f"the file behind {server.url('/green.png')} changed"]
    assert told["scenes"][1]["why"] == changed and told["movie"]["why"] == changed
    assert told["elements"][1]["why"] == changed
    assert purged(url="https://a.example/never") == NOTHING


def test_a_movie_that_was_begun_before_its_file_was_purged_is_not_kept(
    server: Server, lab: Studio
) -> None:
    document, during = three(server), three(server, comment="the same")
    ports = lab.ports
    project = posted(document)

    def purge_now() -> bool:
        if not purges:
            purges.append(purged(url=server.url("/red.png")))
        return False

    purges: list[Any] = []
    play(project, ports, stopping=purge_now)
    assert purges and movie_of(project)["status"] == "done"
    assert movie_of(posted(during))["status"] == "pending"


def test_an_element(server: Server, lab: Studio) -> None:
    document = three(server)
    document["scenes"][0]["elements"].append({"type": "image", "src": server.url("/blue.png")})
    project = made(document, lab)
    told = purged(project=project, element="scenes[1].elements[0]", dry_run=True)
    assert told["elements"] == told["movies"] == 1 and told["bytes"] > 0
    assert work(document, server, lab) == ([], 0)
    assert purged(project=project, element="scenes[1].elements[0]") == told
    assert work(document, server, lab) == (["/green.png"], 0)


@pytest.mark.parametrize(("scene", "pieces"), [(1, 1), (2, 2), (3, 2)])
def test_a_scene(scene: int, pieces: int, server: Server, lab: Studio) -> None:
    document = three(server)
    document["scenes"][2]["transition"] = {"duration": 0.2}
    project = made(document, lab)
    told = purged(project=project, scene=scene, dry_run=True)
    assert told["scenes"] == pieces and told["movies"] == 1 and told["elements"] == 0
    assert work(document, server, lab) == ([], 0)
    assert purged(project=project, scene=scene) == told
    assert work(document, server, lab) == ([], pieces), "its pieces"
    assert work(document, server, lab) == ([], 0)


def test_a_movie(server: Server, lab: Studio) -> None:
    document = three(server)
    project = made(document, lab)
    url = movie_of(project)["url"]
    told = purged(project=project, dry_run=True)
    assert told["movies"] == 1 and told["scenes"] == told["elements"] == 0
    assert purged(project=project) == told
    assert lab.ports.objects.head(url.removeprefix("https://movies.example/")), "its file stays"
    assert work(document, server, lab) == ([], 0)
    purged(project=project)
    assert purged(project=project) == NOTHING


def test_what_was_not_used_for_long(server: Server, lab: Studio) -> None:
    document = three(server)
    made(document, lab)
    assert purged(older_than_days=1) == NOTHING
    told = purged(older_than_days=0, dry_run=True)
    assert (told["elements"], told["scenes"], told["movies"]) == (3, 3 + POSTER, 0)
    assert purged(older_than_days=0) == told
    assert work(document, server, lab) == ([], 0), "the finished movie is still there"
    edited = {**document, "scenes": document["scenes"][:2]}
    assert work(edited, server, lab) == (["/green.png", "/red.png"], 2 + POSTER)


def test_a_purge_by_age_goes_on_where_it_left_off(
    server: Server, lab: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(three(server), lab)
    monkeypatch.setattr("resplice.steps.purging.PAGE", 2)
    monkeypatch.setattr("resplice.steps.purging.WHILE_MS", 0)
    said: dict[str, Any] = {"older-than-days": 0}
    found, calls, more = dict(NOTHING), 0, True
    while more:
        status, answer = call("POST", "/v2/cache/purge", said)
        assert status == 200
        more, calls = answer["more"], calls + 1
        said["next"] = answer["next"]
        found = {name: found[name] + answer["purged"][name] for name in found}
    assert (found["elements"], found["scenes"]) == (3, 3 + POSTER) and calls >= 4
    assert not list(lab.ports.objects.page("elements/", "", 9))


def test_what_it_is_made_of_must_be_known(server: Server, lab: Studio) -> None:
    project = made(three(server), lab)
    purged(url=server.url("/green.png"))
    status, answer = call("POST", "/v2/cache/purge", {"project": project, "scene": 1})
    assert status == 400 and answer["message"].startswith("scenes[1].elements[0] is not in the")


def test_who_may_not(server: Server, lab: Studio) -> None:
    project = made(three(server), lab)
    use(lab.ports, Noted(), "another")
    for body in ({"project": project}, {"project": project, "scene": 1}):
        status, answer = call("POST", "/v2/cache/purge", body)
        assert status == 400 and project in answer["message"]
    status, answer = call("POST", "/v2/cache/purge", {"older-than-days": 0})
    assert status == 403 and "Insufficient permissions" in answer["message"]
    assert purged(url=server.url("/red.png")) == NOTHING, "that of the other owner stays"
    use(lab.ports, Noted(), "self")
    assert work(three(server), server, lab) == ([], 0)
