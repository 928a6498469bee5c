"""Media files in an S3 bucket, to where callers send them straight, with a URL that is signed.

S3 replaces an object at once and whole. The version is its ETag, which is made of its bytes.
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from resplice.adapters.s3.objects import storage_errors
from resplice.core.media import PREFIX
from resplice.errors import NotFound
from resplice.ports.media import StoredMedia, Upload

CHUNK_BYTES = 1 << 20
GONE = ("404", "NoSuchKey", "412", "PreconditionFailed")


class S3Media:
    """Implements ports.media.MediaBytes. One instance may serve many threads."""

    def __init__(self, client: Any, bucket: str) -> None:
        """client: of boto3, for S3; of those who sign URLs one that signs as S3 wants it from a
        browser, without checksums.
        """
        self._client, self._bucket = client, bucket

    def upload_url(self, upload: Upload, seconds: int, base_url: str) -> str:
        """The length is signed too: other bytes than so many are refused by S3."""
        with storage_errors("sign a URL"):
            url: str = self._client.generate_presigned_url(
                "put_object",
                Params={
                    **self._at(upload.place),
                    "ContentType": upload.content_type,
                    "ContentLength": upload.size_bytes,
                },
                ExpiresIn=seconds,
            )
        return url

    def look(self, place: str) -> StoredMedia | None:
        with storage_errors(f"look up {place}"):
            try:
                found = self._client.head_object(**self._at(place))
            except ClientError as error:
                if _is_gone(error):
                    return None
                raise
        return StoredMedia(found["ContentLength"], found["ETag"].strip('"'))

    def read(self, place: str, version: str | None, into: Path) -> str:
        only = {"IfMatch": f'"{version}"'} if version else {}
        digest = hashlib.sha256()
        with storage_errors(f"read {place}"):
            try:
                found = self._client.get_object(**self._at(place), **only)
            except ClientError as error:
                if _is_gone(error):
                    raise NotFound(f"{place} is gone, or another one by now") from None
                raise
            with closing(found["Body"]) as body, into.open("wb") as file:
                for chunk in body.iter_chunks(CHUNK_BYTES):
                    digest.update(chunk)
                    file.write(chunk)
        return digest.hexdigest()

    def copy(self, place: str, to: str) -> None:
        with storage_errors(f"copy {place}"):
            try:
                self._client.copy_object(**self._at(to), CopySource=self._at(place))
            except ClientError as error:
                if _is_gone(error):
                    raise NotFound(f"there is no {place}") from None
                raise

    def remove(self, place: str) -> None:
        with storage_errors(f"remove {place}"):
            self._client.delete_object(**self._at(place))

    def _at(self, place: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": PREFIX + place}


def _is_gone(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in GONE
