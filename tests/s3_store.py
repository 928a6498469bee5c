"""S3 as tests have it: a bucket to look into, behind a server that is as whole as S3 is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cloud
from moto.s3.models import s3_backends
from resplice.adapters.disk.scratch import ScratchFolder
from resplice.adapters.s3.objects import S3Objects

KEY, BODY = "movies/a", b"some movie" * 100


class Store:
    """One bucket, a client of its own that can be watched, and the adapter on both."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bucket = folder, cloud.new_bucket()
        self.client: Any = cloud.client.__wrapped__("s3")
        self.objects = self.another()

    def another(self, client: Any = None, **options: Any) -> S3Objects:
        scratch = ScratchFolder(self.folder / "scratch")
        return S3Objects(client or self.client, self.bucket, scratch, **options)

    def source(self, content: bytes = BODY) -> Path:
        path = self.folder / hashlib.sha256(content).hexdigest()
        path.write_bytes(content)
        return path

    def on(self, event: str, action: Callable[..., object]) -> None:
        """event: `before-call` or `after-call`, a dot, and the operation."""
        moment, operation = event.split(".")

        def act(**told: object) -> None:
            """Gives nothing back: that would be taken for the answer."""
            action(**told)

        self.client.meta.events.register(f"{moment}.s3.{operation}", act)

    def raw(self, key: str = KEY) -> Any:
        """The server's own idea of the object."""
        return s3_backends["123456789012"]["aws"].buckets[self.bucket].keys[key]

    def replace(self, body: bytes, **metadata: str) -> None:
        """As some other program does it: new bytes, the metadata as it was."""
        found = cloud.client("s3").head_object(Bucket=self.bucket, Key=KEY)["Metadata"]
        cloud.client("s3").put_object(
            Bucket=self.bucket, Key=KEY, Body=body, Metadata={**found, **metadata}
        )

    def content(self, key: str = KEY) -> bytes:
        with self.objects.open(key) as path:
            return path.read_bytes()

    def keys(self) -> list[str]:
        found = cloud.client("s3").list_objects_v2(Bucket=self.bucket)
        return [each["Key"] for each in found.get("Contents", ())]

    def unfinished_uploads(self) -> list[Any]:
        return list(self.client.list_multipart_uploads(Bucket=self.bucket).get("Uploads", ()))
