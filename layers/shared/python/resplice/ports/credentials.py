"""Credentials: puts content credentials (C2PA) into movies, by the operator's certificate."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol


class Credentials(Protocol):
    """Every method but `lacks` raises StorageError when the certificate cannot be used, or when
    that cannot be known.
    """

    def lacks(self) -> str | None:
        """Why nothing can be signed, in words that say what helps; None when it can. Raises
        StorageError.
        """
        ...

    def sign(self, movie: Path, into: Path, definition: Mapping[str, Any]) -> None:
        """Write the movie with credentials, read them again, and see that they hold. definition: as
        of core.credentials. The frames and the sound are as they were, and so is the order of what
        is in the file. Raises RenderError.
        """
        ...

    def keep(self, chain: bytes, key: bytes) -> str:
        """Keep a certificate, with those that vouch for it, and its private key, PEM; who it is of
        and until when. Raises Conflict when there is one, ValueError in words for what is none.
        """
        ...
