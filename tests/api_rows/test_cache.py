"""The cache: what a movie was made from and why, what the cache is worth, and how it is purged."""

from __future__ import annotations

import re
from typing import Any

import pytest
from api_places import Place
from served import TIMESTAMP, Calls
from spec_rows import Ask, Row, row
from web_server import Server

POST, GET, PURGE = "POST /v2/movies", "GET /v2/movies?project=", "POST /v2/cache/purge"
REPORT = "GET /v2/movies/{own}/cache"
NUMBER = (int, float)
SCENES = [
    {"duration": 1, "elements": [{"type": "image", "src": "{image}"}]},
    {"duration": 1, "background-color": "#0e0c0a"},
]
MOVIE = {"width": 64, "height": 50, "fps": 10, "scenes": SCENES}
GONE = ["evicted or purged: it was made before, and is not in the cache any more"]
PARTS = ("cache.elements.0", "cache.scenes.0", "cache.scenes.1", "cache.movie")
NOBODYS = {"success": False, "message": re.compile("No movie found.*")}


def made_again(**more: Any) -> tuple[Ask, ...]:
    """A movie, and that it is done."""
    return (
        Ask(POST, sends={**MOVIE, **more}, keeps={"own": "project"}),
        Ask(f"{GET}{{own}}", has={"movie.status": "done"}, in_time=True),
    )


def purged(sends: dict[str, Any], elements: int, scenes: int, movies: int) -> tuple[Ask, ...]:
    """What would go is what goes, and then is gone."""
    counts = {"elements": elements, "scenes": scenes, "movies": movies}
    told = {f"purged.{name}": count for name, count in counts.items()}
    has = {"success": True, "purged.bytes": int, "more": False, "next": None, **told}
    names = "success dry-run purged more next"
    none = {f"purged.{name}": 0 for name in (*counts, "bytes")}
    return (
        Ask(PURGE, 200, {**has, "dry-run": True}, only=names, sends={**sends, "dry-run": True}),
        Ask(PURGE, 200, {**has, "dry-run": False}, only=names, sends=sends),
        Ask(PURGE, 200, none, sends=sends),
    )


def purge(says: str, sends: dict[str, Any], counts: tuple[int, int, int], misses: str) -> Row:
    """misses: which of PARTS are made again, a letter for each: m, or h for a hit."""
    found = {"m": "miss", "h": "hit"}
    results = {f"{part}.result": found[each] for part, each in zip(PARTS, misses, strict=True)}
    why = {f"{part}.why": GONE for part, each in zip(PARTS, misses, strict=True) if each == "m"}
    asked = (*purged(sends, *counts), *made_again(), Ask(REPORT, has={**results, **why}))
    return row(f"{says} is purged: it is made again, and nothing else", *asked)


ROWS = (
    row(
        "what a movie was made from, and that nothing of it was there",
        Ask(
            "GET /v2/movies/{first}/cache",
            200,
            {
                "success": True,
                "project": "{first}",
                "status": "done",
                "against": None,
                **{f"{part}.result": "miss" for part in PARTS},
                **{f"{part}.why": ["not made before"] for part in PARTS},
                "cache.scenes.0.scene": 1,
                "cache.elements.0.path": "scenes[0].elements[0]",
                "cache.elements.0.type": "image",
                "cache.transitions": [],
                "cache.timings_ms.elements": NUMBER,
                "cache.rendered_ms": int,
                "cache.saved_ms": 0,
            },
            only="success project status cache against",
        ),
    ),
    row(
        "an edit is compared with the render before it, in the document's words",
        *made_again(scenes=[SCENES[0], {**SCENES[1], "background-color": "#0e0c0b"}]),
        Ask(
            REPORT,
            has={
                "against.project": re.compile("[A-Za-z0-9]{16}"),
                "against.because": "1 scenes in common",
                "cache.elements.0.result": "hit",
                "cache.scenes.0.result": "hit",
                "cache.scenes.1.why": ["scenes[1].background-color changed"],
                "cache.movie.why": ["scenes[1].background-color changed"],
            },
            lacks=("cache.scenes.0.why",),
        ),
    ),
    row(
        "the same movie again is a hit, for which no reason is needed",
        *made_again(),
        Ask(REPORT, has={"cache.movie.result": "hit"}, lacks=("cache.movie.why",)),
    ),
    row(
        "cache false is a bypass, in the movie and in a scene",
        *made_again(cache=False, scenes=[SCENES[0], {**SCENES[1], "cache": False}]),
        Ask(REPORT, has={"cache.movie.result": "bypass", "cache.scenes.1.result": "bypass"}),
    ),
    row(
        "what failed was made from nothing",
        Ask(
            "GET /v2/movies/{failed}/cache",
            has={"status": "error", "cache": None, "against": None},
        ),
    ),
    row(
        "of what nobody knows there is no report",
        Ask("GET /v2/movies/ZZZZZZZZZZZZZZZZ/cache", 400, NOBODYS),
    ),
    row(
        "nor of what is another's, which is not purged either",
        Ask("GET /v2/movies/{first}/cache", 400, NOBODYS, key="stranger"),
        Ask(PURGE, 400, NOBODYS, sends={"project": "{first}"}, key="stranger"),
        Ask(PURGE, 403, {"message": str}, sends={"older-than-days": 0}, key="stranger"),
    ),
    row(
        "how much the cache holds, and what it is worth",
        Ask(
            "GET /v2/cache",
            200,
            {
                "success": True,
                "cache.layers.elements.objects": int,
                "cache.layers.scenes.bytes": int,
                "cache.layers.movies.at_least": False,
                "cache.since": TIMESTAMP,
                **{
                    f"cache.hits.{layer}.{result}": int
                    for layer in ("elements", "scenes", "movies")
                    for result in ("hit", "miss", "bypass", "joined")
                },
                "cache.hits.movies.rate": float,
                "cache.rendered_seconds": NUMBER,
                "cache.saved_seconds": NUMBER,
                "cache.spent_usd": NUMBER,
                "cache.saved_usd": NUMBER,
            },
            only="success cache",
        ),
    ),
    row(
        "others are told of what is their own",
        Ask(
            "GET /v2/cache?days=1",
            has={
                "cache.layers": None,
                "cache.hits.movies": {"hit": 0, "miss": 0, "bypass": 0, "joined": 0, "rate": None},
            },
            key="stranger",
        ),
    ),
    *(
        row(f"{days!r} days are none", Ask(f"GET /v2/cache?days={days}", 400, {"message": str}))
        for days in ("0", "x", "-1")
    ),
    purge("what was downloaded from an address", {"url": "{image}"}, (1, 0, 0), "mhhm"),
    purge(
        "an element",
        {"project": "{first}", "element": "scenes[0].elements[0]"},
        (1, 0, 1),
        "mhhm",
    ),
    purge("a scene", {"project": "{first}", "scene": 2}, (0, 1, 1), "hhmm"),
    purge("a movie", {"project": "{first}"}, (0, 0, 1), "hhhm"),
    row(
        "nothing is so old that it goes after a hundred years",
        *purged({"older-than-days": 36_500}, 0, 0, 0),
    ),
    *(
        row(
            f"{sends} is no purge",
            Ask(PURGE, 400, {"success": False, "message": re.compile(f".*{words}.*")}, sends=sends),
        )
        for sends, words in (
            ({}, "Say what is to be purged"),
            ({"url": "a", "project": "b"}, "Say what is to be purged"),
            ({"url": ""}, "'url' must be a text"),
            ({"project": "{first}", "scene": 3}, "there is no scene 3: the movie has 2"),
            ({"project": "{first}", "scene": "2"}, "'scene' must be a whole number"),
            ({"project": "{first}", "element": "elements"}, "'element' is a path like"),
            ({"project": "{first}", "dry-run": "yes"}, "'dry-run' must be true or false"),
            ({"project": "Z" * 16}, "No movie found"),
            ({"older-than-days": -1}, "must be a whole number from 0"),
        )
    ),
    # The last one: of what all others are made nothing is left.
    row(
        "what is older than a moment is all that was downloaded and painted, and no movie",
        *made_again(),
        Ask(
            PURGE,
            200,
            {"purged.elements": int, "purged.scenes": int, "purged.movies": 0, "next": None},
            sends={"older-than-days": 0},
        ),
        Ask(
            "GET /v2/cache",
            has={"cache.layers.elements.objects": 0, "cache.layers.scenes.bytes": 0},
        ),
        Ask(PURGE, has={"purged.movies": 1}, sends={"project": "{own}"}),
        # Its file stays where its project says it is.
        Ask(f"{GET}{{own}}", has={"movie.status": "done", "movie.url": str}),
        *made_again(),
        Ask(REPORT, has={f"{part}.result": "miss" for part in PARTS}),
    ),
)


@pytest.fixture(scope="module")
def made(api: Place, web: Server) -> dict[str, Any]:
    """image: of all these movies; first: a project with the first of them; failed: another."""
    api.let_in("stranger")
    own = {"image": web.url("/red.png?cached"), "gone": web.url("/gone.png")}
    for ask in made_again():
        ask.hold(api, own)
    failing = {"scenes": [{"elements": [{"type": "image", "src": own["gone"]}]}]}
    own |= {"first": own["own"], "failed": api.post(failing)}
    api.ended(own["failed"])
    return own


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row, api: Calls, made: dict[str, Any]) -> None:
    row.hold(api, made)
