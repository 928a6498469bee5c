"""Media: what is known of owners' files, and where their bytes lie.

They are apart because bytes come without us: callers send them straight to where they lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from resplice.core.media import MediaFile
from resplice.frozen import frozen


class OwnUrls:
    """What the URLs of our own files begin with; nothing where none are served. A server knows it
    when it has its port.
    """

    def __init__(self, *known: str) -> None:
        self.known = known

    def are(self, *known: str) -> None:
        self.known = known


class MediaRecords(Protocol):
    """What was written is read by whoever reads next. Raises StorageError."""

    def token(self, owner: str) -> str | None:
        """What stands for the owner in URLs; None as long as it has none."""
        ...

    def claim_token(self, owner: str, token: str) -> str:
        """Give it to the owner, unless it has one; the one it has then."""
        ...

    def add(self, owner: str, file: MediaFile) -> bool:
        """False when there is one of that folder and name, and nothing was written."""
        ...

    def get(self, owner: str, path: str) -> MediaFile | None: ...

    def list(self, owner: str, folder: str) -> Sequence[MediaFile]:
        """All files and folders in that folder and below, by path; the folder itself is not one
        of them.
        """
        ...

    def replace(self, owner: str, was: MediaFile, file: MediaFile) -> bool:
        """Write the file, of the same path, in the place of that. False when it is gone: another of
        that path was made at another time.
        """
        ...

    def remove(self, owner: str, file: MediaFile) -> bool:
        """False when it was gone, as `replace` has it."""
        ...


@frozen
class StoredMedia:
    """version: names the bytes; other bytes have another."""

    size_bytes: int
    version: str


@frozen
class Upload:
    """A file that may be sent. place, content_type, size_bytes: exactly.

    owner, path, created_at_ms: of its record.
    """

    owner: str
    path: str
    created_at_ms: int
    place: str
    content_type: str
    size_bytes: int


class MediaBytes(Protocol):
    """Bytes at places: see core.media.MediaFile.place. Raises StorageError.

    A reader sees the bytes of before or all of the new ones. What lies in TEMP goes by itself when
    its days are over.
    """

    def upload_url(self, upload: Upload, seconds: int, base_url: str) -> str:
        """Whoever has it may PUT the bytes, with that Content-Type, without a key."""
        ...

    def look(self, place: str) -> StoredMedia | None: ...

    def read(self, place: str, version: str | None, into: Path) -> str:
        """Copy the bytes to the file `into`; the SHA-256 of them. version: only those; None for
        any. Raises NotFound when they are not there.
        """
        ...

    def copy(self, place: str, to: str) -> None:
        """Raises NotFound when there are no bytes at place."""
        ...

    def remove(self, place: str) -> None:
        """No error when there are none."""
        ...
