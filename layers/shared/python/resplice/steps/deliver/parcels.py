"""Parcels: what one destination gets, with the secret of its connection and the movie's file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from resplice.core.exports.targets import Complete
from resplice.core.owners import owned
from resplice.errors import DeliveryFailed, DeliveryRefused, NotFound
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.ports.senders import Parcel
from resplice.steps.deliver.payload import payload
from resplice.steps.deliver.words import macros_of, replaced


@contextmanager
def parcel_of(
    id: str, project: Project, target: Complete, base_url: str, ports: Ports
) -> Iterator[Parcel]:
    """Its file lasts as long as the context. Raises DeliveryError, StorageError."""
    told = payload(project, base_url)
    macros = macros_of(project, told["url"])
    settings = replaced({"file": "__filename__", **target.settings}, macros)
    if target.connection:
        settings |= _secret(target.connection, project.owner, ports)
    with _file(project, ports, wanted=target.kind.file) as file:
        yield Parcel(id, settings, told, file, ports.clock.now_ms())


def _secret(connection: str, owner: str, ports: Ports) -> dict[str, str]:
    try:
        return dict(ports.connections.secret(owned(owner, connection)))
    except NotFound:
        raise DeliveryFailed(f"there is no connection '{connection}' any more") from None


@contextmanager
def _file(project: Project, ports: Ports, *, wanted: bool) -> Iterator[Path | None]:
    if not wanted or project.movie is None:
        yield None
        return
    if project.deleted_at_ms is not None:
        raise DeliveryRefused("the movie was deleted")
    try:
        opened = ports.objects.open(project.movie.key)
        path = opened.__enter__()
    except NotFound:
        raise DeliveryRefused("the movie's file is gone") from None
    try:
        yield path
    finally:
        opened.__exit__(None, None, None)
