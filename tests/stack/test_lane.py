"""The fast lane on the deployed stack: what one call makes, what it leaves, and how it dies."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import pytest
from deployed import Deployed, Document
from studio import give, movie, picture, still, tone

pytestmark = pytest.mark.usefixtures("nothing_dangles")
LANE = Counter(lane=1, finish=1)
NUMBERS = iter(range(1000))


def document(deployed: Deployed) -> Document:
    """A small movie that nobody made before: pictures, a text, a transition, music."""
    number, web = next(NUMBERS), deployed.web
    red = give(web, f"/lane-red{number}.png", picture((200, number, 40)))  # type: ignore[arg-type]
    blue = give(web, f"/lane-blue{number}.png", picture((10, number, 200)))  # type: ignore[arg-type]
    text = {"type": "text", "text": f"Lane {number}", "width": 60, "height": 30}
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


def emptied(deployed: Deployed) -> None:
    """Nothing is in the cache any more."""
    objects = deployed.objects()
    for prefix in ("elements/", "scenes/", "movies/"):
        for stored in list(objects.list(prefix)):
            objects.delete(stored.key)


def test_a_small_movie_is_made_by_one_call_and_so_is_an_edit(deployed: Deployed) -> None:
    small = document(deployed)
    made, ran = played(deployed, small)
    assert ran == LANE + Counter(paint=1)
    assert set(made["cache"]["timings_ms"]) == {"elements", "plan", "scenes", "movie"}
    assert deployed.frames(made) == deployed.rendered_here(small)
    edited = copy.deepcopy(small)
    edited["scenes"][0]["elements"][1]["text"] = "Edited"
    made, ran = played(deployed, edited)
    assert ran == LANE + Counter(paint=1)
    assert [each["result"] for each in made["cache"]["scenes"]] == ["miss", "hit"]
    assert deployed.frames(made) == deployed.rendered_here(edited)


def test_by_fan_out_it_is_the_same_movie_under_the_same_keys(deployed: Deployed) -> None:
    small = document(deployed)
    made, _ = played(deployed, small)
    emptied(deployed)
    with deployed.fanned_out():
        again, ran = played(deployed, small)
    assert ran >= Counter(prepare=2, element=1, paint=1, plan=1, scene=3, movie=1, finish=1)
    assert "lane" not in ran and again["cache"]["movie"]["result"] == "miss"
    assert again["url"] == made["url"]  # Its name is the digest of its bytes.
    for part in ("scenes", "elements", "transitions"):
        mine, theirs = made["cache"][part], again["cache"][part]
        assert [{**each, "result": ""} for each in mine] == [{**e, "result": ""} for e in theirs]


@pytest.mark.parametrize("when", ["start", 1, 4, "end"])
def test_what_a_lane_that_died_had_made_is_not_made_twice(when: Any, deployed: Deployed) -> None:
    """4: an element is stored. end: all is made, and nobody knows."""
    small = document(deployed)
    deployed.stack.faults.kill("lane", when)
    made, ran = played(deployed, small)
    assert (ran["lane"], ran["plan"], ran["movie"], ran["finish"]) == (1, 1, 1, 1)
    assert deployed.frames(made) == deployed.rendered_here(small)
    if when == "end":
        assert not ran.keys() & {"element", "scene"} and ran["paint"] == 1
        assert made["cache"]["movie"]["result"] == "miss"


def test_a_lane_that_is_called_twice_makes_one_movie(deployed: Deployed) -> None:
    small = document(deployed)
    deployed.stack.faults.duplicate("lane")
    made, ran = played(deployed, small)
    assert ran == LANE + LANE - Counter(finish=1) + Counter(paint=1)
    assert deployed.frames(made) == deployed.rendered_here(small)


def large(deployed: Deployed) -> Document:
    """Three scenes that move, and are reckoned to take longer than one call is for."""
    number = next(NUMBERS)
    scenes = (
        still(
            give(deployed.web, f"/lane-{number}-{n}.png", picture((n * 50, number, 9))),  # type: ignore[arg-type]
            2.0,
            **{"fade-in": 2.0},
        )
        for n in range(3)
    )
    return movie(*scenes, width=1920, height=1080, fps=30)


def test_longer_scenes_are_called_side_by_side_and_the_first_is_made_by_the_lane(
    deployed: Deployed,
) -> None:
    made, ran = played(deployed, large(deployed))
    assert ran == LANE + Counter(scene=2)
    assert made["duration"] == 6


def test_when_a_scene_dies_that_the_lane_called_the_workflow_takes_over(
    deployed: Deployed,
) -> None:
    deployed.stack.faults.kill("scene", "start")
    made, ran = played(deployed, large(deployed))
    assert ran == LANE + Counter(scene=2 + 3, movie=1)
    assert [each["result"] for each in made["cache"]["scenes"]] == ["miss"] * 3


def test_a_source_that_answers_at_last_is_waited_for_by_the_workflow(deployed: Deployed) -> None:
    body, said = picture("teal"), iter([503, 503, 503, 503])
    deployed.web.answers["/at-last.png"] = lambda to: to.give(next(said, 200), body)
    made, ran = played(deployed, movie(still(deployed.web.url("/at-last.png"))))
    assert made["status"] == "done" and ran["lane"] == 1 <= ran["element"]


def test_what_cannot_be_made_is_told_in_the_same_words(deployed: Deployed) -> None:
    deployed.web.answers["/lane-gone.png"] = lambda to: to.give(404)
    bad = movie(still(deployed.web.url("/lane-gone.png")))
    ends = [deployed.ended(deployed.post(bad))]
    with deployed.fanned_out():
        ends.append(deployed.ended(deployed.post(bad)))
    assert ends[0]["status"] == "error" and "/lane-gone.png" in ends[0]["message"]
    assert ends[0]["message"] == ends[1]["message"]
