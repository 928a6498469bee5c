"""Splicing on the store's own disk: the bytes are copied once, from where they lie."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

from resplice.adapters.disk.objects import DiskObjects
from resplice.adapters.disk.tree import storage_errors
from resplice.core.mp4 import Run, Span
from resplice.errors import NotFound
from resplice.ports.objects import StoredFacts, StoredObject
from resplice.ports.splicer import Opened

CHUNK_BYTES = 1 << 20
T = TypeVar("T")


class DiskSplicer:
    """Implements ports.splicer.Splicer. An object's version is its digest."""

    sees_bytes = True

    def __init__(self, objects: DiskObjects) -> None:
        self._objects = objects

    def each(self, keys: Sequence[str], reading: Callable[[Opened], T]) -> list[T]:
        return [self._read(key, reading) for key in keys]

    def _read(self, key: str, reading: Callable[[Opened], T]) -> T:
        with (
            self._objects.opened(key) as (path, stored),
            storage_errors(f"read {key}"),
            path.open("rb") as file,
        ):
            return reading(Opened(stored, stored.digest, partial(_bytes, file)))

    def splice(self, key: str, spans: Sequence[Span], facts: StoredFacts) -> StoredObject:
        """Its digest is that of its bytes."""
        versions = {span.key: span.version for span in spans if isinstance(span, Run)}
        with self._objects.scratch() as folder, ExitStack() as stack:
            paths = dict[str, Path]()
            for each, version in versions.items():
                paths[each], now = stack.enter_context(self._objects.opened(each))
                if now.digest != version:
                    raise NotFound(f"there is no {each} as it was")
            with storage_errors(f"store {key}"), (folder / "spliced").open("xb") as file:
                for span in spans:
                    if isinstance(span, bytes):
                        file.write(span)
                    else:
                        _copy(span, paths[span.key], file)
            return self._objects.put(key, folder / "spliced", facts)


def _bytes(file: BinaryIO, offset: int, size_bytes: int) -> bytes:
    if offset >= os.fstat(file.fileno()).st_size:
        return b""  # Boxes may say that a file goes on where none can.
    file.seek(offset)
    return file.read(size_bytes)


def _copy(run: Run, path: Path, into: BinaryIO) -> None:
    with path.open("rb") as file:
        file.seek(run.offset)
        left = run.size_bytes
        while left and (chunk := file.read(min(left, CHUNK_BYTES))):
            into.write(chunk)
            left -= len(chunk)
