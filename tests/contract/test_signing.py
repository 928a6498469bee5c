"""Every signer: it has one key, which is made once; and others find good what it signed."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cloud
import pytest
from botocore.exceptions import ClientError
from resplice.adapters import ed25519
from resplice.adapters.disk.signing_key import SigningKey
from resplice.adapters.key_signer import KeySigner
from resplice.adapters.secrets_manager.signing_secret import KEPT_SECONDS, SigningSecret
from resplice.core.provenance import Signature
from resplice.errors import Conflict, StorageError
from resplice.ports.signer import Signer

CONTENT = b'{"a":1}'
NAME = "Resplice-signs/signing"


class Refusing:
    """A client of Secrets Manager who may do nothing."""

    def __getattr__(self, operation: str) -> Callable[..., None]:
        def refused(**_: Any) -> None:
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, operation)

        return refused


class Place:
    """Where a key is kept. signer: a new one, as another process has it."""

    def __init__(self, signer: Callable[[], KeySigner], put: Callable[[bytes], Any]) -> None:
        self.signer, self.put = signer, put


@pytest.fixture(params=["disk", "secrets manager"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "disk":
        file = tmp_path / "data" / "signing.key"
        yield Place(lambda: SigningKey(file), file.write_bytes)
        return
    client = cloud.client("secretsmanager")

    def put(content: bytes) -> None:
        client.put_secret_value(SecretId=NAME, SecretString=content.decode())

    yield Place(lambda: SigningSecret(client, NAME), put)
    client.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)


def signature_of(signer: Signer) -> Signature:
    signature = signer.sign(CONTENT)
    assert signature
    return signature


def test_without_a_key_nothing_is_signed(place: Place) -> None:
    signer = place.signer()
    assert not signer.has_key() and signer.public() is None and signer.sign(CONTENT) is None


def test_it_is_made_once(place: Place) -> None:
    signer = place.signer()
    assert not signer.has_key()
    public = signer.make()
    assert signer.has_key() and signer.public() == public
    for each in (signer, place.signer()):
        with pytest.raises(Conflict, match="is there already"):
            each.make()
    assert place.signer().public() == public


def test_what_it_signed_holds_and_nothing_else_does(place: Place) -> None:
    place.signer().make()
    signature = signature_of(place.signer())
    assert signature == signature_of(place.signer())
    assert signature.key == place.signer().public()
    assert ed25519.holds(signature, CONTENT)
    assert not ed25519.holds(signature, CONTENT + b" ")
    assert not ed25519.holds(Signature(signature.key, "0" * 128), CONTENT)
    other = ed25519.public_of(ed25519.new_key())
    assert not ed25519.holds(Signature(other, signature.value), CONTENT)


def test_openssl_finds_it_good_and_finds_a_changed_byte(place: Place, tmp_path: Path) -> None:
    public, signature = place.signer().make(), signature_of(place.signer())
    pem, said, value = tmp_path / "public.pem", tmp_path / "said", tmp_path / "value"
    pem.write_text(ed25519.pem_of(public))
    value.write_bytes(bytes.fromhex(signature.value))
    words = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(pem), "-rawin"]
    words += ["-in", str(said), "-sigfile", str(value)]
    for content, code in ((CONTENT, 0), (b'{"a":2}', 1)):
        said.write_bytes(content)
        assert subprocess.run(words, capture_output=True).returncode == code


@pytest.mark.parametrize("kind", ["nonsense", "another kind"])
def test_a_key_that_is_none_is_an_error_and_never_no_signature(place: Place, kind: str) -> None:
    place.signer().make()
    place.put(b"nonsense" if kind == "nonsense" else _of_another_kind())
    signer = place.signer()
    assert signer.has_key()
    for used in (lambda: signer.sign(CONTENT), signer.public):
        with pytest.raises(StorageError, match="no private key of Ed25519"):
            used()


def test_the_file_is_for_its_owner_alone_and_openssl_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "data" / "signing.key"
    public = SigningKey(file).make()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(Conflict):
        SigningKey(file).make()
    assert [path.name for path in file.parent.iterdir()] == ["signing.key"]
    words = ["openssl", "pkey", "-in", str(file), "-pubout"]
    read = subprocess.run(words, capture_output=True, check=True).stdout
    assert read.decode() == ed25519.pem_of(public) and ed25519.public_in(read) == public
    file.chmod(0o640)
    for used in (SigningKey(file).has_key, SigningKey(file).public):
        with pytest.raises(StorageError, match="others may read"):
            used()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="cannot make"):
        SigningKey(tmp_path / "file" / "signing.key").make()


def test_a_process_asks_for_the_key_now_and_then_and_until_there_is_one() -> None:
    client, now_s, asked = cloud.client("secretsmanager"), [0.0], list[str]()
    client.meta.events.register(
        "before-call.secretsmanager.GetSecretValue", lambda **_: asked.append("")
    )
    name = "Resplice-later/signing"
    signer = SigningSecret(client, name, lambda: now_s[0])
    assert [signer.has_key(), signer.has_key(), len(asked)] == [False, False, 2]
    SigningSecret(client, name).make()
    for at_s, times in ((0, 3), (KEPT_SECONDS - 1, 3), (KEPT_SECONDS + 1, 4)):
        now_s[0] = at_s
        assert signer.has_key() and len(asked) == times
    client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def test_whether_a_secret_is_there_is_asked_without_reading_it() -> None:
    client, name = cloud.client("secretsmanager"), "Resplice-there/signing"
    secret = SigningSecret(client, name)
    assert not secret.is_there()
    secret.keep("pem")
    assert secret.is_there()
    client.delete_secret(SecretId=name)
    assert not secret.is_there(), "it is on its way out"
    client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def test_a_secret_that_may_not_be_read_is_an_error() -> None:
    signer = SigningSecret(Refusing(), NAME)
    for used in (
        signer.has_key,
        signer.is_there,
        signer.make,
        signer.public,
        lambda: signer.sign(CONTENT),
    ):
        with pytest.raises(StorageError, match=f"the secret {NAME}: AccessDeniedException"):
            used()


def test_what_is_no_public_key() -> None:
    for pem in (b"", b"nonsense", ed25519.new_key()):
        with pytest.raises(ValueError, match=r"key|PEM"):
            ed25519.public_in(pem)


def _of_another_kind() -> bytes:
    made = subprocess.run(
        ["openssl", "genpkey", "-algorithm", "X25519"], capture_output=True, check=True
    )
    return made.stdout
