"""The key of manifests: where it lies, who may read it; that others find good what it signed."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest
from resplice.adapters import ed25519
from resplice.adapters.disk.signing_key import SigningKey
from resplice.adapters.unsigned import Unsigned
from resplice.core.provenance import Signature
from resplice.errors import StorageError

CONTENT = b'{"a":1}'


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    made = SigningKey(tmp_path / "data" / "signing.key")
    made.make()
    return made


def signature_of(key: SigningKey) -> Signature:
    signature = key.sign(CONTENT)
    assert signature
    return signature


def test_it_is_made_once_and_for_its_owner_alone(key: SigningKey) -> None:
    before = key.file.read_bytes()
    assert stat.S_IMODE(key.file.stat().st_mode) == 0o600
    assert [path.name for path in key.file.parent.iterdir()] == ["signing.key"]
    with pytest.raises(FileExistsError):
        key.make()
    assert key.file.read_bytes() == before
    assert [path.name for path in key.file.parent.iterdir()] == ["signing.key"]


def test_what_it_signed_holds_and_nothing_else_does(key: SigningKey, tmp_path: Path) -> None:
    signature = signature_of(key)
    assert signature.key == key.public() and signature == key.sign(CONTENT)
    assert ed25519.holds(signature, CONTENT)
    assert not ed25519.holds(signature, CONTENT + b" ")
    assert not ed25519.holds(Signature(signature.key, "0" * 128), CONTENT)
    other = SigningKey(tmp_path / "other.key").make()
    assert not ed25519.holds(Signature(other, signature.value), CONTENT)


def test_openssl_finds_it_good_and_finds_a_changed_byte(key: SigningKey, tmp_path: Path) -> None:
    signature = signature_of(key)
    pem, said, value = tmp_path / "public.pem", tmp_path / "said", tmp_path / "value"
    pem.write_text(ed25519.pem_of(key.public()))
    value.write_bytes(bytes.fromhex(signature.value))
    words = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(pem), "-rawin"]
    words += ["-in", str(said), "-sigfile", str(value)]
    for content, code in ((CONTENT, 0), (b'{"a":2}', 1)):
        said.write_bytes(content)
        assert subprocess.run(words, capture_output=True).returncode == code
    private = subprocess.run(
        ["openssl", "pkey", "-in", str(key.file), "-pubout"], capture_output=True, check=True
    )
    assert private.stdout == pem.read_bytes() and ed25519.public_in(private.stdout) == key.public()


def test_without_a_key_nothing_is_signed(tmp_path: Path) -> None:
    none = SigningKey(tmp_path / "signing.key")
    assert none.sign(CONTENT) is None and not none.file.exists()
    assert Unsigned().sign(CONTENT) is None
    with pytest.raises(FileNotFoundError):
        none.public()


def test_a_key_that_cannot_be_used_is_an_error_and_never_no_signature(key: SigningKey) -> None:
    key.file.chmod(0o640)
    for used in (lambda: key.sign(CONTENT), key.public):
        with pytest.raises(StorageError, match="others may read"):
            used()
    key.file.chmod(0o600)
    for content in (b"", b"nonsense", _of_another_kind()):
        key.file.write_bytes(content)
        for used in (lambda: key.sign(CONTENT), key.public):
            with pytest.raises(StorageError, match="no private key of Ed25519"):
                used()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="cannot make"):
        SigningKey(tmp_path / "file" / "signing.key").make()


def test_what_is_no_public_key() -> None:
    for pem in (b"", b"nonsense", ed25519.new_key()):
        with pytest.raises(ValueError, match=r"key|PEM"):
            ed25519.public_in(pem)


def _of_another_kind() -> bytes:
    made = subprocess.run(
        ["openssl", "genpkey", "-algorithm", "X25519"], capture_output=True, check=True
    )
    return made.stdout
