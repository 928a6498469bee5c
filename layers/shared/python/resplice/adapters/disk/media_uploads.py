"""Uploads of media on this machine: what S3 does with a signed URL on AWS.

The bytes go to a file of their own and to their place when all of them are there.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from http import HTTPStatus
from pathlib import Path

from resplice.adapters.disk.media import DiskMedia
from resplice.adapters.http_server.uploads import UploadRefused
from resplice.errors import StorageError
from resplice.ports.media import MediaRecords, Upload


class DiskUploads:
    """Implements adapters.http_server.uploads.Uploads."""

    def __init__(self, media: DiskMedia, records: MediaRecords) -> None:
        self._media, self._records = media, records

    def begin(self, token: str, headers: Mapping[str, str], length_bytes: int) -> DiskUpload:
        """The URL holds for the beginning of an upload; it may take longer."""
        said = self._media.tokens.read(token)
        if said is None:
            raise _forbidden("The upload URL is not one of ours")
        upload, until_s = said
        if time.time() > until_s:
            raise _forbidden("The upload URL has expired: delete the file and register it again")
        self.check_wanted(upload)
        content_type = headers.get("content-type", "")
        if content_type != upload.content_type:
            wanted = f"must be {upload.content_type}, as it was registered"
            raise _forbidden(f"The Content-Type {wanted}, not {content_type[:100] or 'missing'}")
        if length_bytes != upload.size_bytes:
            wanted = f"must have {upload.size_bytes} bytes, as it was registered"
            raise _forbidden(f"The file {wanted}, not {length_bytes}")
        return DiskUpload(upload, self._media, self)

    def check_wanted(self, upload: Upload) -> None:
        """Raises UploadRefused when its record is gone."""
        record = self._records.get(upload.owner, upload.path)
        if record is None or record.created_at_ms != upload.created_at_ms:
            raise _forbidden("The file was deleted: register it again")


class DiskUpload:
    """Implements adapters.http_server.uploads.Upload."""

    def __init__(self, upload: Upload, media: DiskMedia, uploads: DiskUploads) -> None:
        self._upload, self._media, self._uploads = upload, media, uploads
        self._lasting, self._digest, self._left = ExitStack(), hashlib.sha256(), upload.size_bytes
        try:
            self._path: Path = self._lasting.enter_context(media.arriving())
            self._file = self._lasting.enter_context(self._path.open("wb"))
        except (OSError, StorageError):
            self.abandon()
            raise _no_room() from None

    def write(self, data: bytes) -> None:
        self._left -= len(data)
        if self._left < 0:
            raise UploadRefused(HTTPStatus.BAD_REQUEST, "More bytes came than were said")
        try:
            self._file.write(data)
        except OSError:
            raise _no_room() from None
        self._digest.update(data)

    def finish(self) -> None:
        if self._left:
            said = f"{self._left} bytes of the file did not come"
            raise UploadRefused(HTTPStatus.BAD_REQUEST, said)
        try:
            self._file.close()
            self._uploads.check_wanted(self._upload)
            upload = self._upload
            digest = self._digest.hexdigest()
            self._media.put(self._path, digest, upload.place, upload.content_type)
            self._take_back_unwanted()
        except (OSError, StorageError):
            raise _no_room() from None

    def _take_back_unwanted(self) -> None:
        """Its record may have been deleted while it was put: bytes without one would stay."""
        try:
            self._uploads.check_wanted(self._upload)
        except UploadRefused:
            self._media.remove(self._upload.place)
            raise

    def abandon(self) -> None:
        with suppress(OSError):
            self._lasting.close()


def _forbidden(message: str) -> UploadRefused:
    return UploadRefused(HTTPStatus.FORBIDDEN, message)


def _no_room() -> UploadRefused:
    said = "The file could not be stored: is the disk full?"
    return UploadRefused(HTTPStatus.INSUFFICIENT_STORAGE, said)
