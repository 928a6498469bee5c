"""Canaries through the deployed stack: in no log of a function, in nothing that others are given,
in no item that has no need of them.
"""

from __future__ import annotations

import json
import time

from canaries import Canaries, exports, paid_for, sources
from deployed import KEY, PATIENCE_S, Deployed
from provider_servers.elevenlabs import ElevenLabsServer
from provider_servers.replicate import ReplicateServer

from infra.rows import ROWS

PROVIDERS = {"canary-speaks": "elevenlabs", "canary-draws": "replicate"}
NOBODY = (9, 9)
"""Ports that nobody listens at."""


def settled(deployed: Deployed, project: str) -> str:
    """What became of a movie, once it has ended and who is to be told of it was tried."""
    movie, until = deployed.ended(project), time.monotonic() + PATIENCE_S
    while movie.get("exports") and not movie["exports"][0]["attempts"]:
        assert time.monotonic() < until, movie
        time.sleep(0.2)
        movie = deployed.movie(project)
    return str(movie["message"])


def test_no_log_and_no_item_and_no_receiver_is_told_one(deployed: Deployed) -> None:
    canaries = Canaries()
    keys = [canaries.of(name) for name in PROVIDERS]
    with ElevenLabsServer(keys[0]) as speaks, ReplicateServer() as draws:
        for (name, kind), key, server in zip(PROVIDERS.items(), keys, (speaks, draws), strict=True):
            place = ("--kind", kind, "--name", name, "--endpoint", server.url())
            deployed.command("connections", "add", *place, given=key)
        for path in ("/v2/movies", f"/v2/movies?x-api-key={canaries.of('guess')}"):
            status, _ = deployed.call("GET", path, key=canaries.of("guess"))
            assert status == 400
        movies = [*sources(deployed.web, canaries), *exports(deployed.web, canaries, NOBODY)]
        movies += paid_for(speaks, draws, [*PROVIDERS], keys)
        projects = [deployed.post(movie) for movie in movies]
        messages = [settled(deployed, project) for project in projects]
        for name in PROVIDERS:
            deployed.command("connections", "remove", name)
    deployed.settled()
    assert canaries.seen_in("\n".join(messages)) == []
    logs = {function: deployed.stack.logs(function) for function in ROWS}
    assert logs["api"] and logs["deliver"] and logs["element"]
    for function, log in logs.items():
        assert canaries.seen_in(log) == [] and KEY not in log, function
    hooks = [body.decode() for path, _, body in deployed.web.told if path.startswith("/hook")]
    assert any("Failed to download" in body for body in hooks)
    assert canaries.seen_in("\n".join(hooks)) == []
    assert not {*PROVIDERS, "guess"} & {*canaries.seen_in(items(deployed))}


def items(deployed: Deployed) -> str:
    """All that is in the table."""
    pages = deployed.stack.client("dynamodb").get_paginator("scan")
    found = pages.paginate(TableName=deployed.stack.outputs["TableName"])
    return "\n".join(json.dumps(page["Items"], default=str) for page in found)
