"""Manifests: what movies were made of, written beside them when they are made, and read again.

A movie from the cache has the manifest of who made it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from resplice import __version__
from resplice.core.document.strict_json import parse_value
from resplice.core.provenance import MadeMovie, Signed, manifest, signed_of
from resplice.core.report import Report, Result
from resplice.errors import NotFound, StorageError
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.ports.objects import StoredObject
from resplice.ports.projects import Project
from resplice.steps.expiry import looked_after
from resplice.steps.moments import timestamp
from resplice.steps.movie_files import put_beside
from resplice.steps.projects import owned

NOT_MADE = "The movie is not made: a manifest says what a finished movie was made of"
NONE = "The project has no manifest: only movies have one, which this version of Resplice made"
GONE = "The movie and its manifest are not there any more: render it again"


def write(
    movie: StoredObject,
    report: Report,
    pieces: Iterable[tuple[str, Result]],
    run: str,
    ports: Ports,
) -> str:
    """The key of the movie's manifest, which nobody has signed yet. pieces: as core takes them.
    Raises StorageError.
    """
    name = PurePosixPath(movie.key).name
    seen = movie.digest if ports.splicer.sees_bytes else None
    made = MadeMovie(name, movie.size_bytes, seen, movie.facts)
    made_at, made_by = timestamp(ports.clock.now_ms()), f"resplice {__version__}"
    told = manifest(made, report, pieces, ports.tools, made_at, made_by)
    with ports.scratch.scratch() as folder:
        file = folder / "manifest.json"
        file.write_bytes(Signed(told, None).written())
        return put_beside(name, file, file.suffix, ports, {"run": run})


def sign(key: str, movie: str, ports: Ports) -> None:
    """Sign the manifest of a movie that nobody was told of, in its place, if the operator has a
    key. Again it changes nothing. movie: the key of its file.

    Raises NotFound, StorageError. One of another movie is not signed: who renders writes manifests,
    and has no key.
    """
    if not ports.signer.has_key():
        return
    stored, found = _found(key, ports)
    if found.manifest.get("movie", {}).get("name") != PurePosixPath(movie).name:
        raise StorageError("the manifest is of another movie")
    signature = None if found.signature else ports.signer.sign(found.said())
    if signature is None:
        return
    _put(key, Signed(found.manifest, signature), stored, ports)


def said(key: str, ports: Ports) -> dict[str, Any]:
    """What a manifest says. Raises NotFound, StorageError."""
    return _found(key, ports)[1].manifest


def tell_of(key: str, movie: StoredObject, ports: Ports) -> None:
    """Say in a manifest that the movie is another file now, whose bytes we have seen; it is to be
    signed after that. Again it changes nothing. Raises NotFound, StorageError.
    """
    stored, told = _found(key, ports)
    if told.manifest["movie"].get("sha256") == movie.digest:
        return
    own = {name: value for name, value in told.manifest["movie"].items() if name != "spans"}
    name = PurePosixPath(movie.key).name
    own |= {"name": name, "bytes": movie.size_bytes, "sha256": movie.digest}
    _put(key, Signed({**told.manifest, "movie": own}, None), stored, ports)


def _put(key: str, signed: Signed, stored: StoredObject, ports: Ports) -> None:
    """In the place of the one that is there."""
    with ports.scratch.scratch() as folder:
        file = folder / "manifest.json"
        file.write_bytes(signed.written())
        ports.objects.put(key, file, stored.facts)


def _found(key: str, ports: Ports) -> tuple[StoredObject, Signed]:
    stored = ports.objects.head(key)
    if stored is None:
        raise NotFound(GONE)
    with ports.objects.open(key) as path:
        return stored, signed_of(parse_value(path.read_bytes(), "manifest"))


@frozen
class OfProject:
    """made_for: the project that the movie was rendered for, if that is the caller's own too."""

    signed: Signed
    made_for: str | None


def of_project(project_id: str, owner: str, ports: Ports) -> OfProject:
    """The manifest of the movie that the owner's project shows. Raises NotFound, StorageError."""
    (project,) = looked_after([owned(ports.projects.peek, project_id, owner)], ports)
    stored, signed = _found(_key(project), ports)
    run = str(stored.facts.get("run", ""))
    maker = ports.projects.peek(run)
    return OfProject(signed, run if maker and maker.owner == owner else None)


def _key(project: Project) -> str:
    movie = project.movie
    if project.deleted_at_ms is not None or (movie and movie.gone):
        raise NotFound(GONE)
    if project.status != "done":
        raise NotFound(NOT_MADE)
    if movie is None or movie.manifest is None:
        raise NotFound(NONE)
    return movie.manifest
