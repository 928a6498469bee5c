"""Faults on the deployed stack: what dies is done again, what is damaged is made again."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from deployed import Deployed, Document, is_running
from studio import give, movie, picture, still

from infra.rows import ROWS

pytestmark = pytest.mark.usefixtures("fanned_out", "nothing_dangles")

STEPS = ("prepare", "element", "paint", "plan", "scene", "movie", "finish")
numbers = count()


def fresh(deployed: Deployed) -> Document:
    """A movie that nobody made before, with work for every step."""
    number = next(numbers)
    source = give(deployed.web, f"/fresh{number}.png", picture((number * 7, 90, 200)))  # type: ignore[arg-type]
    text = {"type": "text", "text": f"No. {number}", "width": 60, "height": 30}
    scene = still(source, 1.0)
    return movie({**scene, "elements": [*scene["elements"], text]})


@pytest.mark.parametrize("when", ["start", 1, 2, "end"])
def test_every_step_dies_once(when: Any, deployed: Deployed) -> None:
    """At its start, after its first and its second change on AWS, and at 99 %."""
    document = fresh(deployed)
    killed = [step for step in STEPS if (step, when) not in NO_SECOND_CHANGE]
    for step in killed:
        deployed.stack.faults.kill(step, when)
    before = deployed.stack.invocations.copy()
    made = deployed.made(document)
    deployed.settled()
    spent = deployed.stack.invocations - before
    assert {step: spent[step] for step in killed} == {
        step: 3 if step == "prepare" else 2 for step in killed
    }
    assert deployed.frames(made) == deployed.rendered_here(document)


NO_SECOND_CHANGE = {("scene", 2)}
"""It puts one object and is done."""


def test_every_step_is_delivered_twice(deployed: Deployed) -> None:
    document = fresh(deployed)
    for step in STEPS:
        deployed.stack.faults.duplicate(step)
    made = deployed.made(document)
    assert made["cache"]["movie"]["result"] == "miss"
    assert deployed.frames(made) == deployed.rendered_here(document)


def damaged(body: bytes) -> bytes:
    flipped = bytearray(body)
    flipped[len(body) // 2] ^= 1
    return bytes(flipped)


DAMAGES: dict[str, Callable[[bytes], bytes] | None] = {
    "deleted": None,
    "a bit flipped": damaged,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_segment_is_made_again(damage: str, deployed: Deployed) -> None:
    """Behind its key, its metadata as it was."""
    document = fresh(deployed)
    there = set(deployed.segments())
    deployed.made(document)
    (key,) = set(deployed.segments()) - there
    spoil(deployed, key, DAMAGES[damage])
    edited = {**document, "scenes": [*document["scenes"], {"duration": 0.3, "elements": []}]}
    made = deployed.made(edited)
    assert deployed.frames(made) == deployed.rendered_here(edited)


def test_a_damaged_element_is_fetched_again(deployed: Deployed) -> None:
    document = fresh(deployed)
    there = {stored.key for stored in deployed.objects().list("elements/content/")}
    deployed.made(document)
    for stored in deployed.objects().list("elements/content/"):
        if stored.key not in there:
            spoil(deployed, stored.key, damaged)
    document["scenes"][0]["elements"][0]["zoom"] = 2
    made = deployed.made(document)
    assert deployed.frames(made) == deployed.rendered_here(document)


def spoil(deployed: Deployed, key: str, damage: Callable[[bytes], bytes] | None) -> None:
    s3, place = deployed.stack.client("s3"), {"Bucket": deployed.bucket, "Key": key}
    if damage is None:
        s3.delete_object(**place)
        return
    found = s3.get_object(**place)
    s3.put_object(**place, Body=damage(found["Body"].read()), Metadata=found["Metadata"])


def test_an_execution_stopped_from_outside(deployed: Deployed) -> None:
    """Its project ends; one of those that waited takes over."""
    asked_for, go_on = deployed.held_back("/slow.png", picture("olive"))
    document = movie(still(deployed.web.url("/slow.png")))
    leader = deployed.post(document)
    followers = [deployed.post(document) for _ in range(3)]
    assert asked_for.wait(20)
    (running,) = [each for each in deployed.stack.executions() if is_running(each)]
    assert running["name"] == leader
    deployed.stack.client("stepfunctions").stop_execution(
        executionArn=running["executionArn"], error="Operator", cause="no more"
    )
    assert deployed.ended(leader)["message"] == "The rendering was stopped"
    go_on.set()
    ends = [deployed.ended(project) for project in followers]
    assert [end["status"] for end in ends] == ["done"] * 3
    names = [each["name"] for each in deployed.stack.executions()]
    assert len({leader, *followers} & set(names)) == 2


def faults(deployed: Deployed) -> int:
    """How many the functions have counted: after a project's end is known, too."""
    deployed.settled()
    return sum(deployed.stack.logs(each).count('"Faults":') for each in ROWS)


def test_what_a_user_brings_about_is_no_fault_and_a_step_that_dies_again_and_again_is(
    deployed: Deployed,
) -> None:
    before = faults(deployed)
    deployed.web.answers["/gone.png"] = lambda to: to.give(404)
    deployed.web.answers["/busy.png"] = lambda to: to.give(503)
    for path in ("/gone.png", "/busy.png"):
        ended = deployed.ended(deployed.post(movie(still(deployed.web.url(path)))))
        assert ended["status"] == "error" and path in ended["message"]
    bad = movie({"duration": "{{ 1 / 0 }}", "elements": []})
    status, _ = deployed.call("POST", "/v2/movies", bad)
    assert status == 400 or deployed.ended(deployed.post(bad))["status"] == "error"
    assert faults(deployed) == before
    for _ in range(2):
        deployed.stack.faults.kill("plan", "start")
    ended = deployed.ended(deployed.post(fresh(deployed)))
    assert (ended["status"], ended["message"]) == ("error", "Internal error")
    assert faults(deployed) == before + 1


def test_a_sweep_leaves_what_runs_alone(deployed: Deployed) -> None:
    project = deployed.post(fresh(deployed))
    before = deployed.executions()
    deployed.stack.tick()
    assert deployed.ended(project)["status"] == "done"
    assert deployed.executions() == before
