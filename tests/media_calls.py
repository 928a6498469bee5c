"""Calls about owners' files as tests make them, and the stores that they are made on."""

from __future__ import annotations

import hashlib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cloud
from api_calls import call
from resplice.adapters.disk.media import DiskMedia
from resplice.adapters.dynamodb.media import DynamoMedia
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.adapters.s3.media import S3Media
from resplice.adapters.web.own_media import OwnMedia
from resplice.ports import Ports
from resplice.wiring.local import local

STORES = ("disk", "aws")
BASE = "https://movies.example"
FILE, FOLDER = "/v2/media/file", "/v2/media/folder"
PNG = {"name": "x.png", "contentType": "image/png", "size": 4}


@dataclass
class Later:
    """The clock, which may be set forward."""

    ms: int = 0
    wall: Any = field(default=None)

    def now_ms(self) -> int:
        return int(self.wall.now_ms()) + self.ms


@contextmanager
def ports_with(folder: Path) -> Iterator[dict[str, Ports]]:
    """Ports of this machine by where files, and what is known of them, are: see STORES."""
    with local(folder) as here:
        here.own_urls.are(BASE)
        table = DynamoTable(cloud.client("dynamodb"), cloud.new_table())
        stored = S3Media(cloud.client("s3"), cloud.new_bucket())
        web = OwnMedia(here.web, stored, here.own_urls)
        yield {
            "disk": here,
            "aws": replace(here, media=DynamoMedia(table), media_bytes=stored, web=web),
        }


def of_test(made: Ports) -> Ports:
    """With a clock that the test may set forward."""
    return replace(made, clock=Later(wall=made.clock))


def owner_of(test: str) -> str:
    """One for each test, by its name: then tests share what they are made on."""
    return "o" + hashlib.sha256(test.encode()).hexdigest()[:12]


def ok(method: str, path: str, body: Any = None) -> dict[str, Any]:
    status, answer = call(method, path, body)
    assert status == 200 and answer.pop("success") is True, answer
    return answer


def refused(method: str, path: str, body: Any = None) -> tuple[int, str]:
    status, answer = call(method, path, body)
    assert answer["success"] is False
    return status, answer["message"]


def send(data: bytes, ports: Ports, **said: Any) -> str:
    """A file that is uploaded; its URL."""
    made = ok("POST", FILE, {**PNG, "size": len(data), **said})
    store = ports.media_bytes
    if isinstance(store, DiskMedia):
        upload, _ = store.tokens.read(made["uploadUrl"].rpartition("/")[2])  # type: ignore[misc]
        with store.arriving() as path:
            path.write_bytes(data)
            digest = hashlib.sha256(data).hexdigest()
            store.put(path, digest, upload.place, upload.content_type)
    else:
        headers = {"Content-Type": said.get("contentType", "image/png")}
        request = urllib.request.Request(made["uploadUrl"], data, headers, method="PUT")
        urllib.request.urlopen(request, timeout=20).close()
    return str(made["fileUrl"])


def file_of(path: str) -> dict[str, Any]:
    return dict(ok("GET", f"{FILE}?path={path}")["file"])
