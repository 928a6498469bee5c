"""Downloads from an S3 bucket by URLs that are signed: S3 sends the bytes, with what it was told of
them when they were stored, and knows ranges.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ShareObjectPreSignedURL.html
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from resplice.adapters.s3.objects import storage_errors
from resplice.ports.downloads import Method

GONE = ("404", "NoSuchKey")


class S3Downloads:
    """Implements ports.downloads.Downloads. A URL ends with the credentials that signed it, where
    these end sooner.
    """

    def __init__(self, client_factory: Callable[[], Any], bucket: str) -> None:
        """client_factory: a client of boto3, for S3, which signs as S3 wants it; called once, when
        the first file is asked for.
        """
        self._client_factory, self._bucket = client_factory, bucket

    def url(self, key: str, method: Method, seconds: int) -> str | None:
        place = {"Bucket": self._bucket, "Key": key}
        with storage_errors(f"look for {key}"):
            try:
                self._client.head_object(**place)
            except ClientError as error:
                if error.response["Error"]["Code"] in GONE:
                    return None
                raise
            signed: str = self._client.generate_presigned_url(
                f"{method.lower()}_object", Params=place, ExpiresIn=seconds
            )
        return signed

    @cached_property
    def _client(self) -> Any:
        return self._client_factory()
