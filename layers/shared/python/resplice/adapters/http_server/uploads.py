"""Uploads: what the front does with a body that is a file, as who keeps files sees it.

`PUT /media-upload/<token>` is answered without an API key: the token says what may be put where.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

PREFIX = "/media-upload/"


class UploadRefused(Exception):
    """status: of HTTP; the message is for the caller."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


class Upload(Protocol):
    """One file that arrives. Called from one thread at a time."""

    def write(self, data: bytes) -> None:
        """Raises UploadRefused, when it is more than was said, or there is no room."""
        ...

    def finish(self) -> None:
        """All of it was written: verify and publish it. Raises UploadRefused."""
        ...

    def abandon(self) -> None:
        """It ended before its time, or was refused: nothing of it is left. May follow `finish`."""
        ...


class Uploads(Protocol):
    def begin(self, token: str, headers: Mapping[str, str], length_bytes: int) -> Upload:
        """Whether a file of that length may come. headers: named in small letters.

        Raises UploadRefused.
        """
        ...
