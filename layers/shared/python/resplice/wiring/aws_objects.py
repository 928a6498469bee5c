"""The ports on what lies in the bucket, for a Lambda function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from resplice.ports.scratch import Scratch


def object_makers(
    client: Callable[[], Any],
    bucket: Callable[[], str],
    refresh_after_days: Callable[[], Mapping[str, float]],
    scratch: Scratch,
    keeps: bool,
) -> dict[str, Callable[[], Any]]:
    """By the names of ports. keeps: contents stay on its disk for its next call."""

    @cache
    def objects() -> Any:
        from resplice.adapters.s3.kept import Kept
        from resplice.adapters.s3.objects import S3Objects

        kept = Kept(scratch) if keeps else None
        return S3Objects(client(), bucket(), scratch, refresh_after_days(), kept)

    def parts() -> Any:
        from resplice.adapters.s3.parts import S3Parts

        return S3Parts(objects(), scratch)

    return {"objects": objects, "splicer": objects, "parts": parts}
