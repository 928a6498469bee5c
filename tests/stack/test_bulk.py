"""A movie for each row on the deployed stack: the API takes them in side by side."""

from __future__ import annotations

import time
from typing import Any

from deployed import PATIENCE_S, PAUSE_S, Deployed

MOVIE = {
    **{"width": 64, "height": 50, "fps": 10},
    "scenes": [{"duration": 1, "background-color": "{{colour}}"}],
}
ROWS = [{"colour": "#512399"}, {"colour": "#512399"}, {"colour": ["#512399"]}]
BULK = {"movie": MOVIE, "rows": ROWS, "name": "film {{row}}"}


def ended(deployed: Deployed, bulk: str) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE_S
    while True:
        status, answer = deployed.call("GET", f"/v2/bulk?bulk={bulk}")
        assert status == 200 and answer["counts"]["total"] == len(ROWS), answer
        if not answer["counts"]["running"]:
            return dict(answer)
        assert time.monotonic() < until, answer
        time.sleep(PAUSE_S)


def test_equal_rows_are_rendered_once_and_one_that_is_wrong_is_told(deployed: Deployed) -> None:
    status, taken = deployed.call("POST", "/v2/bulk", BULK)
    assert status == 200, taken
    first, second, third = taken["movies"]
    assert first.keys() == second.keys() == {"row", "name", "project"}
    assert third["name"] == "film 0003" and "background-color" in third["error"]
    told = ended(deployed, taken["bulk"])
    assert told["counts"] == {"total": 3, "done": 2, "running": 0, "error": 1}
    made, same, wrong = told["movies"]
    assert made["project"] == first["project"] and made["url"] == same["url"]
    assert max(made["reused"], same["reused"]) == 1.0
    assert (wrong["status"], wrong["message"]) == ("error", third["error"])
    begun = [each["name"] for each in deployed.stack.executions()]
    assert len({first["project"], second["project"]} & {*begun}) == 1
    assert deployed.movie(first["project"])["url"] == made["url"]
