"""resplice sign certificate, and movies that ask for content credentials on the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import certificates
import pytest
from studio import called, movie, written

DATA = ("--data", "data")
RENDER = ("render", "movie.json", "-o", "out.mp4", "--manifest", "out.json", *DATA)
SIGN = ("sign", "certificate", "own/chain.pem", "own/chain.key", *DATA)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    written(tmp_path / "movie.json", movie({"duration": 0.3}, **{"content-credentials": True}))
    certificates.signing_chain(tmp_path / "own")
    return tmp_path


def test_it_is_kept_and_what_is_rendered_then_is_signed_and_verified(desk: Path) -> None:
    done = called(*SIGN, cwd=desk)
    assert done.returncode == 0 and done.stdout.startswith("CN=Films,O=Films, until 20")
    assert called(*RENDER, cwd=desk).returncode == 0
    file = (desk / "out.mp4").read_bytes()
    assert b"c2pa.signature" in file
    told = json.loads((desk / "out.json").read_text())["manifest"]["movie"]
    assert told["bytes"] == len(file)
    done = called("verify", "out.mp4", "out.json", cwd=desk)
    assert "movie      holds" in done.stdout and done.returncode == 0


def test_without_one_it_is_refused_with_the_path_and_the_command(desk: Path) -> None:
    done = called(*RENDER, cwd=desk)
    assert done.returncode == 2
    assert "content-credentials: The movie cannot be given credentials" in done.stderr
    assert "`resplice sign certificate CHAIN KEY`" in done.stderr


def test_what_cannot_be_kept_is_said_in_words(desk: Path) -> None:
    assert called(*SIGN, cwd=desk).returncode == 0
    again = called(*SIGN, cwd=desk)
    assert again.returncode == 2 and "is there already: nothing was kept" in again.stderr
    (desk / "own/chain.key").write_text("nonsense")
    wrong = called(*SIGN, cwd=desk)
    assert wrong.returncode == 2 and "no private key in PEM" in wrong.stderr
    (desk / "own/chain.key").unlink()
    gone = called(*SIGN, cwd=desk)
    assert gone.returncode == 2 and "own/chain.key: No such file" in gone.stderr


def test_a_hit_loads_nothing_that_signs(desk: Path) -> None:
    assert called(*SIGN, cwd=desk).returncode == 0
    assert called(*RENDER, cwd=desk).returncode == 0
    code = f"""
import sys
from resplice.cli.main import main

assert main({[*RENDER]!r}) == 0
print({{"c2pa", "cryptography", "resplice.adapters.content_credentials"}} & {{*sys.modules}})
"""
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, cwd=desk, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()" and "hit" in done.stdout
