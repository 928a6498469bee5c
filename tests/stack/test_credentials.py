"""Content credentials on the deployed stack: by the one function that may read the certificate."""

from __future__ import annotations

import hashlib
import urllib.request
from pathlib import Path
from typing import Any

import certificates
import encypher_c2pa
from deployed import Deployed
from studio import movie

ASKED = {"content-credentials": True}


def told(deployed: Deployed, project: str) -> dict[str, Any]:
    status, answer = deployed.call("GET", f"/v2/movies/{project}/manifest")
    assert status == 200, answer
    return dict(answer["manifest"]["movie"])


def test_a_movie_is_signed_once_there_is_a_certificate(deployed: Deployed, tmp_path: Path) -> None:
    document = movie({"duration": 0.4, "background-color": "#336699"})
    plain = deployed.made(document)
    early = movie({"duration": 0.4, "background-color": "#993366"})
    refused = deployed.ended(deployed.post({**early, **ASKED}))
    assert refused["status"] == "error"
    assert "`resplice sign certificate CHAIN KEY` keeps one" in refused["message"]
    (scene,) = deployed.made(early)["cache"]["scenes"]
    assert scene["result"] == "miss", "nothing was made of what was refused"

    chain, key = certificates.signing_chain(tmp_path / "own")
    assert "CN=Films" in deployed.command("sign", "certificate", str(chain), str(key))
    made = deployed.made({**document, **ASKED})
    with urllib.request.urlopen(made["url"], timeout=20) as answer:
        file = answer.read()
    at = tmp_path / "movie.mp4"
    at.write_bytes(file)
    found = encypher_c2pa.verify(at, "video/mp4", telemetry=False, online=False)
    assert (found["validation_state"], found["hard_binding"]) == ("Valid", "match")
    assert deployed.frames(made) == deployed.frames(plain)
    assert made["size"] == len(file) and made["url"] != plain["url"]
    said = told(deployed, made["project"])
    assert said["sha256"] == hashlib.sha256(file).hexdigest() and "spans" not in said
    again = deployed.made({**document, **ASKED})
    assert again["url"] == made["url"] and again["cache"]["movie"]["result"] == "hit"
