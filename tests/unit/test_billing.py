"""What a bill tells of functions that are not warm: who starts, who waits for it, who pays."""

from __future__ import annotations

from resplice.core import lane

from benchmarks.billing import Bill, Call
from infra.rows import ROWS

STARTS_S = {name: 1.0 + number for number, name in enumerate(ROWS)}


def test_one_environment_answers_all_requests_and_side_by_side_each_has_its_own() -> None:
    names = ("api", "prepare", "element", "element", "prepare", "scene", "scene", "api")
    cold = Bill([Call(name, 0.1, 0.1) for name in names]).cold(STARTS_S)
    assert [call.starts_s for call in cold.calls] == [
        *(STARTS_S["api"], STARTS_S["prepare"], STARTS_S["element"], STARTS_S["element"]),
        *(0.0, STARTS_S["scene"], STARTS_S["scene"], 0.0),
    ]


def test_the_lane_waits_for_the_starts_of_those_that_it_calls_and_is_billed_for_it() -> None:
    painted = [Call("paint", 0.2, 0.2, within=True), Call("scene", 0.3, 0.3, within=True)]
    warm = Bill([Call("api", 0.1, 0.1), *painted, Call(lane.FUNCTION, 2.0, 2.0, waits_s=0.5)])
    cold = warm.cold(STARTS_S)
    (call,) = cold.of(lane.FUNCTION)
    assert call.waits_s == 0.5 + STARTS_S["paint"] + STARTS_S["scene"]
    waited = STARTS_S["paint"] + STARTS_S["scene"] + STARTS_S[lane.FUNCTION] + STARTS_S["api"]
    assert round(cold.wait_s() - warm.wait_s(), 6) == waited
    assert cold.functions() > warm.functions() and cold.cpu_s() == warm.cpu_s()
