"""Owners share an installation, and learn nothing of each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from api_calls import Noted, call, movie_of, play, posted, use
from resplice.core.owners import FIRST_OWNER
from resplice.core.providers import Connection
from resplice.ports import Ports
from resplice.steps.makers.provided import secret_of
from resplice.wiring.providers import offers_of
from studio import asked, give, movie, picture, still, studio
from web_server import Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as started:
        yield started


@pytest.fixture
def ports(tmp_path: Path, server: Server) -> Iterator[Ports]:
    with studio(tmp_path, server) as lab:
        yield replace(lab.ports, files_allowed=False)


def results(told: dict[str, Any]) -> list[str]:
    """Of all that the report names."""
    report = told["cache"]
    return [report["movie"]["result"], *(each["result"] for each in report["scenes"])] + [
        each["result"] for each in report["elements"]
    ]


def made(document: dict[str, Any], owner: str, ports: Ports) -> dict[str, Any]:
    use(ports, Noted(), owner)
    project = posted(document)
    if movie_of(project)["status"] == "pending":
        play(project, ports)
    return movie_of(project)


def test_nobody_learns_what_others_have_rendered(ports: Ports, server: Server) -> None:
    document = movie(still(give(server, "/red.png", picture("red"))))
    first = made(document, "a", ports)
    assert first["status"] == "done" and "hit" not in results(first)
    assert {*results(made(document, "a", ports))} == {"hit"}
    asked(server)
    other = made(document, "b", ports)
    assert other["status"] == "done" and "hit" not in results(other)
    assert len(asked(server)) == 1, "whether others have asked for it is not told"
    assert (other["url"], other["size"]) == (first["url"], first["size"]), "bytes are kept once"


def test_a_movie_in_work_is_joined_by_its_owner_only(ports: Ports) -> None:
    document = movie({"duration": 1, "background-color": "#123456"})
    noted = Noted()
    for owner in ("a", "a", "b"):
        use(ports, noted, owner)
        posted(document)
    assert len(noted.started) == 2


def test_connections_are_their_owners(ports: Ports) -> None:
    ports.connections.add(Connection("mine", "fal", default=True), {"key": "first"})
    ports.connections.add(Connection("acme/mine", "fal", default=True), {"key": "acme's"})
    offered = replace(ports, offered=offers_of(ports.connections, ()))
    for owner, key in ((FIRST_OWNER, "first"), ("acme", "acme's")):
        own = offered.of(owner)
        assert [each.id for each in own.offers().connections] == ["mine"]
        assert secret_of("fal", "mine", own) == {"key": key}
    assert offered.of("other").offers().connections == ()


def test_a_listing_shows_the_own(ports: Ports) -> None:
    document = movie({"duration": 1, "background-color": "#654321"})
    for owner in ("a", "a", "b"):
        use(ports, Noted(), owner)
        posted(document)
    assert call("GET", "/v2/movies")[1]["count"] == 1
