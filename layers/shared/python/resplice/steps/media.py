"""Media: what callers do with their files. Registered here, sent straight to where they lie.

A record comes before its bytes and goes after them, so that a name is nobody's twice; whoever marks
it as going takes the bytes, and nobody else does. Whether the bytes of a pending one have come is
looked at whenever somebody asks.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from resplice.core.keys import pinned_key
from resplice.core.media import (
    MAX_BYTES,
    MISSING,
    TEMP,
    MediaFile,
    named_by,
    token_of,
    url_of,
)
from resplice.errors import Conflict, DocumentError, NotFound, Problem, StorageError, TooLarge
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.media import Upload
from resplice.steps.execution.submit import Submission
from resplice.steps.pipeline.accept import Accepted, with_versions
from resplice.steps.readiness import require_ready

UPLOAD_SECONDS = 120
TAKEN = "A file with this name already exists. Delete it first."
TAKEN_THERE = "A file with this name already exists in the destination folder"
NOT_FOUND = "File not found"
NOT_YET = "The file has not been uploaded yet: upload it first, or delete it"


@frozen
class Registered:
    """Where a file is to be sent, and where it will be."""

    upload_url: str
    file_url: str


def register(file: MediaFile, owner: str, base_url: str, ports: Ports) -> Registered:
    """Take the name. Raises Conflict, TooLarge, Unavailable, StorageError."""
    require_ready(ports)
    if file.size_bytes > MAX_BYTES:
        raise TooLarge(f"The file is larger than {MAX_BYTES} bytes: send a smaller one")
    token = ports.media.claim_token(owner, secrets.token_hex(16))
    place = file.place(token)
    if _found(owner, file.path, ports) or not ports.media.add(owner, file):
        raise Conflict(TAKEN)
    # Of who was told a URL and sent the file after it had been deleted.
    ports.media_bytes.remove(place)
    form = (file.created_at_ms, place, file.content_type, file.size_bytes)
    upload = Upload(owner, file.path, *form)
    upload_url = ports.media_bytes.upload_url(upload, UPLOAD_SECONDS, base_url)
    return Registered(upload_url, url_of(place, base_url))


def find(path: str, owner: str, ports: Ports) -> MediaFile:
    """Raises NotFound, StorageError."""
    file = _found(owner, path, ports)
    if file is None:
        raise NotFound(NOT_FOUND)
    return file


def move(path: str, folder: str, owner: str, ports: Ports) -> None:
    """Into another folder. Whoever dies meanwhile leaves it in both, or where it was.

    Raises NotFound, Conflict, DocumentError, StorageError.
    """
    file, now_ms = find(path, owner, ports), ports.clock.now_ms()
    if file.status == "pending":
        raise DocumentError([Problem("name", NOT_YET)])
    moved = replace(file, folder=folder, created_at_ms=now_ms, status="pending")
    if _found(owner, moved.path, ports) or not ports.media.add(owner, moved):
        raise Conflict(TAKEN_THERE)
    token = _token(owner, ports)
    try:
        ports.media_bytes.copy(file.place(token), moved.place(token))
    except NotFound:
        ports.media.remove(owner, moved)
        raise NotFound(NOT_FOUND) from None
    ports.media.replace(owner, moved, replace(moved, status="uploaded"))
    _remove(file, owner, ports)


def delete(path: str, owner: str, ports: Ports) -> None:
    """Raises NotFound, StorageError."""
    _remove(find(path, owner, ports), owner, ports)


def _remove(file: MediaFile, owner: str, ports: Ports) -> None:
    going = file.going(ports.clock.now_ms())
    if ports.media.replace(owner, file, going):
        try:
            ports.media_bytes.remove(file.place(_token(owner, ports)))
        except StorageError:
            ports.media.replace(owner, going, file)
            raise
        ports.media.remove(owner, going)


def listed(folder: str, owner: str, ports: Ports) -> tuple[Sequence[MediaFile], frozenset[str]]:
    """All files in the folder and below, and every folder there, with those that have a record of
    their own. Raises StorageError.
    """
    records = ports.media.list(owner, folder)
    files = [each for each in records if not each.is_folder]
    settled = ports.lookups.map(lambda file: _settled(file, owner, ports), files)
    found = [file for file in settled if file]
    folders = {above for each in [*records, *found] for above in _above(each.folder)}
    folders = {each for each in folders if each.startswith(f"{folder}/" if folder else "")}
    return found, frozenset(folders if folder else {*folders, TEMP})


def _above(folder: str) -> Iterator[str]:
    """The folder and all it is in."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]


def add_folder(folder: str, owner: str, ports: Ports) -> bool:
    """False when there is such a folder. Raises StorageError."""
    if folder == TEMP or ports.media.list(owner, folder):
        return False
    return ports.media.add(owner, MediaFile(folder, "", ports.clock.now_ms(), status="uploaded"))


def remove_folder(folder: str, owner: str, ports: Ports) -> bool:
    """With the empty ones in it. False when there are files. Raises StorageError."""
    files, _ = listed(folder, owner, ports)
    if files:
        return False
    own = ports.media.get(owner, f"{folder}/")
    for each in [*ports.media.list(owner, folder), *([own] if own else [])]:
        if each.is_folder:
            ports.media.remove(owner, each)
    return True


def used_bytes(owner: str, ports: Ports) -> int:
    """Of all that is uploaded. Raises StorageError."""
    files, _ = listed("", owner, ports)
    return sum(each.size_bytes for each in files if each.status == "uploaded")


def file_urls(files: Sequence[MediaFile], owner: str, base_url: str, ports: Ports) -> Sequence[str]:
    token = _token(owner, ports) if files else ""
    return [url_of(file.place(token), base_url) for file in files]


def versions(urls: Iterable[str], owner: str, ports: Ports) -> Mapping[str, str]:
    """The version of the file that each of these URLs of ours names: MISSING for what is not
    there, or another owner's. Raises StorageError.
    """
    named = {url: each for url in urls if (each := named_by(url, ports.own_urls.known))}
    own = ports.media.token(owner) if named else None

    def version(place: str) -> str:
        found = ports.media_bytes.look(place) if token_of(place) == own else None
        return found.version if found else MISSING

    found = ports.lookups.map(version, [each.place for each in named.values()])
    return dict(zip(named, found, strict=True))


def pinned(submission: Submission, owner: str, ports: Ports) -> Submission:
    """Keyed by the files of ours that it names, as they are now. Raises StorageError."""
    if submission.key is None or not submission.media:
        return submission
    found = versions(submission.media, owner, ports)
    return replace(submission, key=pinned_key(submission.key, found))


def as_now(accepted: Accepted, ports: Ports) -> Accepted:
    """The movie with its owner's files as they are now. Raises StorageError."""
    return with_versions(accepted, versions(accepted.media, ports.owner, ports))


def _found(owner: str, path: str, ports: Ports) -> MediaFile | None:
    file = ports.media.get(owner, path)
    return _settled(file, owner, ports) if file and not file.is_folder else None


def _settled(file: MediaFile, owner: str, ports: Ports) -> MediaFile | None:
    """As it is now; None when it has gone by itself, or never came: then its name is free."""
    now_ms = ports.clock.now_ms()
    if file.status == "pending" and not file.is_over(now_ms):
        stored = ports.media_bytes.look(file.place(_token(owner, ports)))
        if stored:
            came = replace(file, status="uploaded", size_bytes=stored.size_bytes)
            ports.media.replace(owner, file, came)
            return came
    if file.is_over(now_ms) or file.is_stale(now_ms):
        _remove(file, owner, ports)
        return None
    return None if file.status == "going" else file


def _token(owner: str, ports: Ports) -> str:
    return ports.media.token(owner) or ""
