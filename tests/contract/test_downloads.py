"""Downloads from S3: a signed URL leads to what is there, for one method, and to nothing else."""

from __future__ import annotations

import urllib.request
from typing import Any

import cloud
import pytest
from botocore.exceptions import ClientError
from resplice.adapters.s3.downloads import S3Downloads
from resplice.errors import StorageError
from resplice.ports.downloads import Downloads

KEY = "media/files/a/b c.png"


@pytest.fixture
def client() -> Any:
    return cloud.client("s3")


@pytest.fixture
def downloads(client: Any) -> Downloads:
    bucket = cloud.new_bucket()
    client.put_object(Bucket=bucket, Key=KEY, Body=b"0123456789", ContentType="image/png")
    return S3Downloads(lambda: client, bucket)


def asked(url: str, method: str, **headers: str) -> tuple[int, Any, bytes]:
    request = urllib.request.Request(url, method=method, headers=headers)
    with urllib.request.urlopen(request) as answer:
        return answer.status, answer.headers, answer.read()


def test_what_is_there_is_led_to_with_its_type_and_in_ranges(downloads: Downloads) -> None:
    url = str(downloads.url(KEY, "GET", 60))
    status, headers, body = asked(url, "GET")
    assert (status, headers["content-type"], body) == (200, "image/png", b"0123456789")
    status, _, body = asked(url, "GET", Range="bytes=2-4")
    assert (status, body) == (206, b"234")
    status, headers, body = asked(str(downloads.url(KEY, "HEAD", 60)), "HEAD")
    assert (status, headers["content-length"], body) == (200, "10", b"")


def test_what_is_not_there_is_led_to_nowhere(downloads: Downloads) -> None:
    assert downloads.url(f"{KEY}x", "GET", 60) is None


def test_a_store_that_cannot_be_asked_is_no_missing_file(client: Any) -> None:
    def refused(**_: Any) -> Any:
        raise ClientError({"Error": {"Code": "403", "Message": "no"}}, "HeadObject")

    client.meta.events.register_first("before-call.s3.HeadObject", refused)
    try:
        with pytest.raises(StorageError):
            S3Downloads(lambda: client, "any-bucket").url(KEY, "GET", 60)
    finally:
        client.meta.events.unregister("before-call.s3.HeadObject", refused)
