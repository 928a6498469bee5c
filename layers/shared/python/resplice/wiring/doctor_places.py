"""Whether the places that movies are made in can be used: disks, data, secrets, the port."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from resplice.adapters.disk import private
from resplice.adapters.disk.private import KEYS, OTHERS
from resplice.adapters.disk.runs import alive_in
from resplice.errors import RespliceError
from resplice.wiring.findings import BROKEN, OK, WARN, Check, Finding
from resplice.wiring.limits import MB, machine_limits
from resplice.wiring.server_key import FILE_VARIABLE
from resplice.wiring.signing import CERTIFICATE_FILE, KEY_FILE, credentials
from resplice.wiring.switches import CONTENT_CREDENTIALS, is_on

RECORDS = "records.sqlite"
COMFORT_BYTES = 4_000 * MB
"""Below, a few long films fill the disk."""
BUSY_SECONDS = 3.0
FAR = ("nfs", "cifs", "smb", "9p", "fuse.sshfs", "fuse.s3fs", "afs", "ceph", "gluster", "lustre")
"""What types of network file systems begin with."""
MOUNTS = Path("/proc/self/mounts")
ROOM_MEND = "make room: `resplice cache clear`, RESPLICE_CACHE_LIMIT_GB; or another disk: {}"
CREDENTIALS_MEND = "see docs/provenance.md: resplice sign certificate CHAIN KEY"
FOLDER_MEND = "name a folder of yours on a local disk: --data, or RESPLICE_DATA"


def checks(folder: Path, port: int) -> Sequence[Check]:
    temporary = Path(tempfile.gettempdir())
    return (
        Check("disk", partial(_disk, folder, "--data, RESPLICE_DATA"), FOLDER_MEND),
        Check("disk", partial(_disk, temporary, "TMPDIR"), "name another folder in TMPDIR"),
        Check("data", partial(_data, folder), FOLDER_MEND),
        Check("secrets", partial(_secrets, folder), "let them be yours, and 0600"),
        Check("credentials", partial(_credentials, folder), CREDENTIALS_MEND),
        Check("port", partial(_port, port), f"resplice serve --port {port + 1}"),
    )


def _disk(folder: Path, elsewhere: str) -> Iterator[Finding]:
    """Of a folder that is not there yet: where it would be."""
    free_bytes = shutil.disk_usage(_there(folder)).free
    least_bytes = machine_limits().free_bytes
    said, mend = f"{free_bytes // MB} MB are free for {folder}", ROOM_MEND.format(elsewhere)
    if free_bytes < least_bytes:
        least = f"{said}, and {least_bytes // MB} MB have to be"
        yield Finding("disk", BROKEN, least, mend)
    elif free_bytes < COMFORT_BYTES:
        yield Finding("disk", WARN, f"{said}: that is little for films", mend)
    else:
        yield Finding("disk", OK, said)


def _there(folder: Path) -> Path:
    """It, or the nearest above it that exists."""
    folder = folder.absolute()
    return next(path for path in (folder, *folder.parents) if path.exists())


def _data(folder: Path) -> Iterator[Finding]:
    where = _there(folder)
    if far := _far(where):
        said = f"{folder} is on a network file system ({far}): locks and SQLite may fail there"
        yield Finding("data", WARN, said, FOLDER_MEND)
    with tempfile.TemporaryFile(dir=where) as file:
        file.write(b"written")
    if not folder.exists():
        yield Finding("data", OK, f"{folder} will be made when it is needed")
        return
    yield from _open_to_others(folder)
    _try_sqlite(folder)
    running = alive_in(folder)
    others = f"; programs that work on it now: {running}" if running else ""
    yield Finding("data", OK, f"{folder} is written, and its SQLite file works{others}")


def _open_to_others(folder: Path) -> Iterator[Finding]:
    about = folder.stat()
    if about.st_uid != os.geteuid():
        said = f"{folder} is another user's (number {about.st_uid})"
        yield Finding("data", WARN, said, FOLDER_MEND)
    for path in (folder, folder / RECORDS, *(folder / name for name in private.AUDIT)):
        with suppress(FileNotFoundError):
            if path.stat().st_mode & OTHERS:
                closed = "700" if path.is_dir() else "600"
                said = f"others on this machine may look into {path}"
                yield Finding("data", WARN, said, f"chmod {closed} {path}")


def _try_sqlite(folder: Path) -> None:
    """Lock the file, and change nothing. Of none, one that goes again. Raises RespliceError."""
    if (folder / RECORDS).exists():
        _locked(folder / RECORDS)
        return
    with tempfile.TemporaryDirectory(prefix="doctor-", dir=folder) as scratch:
        _locked(Path(scratch, RECORDS))


def _locked(file: Path) -> None:
    try:
        with closing(sqlite3.connect(file, BUSY_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        raise RespliceError(f"{file} cannot be used: {error}") from None


def _far(folder: Path) -> str | None:
    """The type of the network file system that it is on; None for a local one, or an unknown."""
    found = ("", "")
    with suppress(OSError):
        for line in MOUNTS.read_text(errors="replace").splitlines():
            _, place, kind = line.split()[:3]
            if folder.resolve().is_relative_to(place) and len(place) >= len(found[0]):
                found = (place, kind)
    return found[1] if found[1].startswith(FAR) else None


def _secrets(folder: Path) -> Iterator[Finding]:
    paths = [folder / name for name in (*KEYS, KEY_FILE, CERTIFICATE_FILE)]
    if named := os.environ.get(FILE_VARIABLE):
        paths.append(Path(named))
    there = [path for path in paths if path.exists()]
    if named and not Path(named).exists():
        yield Finding("secrets", BROKEN, f"{named} of {FILE_VARIABLE} is not there", "make it")
    for path in there:
        about = path.stat()
        if about.st_mode & OTHERS:
            mode = f"{stat.S_IMODE(about.st_mode):03o}"
            said = f"others on this machine may read {path} ({mode}): it may have been read"
            mend = f"chmod 600 {path}, and change what it lets in to"
            yield Finding("secrets", BROKEN, said, mend)
        else:
            with path.open("rb"):
                yield Finding("secrets", OK, f"{path} is its owner's alone")
    if not there:
        yield Finding("secrets", OK, "there are none yet")


def _credentials(folder: Path) -> Iterator[Finding]:
    """Where every movie is to have them; else those that ask for them are told."""
    if not is_on(CONTENT_CREDENTIALS):
        return
    if lack := credentials(folder).lacks():
        said = f"{CONTENT_CREDENTIALS} is 1, and movies are refused: {lack}"
        yield Finding("credentials", BROKEN, said, CREDENTIALS_MEND)
    else:
        yield Finding("credentials", OK, f"every movie is signed, with {CERTIFICATE_FILE}")


def _port(port: int) -> Iterator[Finding]:
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind(("127.0.0.1", port))
        except OSError as error:
            said = f"{port} of 127.0.0.1, where `resplice serve` listens: {error.strerror}"
            mend = f"another may serve already; or: resplice serve --port {port + 1}"
            yield Finding("port", WARN, said, mend)
            return
    yield Finding("port", OK, f"{port} of 127.0.0.1 is free")
