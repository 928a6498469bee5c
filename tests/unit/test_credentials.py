"""Content credentials: what they say of a movie is what its manifest says, and no more."""

from __future__ import annotations

import json
from typing import Any

import pytest
from resplice.core.credentials import (
    COMPOSITE,
    MOST_LISTED,
    SOURCE_TYPES,
    SYNTHETIC,
    WITH_TRAINED,
    credentialed_name,
    definition,
)

SOURCE = {"at": ["s"], "type": "image", "kind": "fetch", "result": "miss"}
MANIFEST: dict[str, Any] = {
    "format": "resplice-manifest/1",
    "made": {"at": "2026-11-30T00:00:00.000Z", "by": "resplice 0.1.0"},
    "movie": {"key": "movies/k", "name": "a.mp4", "bytes": 9, "sha256": "0" * 64},
    "tools": {"core": "c"},
    "sources": [{**SOURCE, "from": "https://e.com/a.png", "sha256": "1" * 64}],
    "generated": [],
    "painted": [],
    "scenes": [{"scene": 1, "key": "scenes/k", "result": "miss"}],
    "transitions": [],
    "pieces": [{"key": "scenes/p", "result": "miss"}],
}


def made(kind: str, provider: str) -> dict[str, Any]:
    return {"at": ["v"], "type": "voice", "kind": kind, "provider": provider, "sha256": "2" * 64}


def assertion(said: dict[str, Any], label: str) -> dict[str, Any]:
    (found,) = (each["data"] for each in said["assertions"] if each["label"] == label)
    return dict(found)


def actions(*generated: dict[str, Any]) -> list[dict[str, Any]]:
    said = definition({**MANIFEST, "generated": [*generated]}, "a.mp4")
    return list(assertion(said, "c2pa.actions.v2")["actions"])


@pytest.mark.parametrize(
    ("generated", "kind"),
    [
        ([], COMPOSITE),
        ([made("transcribe", "whisper")], COMPOSITE),
        ([made("speak", "espeak")], SYNTHETIC),
        ([made("speak", "espeak"), made("speak", "kokoro")], WITH_TRAINED),
        ([made("generate", "openai")], WITH_TRAINED),
    ],
)
def test_a_movie_is_marked_by_what_was_generated(
    generated: list[dict[str, Any]], kind: str
) -> None:
    first = actions(*generated)[0]
    assert (first["action"], first["digitalSourceType"]) == ("c2pa.created", SOURCE_TYPES + kind)


def test_each_part_that_was_generated_is_told_with_its_digest() -> None:
    (*_, voice) = actions(made("speak", "kokoro"))
    assert voice["digitalSourceType"] == f"{SOURCE_TYPES}trainedAlgorithmicMedia"
    assert voice["parameters"] == {
        "org.resplice.provider": "kokoro",
        "org.resplice.sha256": "2" * 64,
    }
    (*_, robot) = actions(made("speak", "espeak"))
    assert robot["digitalSourceType"] == f"{SOURCE_TYPES}algorithmicMedia"


def test_what_was_downloaded_is_an_ingredient_by_its_digest_equal_bytes_once() -> None:
    twice = [*MANIFEST["sources"], {**MANIFEST["sources"][0], "from": "https://e.com/b/c.png"}]
    said = definition({**MANIFEST, "sources": twice}, "a.mp4")
    (ingredient,) = said["ingredients"]
    assert ingredient["instance_id"] == f"urn:sha256:{'1' * 64}"
    assert (ingredient["title"], ingredient["relationship"]) == ("c.png", "componentOf")
    placed = assertion(said, "c2pa.actions.v2")["actions"][1]
    assert placed["parameters"] == {"ingredientIds": [ingredient["instance_id"]]}
    assert [each["action"] for each in actions()] == ["c2pa.created", "c2pa.placed"]


def test_no_key_and_no_piece_of_the_cache_is_told() -> None:
    text = json.dumps(definition(MANIFEST, "a.mp4"))
    assert "movies/k" not in text and "scenes/" not in text
    assert "resplice-manifest/1" in text and "https://e.com/a.png" in text


def test_so_many_parts_are_listed_and_the_others_counted() -> None:
    sources = [{**SOURCE, "from": f"https://e.com/{n}", "sha256": f"{n:064}"} for n in range(210)]
    said = definition({**MANIFEST, "sources": sources}, "a.mp4")
    told = assertion(said, "org.resplice.manifest")
    assert len(said["ingredients"]) == len(told["sources"]) == MOST_LISTED
    assert told["more"] == 10
    assert "more" not in assertion(definition(MANIFEST, "a.mp4"), "org.resplice.manifest")


def test_each_run_has_a_name_of_its_own() -> None:
    names = {credentialed_name(name, run) for name in ("a", "b") for run in ("c", "d")}
    assert len(names) == 4 and all(len(name) == 64 for name in names)
