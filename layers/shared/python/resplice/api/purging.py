"""Purging the cache: what is named is made again the next time, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from resplice.api.operation import Answer, Call, Operation, described, text
from resplice.api.service import Service
from resplice.errors import DocumentError, Forbidden, NotFound, Problem
from resplice.ports import Ports
from resplice.steps import purging
from resplice.steps.purging import Purged

MOST_DAYS = 36_500
COUNT = {"type": "integer", "minimum": 0}
PROJECT = text("The project whose it is")
DRY = {"type": "boolean", "description": "Only say what would go"}

Said = Mapping[str, Any]


def _url(said: Said, ports: Ports, *, dry: bool) -> Purged:
    return purging.purge_url(_text(said, "url"), ports, dry=dry)


def _element(said: Said, ports: Ports, *, dry: bool) -> Purged:
    project, element = _text(said, "project"), _text(said, "element")
    return purging.purge_element(project, element, ports, dry=dry)


def _scene(said: Said, ports: Ports, *, dry: bool) -> Purged:
    project, scene = _text(said, "project"), _whole(said, "scene", 1)
    return purging.purge_scene(project, scene, ports, dry=dry)


def _movie(said: Said, ports: Ports, *, dry: bool) -> Purged:
    return purging.purge_movie(_text(said, "project"), ports, dry=dry)


def _older(said: Said, ports: Ports, *, dry: bool) -> Purged:
    days, after = _whole(said, "older-than-days", 0), said.get("next", "")
    if not isinstance(after, str):
        raise _wrong("next", "'next' is what the call before answered")
    return purging.purge_older(min(days, MOST_DAYS), ports, after, dry=dry)


WAYS: Mapping[frozenset[str], Callable[..., Purged]] = {
    frozenset({"url"}): _url,
    frozenset({"element", "project"}): _element,
    frozenset({"scene", "project"}): _scene,
    frozenset({"project"}): _movie,
    frozenset({"older-than-days"}): _older,
    frozenset({"older-than-days", "next"}): _older,
}
"""By what is said, besides `dry-run`."""


def purge(call: Call, service: Service) -> Answer:
    said = call.json()
    dry = said.pop("dry-run", False)
    if not isinstance(dry, bool):
        raise _wrong("dry-run", "'dry-run' must be true or false")
    way = WAYS.get(frozenset(said))
    if way is None:
        ways = " or ".join("+".join(sorted(names, reverse=True)) for names in WAYS)
        raise _wrong("", f"Say what is to be purged: {ways}; and dry-run, if you like")
    found = way(said, service.ports.of(call.caller.owner), dry=dry)
    counts = {"elements": found.elements, "scenes": found.scenes, "movies": found.movies}
    return {
        "dry-run": dry,
        "purged": {**counts, "bytes": found.size_bytes},
        "more": found.next is not None,
        "next": found.next,
    }


def _text(said: Said, name: str) -> str:
    value = said[name]
    if not isinstance(value, str) or not value.strip():
        raise _wrong(name, f"'{name}' must be a text")
    return value


def _whole(said: Said, name: str, lowest: int) -> int:
    value = said[name]
    if type(value) is not int or value < lowest:
        raise _wrong(name, f"'{name}' must be a whole number from {lowest} on")
    return value


def _wrong(path: str, words: str) -> DocumentError:
    return DocumentError([Problem(path, words)])


def _way(**properties: Any) -> dict[str, Any]:
    required = [name for name in properties if name != "next"]
    return {
        "type": "object",
        "properties": {**properties, "dry-run": DRY},
        "required": required,
        "additionalProperties": False,
    }


BODY = {
    "anyOf": [
        _way(url=text("What was downloaded from there", minLength=1)),
        _way(project=PROJECT, element=text("As reports name it: `scenes[0].elements[1]`")),
        _way(project=PROJECT, scene={"type": "integer", "minimum": 1}),
        _way(project={**PROJECT, "description": "Its finished movie"}),
        _way(
            **{
                "older-than-days": {**COUNT, "description": "Not used for so long; of all owners"},
                "next": text("As the call before told"),
            }
        ),
    ]
}
OPERATIONS = (
    Operation(
        *("POST", "/v2/cache/purge", purge),
        tells=("project", "element", "scene", "older-than-days", "dry-run"),
        role="editor",
        summary="Take something out of the cache",
        description=(
            "The same movie, posted again, makes exactly that again. The file of a finished movie "
            "stays where its projects say it is. A purge by age answers after some seconds and "
            "tells where the next call is to go on."
        ),
        body=BODY,
        answer=described(
            "Purged",
            **{
                "dry-run": {"type": "boolean"},
                "purged": {
                    "type": "object",
                    "description": "Entries of each layer, and the bytes that they led to",
                    "properties": {
                        name: COUNT for name in ("elements", "scenes", "movies", "bytes")
                    },
                    "required": ["elements", "scenes", "movies", "bytes"],
                },
                "more": {"type": "boolean"},
                "next": {"type": ["string", "null"]},
            },
        ),
        errors=(DocumentError, NotFound, Forbidden),
        examples={
            "a file that changed": {"url": "https://example.com/logo.png"},
            "what nobody used for a month": {"older-than-days": 30, "dry-run": True},
        },
    ),
)
