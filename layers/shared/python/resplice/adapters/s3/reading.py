"""An object's bytes as they come to this machine's disk. Of a large one several parts come side by
side: S3 gives one connection some 90 MB/s, and more to more of them.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance-guidelines.html
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from botocore.exceptions import FlexibleChecksumError

CHUNK_BYTES = 1 << 20
PART_BYTES = 8 << 20
PARTS_AT_ONCE = 4
"""Of each object that is being opened; in memory there is one more, which is being written."""
PARTED_BYTES = PARTS_AT_ONCE * PART_BYTES
"""From here on an object comes in parts."""


def whole(body: Any) -> Iterator[bytes]:
    """Of one answer."""
    while chunk := body.read(CHUNK_BYTES):
        yield chunk


def in_parts(read: Callable[[int, int], bytes], size_bytes: int) -> Iterator[bytes]:
    """read: (offset, how many) to the bytes. Raises what that raises."""
    coming = deque[Future[bytes]]()
    with ThreadPoolExecutor(PARTS_AT_ONCE) as pool:
        try:
            for offset in range(0, size_bytes, PART_BYTES):
                coming.append(pool.submit(read, offset, min(PART_BYTES, size_bytes - offset)))
                if len(coming) == PARTS_AT_ONCE:
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()
        finally:
            for part in coming:
                part.cancel()


def digest_of_copy(chunks: Iterable[bytes], path: Path) -> str | None:
    """Copy them to path; their SHA-256, or None when S3 itself gives another."""
    digest = hashlib.sha256()
    try:
        with path.open("xb") as file:
            for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
    except FlexibleChecksumError:
        return None
    path.chmod(0o444)
    return digest.hexdigest()
