"""Wiring of owners' files on AWS."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from resplice.ports.media import OwnUrls
from resplice.ports.web import Web

SIGNING = Config(
    signature_version="s3v4",
    request_checksum_calculation="when_required",
    s3={"us_east_1_regional_endpoint": "regional", "addressing_style": "virtual"},
)
"""As who sends a file from anywhere can: to the bucket's own region, and without checksums."""


def media_makers(
    table: Callable[[], Any], bucket: Callable[[], str], config: Config
) -> Mapping[str, Callable[[], Any]]:
    """The ports of media."""
    return {
        "media": lambda: _records(table()),
        "media_bytes": lambda: media_bytes(bucket(), config),
    }


def media_bytes(bucket: str, config: Config) -> Any:
    from resplice.adapters.s3.media import S3Media

    return S3Media(boto3.client("s3", config=config.merge(SIGNING)), bucket)


def downloads(config: Config) -> Any:
    """RESPLICE_SERVES_FILES: 1 where the API leads to files, as nobody else serves them."""
    from resplice.adapters.s3.downloads import S3Downloads

    if os.environ.get("RESPLICE_SERVES_FILES") != "1":
        return None
    client = partial(boto3.client, "s3", config=config.merge(SIGNING))
    return S3Downloads(client, os.environ["RESPLICE_BUCKET"])


@cache
def stores(config: Config) -> tuple[str, ...]:
    """The origins of URLs that are signed."""
    client = boto3.client("s3", config=config.merge(SIGNING))
    named = {"Bucket": os.environ["RESPLICE_BUCKET"], "Key": "any"}
    place = urlsplit(client.generate_presigned_url("get_object", Params=named))
    return (f"{place.scheme}://{place.netloc}",)


def with_own_media(web: Web, bucket: str, config: Config) -> Any:
    """A web whose own files are read from the bucket."""
    from resplice.adapters.web.own_media import OwnMedia

    return OwnMedia(web, media_bytes(bucket, config), own_urls())


def own_urls() -> OwnUrls:
    """RESPLICE_BASE_URL: what the URLs of our files begin with, for functions that are told."""
    said = os.environ.get("RESPLICE_BASE_URL")
    return OwnUrls(said) if said else OwnUrls()


def _records(table: Any) -> Any:
    from resplice.adapters.dynamodb.media import DynamoMedia

    return DynamoMedia(table)
