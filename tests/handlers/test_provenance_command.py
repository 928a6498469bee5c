"""resplice render --manifest, sign, verify: what is written, what holds, what is found out."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from resplice.core.provenance import Signed, signed_of
from studio import called, movie, picture, still, written

RENDER = ("render", "movie.json", "-o", "out.mp4", "--manifest", "out.json", "--data", "data")
DATA = ("--data", "data")
Done = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a movie and its manifest, signed."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "red.png").write_bytes(picture("red"))
    written(folder / "movie.json", movie(still("red.png", 0.5), {"duration": 0.5}))
    assert called("sign", "init", *DATA, cwd=folder).returncode == 0
    assert called(*RENDER, cwd=folder).returncode == 0
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Path:
    """A folder with copies of both."""
    for name in ("out.mp4", "out.json"):
        (tmp_path / name).write_bytes((made / name).read_bytes())
    return tmp_path


def public_key(made: Path, *words: str) -> str:
    return called("sign", "show", *words, *DATA, cwd=made).stdout.strip()


def verify(folder: Path, *words: str) -> Done:
    return called("verify", "out.mp4", "out.json", *words, cwd=folder)


def told(folder: Path) -> Signed:
    return signed_of(json.loads((folder / "out.json").read_text()))


def rewrite(folder: Path, **changed: Any) -> None:
    (folder / "out.json").write_text(json.dumps({**told(folder).as_json(), **changed}))


def test_a_movie_from_the_cache_has_the_manifest_of_the_one_that_is_there(made: Path) -> None:
    first = (made / "out.json").read_bytes()
    again = called(*RENDER, cwd=made)
    assert "movie    hit" in again.stdout and (made / "out.json").read_bytes() == first
    told_of = told(made).manifest
    (source,) = told_of["sources"]
    assert (source["from"], source["result"]) == ("file:red.png", "miss")
    assert str(made) not in (made / "out.json").read_text()
    assert [each["result"] for each in told_of["scenes"]] == ["miss", "miss"]


def test_all_of_it_holds(made: Path) -> None:
    done = verify(made)
    lines = done.stdout.splitlines()
    assert (done.returncode, [line.split()[0] for line in lines]) == (
        0,
        ["movie", "signature", "sources"],
    )
    assert public_key(made) in lines[1] and "--key says whose" in lines[1]
    assert "not checked: the manifest tells of 1" in lines[2]


def test_who_has_signed_it_may_be_said_in_hex_or_as_a_file(made: Path, desk: Path) -> None:
    (desk / "public.pem").write_text(public_key(made, "--pem"))
    for key in (public_key(made), public_key(made).upper(), "public.pem"):
        assert verify(desk, "--key", key).returncode == 0
    done = verify(desk, "--key", "0" * 64)
    assert done.returncode == 1 and "signature  DOES NOT HOLD" in done.stdout
    for key in ("out.json", "nothing", "0" * 63):
        done = verify(desk, "--key", key)
        assert (done.returncode, done.stdout) == (
            2,
            "",
        ) and "is no Ed25519 public key" in done.stderr


def test_a_changed_byte_of_the_movie_is_found(desk: Path) -> None:
    content = bytearray((desk / "out.mp4").read_bytes())
    content[len(content) // 2] ^= 1
    (desk / "out.mp4").write_bytes(content)
    done = verify(desk)
    assert done.returncode == 1 and "movie      DOES NOT HOLD" in done.stdout
    assert "signature  holds" in done.stdout


def test_any_changed_byte_of_the_manifest_is_found(desk: Path) -> None:
    """But for the end of its last line, which means nothing."""
    whole = (desk / "out.json").read_bytes()
    for at in range(0, len(whole) - 1, 3):
        changed = bytearray(whole)
        changed[at] ^= 1
        (desk / "out.json").write_bytes(changed)
        done = verify(desk)
        assert done.returncode in (1, 2), (at, whole[at - 20 : at + 20], done)
        assert "Traceback" not in done.stderr


def test_a_manifest_whose_signature_was_taken_away(made: Path, desk: Path) -> None:
    rewrite(desk, signature=None)
    done = verify(desk)
    assert done.returncode == 0 and "anybody may have written" in done.stdout
    done = verify(desk, "--key", public_key(made))
    assert done.returncode == 1 and "signature  DOES NOT HOLD: there is none" in done.stdout


def test_a_movie_whose_bytes_nobody_saw_cannot_be_checked(desk: Path) -> None:
    signed = told(desk)
    told_of = dict(signed.manifest["movie"])
    told_of["spans"] = told_of.pop("sha256")
    rewrite(desk, manifest={**signed.manifest, "movie": told_of}, signature=None)
    done = verify(desk)
    assert done.returncode == 1 and "movie      cannot be checked" in done.stdout
    rewrite(desk, manifest={**signed.manifest, "movie": {**told_of, "bytes": 3}}, signature=None)
    done = verify(desk)
    assert done.returncode == 1 and "and not what the manifest says" in done.stdout


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b'{"manifest": 1, "a": 1}'])
def test_what_is_no_manifest_is_told_so(desk: Path, content: bytes) -> None:
    (desk / "out.json").write_bytes(content)
    done = verify(desk)
    assert (done.returncode, done.stdout) == (2, "") and done.stderr.startswith("resplice: ")


def test_files_that_are_not_there(desk: Path) -> None:
    for words in (("none.mp4", "out.json"), ("out.mp4", "none.json")):
        done = called("verify", *words, cwd=desk)
        assert (done.returncode, done.stdout) == (2, "")
        assert (
            done.stderr
            == f"resplice: {[*words][words[0] == 'out.mp4']}: No such file or directory\n"
        )


def test_a_key_is_made_once_and_shown_again(made: Path, tmp_path: Path) -> None:
    before = (made / "data/signing.key").read_bytes()
    done = called("sign", "init", *DATA, cwd=made)
    assert done.returncode == 2 and "is there already" in done.stderr
    assert (made / "data/signing.key").read_bytes() == before
    done = called("sign", "show", *DATA, cwd=tmp_path)
    assert done.returncode == 2 and "`resplice sign init` makes one" in done.stderr


def test_without_a_key_a_manifest_is_not_signed(made: Path, tmp_path: Path) -> None:
    words = (*RENDER[:-1], str(tmp_path / "other"))
    assert called(*words, cwd=made.joinpath()).returncode == 0
    (tmp_path / "out.json").write_bytes((made / "out.json").read_bytes())
    assert told(tmp_path).signature is None
    assert called(*RENDER, cwd=made).returncode == 0 and told(made).signature


def test_a_key_that_others_may_read_signs_nothing(made: Path, tmp_path: Path) -> None:
    assert called("sign", "init", *DATA, cwd=tmp_path).returncode == 0
    (tmp_path / "data/signing.key").chmod(0o644)
    written(tmp_path / "movie.json", movie({"duration": 0.2}))
    done = called(*RENDER, cwd=tmp_path)
    assert done.returncode == 1 and "chmod 600" in done.stderr
    assert not (tmp_path / "out.json").exists() and not (tmp_path / "out.mp4").exists()
    (tmp_path / "data/signing.key").chmod(0o600)
    assert called(*RENDER, cwd=tmp_path).returncode == 0 and told(tmp_path).signature


def test_it_is_written_over_nothing_that_is_read(made: Path) -> None:
    before = (made / "red.png").read_bytes()
    words = ("render", "movie.json", "-o", "out.mp4", "--manifest", "red.png", *DATA)
    done = called(*words, cwd=made)
    assert done.returncode == 2 and "is read by this render" in done.stderr
    assert (made / "red.png").read_bytes() == before
