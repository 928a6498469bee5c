"""Keeping a disk store small and sound: eviction, clearing, statistics, verification.

An entry is needed when it was used since the oldest live run began; a needed entry stays. A blob
stays while an entry refers to it, or when it was published since then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from resplice.adapters.disk.reading import DiskReader
from resplice.adapters.disk.runs import oldest_start_ns, sweep
from resplice.adapters.disk.tree import DiskTree, Entry
from resplice.frozen import frozen

LAYERS = ("elements", "scenes", "movies")


@frozen
class Freed:
    """What was removed: entries, and the bytes of blobs that no other entry shares."""

    entries: int = 0
    size_bytes: int = 0


@frozen
class LayerStats:
    """Bytes that entries of the layer share count once."""

    entries: int
    size_bytes: int


@frozen
class CacheStats:
    """size_bytes: of all blobs, shared ones once."""

    layers: dict[str, LayerStats]
    size_bytes: int
    limit_bytes: int | None


@frozen
class VerifyReport:
    """damaged: the keys of removed entries. orphans: removed blobs. stale_files: of dead runs."""

    entries: int
    damaged: tuple[str, ...]
    orphans: int
    stale_files: int


def evict(tree: DiskTree, limit_bytes: int | None) -> Freed:
    """Least recently used first, until all blobs together fit into the limit."""
    if limit_bytes is None or sum(found.st_size for _, found in tree.blobs()) <= limit_bytes:
        return Freed()
    try:
        with tree.evicting(), tree.removing():
            census = _Census(tree)
            census.remove_orphans()
            for entry in census.unneeded():
                if census.size_bytes <= limit_bytes:
                    break
                census.remove(entry)
    except BlockingIOError:
        return Freed()
    return census.freed()


def clear(tree: DiskTree, layer: str | None) -> Freed:
    """All entries that no live run needs, or those of one layer (the first part of a key)."""
    with tree.removing():
        census = _Census(tree)
        for entry in census.unneeded():
            if layer in (None, _layer(entry)):
                census.remove(entry)
        census.remove_orphans()
    return census.freed()


def stats(tree: DiskTree, limit_bytes: int | None) -> CacheStats:
    entries = list(tree.entries())
    names = (*LAYERS, *sorted({*map(_layer, entries)} - {*LAYERS}))
    return CacheStats(
        layers={name: _layer_stats(entries, name) for name in names},
        size_bytes=sum(found.st_size for _, found in tree.blobs()),
        limit_bytes=limit_bytes,
    )


def verify(tree: DiskTree, reader: DiskReader) -> VerifyReport:
    """Everything is hashed that the reader did not hash before. No use is marked."""
    paths = tree.entry_paths()
    for path in paths:
        if found := reader.link(path, mark=False):
            found[0].unlink()
    with tree.removing():
        orphans = _Census(tree).remove_orphans()
    return VerifyReport(len(paths), tuple(reader.damaged), orphans, sweep(tree))


class _Census:
    """Everything in the store at one moment. Make and use it only while removing."""

    def __init__(self, tree: DiskTree) -> None:
        self._needed_since_ns = oldest_start_ns(tree)
        self._entries = sorted(tree.entries(), key=lambda entry: entry.used_ns)
        self._references = Counter(entry.stored.digest for entry in self._entries)
        self._blobs = {path.name: (path, found) for path, found in tree.blobs()}
        self.size_bytes = sum(found.st_size for _, found in self._blobs.values())
        self._size_before_bytes, self._removed = self.size_bytes, 0

    def unneeded(self) -> Iterator[Entry]:
        """Entries that may go, the least recently used first."""
        return (entry for entry in self._entries if entry.used_ns < self._needed_since_ns)

    def remove(self, entry: Entry) -> None:
        """And its blob, when that was the last entry to refer to it."""
        entry.path.unlink(missing_ok=True)
        self._removed += 1
        digest = entry.stored.digest
        self._references[digest] -= 1
        if not self._references[digest]:
            self._remove_blob(digest)

    def remove_orphans(self) -> int:
        """Blobs that no entry refers to; how many there were."""
        orphans = [digest for digest in self._blobs if not self._references[digest]]
        return sum(self._remove_blob(digest) for digest in orphans)

    def _remove_blob(self, digest: str) -> bool:
        path, found = self._blobs.get(digest, (None, None))
        if not path or not found or found.st_mtime_ns >= self._needed_since_ns:
            return False
        path.unlink(missing_ok=True)
        del self._blobs[digest]
        self.size_bytes -= found.st_size
        return True

    def freed(self) -> Freed:
        return Freed(self._removed, self._size_before_bytes - self.size_bytes)


def _layer(entry: Entry) -> str:
    return entry.stored.key.partition("/")[0]


def _layer_stats(entries: Iterable[Entry], name: str) -> LayerStats:
    stored = [entry.stored for entry in entries if _layer(entry) == name]
    sizes_bytes = {each.digest: each.size_bytes for each in stored}
    return LayerStats(len(stored), sum(sizes_bytes.values()))
