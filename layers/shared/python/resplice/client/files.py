"""A download: streamed to a temporary name, which becomes its own when all of it is there."""

from __future__ import annotations

import os
import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

import urllib3
from urllib3.exceptions import HTTPError

from resplice.client.errors import ApiError, NoAnswer
from resplice.client.transport import TRIES, Transport, told

PIECE_BYTES = 1 << 18
REDIRECTED = urllib3.Retry(total=None, connect=False, read=False, redirect=5)


def download(url: str, size_bytes: int | None, path: Path, transport: Transport) -> Path:
    """No key goes with it. size_bytes: how large it must be, when that is known.

    Raises ApiError, NoAnswer, OSError; then there is nothing new at path.
    """
    target = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}-", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _received(url, size_bytes, file, transport)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return path


def _received(url: str, size_bytes: int | None, into: BinaryIO, transport: Transport) -> None:
    """Begins again from the first byte when it breaks off."""
    for tried in range(1, TRIES + 1):
        answer = transport.repeated(lambda: _asked(url, transport.pool), twice=True)
        try:
            _write(answer, size_bytes, into)
            return
        except HTTPError as error:
            if tried == TRIES:
                raise NoAnswer(f"{url} broke off: {error}") from error
        finally:
            answer.close()


def _asked(url: str, pool: urllib3.PoolManager) -> urllib3.BaseHTTPResponse:
    return pool.request("GET", url, preload_content=False, retries=REDIRECTED)


def _write(answer: urllib3.BaseHTTPResponse, size_bytes: int | None, into: BinaryIO) -> None:
    if answer.status != HTTPStatus.OK:
        if answer.status // 100 != HTTPStatus.OK // 100:
            told(answer)
        raise ApiError(answer.status, "The file was not sent")
    into.seek(0)
    into.truncate()
    for piece in answer.stream(PIECE_BYTES):
        into.write(piece)
    if size_bytes is not None and into.tell() != size_bytes:
        raise NoAnswer(f"The file has {into.tell()} bytes, not {size_bytes}")
