"""Every request that a function made is one that its role allows, and no role allows more.

moto asks nobody for rights: what is missing would show on AWS only. So every function plays what
it does here, and its requests are held against the policies that were deployed.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from accounts import DRAWS, LISTENS, SPEAKS, Accounts
from deployed import PATIENCE_S, PAUSE_S, Deployed, Document
from resplice.core.quotas import bounds_of
from resplice.core.time_units import HOUR_MS
from rights_evaluation import Right, rights
from studio import clip, give, movie, picture, tone

from infra.local.requests_seen import Asked
from infra.rows import ROWS

COLOUR = "purple"
AGED_DAYS = 20
"""Older than half of what the bucket keeps anything for: the next use makes it new."""


@pytest.fixture(scope="module", autouse=True)
def played(deployed: Deployed, accounts: Accounts) -> Iterator[None]:
    """Every function does what it does in its days."""
    with deployed.fanned_out():
        played_by_all(deployed)
    played_in_the_lane(deployed)
    deployed.settled()
    yield


def played_in_the_lane(deployed: Deployed) -> None:
    """What its steps may need: pages and sounds of others, what is old, files and components."""
    document = whole(deployed, "in the lane")
    deployed.made(document)
    deployed.made(edited(document, zoom=3))
    spoken = {"type": "voice", "text": "In the lane.", "voice": "Joanna"}
    deployed.made(movie({"elements": [spoken]}))
    large = {"width": 1920, "height": 1080, "fps": 30}
    picture_ = document["scenes"][0]["elements"][0]
    shown = ({"duration": 2, "elements": [{**picture_, "zoom": each}]} for each in (4, 5, 6))
    deployed.made(movie(*shown, **large))
    age(deployed)
    deployed.made(edited(document, zoom=4))
    kept(deployed, "lane-rights.png")
    designed(deployed, "In the lane?")
    credentialed(deployed, 0.3)


def played_by_all(deployed: Deployed) -> None:
    provided(deployed)
    document = whole(deployed)
    project = made_and_made_again(deployed, document)
    aged(deployed, document, project)
    lost(deployed, document)
    failing(deployed)
    stopped(deployed)
    deleted(deployed)
    told(deployed)
    kept(deployed)
    bounded(deployed)
    designed(deployed)
    credentialed(deployed, 0.4)
    called(deployed)
    proven(deployed)
    taken_out(deployed, document, project)


def proven(deployed: Deployed) -> None:
    """The newest movies of the cache are made anew."""
    hour = int(time.time() * 1000) // HOUR_MS
    deployed.stack.invoke("finish", {"prove": 100, "hour": hour})
    deployed.settled()
    assert '"verdict":"same"' in deployed.stack.logs("finish")


def kept(deployed: Deployed, name: str = "rights.png") -> None:
    """A file of an owner: shown, moved, deleted."""
    url = deployed.keep(name, picture("teal"), "image/png")
    page = {"type": "html", "html": f'<img src="{url}">', "width": 40, "height": 40}
    image = {"type": "image", "src": url}
    deployed.made(movie({"duration": 0.3, "elements": [image, page]}))
    moved = {"name": name, "folder": "", "destination": "moved"}
    assert deployed.call("PUT", "/v2/media/file", moved)[0] == 200
    gone = {"name": name, "folder": "moved"}
    assert deployed.call("DELETE", "/v2/media/file", gone)[0] == 200


def credentialed(deployed: Deployed, seconds: float) -> None:
    """Whether or not there is a certificate: who begins it asks."""
    document = {**movie({"duration": seconds}), "content-credentials": True}
    deployed.ended(deployed.post(document))


def bounded(deployed: Deployed) -> None:
    """What all owners, and one key, have in a day is counted where it is taken."""
    enough = {"movies-per-day": 10_000, "seconds-per-day": 100_000, "usd-per-day": 100}
    deployed.stack.add_key("rights of a bounded key", bounds=bounds_of(enough))
    scene = {"duration": 0.4, "background-color": "#1a2b4c"}
    deployed.made(movie(scene), "rights of a bounded key")
    with deployed.stack.changed(RESPLICE_QUOTAS=json.dumps({"together": enough})):
        deployed.made(movie({"duration": 0.4, "background-color": "#1a2b3c"}))


def designed(deployed: Deployed, said: str = "I?") -> None:
    """A component of the user's own."""
    client, place = deployed.stack.client("s3"), {"Bucket": deployed.bucket}
    settings = {"settings": {"text": {"type": "text"}}}
    described = json.dumps({"title": "May", "groups": {"may": settings}})
    for name, text in (
        ("component.json", described),
        ("page.html", "{% for said in may.text %}{{ said }}{% endfor %}"),
    ):
        client.put_object(**place, Key=f"components/own/may/{name}", Body=text.encode())
    component = {"type": "component", "component": "own/may", "settings": {"may": {"text": said}}}
    deployed.made(movie({"duration": 0.3, "elements": [component]}))


def taken_out(deployed: Deployed, document: Document, project: str) -> None:
    """Of the cache, in every way that there is."""
    deployed.made(document)
    url = document["scenes"][0]["elements"][0]["src"]
    for said in (
        {"project": project, "scene": 1},
        {"project": project, "element": "scenes[0].elements[1]"},
        {"project": project},
        {"url": url},
        {"older-than-days": AGED_DAYS - 1},
    ):
        status, answer = deployed.call("POST", "/v2/cache/purge", said)
        assert status == 200, answer
    assert deployed.call("GET", "/v2/cache")[0] == 200


def whole(deployed: Deployed, said: str = "What may I?") -> Document:
    web, card = deployed.web, clip(deployed.folder / "rights.mp4", 0.6)
    image = {"type": "image", "src": give(web, "/rights.png", picture(COLOUR))}
    text = {"type": "text", "text": said, "width": 60, "height": 30}
    video = {"type": "video", "src": give(web, "/rights.mp4", card.read_bytes())}
    music = {"type": "audio", "src": give(web, "/rights.wav", tone(330, 0.5)), "duration": -2}
    return movie(
        {"duration": 0.4, "elements": [image, text]}, {"elements": [video]}, elements=[music]
    )


def provided(deployed: Deployed) -> None:
    """By AWS's own and by those that connections lead to: each speaks and listens, some draw."""
    hiss = {"type": "audio", "src": give(deployed.web, "/rights-hiss.wav", tone(120, 0.6))}
    for line, voice, accounts in (
        ("Who may speak?", {"voice": "Joanna"}, {}),
        ("May they?", {"connection": SPEAKS, "voice": "Rachel"}, {"connection": LISTENS}),
    ):
        spoken = {"type": "voice", "text": line, **voice}
        drawn = {"type": "image", "prompt": line, "model": "flux-schnell", "connection": DRAWS}
        written = {"type": "subtitles", "language": "en", **accounts}
        deployed.made(movie({"elements": [hiss, spoken, drawn]}, elements=[written]))
    deployed.settled()
    heard_anew(deployed)


def heard_anew(deployed: Deployed) -> None:
    """A job of before is found whose result is gone."""
    s3, place = deployed.stack.client("s3"), {"Bucket": deployed.bucket}
    jobs = deployed.stack.client("transcribe").list_transcription_jobs()
    for job in jobs["TranscriptionJobSummaries"]:
        name = job["TranscriptionJobName"].removeprefix(f"{deployed.bucket}-")
        s3.delete_object(**place, Key=f"runs/heard/{name}.json")
    listening = {"type": "subtitles", "language": "en", "cache": False}
    hiss = {"type": "audio", "src": deployed.web.url("/rights-hiss.wav")}
    deployed.made(movie({"elements": [hiss]}, elements=[listening]))


def made_and_made_again(deployed: Deployed, document: Document) -> str:
    """The project."""
    project: str = deployed.made(document)["project"]
    deployed.made(edited(document, zoom=2))
    deployed.made({**document, "cache": False})
    return project


def edited(document: Document, **more: Any) -> Document:
    changed = copy.deepcopy(document)
    changed["scenes"][0]["elements"][0].update(more)
    return changed


def aged(deployed: Deployed, document: Document, project: str) -> None:
    """What is used again is made new, by whoever looks it up."""
    age(deployed)
    tell_late(deployed, project)
    age(deployed)
    deployed.made(document)
    louder = copy.deepcopy(document)
    louder["elements"][0]["volume"] = 0.5
    deployed.made(louder)


def age(deployed: Deployed) -> None:
    deployed.settled()
    deployed.stack.age_objects(AGED_DAYS)


def tell_late(deployed: Deployed, project: str) -> None:
    """An event that comes when the project has ended long ago."""
    deployed.stack.invoke("finish", {"detail": {"name": project, "status": "ABORTED"}})


def lost(deployed: Deployed, document: Document) -> None:
    """A movie that is gone, and an element and segments that are damaged."""
    there = set(deployed.segments())
    fresh = edited(document, zoom=4)
    made = deployed.made(fresh)
    deployed.settled()
    gone = made["url"].removeprefix(f"{deployed.stack.base_url}/")
    deployed.stack.client("s3").delete_object(Bucket=deployed.bucket, Key=gone)
    tell_late(deployed, made["project"])
    deployed.made(fresh)
    for key in {*deployed.segments()} - there:
        spoil(deployed, key)
    spoil(deployed, f"elements/content/{hashlib.sha256(picture(COLOUR)).hexdigest()}")
    another = edited(document, zoom=5)["scenes"][0]
    deployed.made({**fresh, "scenes": [*fresh["scenes"], another]})


def spoil(deployed: Deployed, key: str) -> None:
    s3, place = deployed.stack.client("s3"), {"Bucket": deployed.bucket, "Key": key}
    there = s3.head_object(**place)
    s3.put_object(**place, Body=bytes(there["ContentLength"]), Metadata=there["Metadata"])


def failing(deployed: Deployed) -> None:
    deployed.web.answers["/rights-gone.png"] = lambda to: to.give(404)
    gone = {"type": "image", "src": deployed.web.url("/rights-gone.png")}
    project = deployed.post(movie({"duration": 0.3, "elements": [gone]}))
    assert deployed.ended(project)["status"] == "error"


def stopped(deployed: Deployed) -> None:
    """Somebody stops an execution; finish lets one that waited take over."""
    asked_for, go_on = deployed.held_back("/rights-slow.png", picture("navy"))
    image = {"type": "image", "src": deployed.web.url("/rights-slow.png")}
    document = movie({"duration": 0.3, "elements": [image]})
    leader, follower = deployed.post(document), deployed.post(document)
    assert asked_for.wait(20)
    (arn,) = [e["executionArn"] for e in deployed.stack.executions() if e["name"] == leader]
    deployed.stack.client("stepfunctions").stop_execution(executionArn=arn)
    assert deployed.ended(leader)["status"] == "error"
    go_on.set()
    assert deployed.ended(follower)["status"] == "done"


def told(deployed: Deployed) -> None:
    """Ends, by who made a movie and by who found it; with a secret; of a movie that is gone too."""
    web, s3 = deployed.web, deployed.stack.client("s3")
    for path in ("/rights-hook", "/mine/a.mp4"):
        web.answers[path] = lambda to: to.give(200)
    add = ("connections", "add", "--kind", "webhook", "--name", "rights-hook")
    deployed.command(*add, "--endpoint", web.url("/rights-hook"), given="Bearer x")
    keys = {"bucket": "mine", "access-key": "a", "secret-key": "s", "file": "a.mp4"}
    bucket = {"type": "s3", "endpoint": web.url("/"), **keys}
    exports = [{"destinations": [{"id": "rights-hook"}, bucket]}]
    document = {**movie({"duration": 0.3, "background-color": "#31526a"}), "exports": exports}
    for _ in range(2):
        made = deployed.made(document)
        arrived(deployed, made["project"], "delivered")
    gone = made["url"].removeprefix(f"{deployed.stack.base_url}/")
    s3.delete_object(Bucket=deployed.bucket, Key=gone)
    assert deployed.call("POST", f"/v2/movies/{made['project']}/exports/retry?all=true")[0] == 200
    arrived(deployed, made["project"], "failed")


def arrived(deployed: Deployed, project: str, status: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while deployed.movie(project)["exports"][1]["status"] != status:
        assert time.monotonic() < until, deployed.movie(project)["exports"]
        time.sleep(PAUSE_S)


def deleted(deployed: Deployed) -> None:
    """A movie that is there, and one that is being made; what a dry run reads of the others."""
    asked_for, go_on = deployed.held_back("/rights-never.png", picture("olive"))
    image = {"type": "image", "src": deployed.web.url("/rights-never.png")}
    running = deployed.post(movie({"duration": 0.3, "elements": [image]}))
    assert asked_for.wait(20)
    made = deployed.made(movie({"duration": 0.3, "background-color": "#0a0b0c"}))
    for project in (running, made["project"]):
        assert deployed.call("DELETE", f"/v2/movies?project={project}")[0] == 200
    go_on.set()
    assert deployed.call("POST", "/v2/movies?dry-run=true", whole(deployed))[0] == 200


def called(deployed: Deployed) -> None:
    deployed.stack.tick()
    deployed.stack.add_key("rights of a viewer", "viewer")
    assert deployed.call("GET", "/v2/movies", key="rights of a viewer")[0] == 200
    assert deployed.call("POST", "/v2/movies", {}, key="rights of a viewer")[0] == 403


@pytest.fixture(scope="module")
def roles(deployed: Deployed) -> dict[str, list[Right]]:
    """What each function, and the workflow, may do, as it is deployed."""
    lambda_, iam = deployed.stack.client("lambda"), deployed.stack.client("iam")
    states = deployed.stack.client("stepfunctions")
    arns = {
        each["FunctionName"].rpartition("-")[2]: each["Role"]
        for each in lambda_.list_functions()["Functions"]
    }
    (machine,) = states.list_state_machines()["stateMachines"]
    told = states.describe_state_machine(stateMachineArn=machine["stateMachineArn"])
    roles = {}
    for who, arn in {**arns, "workflow": told["roleArn"]}.items():
        role = arn.rpartition("/")[2]
        policies = iam.list_role_policies(RoleName=role)["PolicyNames"]
        documents = [iam.get_role_policy(RoleName=role, PolicyName=each) for each in policies]
        # moto keeps a policy of a template as Python writes it, not as JSON.
        texts = [each["PolicyDocument"] for each in documents]
        roles[who] = [r for text in texts for r in rights(ast.literal_eval(text)["Statement"])]
    return roles


def covers(right: Right, asked: Asked) -> bool:
    return right.covers(asked.action, asked.resource, {key: [v] for key, v in asked.context})


def test_nothing_was_asked_that_no_role_allows(
    deployed: Deployed, roles: dict[str, list[Right]]
) -> None:
    asked = deployed.stack.requests
    assert {each.who for each in asked} == {*ROWS, "workflow"}
    refused = [each for each in asked if not any(covers(right, each) for right in roles[each.who])]
    assert [each for each in refused if not is_meant(each)] == []


def is_meant(refused: Asked) -> bool:
    """Who only reads elements tries to remove one that it finds damaged, and goes on without:
    the run begins anew, and prepare removes it.
    """
    may_fail = refused.action == "s3:DeleteObject" and refused.who in ("scene", "movie")
    return may_fail and refused.resource.partition("/")[2].startswith("elements/")


def test_no_role_allows_what_nobody_asks(deployed: Deployed, roles: dict[str, list[Right]]) -> None:
    asked = deployed.stack.requests
    unused = [
        (name, right.action, right.resource)
        for name in ROWS
        for right in roles[name]
        if not any(covers(right, each) for each in asked if each.who == name)
    ]
    assert [each for each in unused if not is_seldom(*each)] == []


SELDOM = {
    "logs:": "Lambda writes them in the function's name",
    "xray:": "Lambda sends them, and nothing is traced here",
    "sqs:SendMessage": "Lambda puts aside what the function failed at",
    "s3:DeleteObject": "only who opens what is damaged",
    "s3:AbortMultipartUpload": "only when a large upload fails",
    "states:DescribeExecution": "only when an execution has begun before",
    "ses:": "only where the stage has a sender",
    "transcribe:DeleteTranscriptionJob": "only when a job of that name has failed before",
}
"""Actions, and why a test may never see them."""
UNMADE = ("/signing", "/credentials", "/webhook", "/credentials-??????")
"""Secrets as AWS may name them before they are made; moto does not."""
RACES = {
    ("api", "dynamodb:DeleteItem"): "only when a movie comes while its like is posted",
    ("finish", "s3:PutObject"): "only when a movie that it finds is old: it is made new",
    ("finish", "s3:ListBucket"): "only when a movie goes while somebody waits for it",
}


def is_seldom(who: str, action: str, resource: str) -> bool:
    unmade = resource.endswith(UNMADE)
    return action.startswith(tuple(SELDOM)) or (who, action) in RACES or unmade
