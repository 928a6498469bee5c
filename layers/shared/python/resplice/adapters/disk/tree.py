"""The folders of a disk store: where things lie, how one is published, who may look meanwhile.

    objects/entries/<prefix>/<hh>/<name>.json   a small pointer: digest, size, facts
    objects/blobs/<hh>/<digest>                 bytes, named by their SHA-256, never changed
    tmp/<run id>/                               work in progress of one run
    runs/<run id>                               one file per run, locked while it lives

It knows nothing of limits, runs or verification. An entry's time of change is its last use.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from resplice.adapters.disk.private import tighten
from resplice.adapters.object_keys import check_key, check_prefix
from resplice.errors import StorageError
from resplice.frozen import frozen
from resplice.ports.objects import StoredFacts, StoredObject

DAMAGE = (
    *(FileNotFoundError, NotADirectoryError),
    *(ValueError, LookupError, TypeError, AttributeError, RecursionError),
)

Identity = tuple[int, int, int]
"""Inode, size in bytes, time of change in ns: equal as long as nobody wrote to the file."""


@frozen
class Entry:
    """A readable pointer. used_ns: last use, nanoseconds since the epoch."""

    path: Path
    stored: StoredObject
    used_ns: int


class DiskTree:
    """Paths and locks below one root. Makes the folders it needs."""

    def __init__(self, root: Path) -> None:
        self.tmp, self.runs = root / "tmp", root / "runs"
        self._objects = root / "objects"
        self._entries, self._blobs = self._objects / "entries", self._objects / "blobs"
        self._before_key = len(f"{self._entries}/")
        tighten(root)
        for folder in (self.tmp, self.runs, self._entries, self._blobs):
            make_folder(folder)

    def entry_path(self, key: str) -> Path:
        """Raises ValueError when it is no key."""
        check_key(key)
        prefix, name = key.rsplit("/", 1)
        return self._entries / f"{prefix}/{name[:2]}/{name}.json"

    def key(self, entry_path: Path) -> str:
        prefix, _, name = str(entry_path)[self._before_key :].rsplit("/", 2)
        return f"{prefix}/{name.removesuffix('.json')}"

    def blob_path(self, digest: str) -> Path:
        return self._blobs / f"{digest[:2]}/{digest}"

    def entry_paths(self, prefix: str = "") -> list[Path]:
        """Of the keys that start with prefix, sorted by key. The files are not read.

        Raises ValueError when no key can start so.
        """
        check_prefix(prefix)
        folder = self._entries.joinpath(*prefix.split("/")[:-1])
        found = ((self.key(path), path) for path in _pointers(folder))
        return [path for key, path in sorted(found) if key.startswith(prefix)]

    def entries(self, prefix: str = "") -> Iterator[Entry]:
        """The readable ones, sorted by key."""
        return (entry for path in self.entry_paths(prefix) if (entry := self.read(path)))

    def blobs(self) -> Iterator[tuple[Path, os.stat_result]]:
        for folder in self._blobs.iterdir():
            with os.scandir(folder) as found:
                for blob in found:
                    with suppress(FileNotFoundError):
                        yield Path(blob.path), blob.stat()

    def read(self, entry_path: Path) -> Entry | None:
        """None when it is not there or damaged; a flipped bit in the facts is damage too."""
        try:
            with entry_path.open("rb", buffering=0) as file:
                content, used_ns = file.read(), os.fstat(file.fileno()).st_mtime_ns
            stored = decoded(content)
        except DAMAGE:
            return None
        return Entry(entry_path, stored, used_ns) if stored.key == self.key(entry_path) else None

    def has_bytes(self, entry: Entry) -> bool:
        """Whether the blob is there in its full length. Its bytes are not read."""
        found = identity(self.blob_path(entry.stored.digest))
        return found is not None and found[1] == entry.stored.size_bytes

    def looking(self) -> AbstractContextManager[None]:
        """Nothing is removed while anyone looks: what was found is there until it is marked."""
        return _locked(self._objects / "lock", fcntl.LOCK_SH)

    def removing(self) -> AbstractContextManager[None]:
        """Nobody looks or publishes. Never enter it while looking."""
        return _locked(self._objects / "lock", fcntl.LOCK_EX)

    def evicting(self) -> AbstractContextManager[None]:
        """Raises BlockingIOError when another evictor is at work."""
        return _locked(self._objects / "evict.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def _locked(path: Path, mode: int) -> Iterator[None]:
    """A lock of its own for each use: threads that shared a descriptor would share the lock."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, mode)
        yield
    finally:
        # A process forked meanwhile keeps the descriptor, so closing alone would not unlock.
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


@contextmanager
def storage_errors(action: str) -> Iterator[None]:
    """Failures of the file system as StorageError: `cannot <action>: <reason>`."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"cannot {action}: {error}") from error


def encoded(key: str, digest: str, size_bytes: int, facts: StoredFacts) -> bytes:
    """An entry file's content. Raises TypeError or ValueError when facts are not JSON."""
    body = {"key": key, "digest": digest, "size_bytes": size_bytes, "facts": dict(facts)}
    return _canonical({**body, "check": _check(body)})


def decoded(content: bytes) -> StoredObject:
    """Raises one of DAMAGE when it is not what `encoded` wrote."""
    body = json.loads(content)
    check = body.pop("check")
    # What it is the check of is the content without it, as long as that is whole.
    rest = content.replace(b'"check":"%s",' % check.encode(), b"", 1)
    if check != hashlib.sha256(rest).hexdigest():
        raise ValueError("an entry does not match its check")
    return StoredObject(**body)


def _check(body: StoredFacts) -> str:
    return hashlib.sha256(_canonical(body)).hexdigest()


def _canonical(body: StoredFacts) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def finish(path: Path, used_ns: int) -> None:
    """Make a written file last and mark it used then; nobody may write to it again."""
    path.chmod(0o400)
    os.utime(path, ns=(used_ns, used_ns))
    sync(path)


def publish(finished: Path, target: Path) -> None:
    """Move a finished file to its place: there or not, never in part, also after a power cut."""
    make_folder(target.parent)
    finished.replace(target)
    sync(target.parent)


def make_folder(folder: Path) -> None:
    """With its parents, each lasting, for us alone."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(0o700, exist_ok=True)
        sync(folder.parent)


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def identity(path: Path) -> Identity | None:
    """None when there is no such file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _pointers(folder: Path) -> Iterator[Path]:
    """Every entry file below. A folder that cannot be read is an error: taken for an empty one
    (as glob does), its entries' blobs would look like orphans.
    """
    for place, _, names in os.walk(folder, onerror=_unless_gone):
        yield from (Path(place, name) for name in names if name.endswith(".json"))


def _unless_gone(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error
