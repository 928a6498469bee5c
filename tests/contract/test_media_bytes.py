"""What all places of media must do. Bytes are sent as callers send them, but for the way there."""

from __future__ import annotations

import hashlib
import os
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import boto3
import cloud
import pytest
from resplice.adapters.disk.media import UPLOADS, DiskMedia
from resplice.adapters.s3.media import S3Media
from resplice.core.media import TEMP_DAYS
from resplice.errors import NotFound
from resplice.ports.media import MediaBytes, Upload
from resplice.wiring.media import SIGNING

TOKEN = "0123456789abcdef" * 2
PLACE, OTHER = f"files/{TOKEN}/a/x.bin", f"temp/{TOKEN}/x.bin"
DATA = b"some bytes"


@dataclass(frozen=True)
class Place:
    media: MediaBytes
    send: Callable[[bytes, str], None]


@pytest.fixture(params=["disk", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "disk":
        disk = DiskMedia(tmp_path / "media")
        return Place(disk, lambda data, to: put(disk, data, to))
    s3 = S3Media(cloud.client("s3"), cloud.new_bucket())
    return Place(s3, lambda data, to: sent(s3, data, to))


def signing(region: str) -> S3Media:
    """As a function has it on AWS."""
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    return S3Media(boto3.client("s3", region_name=region, config=SIGNING, **keys), "bucket")


def put(disk: DiskMedia, data: bytes, to: str) -> None:
    with disk.arriving() as path:
        path.write_bytes(data)
        disk.put(path, hashlib.sha256(data).hexdigest(), to, "image/x")


def sent(s3: S3Media, data: bytes, to: str) -> None:
    upload = Upload("ann", "a/x.bin", 1, to, "image/x", len(data))
    url = s3.upload_url(upload, 120, "unused")
    request = urllib.request.Request(url, data, {"Content-Type": "image/x"}, method="PUT")
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 200


def test_what_was_sent_is_there(place: Place, tmp_path: Path) -> None:
    media, into = place.media, tmp_path / "read"
    assert media.look(PLACE) is None
    place.send(DATA, PLACE)
    found = media.look(PLACE)
    assert found and found.size_bytes == len(DATA) and found.version
    assert media.read(PLACE, found.version, into) == hashlib.sha256(DATA).hexdigest()
    assert into.read_bytes() == DATA
    assert media.look(OTHER) is None


def test_other_bytes_are_another_version_and_the_same_are_the_same(
    place: Place, tmp_path: Path
) -> None:
    versions = []
    for data in (DATA, b"others", DATA):
        place.send(data, PLACE)
        found = place.media.look(PLACE)
        assert found
        versions.append(found.version)
    assert versions[0] == versions[2] != versions[1]
    with pytest.raises(NotFound):
        place.media.read(PLACE, versions[1], tmp_path / "read")
    assert place.media.read(PLACE, None, tmp_path / "read") == hashlib.sha256(DATA).hexdigest()


def test_copies_and_removals(place: Place, tmp_path: Path) -> None:
    place.send(DATA, PLACE)
    place.media.copy(PLACE, OTHER)
    place.media.remove(PLACE)
    place.media.remove(PLACE)
    assert place.media.look(PLACE) is None
    place.media.read(OTHER, None, tmp_path / "read")
    assert (tmp_path / "read").read_bytes() == DATA
    with pytest.raises(NotFound):
        place.media.copy(PLACE, OTHER)
    with pytest.raises(NotFound):
        place.media.read(PLACE, None, tmp_path / "read")
    assert place.media.look(OTHER)


def test_on_s3_type_and_length_are_signed_and_nothing_else_is_needed() -> None:
    upload = Upload("ann", "a/x.bin", 1, PLACE, "image/x", 10)
    url = signing("eu-west-1").upload_url(upload, 120, "unused")
    assert url.startswith(f"https://bucket.s3.eu-west-1.amazonaws.com/media/{PLACE}?")
    assert ".s3.us-east-1." in signing("us-east-1").upload_url(upload, 120, "unused")
    said = parse_qs(urlsplit(url).query)
    assert said["X-Amz-SignedHeaders"] == ["content-length;content-type;host"]
    assert said["X-Amz-Expires"] == ["120"]
    assert not [name for name in said if "checksum" in name.lower()]


def test_on_disk_a_token_says_what_may_come_and_nobody_else_can_make_one(tmp_path: Path) -> None:
    upload = Upload("ann", "a/x.bin", 1, PLACE, "image/x", 10)
    disk = DiskMedia(tmp_path / "media")
    base, _, token = disk.upload_url(upload, 120, "http://here").partition(UPLOADS)
    again = DiskMedia(tmp_path / "media").tokens.read(token)
    assert base == "http://here" and again and again[0] == upload
    assert 100 < again[1] - time.time() <= 120
    flipped = token[:60] + ("A" if token[60] != "A" else "B") + token[61:]
    for forged in (flipped, token[:-4], "", "é", "AAAA", token * 2):
        assert disk.tokens.read(forged) is None
    assert DiskMedia(tmp_path / "other").tokens.read(token) is None
    assert (tmp_path / "media/upload.key").stat().st_mode & 0o77 == 0


def test_on_disk_nothing_is_left_of_what_never_arrived_or_was_replaced(tmp_path: Path) -> None:
    disk = DiskMedia(tmp_path / "media")
    with disk.arriving() as path:
        path.write_bytes(DATA)
    for data in (DATA, b"others"):
        put(disk, data, PLACE)
    files = [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    assert len(files) == 2
    next(path for path in files if path.suffix != ".json").unlink()
    assert disk.look(PLACE) is None
    with pytest.raises(NotFound):
        disk.read(PLACE, None, tmp_path / "read")


def test_on_disk_what_is_temporary_goes_after_its_days(tmp_path: Path) -> None:
    disk = DiskMedia(tmp_path / "media")
    for place in (PLACE, OTHER):
        put(disk, DATA, place)
    old_s = time.time() - TEMP_DAYS * 86_400 - 60
    for path in (tmp_path / "media").rglob("*"):
        os.utime(path, (old_s, old_s))
    put(disk, DATA, OTHER + "2")
    disk.upload_url(Upload("ann", "x", 1, PLACE, "a/b", 1), 120, "")
    assert [bool(disk.look(each)) for each in (PLACE, OTHER, OTHER + "2")] == [True, False, True]
