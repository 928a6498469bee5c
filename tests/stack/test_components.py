"""Components on the deployed stack: the catalog's, and the user's own from the bucket."""

from __future__ import annotations

import json

from deployed import Deployed, Document
from studio import give, movie, picture

OWN = {
    "title": "Box",
    "groups": {"box": {"settings": {"src": {"type": "image"}, "text": {"type": "text"}}}},
}
PAGE = (
    '<img src="{{ box["src"] }}" style="{{ box.css }}">{% for p in box.text %}{{ p }}{% endfor %}'
)


def component(name: str, **settings: object) -> Document:
    element = {"type": "component", "component": name, "settings": settings}
    return movie({"duration": 1.2, "elements": [element]})


def test_the_catalog_s_are_what_one_machine_makes_of_them(deployed: Deployed) -> None:
    source = give(deployed.web, "/ground.png", picture("blue"))
    card = {"background-image": source, "width": "90vw", "margin": 0, "padding": 2}
    document = component("basic/000", card=card, headline={"text": "Ann", "font-size": "auto"})
    assert deployed.frames(deployed.made(document)) == deployed.rendered_here(document)


def test_own_ones_come_from_the_bucket_and_a_change_is_noticed(deployed: Deployed) -> None:
    source = give(deployed.web, "/own.png", picture("red"))
    document = component("own/box", box={"src": source, "width": 20})
    status, refused = deployed.call("POST", "/v2/movies", document)
    assert status == 400 and "there is no component 'own/box'; there are" in refused["message"]

    client = deployed.stack.client("s3")

    def put(name: str, text: str) -> None:
        key = f"components/own/box/{name}"
        client.put_object(Bucket=deployed.bucket, Key=key, Body=text.encode())

    put("component.json", json.dumps(OWN))
    put("page.html", PAGE)
    assert deployed.made(document)["cache"]["movie"]["result"] == "miss"
    assert deployed.made(document)["cache"]["movie"]["result"] == "hit"
    put("style.css", "img { margin-left: 20px }")
    made = deployed.made(document)
    assert made["cache"]["movie"]["result"] == "miss"
    assert sorted(each["result"] for each in made["cache"]["elements"]) == ["hit", "miss"]
