"""An upload whose record is deleted while its bytes are put: nothing of it stays."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from resplice.adapters.disk.media import DiskMedia
from resplice.adapters.disk.media_uploads import DiskUploads
from resplice.adapters.http_server.uploads import UploadRefused
from resplice.ports.media import Upload

DATA = b"some bytes"
PLACE = "files/token/late.mp4"


class Deleted(DiskMedia):
    """Its record goes at the moment at which the bytes are put."""

    def __init__(self, root: Path, records: Any) -> None:
        super().__init__(root)
        self._records = records

    def put(self, arrived: Path, digest: str, place: str, content_type: str) -> None:
        super().put(arrived, digest, place, content_type)
        assert self.look(place), "it was there for a moment"
        self._records.gone = True


class Records:
    gone = False

    def get(self, owner: str, path: str) -> Any:
        return None if self.gone else Upload(owner, path, 1, PLACE, "video/mp4", len(DATA))


def test_bytes_without_a_record_do_not_stay(tmp_path: Path) -> None:
    records = Records()
    media = Deleted(tmp_path, records)
    upload = Upload("self", "late.mp4", 1, PLACE, "video/mp4", len(DATA))
    url = media.upload_url(upload, 60, "http://h.example")
    begun = DiskUploads(media, records).begin(  # type: ignore[arg-type]
        url.rpartition("/")[2], {"content-type": "video/mp4"}, len(DATA)
    )
    begun.write(DATA)
    with pytest.raises(UploadRefused, match="deleted"):
        begun.finish()
    begun.abandon()
    assert media.look(PLACE) is None
    digest = hashlib.sha256(DATA).hexdigest()
    assert not [path for path in tmp_path.rglob("*") if digest in path.name]
