"""Media files in a folder: the bytes of each behind a small pointer, whole at any moment.

Nothing here is evicted. The name of a file on disk is a digest of its place: what callers call
their files never becomes a path.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from resplice.adapters.disk.media_tokens import MediaTokens
from resplice.adapters.disk.tree import make_folder, publish, storage_errors, sync
from resplice.core.media import TEMP, TEMP_DAYS, token_of
from resplice.core.time_units import DAY_S
from resplice.errors import NotFound
from resplice.ports.media import StoredMedia, Upload
from resplice.ports.objects import StoredObject

UPLOADS = "/media-upload/"
CHUNK_BYTES = 1 << 20
LEFT_BEHIND_S = DAY_S
SWEEP_S = 3600


class DiskMedia:
    """Implements ports.media.MediaBytes. Any number of threads and processes may use one folder.

    put: what came whole is moved to its place.
    """

    def __init__(self, root: Path) -> None:
        self.root, self.tokens = root, MediaTokens(root / "upload.key")
        self._swept_s = 0.0

    def upload_url(self, upload: Upload, seconds: int, base_url: str) -> str:
        self._sweep()
        return f"{base_url}{UPLOADS}{self.tokens.token(upload, int(time.time()) + seconds)}"

    def look(self, place: str) -> StoredMedia | None:
        with storage_errors(f"look up {place}"):
            found = self._pointed(place)
        return StoredMedia(found.size_bytes, found.digest) if found else None

    def read(self, place: str, version: str | None, into: Path) -> str:
        with storage_errors(f"read {place}"), self.opened(place) as (stored, file):
            if version not in (None, stored.digest):
                raise NotFound(f"{place} is another one by now")
            with into.open("wb") as copied:
                shutil.copyfileobj(file, copied, CHUNK_BYTES)
            return stored.digest

    @contextmanager
    def opened(self, place: str) -> Iterator[tuple[StoredObject, BinaryIO]]:
        """What is there, and its bytes. Raises NotFound."""
        with storage_errors(f"open {place}"):
            stored, file = self._open(place)
        with file:
            yield stored, file

    def _open(self, place: str) -> tuple[StoredObject, BinaryIO]:
        """It may be replaced between two looks."""
        while found := self._pointed(place):
            with suppress(FileNotFoundError):
                return found, self._bytes(place, found.digest).open("rb")
        raise NotFound(f"there is no {place}")

    def copy(self, place: str, to: str) -> None:
        with self.arriving() as path, self.opened(place) as (stored, file):
            with path.open("wb") as copied:
                shutil.copyfileobj(file, copied, CHUNK_BYTES)
            self.put(path, stored.digest, to, stored.facts["content_type"])

    def remove(self, place: str) -> None:
        with storage_errors(f"remove {place}"):
            self._pointer(place).unlink(missing_ok=True)
            self._remove_others(place, "")

    @contextmanager
    def arriving(self) -> Iterator[Path]:
        """A file of ours to be written; it goes unless it is put."""
        with storage_errors("make room for a file"):
            make_folder(self.root / "tmp")
            descriptor, name = tempfile.mkstemp(dir=self.root / "tmp")  # It is 0600.
            os.close(descriptor)
        try:
            yield Path(name)
        finally:
            with suppress(OSError):
                Path(name).unlink(missing_ok=True)

    def put(self, arrived: Path, digest: str, place: str, content_type: str) -> None:
        """digest: the SHA-256 of what has arrived, from where it is moved."""
        size_bytes = arrived.stat().st_size
        told = {"size_bytes": size_bytes, "version": digest, "content_type": content_type}
        with storage_errors(f"store {place}"), self.arriving() as pointer:
            pointer.write_text(json.dumps(told))
            for path in (arrived, pointer):
                sync(path)
            publish(arrived, self._bytes(place, digest))
            publish(pointer, self._pointer(place))
            self._remove_others(place, digest)

    def _pointed(self, place: str) -> StoredObject | None:
        """A pointer to nothing is none."""
        try:
            told = json.loads(self._pointer(place).read_bytes())
            facts = {"content_type": told["content_type"]}
            stored = StoredObject(place, told["size_bytes"], told["version"], facts)
            found = self._bytes(place, stored.digest).stat()
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            return None
        return stored if found.st_size == stored.size_bytes else None

    def _pointer(self, place: str) -> Path:
        return self._folder(place) / f"{_name(place)}.json"

    def _bytes(self, place: str, digest: str) -> Path:
        return self._folder(place) / f"{_name(place)}.{digest}"

    def _folder(self, place: str) -> Path:
        return self.root / place.partition("/")[0] / token_of(place)

    def _remove_others(self, place: str, digest: str) -> None:
        """Bytes that were there before, also those of who died with their pointer unwritten."""
        for path in self._folder(place).glob(f"{_name(place)}.*"):
            if path.suffix not in (".json", f".{digest}"):
                path.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Now and then: what is in TEMP for longer than its days, and what the dead left."""
        now_s = time.time()
        if now_s - self._swept_s < SWEEP_S:
            return
        self._swept_s = now_s
        with storage_errors("sweep the folder of media"):
            kept_s = TEMP_DAYS * DAY_S
            for folder, name, oldest_s in (
                (self.root / TEMP, "*/*", now_s - kept_s),
                (self.root / "tmp", "*", now_s - LEFT_BEHIND_S),
            ):
                for path in folder.glob(name):
                    with suppress(FileNotFoundError):
                        if path.stat().st_mtime < oldest_s:
                            path.unlink()


def _name(place: str) -> str:
    return hashlib.sha256(place.encode()).hexdigest()
