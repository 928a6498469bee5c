"""Objects in a folder: content-addressed blobs behind small pointers, whole at any moment.

Safe over threads and processes on one folder. A store must be on one local file system that has
hard links and locks; what cannot be done there is a StorageError.
"""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path

from resplice.adapters.disk import eviction
from resplice.adapters.disk.reading import DiskReader
from resplice.adapters.disk.runs import DiskRun, sweep
from resplice.adapters.disk.tree import (
    DiskTree,
    decoded,
    encoded,
    finish,
    publish,
    sha256,
    storage_errors,
)
from resplice.errors import LimitReached, NotFound
from resplice.ports.objects import ListedObject, StoredFacts, StoredObject

LOOKED_UP_AT_ONCE = 100


class DiskObjects:
    """Implements ports.objects.Objects and ports.scratch.Scratch. One run each: see `close`.

    What a run has put, seen or opened is not evicted while it lives. Methods raise ValueError
    for what is no key, and StorageError when the folder fails.
    """

    def __init__(
        self,
        root: Path,
        limit_bytes: int | None,
        *,
        protects: bool = True,
        most_bytes: float = math.inf,
    ) -> None:
        """limit_bytes: of all blobs together; None for no limit. protects: see DiskRun.
        most_bytes: what this run may put in all.
        """
        with storage_errors(f"use the data folder {root}"):
            self._tree = DiskTree(root.resolve())
            sweep(self._tree)
            self._run = DiskRun(self._tree, protects=protects)
        self._most_bytes, self._put_bytes = most_bytes, 0
        self._reader = DiskReader(self._tree, self._run)
        self._limit_bytes, self._wrote, self._closed = limit_bytes, False, False

    def put(self, key: str, source: Path, facts: StoredFacts) -> StoredObject:
        """A source in a scratch folder of this run is moved, any other copied."""
        target = self._tree.entry_path(key)
        self._wrote = True
        with storage_errors(f"store {key}"), self.scratch() as folder:
            self._count(source.stat().st_size)
            bytes_, pointer = self._own(source, folder / "bytes"), folder / "pointer"
            digest = sha256(bytes_)
            content = encoded(key, digest, bytes_.stat().st_size, facts)
            pointer.write_bytes(content)
            for path in (bytes_, pointer):
                finish(path, self._run.now_ns())
            with self._tree.looking():
                publish(bytes_, self._tree.blob_path(digest))
                publish(pointer, target)
            self._reader.trust(digest)
        return decoded(content)

    def _count(self, size_bytes: int) -> None:
        self._put_bytes += size_bytes
        if self._put_bytes > self._most_bytes:
            raise LimitReached(
                f"All that was made for the movie is larger than the {self._most_bytes / 1e9:g} GB "
                "that one movie may store: make it shorter or smaller; whoever runs the server can "
                "set RESPLICE_MAX_STORED_GB"
            )

    def _own(self, source: Path, copy: Path) -> Path:
        """The source itself if it is ours to give away: in our scratch, and no reader's link."""
        scratch = source.parent.resolve().is_relative_to(self._run.folder)
        if scratch and not source.is_symlink() and source.stat().st_nlink == 1:
            return source
        shutil.copyfile(source, copy)
        return copy

    def head(self, key: str) -> StoredObject | None:
        path = self._tree.entry_path(key)
        with storage_errors(f"look up {key}"), self._tree.looking():
            return self._seen(path)

    def heads(self, keys: Sequence[str]) -> Sequence[StoredObject | None]:
        """Who removes something has to wait for some of them at most."""
        paths, found = map(self._tree.entry_path, keys), list[StoredObject | None]()
        with storage_errors("look objects up"):
            while some := list(islice(paths, LOOKED_UP_AT_ONCE)):
                with self._tree.looking():
                    found += map(self._seen, some)
        return found

    def _seen(self, path: Path) -> StoredObject | None:
        entry = self._tree.read(path)
        if not entry or not self._tree.has_bytes(entry):
            return None
        self._run.mark(path)
        return entry.stored

    def there(self, keys: Sequence[str]) -> Sequence[bool]:
        with storage_errors("look for objects"):
            entries = [self._tree.read(self._tree.entry_path(key)) for key in keys]
            return [bool(entry and self._tree.has_bytes(entry)) for entry in entries]

    @contextmanager
    def open(self, key: str) -> Iterator[Path]:
        with self.opened(key) as (path, _):
            yield path

    @contextmanager
    def opened(self, key: str) -> Iterator[tuple[Path, StoredObject]]:
        """The same, with what is said of these bytes."""
        entry_path = self._tree.entry_path(key)
        with storage_errors(f"open {key}"):
            found = self._reader.link(entry_path, mark=True)
        if not found:
            raise NotFound(f"there is no {key}")
        path, stored = found
        try:
            yield path, stored
        finally:
            with suppress(OSError):  # What is left goes with the run.
                path.unlink()

    def delete(self, key: str) -> None:
        """Its bytes go with the next eviction or verification."""
        with storage_errors(f"delete {key}"):
            self._tree.entry_path(key).unlink(missing_ok=True)

    def list(self, prefix: str) -> Iterator[StoredObject]:
        with storage_errors(f"list {prefix}"):
            entries = [e.stored for e in self._tree.entries(prefix) if self._tree.has_bytes(e)]
        return iter(entries)

    def page(self, prefix: str, after: str, most: int) -> Sequence[ListedObject]:
        with storage_errors(f"list {prefix}"):
            paths = self._tree.entry_paths(prefix)
            later = (path for path in paths if self._tree.key(path) > after)
            found = islice(filter(None, map(self._tree.read, later)), most)
            return [
                ListedObject(each.stored.key, each.stored.size_bytes, each.used_ns // 1_000_000)
                for each in found
            ]

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        with storage_errors("make a scratch folder"):
            folder = Path(tempfile.mkdtemp(dir=self._run.folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def evict(self) -> eviction.Freed:
        """Remove what was least recently used until the limit holds, but nothing that a live run
        needs. Nothing when another process is at it.
        """
        with storage_errors("evict"):
            return eviction.evict(self._tree, self._limit_bytes)

    def clear(self, layer: str | None = None) -> eviction.Freed:
        """Remove all entries, or those of one layer, that no live run needs."""
        with storage_errors("clear the cache"):
            return eviction.clear(self._tree, layer)

    def stats(self) -> eviction.CacheStats:
        with storage_errors("read the cache"):
            return eviction.stats(self._tree, self._limit_bytes)

    def verify(self) -> eviction.VerifyReport:
        """Hash every entry, whatever was hashed before; remove what is damaged or left over."""
        with storage_errors("verify the cache"):
            return eviction.verify(self._tree, DiskReader(self._tree, self._run))

    def close(self) -> None:
        """End the run: its scratch is removed, its entries may be evicted. Evicts if it put."""
        if self._closed:
            return
        self._closed = True
        with storage_errors("end the run"):
            self._run.end()
        if self._wrote:
            self.evict()
