"""How a file gets to S3: whole or not at all, checked on arrival, and only if nobody was faster.

S3 itself compares every body with its SHA-256. What a part of a large upload leaves behind when
its writer dies is removed by the bucket's lifecycle.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from botocore.exceptions import BotoCoreError, ClientError

AT_ONCE_BYTES = 16 << 20
PART_BYTES = 8 << 20
"""Held in memory. S3 takes ten thousand: more than the disk of a function holds."""
PARTS_AT_ONCE = 3
OTHERS_WERE_FASTER = frozenset(
    {"PreconditionFailed", "ConditionalRequestConflict", "OperationAborted"}
    | {"NoSuchKey", "NoSuchUpload"}
)

Condition = Mapping[str, str]


@dataclass(frozen=True)
class Upload:
    """One object to be. content: what an S3 request says of it (Content-Type, user metadata)."""

    client: Any
    place: Mapping[str, str]
    content: Mapping[str, Any]
    file: BinaryIO
    size_bytes: int
    digest: str

    @property
    def _checksum(self) -> str:
        """As S3 writes it."""
        return base64.b64encode(bytes.fromhex(self.digest)).decode()

    def is_there(self, answer: Mapping[str, Any]) -> bool:
        """Whether S3 vouches for the same bytes. answer: to a HEAD that asks for checksums.

        It has no checksum of the whole of what came in parts, and says so by a dash in the ETag.
        """
        in_parts = self.size_bytes > AT_ONCE_BYTES and "-" in answer["ETag"]
        return in_parts or answer.get("ChecksumSHA256") == self._checksum

    def send(self, condition: Condition) -> bool:
        """Write it if the condition (If-None-Match or If-Match) holds; False when it does not.

        Raises what botocore raises.
        """
        try:
            if self.size_bytes > AT_ONCE_BYTES:
                self._send_in_parts(condition)
            else:
                self._send_at_once(condition)
        except ClientError as error:
            if error.response["Error"]["Code"] in OTHERS_WERE_FASTER:
                return False
            raise
        return True

    def _send_at_once(self, condition: Condition) -> None:
        self.file.seek(0)
        self.client.put_object(
            **self.place,
            **self.content,
            **condition,
            Body=self.file,
            ChecksumAlgorithm="SHA256",
            ChecksumSHA256=self._checksum,
        )

    def _send_in_parts(self, condition: Condition) -> None:
        begun = self.client.create_multipart_upload(
            **self.place, **self.content, ChecksumAlgorithm="SHA256"
        )
        upload = {**self.place, "UploadId": begun["UploadId"]}
        try:
            self.client.complete_multipart_upload(
                **upload,
                **condition,
                MultipartUpload={"Parts": self._sent_parts(upload)},
                MpuObjectSize=self.size_bytes,
            )
        except BaseException:
            with suppress(ClientError, BotoCoreError):
                self.client.abort_multipart_upload(**upload)
            raise

    def _sent_parts(self, upload: Mapping[str, str]) -> list[dict[str, Any]]:
        count = -(-self.size_bytes // PART_BYTES)
        with ThreadPoolExecutor(PARTS_AT_ONCE) as pool:
            return list(pool.map(lambda number: self._send_part(upload, number), range(count)))

    def _send_part(self, upload: Mapping[str, str], number: int) -> dict[str, Any]:
        body = os.pread(self.file.fileno(), PART_BYTES, number * PART_BYTES)
        checksum = base64.b64encode(hashlib.sha256(body).digest()).decode()
        part = {"PartNumber": number + 1, "ChecksumSHA256": checksum}
        return {**part, "ETag": self.client.upload_part(**upload, **part, Body=body)["ETag"]}
