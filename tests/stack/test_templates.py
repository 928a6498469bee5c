"""Templates on the deployed stack, from the first call to the movie."""

from __future__ import annotations

import json

from deployed import Deployed

CARD = {
    "width": 64,
    "height": 64,
    "variables": {"colours": ["#102030"], "@colours": "x", "?colours": "One scene each"},
    "scenes": [{"iterate": "colours", "duration": 1, "background-color": "{{item}}"}],
}


def test_a_template_is_made_rendered_changed_and_deleted(deployed: Deployed) -> None:
    status, made = deployed.call("POST", "/v2/templates", {"name": "Card", "movie": CARD})
    assert status == 200 and len(made["templateId"]) == 20 and "warnings" not in made
    template = made["templateId"]
    sent = {"template": template, "variables": {"colours": ["#ff0000", "#00ff00"]}, "fps": 10}
    movie = deployed.made(sent)
    assert movie["duration"] == 2 and json.loads(movie["json"]) == sent

    change = {"name": "Other", "movie": json.dumps({**CARD, "comment": "changed"})}
    status, told = deployed.call("POST", f"/v2/templates?id={template}", change)
    assert (status, told["templateId"]) == (200, template)
    again = deployed.made(sent)
    assert again["cache"]["movie"]["result"] == "hit" and again["url"] == movie["url"]

    status, found = deployed.call("GET", f"/v2/templates?id={template}&format=make")
    assert status == 200 and found["template"]["movie"] == change["movie"]
    assert found["template"]["variables"][0]["help"] == "One scene each"
    status, copy = deployed.call("POST", f"/v2/templates?id={template}&action=duplicate", {})
    assert (status, copy["name"]) == (200, "Other (custom)")
    status, listed = deployed.call("GET", "/v2/templates")
    assert [each["id"] for each in listed["templates"]] == [copy["templateId"], template]
    status, library = deployed.call("GET", "/v2/templates/library?tags=none")
    assert status == 200 and library["count"] >= 4

    for each in (template, copy["templateId"]):
        assert deployed.call("DELETE", f"/v2/templates?id={each}")[0] == 200
    status, refused = deployed.call("POST", "/v2/movies", sent)
    assert (status, refused["message"]) == (400, f"Template {template} not found")
    assert deployed.call("GET", "/v2/templates")[1]["count"] == 0
