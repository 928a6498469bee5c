"""Manifests live as long as their movies, and are equal where these are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from resplice.core.provenance import Signed, signed_of
from resplice.errors import NotFound, StorageError
from resplice.steps import manifests
from resplice.steps.movie_cache import Outcome, forget
from resplice.wiring.signing import holds, signing_key
from studio import Studio, give, movie, picture, studio
from web_server import Server, serving

VOICE = {"type": "voice", "text": "Hello.", "model": "espeak"}


@pytest.fixture(scope="module")
def web() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, web: Server) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("lab"), web) as lab:
        yield lab


def signed_in(outcome: Outcome, lab: Studio) -> Signed:
    assert outcome.manifest
    with lab.ports.objects.open(outcome.manifest) as path:
        return signed_of(json.loads(path.read_bytes()))


def manifest_of(outcome: Outcome, lab: Studio) -> dict[str, Any]:
    return signed_in(outcome, lab).manifest


def test_it_tells_of_sources_and_voices_and_of_what_was_there(lab: Studio, web: Server) -> None:
    url = give(web, "/a.png", picture("red"))
    secret = f"{url}?token=hush"
    web.answers["/a.png?token=hush"] = web.answers["/a.png"]
    scene = {"elements": [{"type": "image", "src": secret, "duration": -2}, VOICE]}
    told = manifest_of(lab.render(movie(scene)), lab)
    (source,), (voice,) = told["sources"], told["generated"]
    with lab.ports.objects.open(f"elements/content/{source['sha256']}") as path:
        assert path.read_bytes() == picture("red")
    assert source["from"] == url and "hush" not in json.dumps(told)
    assert (voice["provider"], voice["kind"], voice["at"]) == (
        *("espeak", "speak"),
        ["scenes[0].elements[1]"],
    )
    assert voice["voice"] and voice["build"]
    again = manifest_of(
        lab.render(movie(scene, {"duration": 0.5, "background-color": "#123456"})), lab
    )
    results = [each["result"] for each in (*again["generated"], *again["scenes"])]
    assert results == ["hit", "hit", "miss"]
    assert [each["result"] for each in again["pieces"]] == ["hit", "miss"]


def test_its_digest_is_of_the_bytes_of_the_movie(lab: Studio) -> None:
    outcome = lab.render(movie({"duration": 0.3}))
    told = manifest_of(outcome, lab)["movie"]
    assert told["sha256"] == outcome.stored.digest and told["key"] == outcome.report.key
    assert f"movies/{told['name']}" == outcome.stored.key
    assert told["bytes"] == outcome.stored.size_bytes


def test_made_again_it_differs_in_when_and_in_what_was_there(lab: Studio) -> None:
    document = movie({"duration": 0.4})
    first = lab.render(document)
    forget(first.report.key, first.stored.key, lab.ports)
    again = lab.render(document)
    one, other = manifest_of(first, lab), manifest_of(again, lab)
    assert again.stored.key == first.stored.key and again.manifest != first.manifest
    for told in (one, other):
        for name in ("made", "scenes", "pieces"):
            del told[name]
    assert one == other


def test_a_movie_whose_manifest_has_gone_is_a_miss_and_is_stitched_again(lab: Studio) -> None:
    document = movie({"duration": 0.6})
    outcome = lab.render(document)
    assert outcome.manifest in outcome.files and lab.render(document).manifest == outcome.manifest
    lab.runs()
    lab.ports.objects.delete(str(outcome.manifest))
    again = lab.render(document)
    assert again.report.result == "miss" and lab.runs() == 0
    assert manifest_of(again, lab)["movie"]["sha256"] == outcome.stored.digest


def test_it_is_signed_before_anybody_is_told_and_again_changes_nothing(tmp_path: Path) -> None:
    key = signing_key(tmp_path)
    public = key.make()
    with studio(tmp_path) as lab:
        outcome = lab.render(movie({"duration": 0.2}))
        found = signed_in(outcome, lab)
        assert found.signature and found.signature.key == public
        assert holds(found.signature, found.said())
        before = lab.ports.objects.head(str(outcome.manifest))
        manifests.sign(str(outcome.manifest), outcome.stored.key, lab.ports)
        assert lab.ports.objects.head(str(outcome.manifest)) == before
        lab.ports.objects.delete(str(outcome.manifest))
        with pytest.raises(NotFound, match="not there any more"):
            manifests.sign(str(outcome.manifest), outcome.stored.key, lab.ports)


def test_what_tells_of_another_movie_is_not_signed(tmp_path: Path) -> None:
    with studio(tmp_path) as lab:
        one, other = (lab.render(movie({"duration": 0.2 + n})) for n in range(2))
        signing_key(tmp_path).make()
        with pytest.raises(StorageError, match="of another movie"):
            manifests.sign(str(one.manifest), other.stored.key, lab.ports)
        assert signed_in(one, lab).signature is None
