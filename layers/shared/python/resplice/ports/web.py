"""The web: downloads from where callers say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from resplice.frozen import frozen


@frozen
class Validators:
    """What a conditional GET needs (RFC 9110 §13)."""

    etag: str | None = None
    last_modified: str | None = None


@frozen
class Fetched:
    """A finished download.

    digest      SHA-256 of the bytes, hex
    media_type  what the other side calls it, its Content-Type; empty when it does not say
    url         where it was found, after all redirects; empty when it was nowhere else
    """

    digest: str
    size_bytes: int
    validators: Validators
    media_type: str = ""
    url: str = ""


def _for_nothing(size_bytes: int) -> None: ...


@frozen
class Allowance:
    """What a download may cost at most, where that is less than others may.

    spend: is told of the bytes as they come, and ends the download by what it raises. paid: they
    were paid for, and take of the room that is kept for the end of what has begun.
    """

    seconds: float
    size_bytes: int
    spend: Callable[[int], object] = _for_nothing
    paid: bool = False


class Web(Protocol):
    """Downloads from hostile places. Every address is checked, every redirect again."""

    def fetch(
        self,
        url: str,
        into: Path,
        known: Validators | None = None,
        allowance: Allowance | None = None,
    ) -> Fetched | None:
        """Download url (http, https) to the file `into`; None when the other side says that
        what `known` describes is still current (304). Nothing is left at `into` on failure.

        allowance: limits for this download alone.
        Raises SourceRefused, SourceMissing, SourceUnavailable.
        """
        ...
