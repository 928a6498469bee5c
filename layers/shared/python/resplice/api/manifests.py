"""Manifests: what a movie was made of, by which tools and by whom, for whoever gets the movie."""

from __future__ import annotations

from typing import Any

from resplice.api.operation import Answer, Call, Operation, described, text
from resplice.api.service import Service
from resplice.core.provenance import ALGORITHM, FORMAT
from resplice.errors import NotFound, TooLarge
from resplice.steps import manifests

TOO_LARGE = "The manifest is larger than an answer may be; `resplice render --manifest` writes it"
DIGEST = text(pattern="^[0-9a-f]{64}$")


def get_manifest(call: Call, service: Service) -> Answer:
    project = call.parts["project"]
    found = manifests.of_project(project, call.caller.owner, service.ports)
    told = found.signed.as_json()
    if service.limits.size_bytes(told) > service.limits.answer_bytes:
        raise TooLarge(TOO_LARGE)
    return {"project": project, "made_for": found.made_for, **told}


def _parts(says: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object"}, "description": says}


MANIFEST = {
    "type": "object",
    "description": "RFC 8785 says how it is written where it is signed",
    "properties": {
        "format": {"const": FORMAT},
        "made": {"type": "object", "properties": {"at": text(format="date-time"), "by": text()}},
        "movie": {
            "type": "object",
            "description": "`sha256` is of the bytes of the file. Where nobody saw these together,"
            " `spans` is in its place: of the pieces that it was put together of",
            "properties": {
                **{name: text() for name in ("key", "name")},
                "bytes": {"type": "integer"},
                "sha256": DIGEST,
                "spans": DIGEST,
            },
            "required": ["key", "name", "bytes"],
        },
        "tools": {"type": "object", "additionalProperties": text()},
        "sources": _parts("What was downloaded: `from` where, its `sha256`, `at` which places"),
        "generated": _parts("What was spoken, heard or generated, by which `provider`"),
        "painted": _parts("What the browser painted"),
        "scenes": _parts("`hit`: it was in the cache; `miss`, `bypass`: it was made anew"),
        "transitions": _parts("The same of what leads into a scene"),
        "pieces": _parts("The same of the pieces of video"),
    },
    "required": ["format", "made", "movie", "tools", "sources", "generated", "painted"],
}
SIGNATURE = {
    "type": ["object", "null"],
    "description": "null when whoever runs the server has no key to sign with",
    "properties": {"algorithm": {"const": ALGORITHM}, "key": text(), "value": text()},
    "required": ["algorithm", "key", "value"],
}

OPERATIONS = (
    Operation(
        *("GET", "/v2/movies/{project}/manifest", get_manifest),
        role="viewer",
        summary="What a movie was made of, and by whom",
        description="The manifest of the movie's file: every source with its digest, every tool,"
        " every voice and model, what was reused. It was written when the file was made, which for"
        " a movie from the cache was for another project: `made_for`, if that is yours too."
        " `resplice verify` takes the answer as it is.",
        answer=described(
            "Manifest",
            project=text(),
            made_for={"type": ["string", "null"]},
            manifest=MANIFEST,
            signature=SIGNATURE,
        ),
        errors=(NotFound, TooLarge),
    ),
)
