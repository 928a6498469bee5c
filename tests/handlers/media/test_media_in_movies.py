"""Movies of owners' files: never stale, and read from where these lie; on both kinds of stores."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from api_calls import Noted, call, movie_of, play, posted, use
from media_calls import FILE, ok, send
from resplice.errors import SourceMissing, SourceRefused
from resplice.ports import Ports
from resplice.ports.web import Allowance
from studio import picture


def results(project: str, kind: str) -> list[str]:
    return [each["result"] for each in movie_of(project)["cache"][kind]]


def rendered(document: dict[str, Any], ports: Ports) -> str:
    project = posted(document)
    play(project, ports)
    assert movie_of(project)["status"] == "done", movie_of(project)["message"]
    return project


def movie(*sources: str, **more: Any) -> dict[str, Any]:
    scenes = [
        {"duration": 1, "elements": [{"type": "image", "src": src, "width": 32}]} for src in sources
    ]
    return {"width": 64, "height": 64, "fps": 10, "scenes": scenes, **more}


def test_a_movie_of_files_of_ours_is_never_stale(
    ports: Ports,
) -> None:
    first = send(picture("red", (32, 32)), ports, name="a.png")
    second = send(picture("blue", (32, 32)), ports, name="b.png")
    document = movie(first, f"{second}?any=thing")
    made = rendered(document, ports)
    assert results(made, "scenes") == ["miss", "miss"]
    assert movie_of(posted(document))["cache"]["movie"]["result"] == "hit"
    ok("DELETE", FILE, {"name": "b.png"})
    assert send(picture("green", (32, 32)), ports, name="b.png") == second
    again = posted(document)
    assert movie_of(again)["status"] == "pending"
    again = rendered(document, ports)
    assert results(again, "scenes") == ["hit", "miss"]
    assert movie_of(again)["url"] != movie_of(made)["url"]
    ok("DELETE", FILE, {"name": "b.png"})
    send(picture("blue", (32, 32)), ports, name="b.png")
    old = movie_of(posted(document))
    assert old["cache"]["movie"]["result"] == "hit" and old["url"] == movie_of(made)["url"]


def test_a_file_that_is_gone_or_another_s_fails_its_element_by_name(
    ports: Ports, owner: str
) -> None:
    url = send(picture("red", (32, 32)), ports)
    ok("DELETE", FILE, {"name": "x.png"})
    other = send(picture("red", (32, 32)), ports, name="y.png")
    use(ports, Noted(), f"{owner}-other")
    for source in (url, other):
        project = posted(movie(source))
        play(project, ports)
        ended = movie_of(project)
        assert ended["status"] == "error"
        assert f"Failed to download '{source}' (404)" in ended["message"]
        assert "Scene #1, element #1" in ended["message"]


def test_a_file_that_is_replaced_while_its_movie_waits_is_the_new_one(
    ports: Ports,
) -> None:
    source = send(picture("red", (32, 32)), ports)
    document = movie(source)
    waiting = posted(document)
    ok("DELETE", FILE, {"name": "x.png"})
    send(picture("blue", (32, 32)), ports)
    play(waiting, ports)
    assert movie_of(waiting)["status"] == "done"
    now = movie_of(posted(document))
    assert now["cache"]["movie"]["result"] == "hit" and now["url"] == movie_of(waiting)["url"]


def test_how_long_an_edited_scene_takes_is_reckoned_from_what_it_was(ports: Ports) -> None:
    document = movie(send(picture("red", (32, 32)), ports))
    query = {"dry-run": "forecast", "since": rendered(document, ports)}
    document["scenes"][0]["background-color"] = "#00ff00"
    status, answer = call("POST", "/v2/movies", document, query=query)
    assert status == 200
    said = answer["forecast"]["renders"]["takes_from"]
    assert said.startswith("what 1 pieces of this movie took when they were rendered")


def test_a_file_of_ours_is_read_from_where_it_lies(ports: Ports, tmp_path: Path) -> None:
    url, into = send(b"abcd", ports), tmp_path / "got"
    fetched = ports.web.fetch(url, into)
    assert fetched and into.read_bytes() == b"abcd"
    assert fetched.digest == hashlib.sha256(b"abcd").hexdigest()
    version = fetched.validators.etag
    assert ports.web.fetch(url, into, fetched.validators) is None
    assert ports.web.fetch(f"{url}?version={version}", into)
    for wrong, said in ((f"{url}?version=other", "replaced"), (f"{url}?version=none", "404")):
        with pytest.raises(SourceMissing, match=said):
            ports.web.fetch(wrong, into)
    with pytest.raises(SourceRefused, match="larger than 3 bytes"):
        ports.web.fetch(url, into, None, Allowance(1, 3))
