"""Manifests on the deployed stack: told, signed by who has no stranger's bytes, gone in time."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from deployed import Deployed
from studio import called, give, movie, picture, still, written


def manifest(deployed: Deployed, project: str) -> dict[str, Any]:
    status, answer = deployed.call("GET", f"/v2/movies/{project}/manifest")
    assert status == 200, answer
    return dict(answer)


def test_a_manifest_says_what_is_known_of_the_bytes_and_is_signed_once_there_is_a_key(
    deployed: Deployed, tmp_path: Path
) -> None:
    """The file may be checked by nobody who has it alone: nobody saw its bytes together."""
    source = give(deployed.web, "/manifest.png", picture("teal"))
    made = deployed.made(movie(still(f"{source}?token=hush"), still(source)))
    told = manifest(deployed, made["project"])
    assert told["signature"] is None and told["made_for"] == made["project"]
    assert {each["from"] for each in told["manifest"]["sources"]} == {source}
    assert told["manifest"]["movie"]["spans"] in made["url"]
    assert "sha256" not in told["manifest"]["movie"]

    public = deployed.command("sign", "init").strip()
    assert deployed.command("sign", "show").strip() == public
    signed = deployed.made(movie(still(source), {"duration": 0.3}))
    told = manifest(deployed, signed["project"])
    assert told["signature"]["key"] == public
    file = written(tmp_path / "manifest.json", told)
    with urllib.request.urlopen(signed["url"], timeout=20) as answer:
        (tmp_path / "movie.mp4").write_bytes(answer.read())
    done = called("verify", tmp_path / "movie.mp4", file, "--key", public)
    assert done.returncode == 1 and "movie      cannot be checked" in done.stdout
    assert f"signature  holds, by the key {public}" in done.stdout
    again = deployed.made(movie(still(source), {"duration": 0.3}))
    told_again = manifest(deployed, again["project"])
    assert told_again["made_for"] == signed["project"]
    assert told_again["signature"] == told["signature"]


def test_a_manifest_goes_with_its_movie_and_is_no_public_file(deployed: Deployed) -> None:
    made = deployed.made(movie({"duration": 0.7, "background-color": "#123321"}))
    (key,) = [
        each.key
        for each in deployed.objects().list("movies/")
        if each.facts.get("run") == made["project"]
    ]
    assert key.endswith(".json")
    base_url = made["url"].partition("/movies/")[0]
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{base_url}/{key}", timeout=20)
    assert deployed.call("DELETE", f"/v2/movies?project={made['project']}")[0] == 200
    status, answer = deployed.call("GET", f"/v2/movies/{made['project']}/manifest")
    assert status == 400 and "not there any more" in answer["message"]
    assert deployed.objects().head(key) is None
