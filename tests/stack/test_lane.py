"""The fast lane on the deployed stack: what one call makes, what it leaves, and how it dies."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from deployed import Deployed, Document
from studio import give, movie, picture, still, tone

LANE = Counter(lane=1, finish=1)
NUMBERS = iter(range(1000))


@pytest.fixture(autouse=True)
def nothing_dangles(deployed: Deployed) -> Iterator[None]:
    yield
    deployed.settled()
    assert deployed.stack.faults.left() == 0
    assert list(deployed.projects().unfinished()) == []


def document(deployed: Deployed) -> Document:
    """A small movie that nobody made before: pictures, a text, a transition, music."""
    number, web = next(NUMBERS), deployed.web
    red = give(web, f"/lane-red{number}.png", picture((200, number, 40)))  # type: ignore[arg-type]
    blue = give(web, f"/lane-blue{number}.png", picture((10, number, 200)))  # type: ignore[arg-type]
    text = {"type": "text", "text": f"No. {number}", "width": 60, "height": 30}
    music = {"type": "audio", "src": give(web, "/lane.wav", tone(440, 1.0)), "duration": -2}
    first = still(red, 0.4)
    return movie(
        {**first, "elements": [*first["elements"], text]},
        {**still(blue, 0.4), "transition": {"style": "fade", "duration": 0.2}},
        elements=[music],
    )


def played(deployed: Deployed, document: Document) -> tuple[dict[str, Any], Counter[str]]:
    """The movie, and how often each function ran until its execution was over."""
    deployed.settled()
    before = deployed.stack.invocations.copy()
    made = deployed.made(document)
    deployed.settled()
    ran = deployed.stack.invocations - before
    del ran["api"]
    return made, ran


def keys(deployed: Deployed) -> set[str]:
    """Of all pieces, contents and movies."""
    kinds = ("elements/content/", "scenes/segment/", "scenes/sound/", "movies/")
    return {stored.key for kind in kinds for stored in deployed.objects().list(kind)}


def test_a_small_movie_is_made_by_one_call_as_by_fan_out(
    deployed: Deployed, fanned_out: Deployed
) -> None:
    small, before, before_there = document(deployed), keys(deployed), keys(fanned_out)
    made, ran = played(deployed, small)
    assert ran == LANE + Counter(paint=1)
    there, ran_there = played(fanned_out, small)
    assert ran_there >= Counter(prepare=2, element=3, paint=1, plan=1, scene=3, movie=1, finish=1)
    assert "lane" not in ran_there
    assert keys(deployed) - before == keys(fanned_out) - before_there != set()
    assert deployed.frames(made) == fanned_out.frames(there) == deployed.rendered_here(small)
    assert set(made["cache"]["timings_ms"]) == set(there["cache"]["timings_ms"])

    edited = copy.deepcopy(small)
    edited["scenes"][0]["elements"][1]["text"] = "Edited"
    made, ran = played(deployed, edited)
    assert ran == LANE + Counter(paint=1)
    assert [each["result"] for each in made["cache"]["scenes"]] == ["miss", "hit"]
    assert deployed.frames(made) == deployed.rendered_here(edited)
