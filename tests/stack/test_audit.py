"""The audit log of the deployed stack: the API's acts and those of commands, in one log group."""

from __future__ import annotations

import json
from typing import Any

from deployed import KEY, Deployed

TINY = {"width": 64, "height": 64, "scenes": [{"duration": 0.1}]}


def told_by_api(deployed: Deployed) -> list[dict[str, Any]]:
    lines = [line for line in deployed.stack.logs("api").splitlines() if '"audit":{' in line]
    return [json.loads(line)["audit"] for line in lines]


def test_the_api_and_commands_tell_who_did_what(deployed: Deployed) -> None:
    project = deployed.post(TINY)
    deployed.ended(project)
    status, _ = deployed.call("DELETE", f"/v2/movies?project={project}")
    assert status == 200
    acts = [each for each in told_by_api(deployed) if each["about"] == {"project": project}]
    assert [each["act"] for each in acts] == ["POST /v2/movies", "DELETE /v2/movies"]
    assert all(each["from"] and each["at"] and len(each["key_id"]) == 12 for each in acts)
    assert KEY not in json.dumps(acts)
    group = deployed.stack.outputs["AuditLogGroup"]
    client = deployed.stack.client("logs")
    text = deployed.command("keys", "create", "--role", "viewer", "--expires", "9d").strip()
    events = client.filter_log_events(logGroupName=group)["events"]
    told = [json.loads(event["message"])["audit"] for event in events]
    assert [each["act"] for each in told if each["act"] == "keys create"] == ["keys create"]
    assert text not in json.dumps(told)
