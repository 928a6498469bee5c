"""Objects in an S3 bucket: one for each key, its digest, size and facts in the metadata.

What was put together of others here has no digest of its bytes, but one of what it is made of, and
a checksum of the whole that S3 has reckoned.

S3 replaces an object at once and whole, so a reader gets one writer's bytes with their facts.
Where clients, buckets and their lifecycles come from is not known here.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from resplice.adapters.disk.tree import sha256
from resplice.adapters.object_keys import cache_control, check_key, check_prefix, content_type
from resplice.adapters.s3.kept import Kept
from resplice.adapters.s3.reading import PARTED_BYTES, digest_of_copy, in_parts, whole
from resplice.adapters.s3.splicing import CHANGED, Splice
from resplice.adapters.s3.upload import Upload, vouched
from resplice.core.mp4 import Run, Span, digest_of, size_of
from resplice.errors import NotFound, StorageError
from resplice.ports.objects import (
    MAX_REFRESHED_BYTES,
    ListedObject,
    StoredFacts,
    StoredObject,
)
from resplice.ports.scratch import Scratch
from resplice.ports.splicer import Opened

METADATA_LIMIT_BYTES = 2048
"""Of names and values; the prefix of the names is counted too, to be on the safe side."""
METADATA_PREFIX = "x-amz-meta-"
HEADS_AT_ONCE = 10
"""As many as a client of boto3 keeps connections, unless it is told otherwise."""
PUT_ATTEMPTS = 6
PAGE = 1_000
PUT_PAUSE_SECONDS = 0.05
NEVER: Mapping[str, float] = MappingProxyType({})
DIGEST, SPLICED = "sha256", "spliced"
"""Names in the metadata: of the digest of the bytes, or else of what they were put together of."""
CHECKSUMS = frozenset({"ChecksumCRC32", "ChecksumSHA256"})
"""Of the whole object: the second one once it was made new."""

T = TypeVar("T")

Answer = Mapping[str, Any]
"""Of S3, to a HEAD or a GET."""


class S3Objects:
    """Implements ports.objects.Objects and ports.splicer.Splicer. One instance may serve many
    threads.

    Methods raise ValueError for what is no key, and StorageError when S3 fails. What lies in the
    bucket without our metadata is a miss, and goes when it is opened or put.
    """

    sees_bytes = False

    def __init__(
        self,
        client: Any,
        bucket: str,
        scratch: Scratch,
        refresh_after_days: Mapping[str, float] = NEVER,
        kept: Kept | None = None,
    ) -> None:
        """client: of boto3, for S3. scratch: where opened objects lie. kept: contents that are not
        downloaded again.

        refresh_after_days: by the start of a key, how old an object is when its next use makes it
        new, for a lifecycle that removes by age. It must be shorter than that lifecycle. S3 copies
        objects up to MAX_REFRESHED_BYTES in seconds, while somebody waits; larger ones are not made
        new: they are made again when they are gone.
        """
        self._client, self._bucket, self._scratch = client, bucket, scratch
        self._refresh_after_days, self._kept = refresh_after_days, kept

    def put(self, key: str, source: Path, facts: StoredFacts) -> StoredObject:
        """Facts that do not fit beside the bytes are a StorageError."""
        check_key(key)
        text = _text(facts)
        with storage_errors(f"store {key}"), source.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size_bytes = os.fstat(file.fileno()).st_size
            stored = StoredObject(key, size_bytes, digest, json.loads(text))
            content = _content(stored, DIGEST, text)
            place = self._place(key)
            self._write(Upload(self._client, place, content, file, size_bytes, digest), stored)
            if self._kept:
                self._kept.keep(key, source)
        return stored

    def each(self, keys: Sequence[str], reading: Callable[[Opened], T]) -> list[T]:
        with ThreadPoolExecutor(HEADS_AT_ONCE) as pool:
            return list(pool.map(lambda key: reading(self._opened(key)), keys))

    def _opened(self, key: str) -> Opened:
        check_key(key)
        with storage_errors(f"open {key}"):
            there = self._look(key)
            if there and self._refresh(key, there):
                there = self._look(key)
            stored = _stored(key, there) if there else None
            if not there or not stored or not vouched(stored.size_bytes, stored.digest, there):
                if there:
                    self._discard(key, there)
                raise NotFound(f"there is no {key}")
        return Opened(stored, there["ETag"], partial(self._bytes, key, there["ETag"]))

    def _bytes(self, key: str, version: str, offset: int, size_bytes: int) -> bytes:
        """Raises NotFound when it is another object now, or none."""
        said = {"Range": f"bytes={offset}-{offset + size_bytes - 1}", "IfMatch": version}
        with storage_errors(f"read {key}"):
            try:
                with closing(self._client.get_object(**self._place(key), **said)["Body"]) as body:
                    content: bytes = body.read()
                    return content
            except ClientError as error:
                if error.response["Error"]["Code"] in CHANGED:
                    raise NotFound(f"there is no {key}") from error
                if error.response["Error"]["Code"] == "InvalidRange":
                    return b""  # It has ended before that.
                raise

    def splice(self, key: str, spans: Sequence[Span], facts: StoredFacts) -> StoredObject:
        """Facts that do not fit beside the bytes are a StorageError."""
        check_key(key)
        text = _text(facts)
        digest = digest_of(spans, lambda run: f"{run.key} {run.version}")
        stored = StoredObject(key, size_of(spans), digest, json.loads(text))
        content = _content(stored, SPLICED, text)
        splice = Splice(self._client, self._place(key), content, spans, self._run)
        with storage_errors(f"store {key}"):
            self._write(splice, stored)
        return stored

    def _run(self, run: Run) -> bytes:
        return self._bytes(run.key, run.version, run.offset, run.size_bytes)

    def _write(self, upload: Upload | Splice, stored: StoredObject) -> None:
        """Replace what is there unless it is the same, as it may be when another was faster.

        Its metadata is not enough: who finds the bytes damaged may not be allowed to remove them.
        """
        for attempt in range(PUT_ATTEMPTS):
            time.sleep(attempt * PUT_PAUSE_SECONDS)
            there = self._look(stored.key)
            if there and _stored(stored.key, there) == stored and upload.is_there(there):
                self._refresh(stored.key, there)
                return
            if upload.send({"IfMatch": there["ETag"]} if there else {"IfNoneMatch": "*"}):
                return
        raise StorageError(f"cannot store {stored.key}: others keep replacing it")

    def head(self, key: str) -> StoredObject | None:
        check_key(key)
        with storage_errors(f"look up {key}"):
            there = self._look(key)
            stored = _stored(key, there) if there else None
            if there and stored:
                self._refresh(key, there)
        return stored

    def heads(self, keys: Sequence[str]) -> Sequence[StoredObject | None]:
        with ThreadPoolExecutor(HEADS_AT_ONCE) as pool:
            return tuple(pool.map(self.head, keys))

    def there(self, keys: Sequence[str]) -> Sequence[bool]:
        with ThreadPoolExecutor(HEADS_AT_ONCE) as pool:
            return tuple(pool.map(self._is_there, keys))

    def _is_there(self, key: str) -> bool:
        check_key(key)
        with storage_errors(f"look for {key}"):
            there = self._look(key)
            return bool(there and _stored(key, there))

    @contextmanager
    def open(self, key: str) -> Iterator[Path]:
        check_key(key)
        with self._scratch.scratch() as folder:
            path = folder / "object"
            with storage_errors(f"open {key}"):
                kept = self._kept
                sound = self._taken(key, path, kept) if kept else self._download(key, path)
            if not sound:
                raise NotFound(f"there is no {key}")
            yield path

    def _taken(self, key: str, path: Path, kept: Kept) -> bool:
        """What _download says, but the bytes may have come before: then they are hashed again."""
        with kept.turn(key):
            if kept.copy(key, path):
                stored = self.head(key)
                if stored and sha256(path) == stored.digest:
                    return True
                kept.drop(key)
                path.unlink()
            try:
                sound = self._download(key, path)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                # Somebody else, who found no room at the same moment, may have made it already.
                kept.drop_all()
                path.unlink(missing_ok=True)
                sound = self._download(key, path)
            if sound:
                kept.keep(key, path)
        return sound

    def is_kept(self, key: str) -> bool:
        """Whether to open it takes no download, as far as one can know."""
        return self._kept is not None and self._kept.holds(key)

    def delete(self, key: str) -> None:
        check_key(key)
        with storage_errors(f"delete {key}"):
            self._client.delete_object(**self._place(key))

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """One request for each object: for people, not for every render."""
        check_prefix(prefix)
        return self._listed(prefix)

    def _listed(self, prefix: str) -> Iterator[StoredObject]:
        pages = self._client.get_paginator("list_objects_v2")
        with storage_errors(f"list {prefix}"):
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                for key in (found["Key"] for found in page.get("Contents", ())):
                    there = self._look(key)
                    if there and (stored := _stored(key, there)):
                        yield stored

    def page(self, prefix: str, after: str, most: int) -> Sequence[ListedObject]:
        """One request, for a thousand objects at most."""
        check_prefix(prefix)
        with storage_errors(f"list {prefix}"):
            found = self._client.list_objects_v2(
                Bucket=self._bucket, Prefix=prefix, StartAfter=after, MaxKeys=min(most, PAGE)
            )
        return [
            ListedObject(each["Key"], each["Size"], round(each["LastModified"].timestamp() * 1000))
            for each in found.get("Contents", ())
        ]

    def _place(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": key}

    def _look(self, key: str) -> Answer | None:
        try:
            answer: Answer = self._client.head_object(**self._place(key), ChecksumMode="ENABLED")
        except ClientError as error:
            if error.response["Error"]["Code"] == "404":
                return None
            raise
        return answer

    def _download(self, key: str, path: Path) -> bool:
        """Whether there is such an object and path now holds what its writer gave."""
        try:
            there = self._client.get_object(**self._place(key))
            if SPLICED in there["Metadata"]:
                there["Body"].close()
                there = self._client.get_object(**self._place(key), ChecksumMode="ENABLED")
        except self._client.exceptions.NoSuchKey:
            return False
        stored = _stored(key, there)
        with closing(there["Body"]):
            sound = stored is not None and _is_sound(self._copied(key, there, path), stored, there)
        if sound:
            self._refresh(key, there)
        else:
            self._discard(key, there)
        return sound

    def _copied(self, key: str, there: Answer, path: Path) -> str | None:
        """The digest of what lies at path then; None when it did not match what S3 knows of it."""
        size_bytes = there["ContentLength"]
        if size_bytes < PARTED_BYTES or SPLICED in there["Metadata"]:
            return digest_of_copy(whole(there["Body"]), path)
        try:
            read = partial(self._bytes, key, there["ETag"])
            return digest_of_copy(in_parts(read, size_bytes), path)
        except NotFound:
            # It was replaced meanwhile: the answer that came first has all of what was there.
            path.unlink()
            return digest_of_copy(whole(there["Body"]), path)

    def _discard(self, key: str, judged: Answer) -> None:
        """Remove what is damaged, unless somebody healed it meanwhile or we may not: it stays a
        miss for whoever opens it.
        """
        with suppress(ClientError, BotoCoreError):
            self._client.delete_object(**self._place(key), IfMatch=judged["ETag"])

    def _refresh(self, key: str, there: Answer) -> bool:
        """Make it new if it is old: whether it was. Not being able to is no error: it can be made
        again.
        """
        young = _age(there) < timedelta(days=self._days(key))
        if young or there["ContentLength"] > MAX_REFRESHED_BYTES:
            return False
        with suppress(ClientError, BotoCoreError):
            self._client.copy_object(
                **self._place(key),
                CopySource=self._place(key),
                CopySourceIfMatch=there["ETag"],
                IfMatch=there["ETag"],
                MetadataDirective="REPLACE",
                Metadata=there["Metadata"],
                ChecksumAlgorithm="SHA256",
                **_headers(key),
            )
            return True
        return False

    def _days(self, key: str) -> float:
        """Of the longest start that the key has."""
        starts = [start for start in self._refresh_after_days if key.startswith(start)]
        return self._refresh_after_days[max(starts, key=len)] if starts else timedelta.max.days


def _text(facts: StoredFacts) -> str:
    return json.dumps(dict(facts), sort_keys=True, separators=(",", ":"), allow_nan=False)


def _content(stored: StoredObject, named: str, facts: str) -> dict[str, Any]:
    """What S3 is told of the bytes. named: what its digest is of."""
    metadata = {named: stored.digest, "size": str(stored.size_bytes), "facts": facts}
    needed = sum(len(METADATA_PREFIX + name + value) for name, value in metadata.items())
    if needed > METADATA_LIMIT_BYTES:
        raise StorageError(
            f"cannot store {stored.key}: with its facts, its metadata has {needed} bytes "
            f"of the {METADATA_LIMIT_BYTES} that S3 keeps"
        )
    return {"Metadata": metadata, **_headers(stored.key)}


def _headers(key: str) -> dict[str, str]:
    """What S3 and CloudFront tell with the bytes."""
    kept = cache_control(key)
    return {"ContentType": content_type(key), **({"CacheControl": kept} if kept else {})}


@contextmanager
def storage_errors(action: str) -> Iterator[None]:
    """Failures of S3, the way to it and the disk as StorageError: `cannot <action>: <reason>`."""
    try:
        yield
    except (ClientError, BotoCoreError, HTTPError, OSError) as error:
        full = isinstance(error, OSError) and error.errno == errno.ENOSPC
        reason = "no room for it on this disk" if full else error
        raise StorageError(f"cannot {action}: {reason}") from error


def _stored(key: str, there: Answer) -> StoredObject | None:
    """What put wrote, or None when it did not or some bytes are missing."""
    names = there["Metadata"]
    try:
        facts = json.loads(names["facts"])
        digest = names[SPLICED if SPLICED in names else DIGEST]
        stored = StoredObject(key, int(names["size"]), digest, facts)
    except (KeyError, ValueError, RecursionError):
        return None
    whole = there["ContentLength"] == stored.size_bytes
    return stored if whole and isinstance(facts, dict) else None


def _is_sound(digest: str | None, stored: StoredObject, there: Answer) -> bool:
    """digest: of the bytes that came; None when they did not match what S3 knows of them."""
    if SPLICED not in there["Metadata"]:
        return digest == stored.digest
    return digest is not None and bool(CHECKSUMS & there.keys())


def _age(there: Answer) -> timedelta:
    """By the clock of S3."""
    written: datetime = there["LastModified"]
    return parsedate_to_datetime(there["ResponseMetadata"]["HTTPHeaders"]["date"]) - written
