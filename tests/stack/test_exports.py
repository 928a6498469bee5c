"""Exports of the deployed stack: real functions, a real receiver."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from deployed import PATIENCE_S, Deployed
from web_server import Handler

HOOK = "/exports-hook"


def give(status: int) -> Callable[[Handler], object]:
    return lambda to: to.give(status)


def document(deployed: Deployed, colour: str, **more: Any) -> dict[str, Any]:
    scenes = [{"duration": 0.2, "background-color": colour}]
    hook = {"type": "webhook", "endpoint": deployed.web.url(HOOK)}
    exports = [{"destinations": [hook]}]
    return {"width": 64, "height": 64, "scenes": scenes, "exports": exports, **more}


def told(deployed: Deployed, project: str) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """What the receiver has been told of the project: headers and JSON."""
    got = [(headers, json.loads(body)) for path, headers, body in deployed.web.told if path == HOOK]
    return [(headers, said) for headers, said in got if said["project"] == project]


def export_of(deployed: Deployed, project: str, status: str) -> dict[str, Any]:
    """What became of the movie's one destination, once it is that."""
    until = time.monotonic() + PATIENCE_S
    while (export := deployed.movie(project)["exports"][0])["status"] != status:
        assert time.monotonic() < until, export
        time.sleep(0.1)
    return dict(export)


@pytest.fixture(autouse=True)
def receiver(deployed: Deployed) -> None:
    deployed.web.answers[HOOK] = give(200)


def test_done_a_hit_and_an_error_are_told(deployed: Deployed) -> None:
    made = deployed.post(document(deployed, "#315263"))
    assert deployed.ended(made)["status"] == "done"
    export_of(deployed, made, "delivered")
    hit = deployed.post(document(deployed, "#315263"))
    export_of(deployed, hit, "delivered")
    deployed.web.answers["/exports-gone.png"] = give(404)
    gone = {"type": "image", "src": deployed.web.url("/exports-gone.png")}
    failed = deployed.post(document(deployed, "#315264", elements=[gone]))
    export_of(deployed, failed, "delivered")
    [(headers, said)] = told(deployed, made)
    assert headers["X-Resplice-Delivery"] == f"{made}-1"
    assert headers["X-Resplice-Signature"].startswith("t=")
    assert (said["status"], said["url"]) == ("done", deployed.movie(made)["url"])
    assert [each["status"] for _, each in told(deployed, hit)] == ["done"]
    assert [each["status"] for _, each in told(deployed, failed)] == ["error"]


def test_what_failed_is_sent_once_more_under_the_same_id(deployed: Deployed) -> None:
    deployed.web.answers[HOOK] = give(410)
    project = deployed.post(document(deployed, "#315265"))
    assert "410" in export_of(deployed, project, "failed")["last_error"]
    deployed.web.answers[HOOK] = give(200)
    status, answer = deployed.call("POST", f"/v2/movies/{project}/exports/retry")
    assert status == 200, answer
    export_of(deployed, project, "delivered")
    ids = [headers["X-Resplice-Delivery"] for headers, _ in told(deployed, project)]
    assert ids == [f"{project}-1"] * 2


def test_a_function_that_dies_or_is_called_twice_tells_once(deployed: Deployed) -> None:
    deployed.stack.faults.kill("deliver", "start")
    project = deployed.post(document(deployed, "#315266"))
    export_of(deployed, project, "delivered")
    deployed.stack.faults.duplicate("deliver")
    again = deployed.post(document(deployed, "#315266"))
    export_of(deployed, again, "delivered")
    deployed.stack.tick()
    assert deployed.stack.faults.left() == 0
    assert len(told(deployed, project)) == len(told(deployed, again)) == 1
