"""Stored things behind the back of who stored them: damage to bytes, pointers that lead nowhere."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from faults.kinds import FLIPPED
from resplice.adapters.disk.tree import DiskTree
from resplice.core.facts import content_key
from resplice.ports import Ports


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


def leading_nowhere(data: Path, ports: Ports) -> Iterator[str]:
    """Keys of the cache's index, in a data folder, whose bytes are not there."""
    with closing(sqlite3.connect(data / "records.sqlite")) as records:
        rows = records.execute("SELECT key, facts FROM pointers").fetchall()
    for key, text in rows:
        facts = json.loads(text)
        wanted = [facts["object"]] if "object" in facts else []
        wanted += [content_key(facts["digest"])] if "digest" in facts else []
        if not all(ports.objects.there(wanted)):
            yield f"{key} leads to bytes that are not there"
