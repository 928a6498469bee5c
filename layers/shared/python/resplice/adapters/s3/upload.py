"""How an object gets to S3: whole or not at all, checked on arrival, and only if nobody was faster.

S3 itself compares every body with its SHA-256. What a part of a large upload leaves behind when
its writer dies is removed by the bucket's lifecycle.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, BinaryIO

from botocore.exceptions import BotoCoreError, ClientError

from resplice.frozen import frozen

AT_ONCE_BYTES = 16 << 20
PART_BYTES = 8 << 20
"""Held in memory. S3 takes ten thousand: more than the disk of a function holds."""
PARTS_AT_ONCE = 3
OTHERS_WERE_FASTER = frozenset(
    {"PreconditionFailed", "ConditionalRequestConflict", "OperationAborted"}
    | {"NoSuchKey", "NoSuchUpload"}
)

Condition = Mapping[str, str]
Parts = Sequence[Mapping[str, Any]]
"""Of an upload, as S3 wants them named in the end."""


@frozen
class Upload:
    """One object to be. content: what an S3 request says of it (Content-Type, user metadata)."""

    client: Any
    place: Mapping[str, str]
    content: Mapping[str, Any]
    file: BinaryIO
    size_bytes: int
    digest: str

    def is_there(self, answer: Mapping[str, Any]) -> bool:
        """Whether S3 vouches for the same bytes. answer: to a HEAD that asks for checksums."""
        return vouched(self.size_bytes, self.digest, answer)

    def send(self, condition: Condition) -> bool:
        """Write it if the condition (If-None-Match or If-Match) holds; False when it does not.

        Raises what botocore raises.
        """
        if self.size_bytes > AT_ONCE_BYTES:
            checked = {**self.content, "ChecksumAlgorithm": "SHA256"}
            sizes = self.size_bytes, self._sent_parts
            return unless_overtaken(
                lambda: send_in_parts(self.client, self.place, checked, condition, *sizes)
            )
        return unless_overtaken(lambda: self._send_at_once(condition))

    def _send_at_once(self, condition: Condition) -> None:
        self.file.seek(0)
        self.client.put_object(
            **self.place,
            **self.content,
            **condition,
            Body=self.file,
            ChecksumAlgorithm="SHA256",
            ChecksumSHA256=_written(self.digest),
        )

    def _sent_parts(self, upload: Mapping[str, str]) -> Parts:
        count = -(-self.size_bytes // PART_BYTES)
        with ThreadPoolExecutor(PARTS_AT_ONCE) as pool:
            return list(pool.map(lambda number: self._send_part(upload, number), range(count)))

    def _send_part(self, upload: Mapping[str, str], number: int) -> dict[str, Any]:
        body = os.pread(self.file.fileno(), PART_BYTES, number * PART_BYTES)
        checksum = _written(hashlib.sha256(body).hexdigest())
        part = {"PartNumber": number + 1, "ChecksumSHA256": checksum}
        return {**part, "ETag": self.client.upload_part(**upload, **part, Body=body)["ETag"]}


def _written(digest: str) -> str:
    """As S3 writes it."""
    return base64.b64encode(bytes.fromhex(digest)).decode()


def vouched(size_bytes: int, digest: str, answer: Mapping[str, Any]) -> bool:
    """Whether S3 says that the bytes have this SHA-256, as far as it knows.

    It has no checksum of the whole of what came in parts, and says so by a dash in the ETag.
    """
    in_parts = size_bytes > AT_ONCE_BYTES and "-" in answer["ETag"]
    return in_parts or answer.get("ChecksumSHA256") == _written(digest)


def unless_overtaken(send: Callable[[], None]) -> bool:
    """Whether it was sent, and nobody had changed what is there meanwhile."""
    try:
        send()
    except ClientError as error:
        if error.response["Error"]["Code"] in OTHERS_WERE_FASTER:
            return False
        raise
    return True


def send_in_parts(
    client: Any,
    place: Mapping[str, str],
    content: Mapping[str, Any],
    condition: Condition,
    size_bytes: int,
    sent_parts: Callable[[Mapping[str, str]], Parts],
) -> None:
    """sent_parts: sends every part of the upload that it is given. Raises what botocore raises."""
    begun = client.create_multipart_upload(**place, **content)
    kind = {name: content[name] for name in ("ChecksumType",) if name in content}
    upload = {**place, "UploadId": begun["UploadId"]}
    try:
        client.complete_multipart_upload(
            **upload,
            **condition,
            **kind,
            MultipartUpload={"Parts": sent_parts(upload)},
            MpuObjectSize=size_bytes,
        )
    except BaseException:
        with suppress(ClientError, BotoCoreError):
            client.abort_multipart_upload(**upload)
        raise
