"""Each row of what the API is said to do is held on both kinds of records."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from api_places import PLACES, Place, placed
from studio import picture
from web_server import Server, serving


@pytest.fixture(scope="session")
def web() -> Iterator[Server]:
    """What movies are made from: /red.png is there, /gone.png is not."""
    with serving() as server:
        server.answers["/red.png"] = lambda to: to.give(200, picture("#ff0000"))
        server.answers["/gone.png"] = lambda to: to.give(404)
        yield server


@pytest.fixture(scope="session", params=PLACES)
def api(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, web: Server
) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp(request.param)
    with placed(request.param, folder, f"127.0.0.1:{web.server_port}") as place:
        yield place
