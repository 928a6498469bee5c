"""Content credentials by c2pa-python, with a certificate that is kept elsewhere.

All that signs is imported late: whose movies ask for none loads none of it, nor need it be there.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from resplice.core.credentials import FORMAT
from resplice.errors import RenderError, StorageError

if TYPE_CHECKING:
    from resplice.adapters.certificate import Certificate

COMMAND = "`resplice sign certificate CHAIN KEY`"
NO_CERTIFICATE = f"there is no certificate to sign it with: {COMMAND} keeps one"
NOT_INSTALLED = "this installation has no c2pa-python: `pip install 'resplice[credentials]'`"
HOLD = ("Valid", "Trusted")
SETTINGS = {
    "verify": {
        "verify_after_sign": False,
        "verify_trust": False,
        "remote_manifest_fetch": False,
        "ocsp_fetch": False,
    },
    "builder": {"thumbnail": {"enabled": False}},
    "core": {"backing_store_memory_threshold_in_mb": 1},
}
"""It is read again once signed; whom a reader trusts is for the reader to know; and nobody is
asked. Without the last the whole file is held in memory beside what is hashed at a time.
"""
ONE_AT_A_TIME = threading.Lock()
"""It may take half a GB."""


class Keeper(Protocol):
    """Where a certificate is kept: see adapters/key_signer.py."""

    named: str

    def pem(self) -> bytes | None: ...

    def keep(self, text: str) -> None: ...


class C2paCredentials:
    """Implements ports.credentials.Credentials."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def lacks(self) -> str | None:
        pem = self._keeper.pem()
        if pem is None:
            return NO_CERTIFICATE
        if not _is_installed():
            return NOT_INSTALLED
        own, named = self._read(pem), self._keeper.named
        if own.has_ended():
            return f"the certificate ended on {own.ends:%Y-%m-%d}: remove {named}, then {COMMAND}"
        return None

    def sign(self, movie: Path, into: Path, definition: Mapping[str, Any]) -> None:
        pem = self._keeper.pem()
        if pem is None:
            raise StorageError(f"{self._keeper.named} is not there any more")
        from c2pa import C2paError

        own = self._read(pem)
        try:
            with ONE_AT_A_TIME:
                state = _signed(movie, into, definition, own)
        except C2paError as error:
            raise RenderError("The movie could not be given credentials", str(error)) from None
        if state not in HOLD:
            raise RenderError("The movie's credentials do not hold", f"they are {state}")

    def keep(self, chain: bytes, key: bytes) -> str:
        from resplice.adapters.certificate import certificate

        own = certificate(chain, key)
        if own.has_ended():
            raise ValueError(f"the certificate ended on {own.ends:%Y-%m-%d}")
        self._keeper.keep(own.kept())
        return f"{own.subject}, until {own.ends:%Y-%m-%d}"

    def _read(self, pem: bytes) -> Certificate:
        from resplice.adapters.certificate import read

        try:
            return read(pem)
        except ValueError as error:
            raise StorageError(f"{self._keeper.named}: {error}") from None


def _is_installed() -> bool:
    try:
        import c2pa  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def _signed(movie: Path, into: Path, definition: Mapping[str, Any], own: Certificate) -> str | None:
    """What a reader says of the file that was written. Raises C2paError."""
    from c2pa import Builder, C2paSignerInfo, Context, Reader, Signer

    context = Context.from_dict(SETTINGS)
    info = C2paSignerInfo(own.algorithm.encode(), own.chain, own.key, None)
    with Signer.from_info(info) as signer:
        builder = Builder(json.dumps(definition), context=context)
        with movie.open("rb") as read, into.open("x+b") as written:
            builder.sign(signer, FORMAT, read, written)
    with into.open("rb") as again, Reader(FORMAT, again, context=context) as reader:
        state = reader.get_validation_state()
    return None if state is None else str(state)
