"""Damage to stored bytes, behind the back of who stored them."""

from __future__ import annotations

from pathlib import Path

from faults.kinds import FLIPPED
from resplice.adapters.disk.tree import DiskTree


def damaged(content: bytes, how: str) -> bytes:
    """One byte less, or one bit other."""
    if how != FLIPPED:
        return content[:-1]
    flipped = bytearray(content)
    flipped[len(content) // 2] ^= 1
    return bytes(flipped)


def damage_in(data: Path, key: str, how: str) -> bool:
    """Of what is stored under that key in a data folder; whether there is something."""
    if not key:
        return False
    tree = DiskTree(data)
    entry = tree.read(tree.entry_path(key))
    blob = tree.blob_path(entry.stored.digest) if entry else None
    if not blob or not blob.exists() or not blob.stat().st_size:
        return False
    changed = damaged(blob.read_bytes(), how)
    blob.unlink()
    blob.write_bytes(changed)
    return True
