"""POST /v2/movies?dry-run=make on a served process: what a plan needs is made, and no movie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from resplice.steps.execution.record import ELEMENTS_MADE
from served import KEY, Served, running
from studio import clip, give, movie
from web_server import Server, serving

MAKE, PLAN = "POST /v2/movies?dry-run=make", "POST /v2/movies?dry-run=true"
LINE = {"type": "voice", "text": "Hello there", "voice": "en-us", "model": "espeak"}


@pytest.fixture
def web() -> Iterator[Server]:
    with serving() as server:
        server.answers["/hook"] = lambda to: to.give(200)
        yield server


def asked(served: Served, what: str, document: dict[str, Any]) -> dict[str, Any]:
    status, answer = served.json(*what.split(), document)
    assert status == 200, answer
    return dict(answer)


def planned(served: Served, document: dict[str, Any]) -> dict[str, Any]:
    return dict(asked(served, PLAN, document)["plan"])


def options(web: Server) -> tuple[str, ...]:
    return ("--api-key", KEY, "--allow-source", f"127.0.0.1:{web.server_port}")


def test_a_voice_and_a_clip_are_made_and_the_plan_is_whole(tmp_path: Path, web: Server) -> None:
    source = give(web, "/card.mp4", clip(tmp_path / "card.mp4", 0.6).read_bytes())
    hook = {"type": "webhook", "endpoint": web.url("/hook")}
    scenes = {"elements": [LINE]}, {"elements": [{"type": "video", "src": source}]}
    document = movie(*scenes, exports=[{"destinations": [hook]}])
    with running(tmp_path / "data", *options(web)) as served:
        before = planned(served, document)
        assert (before["complete"], before["duration"]) == (False, None)
        assert {each["work"] for each in before["to_make"]} == {"speak", "fetch"}
        made = served.ended(asked(served, MAKE, document)["project"])
        assert (made["status"], made["message"], made["url"]) == ("done", ELEMENTS_MADE, None)
        after = planned(served, document)
        assert after["complete"] and after["to_make"] == [] and after["frames"] > 6
        assert [each["result"] for each in after["scenes"]] == ["miss", "miss"]
        assert web.told == []
        rendered = served.ended(served.post(document))
        assert rendered["duration"] == after["duration"]
        assert {each["result"] for each in rendered["cache"]["elements"]} == {"hit"}
        served.until(
            rendered["project"], lambda movie: movie["exports"][0]["status"] == "delivered"
        )
    assert len(web.told) == 1 and rendered["project"] in web.told[0][2].decode()


def test_one_whose_sources_are_held_up_is_cancelled(tmp_path: Path, web: Server) -> None:
    asked_for, go_on = web.held_back("/held.mp4", b"")
    document = movie({"elements": [{"type": "video", "src": web.url("/held.mp4")}]})
    with running(tmp_path / "data", *options(web)) as served:
        project = asked(served, MAKE, document)["project"]
        assert asked_for.wait(30)
        assert served.json("DELETE", f"/v2/movies?project={project}")[0] == 200
        told = served.poll(project)
        assert (told["status"], told["message"]) == ("error", "Cancelled") and told["deleted_at"]
        go_on.set()
