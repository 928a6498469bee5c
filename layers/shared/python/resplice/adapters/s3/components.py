"""The user's own components in the bucket: `components/<pack>/<id>/` with the three files of each.

What is there is listed each time; a file is read anew when its ETag is another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from resplice.adapters.component_files import FILES, MAX_FILE_BYTES, folders, text_of, within_limit
from resplice.adapters.s3.objects import storage_errors
from resplice.core.components import ComponentFolder

PREFIX = "components/"


class S3Components:
    """Implements ports.components.Components. One instance may serve many threads."""

    def __init__(self, client: Any, bucket: str) -> None:
        """client: of boto3, for S3."""
        self._client, self._bucket = client, bucket
        self._read: dict[str, tuple[str, str]] = {}

    def all(self) -> tuple[ComponentFolder, ...]:
        """Raises StorageError."""
        with storage_errors("read components"):
            return folders(
                {path: self._text(path, etag) for path, etag in within_limit(self._listed())}
            )

    def _listed(self) -> Iterator[tuple[str, str]]:
        """(path below the prefix, ETag) of each file of a component."""
        pages = self._client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._bucket, Prefix=PREFIX):
            for each in page.get("Contents", ()):
                path = each["Key"].removeprefix(PREFIX)
                if path.count("/") == 2 and path.rpartition("/")[2] in FILES:
                    yield path, each["ETag"]

    def _text(self, path: str, etag: str) -> str:
        known = self._read.get(path)
        if known is None or known[0] != etag:
            found = self._client.get_object(Bucket=self._bucket, Key=PREFIX + path)
            with closing(found["Body"]) as body:
                known = self._read[path] = (etag, text_of(body.read(MAX_FILE_BYTES + 1)))
        return known[1]
