"""The bounds of a day on AWS: refused by the API, and by the steps before what they bound."""

from __future__ import annotations

import json
from typing import Any

from deployed import Deployed
from resplice.adapters.dynamodb.counters import DynamoCounters
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.adapters.system_clock import SystemClock
from resplice.core.quotas import TOGETHER, Bounds
from resplice.steps.moments import today_ms
from resplice.steps.quotas import SECONDS


def spoken(text: str) -> dict[str, Any]:
    return {
        "width": 64,
        "height": 64,
        "scenes": [{"elements": [{"type": "voice", "text": text, "voice": "Joanna"}]}],
    }


def plain(colour: str, duration: int) -> dict[str, Any]:
    scene = {"duration": duration, "background-color": colour}
    return {"width": 64, "height": 64, "scenes": [scene]}


def bounded(**together: float) -> str:
    said = {f"{name.replace('_', '-')}-per-day": value for name, value in together.items()}
    return json.dumps({"together": said})


def seconds_used(deployed: Deployed) -> int:
    """Today, by all together, also in other tests of the same stack."""
    table = DynamoTable(deployed.stack.client("dynamodb"), deployed.stack.outputs["TableName"])
    return DynamoCounters(table).total(TOGETHER, SECONDS, today_ms(SystemClock()))


def test_what_is_beyond_the_bounds_of_a_day_never_begins(deployed: Deployed) -> None:
    stack = deployed.stack
    before = stack.invocations.copy()
    with stack.changed(RESPLICE_QUOTAS=bounded(movies=0)):
        status, told = deployed.call("POST", "/v2/movies", plain("#512301", 1))
        assert status == 401 and "together have 0 movies a day" in told["message"]
    with stack.changed(RESPLICE_QUOTAS=bounded(usd=0)):
        status, told = deployed.call("POST", "/v2/movies", spoken("Nobody pays for this line."))
        assert status == 401 and "needs by list prices are more than is left" in told["message"]
    assert (stack.invocations - before).keys() <= {"api", "finish"}


def test_a_keys_own_bounds_are_taken_by_the_api_and_by_the_plan(deployed: Deployed) -> None:
    deployed.stack.add_key("three seconds", bounds=Bounds(movies=2, seconds=3, micro_usd=0))
    deployed.made(plain("#512304", 2), "three seconds")
    ended = deployed.ended(deployed.post(plain("#512305", 2), "three seconds"))
    assert ended["status"] == "error"
    assert "This API key has 3 seconds a day, and the 2 seconds to be rend" in ended["message"]
    for movie, words in (
        (plain("#512306", 1), "This API key has 2 movies a day"),
        (spoken("Nobody pays for this one either."), "This API key has $0.00 a day"),
    ):
        status, told = deployed.call("POST", "/v2/movies", movie, "three seconds")
        assert status == 401 and words in told["message"]
    deployed.made(plain("#512304", 2), "three seconds")
    deployed.made(plain("#512305", 2))


def test_seconds_are_taken_by_the_plan_and_no_scene_begins_beyond_them(
    deployed: Deployed,
) -> None:
    stack = deployed.stack
    with stack.changed(RESPLICE_QUOTAS=bounded(movies=1000, seconds=100_000)):
        deployed.made(plain("#512302", 2))
    scenes, faults = stack.invocations["scene"], stack.logs("plan").count('"Faults"')
    with stack.changed(RESPLICE_QUOTAS=bounded(seconds=seconds_used(deployed) + 1)):
        ended = deployed.ended(deployed.post(plain("#512303", 2)))
        assert ended["status"] == "error"
        assert "the 2 seconds to be rendered are more than is left" in ended["message"]
        deployed.made(plain("#512302", 2))  # A hit is never refused.
    assert stack.invocations["scene"] == scenes
    assert stack.logs("plan").count('"Faults"') == faults
