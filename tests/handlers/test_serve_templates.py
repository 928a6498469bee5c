"""Templates on a real server: what may be large is accepted in a process of its own."""

from __future__ import annotations

import json
from pathlib import Path

from served import KEY, running

CARDS = {
    "width": 64,
    "height": 64,
    "variables": {"colours": ["#102030"]},
    "scenes": [{"iterate": "colours", "duration": 1, "background-color": "{{item}}"}],
}


def test_a_template_outlives_the_server_and_its_movies_the_template(tmp_path: Path) -> None:
    sent = {"variables": {"colours": ["#ff0000", "#00ff00"]}}
    with running(tmp_path, "--api-key", KEY) as served:
        status, answer = served.json("POST", "/v2/templates", {"name": "Cards", "movie": CARDS})
        assert status == 200 and answer.keys() == {"success", "templateId"}
        template = answer["templateId"]
        movie = served.ended(served.post({"template": template, **sent}))
        assert (movie["status"], movie["duration"]) == ("done", 2)
        assert json.loads(movie["json"]) == {"template": template, **sent}
    with running(tmp_path, "--api-key", KEY) as served:
        status, answer = served.json("GET", f"/v2/templates?id={template}")
        assert status == 200 and json.loads(answer["template"]["movie"]) == CARDS
        again = served.poll(served.post({"template": template, **sent, "comment": "x" * 40_000}))
        assert again["status"] == "done" and again["cache"]["movie"]["result"] == "hit"
        assert served.json("DELETE", f"/v2/templates?id={template}")[0] == 200
        status, answer = served.json("POST", "/v2/movies", {"template": template, **sent})
        assert (status, answer["message"]) == (400, f"Template {template} not found")
        assert served.poll(again["project"])["status"] == "done"
        status, answer = served.json("DELETE", f"/v2/templates?id={template}")
        assert (status, answer["success"]) == (400, False)
