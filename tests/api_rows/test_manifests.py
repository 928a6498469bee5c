"""Manifests: what a movie was made of, for its owner, as long as the movie is there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from api_places import Place
from resplice.core.provenance import FORMAT
from spec_rows import Ask, Row, row
from web_server import Server

POST, LOOK = "POST /v2/movies", "GET /v2/movies?project={own}"
OF, OF_SECOND = "GET /v2/movies/{own}/manifest", "GET /v2/movies/{second}/manifest"
DIGEST = re.compile("[0-9a-f]{64}")
NAMES = "success project made_for manifest signature"
NOBODYS = {"success": False, "message": re.compile("No movie found.*")}
GONE = {"success": False, "message": re.compile(".* not there any more: render it again")}


def film(colour: str, **more: Any) -> dict[str, Any]:
    scenes = [
        {"duration": 1, "elements": [{"type": "image", "src": "{image}"}]},
        {"duration": 1, "background-color": colour},
    ]
    return {"width": 68, "height": 50, "fps": 10, "scenes": scenes, **more}


def made(colour: str, name: str = "own", **more: Any) -> tuple[Ask, ...]:
    return (
        Ask(POST, sends=film(colour), keeps={name: "project"}, **more),
        Ask(
            f"GET /v2/movies?project={{{name}}}",
            has={"movie.status": "done"},
            in_time=True,
            **more,
        ),
    )


ROWS = (
    row(
        "what a movie was made of, by which tools, and what was in the cache",
        *made("#100001"),
        Ask(
            OF,
            200,
            {
                "success": True,
                "project": "{own}",
                "made_for": "{own}",
                "signature": None,
                "manifest.format": FORMAT,
                "manifest.made.at": re.compile(r"20\d\d-\d\d-\d\dT.*Z"),
                "manifest.movie.key": re.compile("movies/[0-9a-f]{64}"),
                "manifest.movie.name": re.compile(r"[0-9a-f]{64}\.mp4"),
                "manifest.movie.bytes": int,
                "manifest.movie.frames": 20,
                "manifest.tools.ffmpeg": str,
                "manifest.sources.0.from": "{image}",
                "manifest.sources.0.sha256": DIGEST,
                "manifest.sources.0.at": ["scenes[0].elements[0]"],
                "manifest.scenes.1.result": "miss",
                "manifest.generated": [],
            },
            only=NAMES,
        ),
    ),
    row(
        "a movie from the cache has that of whom it was made for",
        *made("#100002"),
        *made("#100002", "second"),
        Ask(OF, keeps={"at": "manifest.made.at"}),
        Ask(
            OF_SECOND,
            200,
            {"project": "{second}", "made_for": "{own}", "manifest.made.at": "{at}"},
        ),
    ),
    row(
        "another's is unknown, also where the movies are equal",
        *made("#100003"),
        Ask(OF, 400, NOBODYS, key="reader"),
        *made("#100003", "theirs", key="reader"),
        Ask(
            "GET /v2/movies/{theirs}/manifest",
            200,
            {"made_for": "{theirs}", "manifest.scenes.0.result": "miss"},
            key="reader",
        ),
    ),
    row(
        "it goes with the last movie that has it",
        *made("#100004"),
        *made("#100004", "second"),
        Ask("DELETE /v2/movies?project={own}"),
        Ask(OF, 400, GONE),
        Ask(OF_SECOND, 200, {"made_for": "{own}"}),
        Ask("DELETE /v2/movies?project={second}"),
        Ask(OF_SECOND, 400, GONE),
    ),
    row(
        "what failed, and a still, have none",
        Ask(
            "GET /v2/movies/{failed}/manifest",
            400,
            {"message": re.compile("The movie is not made.*")},
        ),
        Ask("POST /v2/stills?at=0", sends=film("#100005"), keeps={"own": "project"}),
        Ask(LOOK, has={"movie.status": "done"}, in_time=True),
        Ask(OF, 400, {"message": re.compile("The project has no manifest.*")}),
    ),
    row(
        "of what nobody knows there is none",
        Ask("GET /v2/movies/ZZZZZZZZZZZZZZZZ/manifest", 400, NOBODYS),
    ),
)


@pytest.fixture(scope="session")
def known(api: Place, web: Server) -> dict[str, Any]:
    """What rows find there."""
    api.let_in("reader")
    image = web.url("/red.png")
    gone = {"scenes": [{"elements": [{"type": "image", "src": web.url("/gone.png")}]}]}
    failed = api.post(gone)
    api.ended(failed)
    return {"image": image, "failed": failed}


@pytest.mark.parametrize("asked", ROWS, ids=str)
def test_manifests(asked: Row, api: Place, known: dict[str, Any]) -> None:
    asked.hold(api, known)


def test_its_digest_is_that_of_the_bytes_or_is_not_said_to_be(
    api: Place, known: dict[str, Any]
) -> None:
    """On S3 nobody sees the bytes together."""
    project = api.post({"scenes": [{"duration": 1, "background-color": "#100006"}]})
    url = api.ended(project)["url"]
    _, answer = api.answered("GET", f"/v2/movies/{project}/manifest")
    told = answer["manifest"]["movie"]
    stored = api.objects.head("movies/" + url.rpartition("/")[2])
    assert stored and stored.size_bytes == told["bytes"]
    assert told.get("sha256", told.get("spans")) in (stored.digest, told["name"][:64])
    assert ("sha256" in told) == (told.get("sha256") == stored.digest)
