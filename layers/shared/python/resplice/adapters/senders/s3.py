"""S3: the file in a bucket of somebody's own, put under a signed URL. Putting is atomic there."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.client import Config
from botocore.exceptions import BotoCoreError

from resplice.adapters.web.posting import Posting
from resplice.core.exports.naming import file_path
from resplice.errors import DeliveryFailed, DeliveryRefused, StorageError
from resplice.ports.senders import Parcel

FORBIDDEN = (401, 403)
SIGNED_SECONDS = 3600


class S3Bucket:
    """Implements ports.senders.Sender. boto3 only signs: it asks nobody."""

    def __init__(self, posting: Posting) -> None:
        self._posting = posting

    def send(self, parcel: Parcel, seconds: float) -> None:
        if parcel.file is None:
            raise DeliveryRefused("there is no movie")
        url, headers = _signed(parcel), {"Content-Type": "video/mp4"}
        try:
            answered = self._posting.send("PUT", url, parcel.file, headers, seconds)
        except OSError as error:
            raise StorageError(f"cannot read {parcel.file}: {error.strerror}") from error
        if answered.status in FORBIDDEN:
            raise DeliveryFailed(f"answered {answered.status}: the key may not write there")
        if not 200 <= answered.status < 300:
            raise DeliveryFailed(f"answered {answered.status}", answered.retry_after_s)


def _signed(parcel: Parcel) -> str:
    settings = parcel.settings
    own = str(settings.get("endpoint") or "") or None
    try:
        # A session of its own: the one that all share is not for several threads.
        client: Any = boto3.session.Session().client(
            "s3",
            region_name=settings["region"],
            endpoint_url=own,
            aws_access_key_id=settings["access-key"],
            aws_secret_access_key=settings["secret-key"],
            config=Config(
                signature_version="s3v4", s3={"addressing_style": "path" if own else "virtual"}
            ),
        )
        key = file_path(settings["remote-path"], settings["file"]).lstrip("/")
        where = {"Bucket": settings["bucket"], "Key": key, "ContentType": "video/mp4"}
        return str(client.generate_presigned_url("put_object", where, ExpiresIn=SIGNED_SECONDS))
    except (BotoCoreError, ValueError):
        raise DeliveryRefused("there is no such bucket, region or endpoint") from None
