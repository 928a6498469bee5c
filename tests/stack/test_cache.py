"""The cache, for people, on the deployed stack: why, how much, and what a purge costs."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from deployed import Deployed, Document
from studio import asked, give, movie, picture, still

pytestmark = pytest.mark.usefixtures("fanned_out")


@pytest.fixture(scope="module")
def document(deployed: Deployed) -> Document:
    urls = (give(deployed.web, f"/why-{name}.png", picture(name)) for name in ("orange", "navy"))
    return movie(*map(still, urls), id="why")


def made(deployed: Deployed, document: Document) -> tuple[str, list[str], int]:
    """The project; what is asked for, and how many scenes are rendered."""
    asked(deployed.web)
    before = deployed.stack.invocations["scene"]
    project = deployed.made(document)["project"]
    deployed.settled()
    return project, asked(deployed.web), deployed.stack.invocations["scene"] - before


def report(deployed: Deployed, project: str) -> dict[str, Any]:
    status, answer = deployed.call("GET", f"/v2/movies/{project}/cache")
    assert status == 200, answer
    return dict(answer)


def purged(deployed: Deployed, **said: Any) -> dict[str, Any]:
    body = {name.replace("_", "-"): value for name, value in said.items()}
    status, answer = deployed.call("POST", "/v2/cache/purge", body)
    assert status == 200, answer
    return dict(answer["purged"])


def test_why_and_purges(deployed: Deployed, document: Document) -> None:
    first, _, _ = made(deployed, document)
    edited = copy.deepcopy(document)
    edited["scenes"][1]["elements"][0]["zoom"] = 2
    again, _, rendered = made(deployed, edited)
    told = report(deployed, again)
    assert told["against"] == {"project": first, "because": "the same id"} and rendered == 1
    assert told["cache"]["scenes"][1]["why"] == ["scenes[1].elements[0].zoom changed"]
    assert "why" not in told["cache"]["scenes"][0]

    url = deployed.web.url("/why-navy.png")
    for dry in (True, False):
        assert purged(deployed, url=url, dry_run=dry)["elements"] == 1
    _, wanted, rendered = made(deployed, document)
    assert (wanted, rendered) == (["/why-navy.png"], 0)
    assert purged(deployed, project=first, scene=1)["scenes"] == 1
    _, wanted, rendered = made(deployed, document)
    assert (wanted, rendered) == ([], 1)
    assert purged(deployed, project=first, element="scenes[0].elements[0]")["elements"] == 1
    _, wanted, rendered = made(deployed, document)
    assert (wanted, rendered) == (["/why-orange.png"], 0)
    assert purged(deployed, project=first)["movies"] == 1
    _, wanted, rendered = made(deployed, document)
    assert (wanted, rendered) == ([], 0)


def test_how_much_there_is_and_what_it_is_worth(deployed: Deployed, document: Document) -> None:
    made(deployed, document)
    deployed.post(document)
    status, answer = deployed.call("GET", "/v2/cache")
    assert status == 200, answer
    told = answer["cache"]
    for layer in ("elements", "scenes", "movies"):
        assert told["layers"][layer]["objects"] > 0 and told["layers"][layer]["bytes"] > 0
        assert told["layers"][layer]["at_least"] is False
    assert told["hits"]["movies"]["hit"] >= 1 and told["hits"]["scenes"]["miss"] >= 2
    assert told["saved_seconds"] > 0


def test_what_is_old_goes_as_far_as_it_is_old(deployed: Deployed, document: Document) -> None:
    """What other tests on this stack made old goes first; then nothing is."""
    purged(deployed, older_than_days=1)
    made(deployed, document)
    old = purged(deployed, older_than_days=1, dry_run=True)
    assert (old["elements"], old["scenes"], old["movies"]) == (0, 0, 0)
