"""Verified reading from a disk store: an entry's bytes are hashed before anyone sees them.

A reader gets a hard link of its own, so that nothing that happens to the store takes the bytes
from it. What turns out damaged is removed, unless somebody healed it meanwhile.
"""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from pathlib import Path

from resplice.adapters.disk.runs import DiskRun
from resplice.adapters.disk.tree import DiskTree, Entry, Identity, identity, sha256
from resplice.ports.objects import StoredObject


class DiskReader:
    """Remembers what it hashed, so that unchanged bytes are hashed once."""

    def __init__(self, tree: DiskTree, run: DiskRun) -> None:
        self._tree, self._run = tree, run
        self._verified: dict[str, Identity | None] = {}
        self.damaged: list[str] = []
        """The keys of the entries that were removed."""

    def trust(self, digest: str) -> None:
        """The blob's bytes were hashed when it was published, just now."""
        self._verified[digest] = identity(self._tree.blob_path(digest))

    def link(self, entry_path: Path, *, mark: bool) -> tuple[Path, StoredObject] | None:
        """A path of the caller's own to the verified bytes, and what is said of them; or None.

        mark: as used now.
        """
        link = self._run.folder / f"open-{uuid.uuid4().hex}"
        try:
            entry = self._linked(entry_path, link, mark=mark)
            found = identity(link)
            if entry and found and self._sound(entry, found, link):
                return link, entry.stored
            self._discard(entry_path, entry, found)
        except BaseException:
            link.unlink(missing_ok=True)
            raise
        link.unlink(missing_ok=True)
        return None

    def _linked(self, entry_path: Path, link: Path, *, mark: bool) -> Entry | None:
        with self._tree.looking():
            entry = self._tree.read(entry_path)
            if entry:
                with suppress(FileNotFoundError):
                    os.link(self._tree.blob_path(entry.stored.digest), link)
                if mark:
                    self._run.mark(entry_path)
        return entry

    def _sound(self, entry: Entry, found: Identity, link: Path) -> bool:
        digest = entry.stored.digest
        if found[1] != entry.stored.size_bytes:
            return False
        if found != self._verified.get(digest) and sha256(link) != digest:
            return False
        self._verified[digest] = found
        return True

    def _discard(self, entry_path: Path, judged: Entry | None, found: Identity | None) -> None:
        """Remove a damaged entry and its blob, if both are still the ones that were judged."""
        if not judged and not entry_path.exists():
            return
        with self._tree.removing():
            if entry := self._tree.read(entry_path):
                blob = self._tree.blob_path(entry.stored.digest)
                if not judged or entry.stored != judged.stored or identity(blob) != found:
                    return
            if entry_path.exists():
                entry_path.unlink()
                self.damaged.append(self._tree.key(entry_path))
            if entry:
                blob.unlink(missing_ok=True)
