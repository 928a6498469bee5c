"""Every place of a certificate: it has one, which is checked when it comes, and signs movies."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import certificates
import cloud
import pytest
from resplice.adapters.content_credentials import C2paCredentials
from resplice.adapters.disk.signing_key import SigningKey
from resplice.adapters.secrets_manager.signing_secret import SigningSecret
from resplice.core.credentials import definition
from resplice.errors import Conflict, RenderError, StorageError
from studio import clip

NAME = "Resplice-signs/credentials"
SAID = definition(
    {
        "format": "resplice-manifest/1",
        "made": {"at": "", "by": "resplice 0"},
        "movie": {"name": "movie.mp4"},
        **{name: [] for name in ("tools", "sources", "generated", "painted")},
    },
    "movie.mp4",
)
Place = Callable[[], C2paCredentials]


@pytest.fixture(params=["disk", "secrets manager"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Each call is another process."""
    if request.param == "disk":
        yield lambda: C2paCredentials(SigningKey(tmp_path / "data" / "credentials.pem"))
        return
    client = cloud.client("secretsmanager")
    yield lambda: C2paCredentials(SigningSecret(client, NAME))
    client.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)


def given(folder: Path, **more: Any) -> tuple[bytes, bytes]:
    chain, key = certificates.signing_chain(folder, **more)
    return chain.read_bytes(), key.read_bytes()


def test_it_is_kept_once_and_tells_whose_it_is(place: Place, tmp_path: Path) -> None:
    told = place().keep(*given(tmp_path / "one"))
    assert told.startswith("CN=Films,O=Films, until 20")
    assert place().lacks() is None
    with pytest.raises(Conflict, match="is there already"):
        place().keep(*given(tmp_path / "other"))


def test_a_movie_is_signed_into_another_file(place: Place, tmp_path: Path) -> None:
    place().keep(*given(tmp_path / "own"))
    movie, into = clip(tmp_path / "movie.mp4"), tmp_path / "signed.mp4"
    before = movie.read_bytes()
    place().sign(movie, into, SAID)
    assert movie.read_bytes() == before and b"c2pa" in into.read_bytes()[:4000]


def test_what_is_no_movie_is_an_error(place: Place, tmp_path: Path) -> None:
    place().keep(*given(tmp_path / "own"))
    (tmp_path / "movie.mp4").write_bytes(b"nonsense")
    with pytest.raises(RenderError, match="could not be given credentials"):
        place().sign(tmp_path / "movie.mp4", tmp_path / "signed.mp4", SAID)


def test_what_was_changed_where_it_is_kept_is_an_error_and_never_no_signature(
    tmp_path: Path,
) -> None:
    file = tmp_path / "credentials.pem"
    C2paCredentials(SigningKey(file)).keep(*given(tmp_path / "own"))
    file.write_bytes(b"nonsense")
    with pytest.raises(StorageError, match=r"credentials\.pem: there is no chain"):
        C2paCredentials(SigningKey(file)).lacks()


def test_what_is_no_certificate_is_refused_in_words(tmp_path: Path) -> None:
    kept = C2paCredentials(SigningKey(tmp_path / "credentials.pem"))
    (chain, key), (_, other) = given(tmp_path / "one"), given(tmp_path / "other")
    for words, said in (
        ((b"nonsense", key), "no chain of certificates"),
        ((chain, b"nonsense"), "no private key in PEM"),
        ((chain, other), "not that of the chain's first certificate"),
        (given(tmp_path / "old", days=-1), "the certificate ended on 20"),
    ):
        with pytest.raises(ValueError, match=said):
            kept.keep(*words)
    assert not (tmp_path / "credentials.pem").exists()


def test_without_one_and_after_its_end_it_is_said_what_helps(tmp_path: Path) -> None:
    file = tmp_path / "credentials.pem"
    kept = C2paCredentials(SigningKey(file))
    assert "`resplice sign certificate CHAIN KEY` keeps one" in str(kept.lacks())
    chain, key = given(tmp_path / "old", days=-1)
    kept._keeper.keep((chain + key).decode())
    assert f"remove {file}, then `resplice sign certificate" in str(kept.lacks())


def test_without_the_package_it_is_said_how_it_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = C2paCredentials(SigningKey(tmp_path / "credentials.pem"))
    kept.keep(*given(tmp_path / "own"))
    monkeypatch.setitem(sys.modules, "c2pa", None)
    assert "pip install 'resplice[credentials]'" in str(kept.lacks())


def test_a_long_movie_takes_no_more_memory_than_may_be(tmp_path: Path) -> None:
    """300 MB: what is hashed at a time is all that grows, up to 256 MB twice, beside Python."""
    movie, chain = clip(tmp_path / "movie.mp4"), certificates.signing_chain(tmp_path / "own")
    with movie.open("ab") as file:
        file.write((300 << 20).to_bytes(4, "big") + b"mdat")
        file.truncate(movie.stat().st_size + 8 + (300 << 20) - 8)
    done = subprocess.run(
        [sys.executable, "-c", SIGNING, *map(str, (movie, tmp_path / "signed.mp4", *chain))],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 900, "MB"


SIGNING = f"""
import resource, sys
from pathlib import Path
from resplice.adapters.content_credentials import C2paCredentials
from resplice.adapters.disk.signing_key import SigningKey

movie, into, chain, key = map(Path, sys.argv[1:])
kept = C2paCredentials(SigningKey(movie.parent / "credentials.pem"))
kept.keep(chain.read_bytes(), key.read_bytes())
kept.sign(movie, into, {SAID!r})
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
"""
