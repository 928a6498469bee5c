"""DELETE, progress, posters and dry runs on the deployed stack."""

from __future__ import annotations

import io
import urllib.error
import urllib.request
from datetime import datetime, timedelta

import pytest
from deployed import Deployed, is_running
from PIL import Image
from resplice.steps.execution.record import ELEMENTS_MADE
from studio import clip, give, movie, picture, still


def test_a_deleted_movie_is_listed_and_its_files_are_gone(deployed: Deployed) -> None:
    made = deployed.made(movie(still(give(deployed.web, "/deleted.png", picture("maroon")))))
    for name in ("url", "thumbnail"):
        with urllib.request.urlopen(made[name], timeout=20) as answer:
            assert answer.status == 200
    for _ in range(2):
        status, answer = deployed.call("DELETE", f"/v2/movies?project={made['project']}")
        assert status == 200 and answer["project"] == made["project"]
    gone = deployed.movie(made["project"])
    assert gone["deleted_at"] == answer["deleted_at"] and gone["url"] is gone["thumbnail"] is None
    for name in ("url", "thumbnail"):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(made[name], timeout=20)
    _, listed = deployed.call("GET", "/v2/movies?limit=100")
    assert made["project"] in [each["project"] for each in listed["movies"]]


def test_a_running_movie_is_cancelled_and_who_waits_takes_over(deployed: Deployed) -> None:
    asked_for, go_on = deployed.held_back("/cancelled.png", picture("indigo"))
    document = movie(still(deployed.web.url("/cancelled.png")))
    leader, follower = deployed.post(document), deployed.post(document)
    assert asked_for.wait(20)
    assert deployed.call("DELETE", f"/v2/movies?project={leader}")[0] == 200
    movie_told = deployed.movie(leader)
    assert (movie_told["status"], movie_told["message"]) == ("error", "Cancelled")
    (execution,) = [e for e in deployed.stack.executions() if e["name"] == leader]
    assert execution["status"] == "ABORTED" and not is_running(execution)
    go_on.set()
    assert deployed.ended(follower)["status"] == "done"
    assert deployed.movie(leader) == movie_told


def test_what_is_rendered_is_counted_and_told_in_percent(deployed: Deployed) -> None:
    """Pieces by those who made them."""
    scenes = [{"duration": 1, "background-color": f"#0{n}4080"} for n in range(4)]
    made = deployed.made(movie(*scenes))
    table = deployed.stack.client("dynamodb")
    key = {"pk": {"S": f"progress#{made['project']}"}, "sk": {"S": "progress"}}
    item = table.get_item(TableName=deployed.stack.outputs["TableName"], Key=key)["Item"]
    frames = round(made["duration"] * 10)
    assert (item["planned"]["N"], item["done"]["N"]) == (str(frames), str(frames))
    assert made["progress"] == 100


def test_the_poster_is_seen_and_files_say_until_when_they_are_kept(deployed: Deployed) -> None:
    made = deployed.made(movie({"duration": 1, "background-color": "#c02010"}))
    with urllib.request.urlopen(made["thumbnail"], timeout=20) as answer:
        assert answer.headers["Content-Type"] == "image/jpeg"
        poster = Image.open(io.BytesIO(answer.read())).convert("RGB")
    assert max(abs(a - b) for a, b in zip(poster.getpixel((9, 9)), (192, 32, 16), strict=True)) <= 4
    kept = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["ended_at"])
    assert timedelta(days=29, hours=23) < kept <= timedelta(days=30)
    assert made["consumed_credits"] == [{"type": "render", "credits": 1, "seconds": 1.0}]


def test_a_dry_run_starts_nothing(deployed: Deployed) -> None:
    source = give(deployed.web, "/dry.png", picture("green"))
    deployed.made(movie(still(source)))
    before = deployed.executions()
    status, answer = deployed.call(
        "POST", "/v2/movies?dry-run=true", movie(still(source), still(source, x=2))
    )
    assert status == 200 and answer["plan"]["complete"] is True, answer
    assert [scene["result"] for scene in answer["plan"]["scenes"]] == ["hit", "miss"]
    assert deployed.executions() == before


def test_a_forecast_tells_scene_by_scene_what_an_edit_renders(deployed: Deployed) -> None:
    """As tests/handlers/test_forecast.py has it; `from` only moves with what is left out."""
    source, other = (
        give(deployed.web, f"/forecast-{colour}.png", picture(colour)) for colour in ("red", "blue")
    )
    deployed.made(movie(still(source), still(source, 1)))
    before, left_out = deployed.executions(), {**still(source), "condition": "{{ false }}"}
    status, answer = deployed.call(
        "POST", "/v2/movies?dry-run=forecast", movie(left_out, still(source), still(other, 1))
    )
    assert status == 200, answer
    told = answer["forecast"]
    assert told["movie"] == {
        **{"result": "miss", "width": 64, "height": 50, "fps": 10, "frames": 15},
        "duration": 1.5,
    }
    assert told["scenes"] == [
        {
            **{"path": "scenes[0]", "from": "scenes[1]", "start": 0, "duration": 0.5},
            **{"state": "reused", "reason": "all of it was made before", "renders": 0},
        },
        {
            **{"path": "scenes[1]", "from": "scenes[2]", "start": 0.5, "duration": 1},
            **{"state": "waiting", "reason": "not made before: picture", "renders": 1},
        },
    ]
    assert [each["state"] for each in told["elements"]] == ["reused", "waiting"]
    assert told["renders"]["seconds"] == 1 and told["assumed"] == []
    assert deployed.executions() == before


def test_a_dry_run_that_makes_ends_with_the_elements(deployed: Deployed) -> None:
    """In a run of its own, of whose functions none renders; the API has not the time."""
    card = clip(deployed.folder / "dry.mp4", 0.4).read_bytes()
    video = {"type": "video", "src": give(deployed.web, "/dry.mp4", card)}
    said = {
        "type": "voice",
        "text": "Kun det, som planen mangler.",
        "voice": "da+f2",
        "model": "espeak",
    }
    document = movie({"elements": [video]}, {"elements": [said]})
    plan, make = "/v2/movies?dry-run=true", "/v2/movies?dry-run=make"
    before = deployed.call("POST", plan, document)[1]["plan"]
    assert (before["complete"], before["duration"]) == (False, None)
    asked_before = deployed.stack.invocations.copy()
    made = deployed.ended(deployed.call("POST", make, document)[1]["project"])
    assert (made["status"], made["message"], made["url"]) == ("done", ELEMENTS_MADE, None)
    assert made["progress"] == 100
    paid = [(each["provider"], each["credits"]) for each in made["consumed_credits"]]
    assert paid == [("espeak", 0)]
    assert (deployed.stack.invocations - asked_before)["scene"] == 0
    after = deployed.call("POST", plan, document)[1]["plan"]
    assert after["complete"] and after["to_make"] == []
    rendered = deployed.made(document)
    assert rendered["duration"] == after["duration"] > 0.4
    assert {each["result"] for each in rendered["cache"]["elements"]} == {"hit"}
    gone = movie({"elements": [{"type": "video", "src": deployed.web.url("/none.mp4")}]})
    deployed.web.answers["/none.mp4"] = lambda to: to.give(404)
    failed = deployed.ended(deployed.call("POST", make, gone)[1]["project"])
    assert failed["status"] == "error" and "/none.mp4' (404)" in failed["message"]
