"""What stands before the stack on AWS: API Gateway to one function, CloudFront to the movies."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, BinaryIO

from resplice.adapters.disk.scratch import ScratchFolder
from resplice.adapters.http_server.front import HOST, HttpFront
from resplice.adapters.http_server.stored_files import Found, Opened, media_found, movie_at
from resplice.adapters.s3.media import S3Media
from resplice.core.media import PREFIX, place_at
from resplice.errors import RespliceError
from resplice.ports.objects import Objects, StoredObject

AT_ONCE = 64
MAX_EVENT_BYTES = 6 * 2**20

Invoke = Callable[[dict[str, Any]], dict[str, Any] | None]
"""Of an API Gateway event: the function's answer, or None when it failed."""


@contextmanager
def reserved(port: int) -> Iterator[int]:
    """A port (0: any) that stays ours until somebody listens on it.

    Raises RespliceError when it cannot be had.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind((HOST, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise RespliceError(f"cannot listen on {HOST}:{port}: {reason}") from error
        yield held.getsockname()[1]


@contextmanager
def fronting(
    port: int,
    invoke: Invoke,
    objects: Objects,
    media: Opened | None = None,
    origins: Collection[str] = (),
    *,
    cdn: bool = True,
) -> Iterator[HttpFront]:
    """Serve in the background. media: opens owners' files. cdn: whether CloudFront is here, or the
    function hears of files too. origins: of pages whose scripts may
    call: here, where a browser's other pages could call as well, the front looks at them too.

    Raises RespliceError when the port cannot be had.
    """

    def locate(path: str) -> Found | None:
        if not cdn:
            return None
        place = place_at(path) if media else None
        return media_found(place, media) if place and media else movie_at(path)

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        if len(json.dumps(event)) > MAX_EVENT_BYTES:
            return _refusal(413, "Request Entity Too Large")
        return invoke(event) or _refusal(500, "Internal Server Error")

    with HttpFront(
        port, handler, objects, _timestamp, locate=locate, at_once=AT_ONCE, origins=origins
    ) as front:
        front.start()
        yield front


def _refusal(status: int, message: str) -> dict[str, Any]:
    """What API Gateway says by itself: when the function fails, or takes no event so large."""
    headers = {"content-type": "application/json"}
    return {"statusCode": status, "headers": headers, "body": json.dumps({"message": message})}


def _timestamp() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


@contextmanager
def file_of_owner(
    client: Any, bucket: str, scratch: ScratchFolder, place: str
) -> Iterator[tuple[StoredObject, BinaryIO]]:
    """An owner's file, as CloudFront gets it from the bucket. Raises NotFound."""
    media, key = S3Media(client, bucket), PREFIX + place
    with scratch.scratch() as folder:
        digest = media.read(place, None, folder / "file")
        told = client.head_object(Bucket=bucket, Key=key)
        facts = {"content_type": told["ContentType"]}
        with (folder / "file").open("rb") as file:
            yield StoredObject(key, told["ContentLength"], digest, facts), file
