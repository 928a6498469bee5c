"""Wiring of owners' files on one machine: in the data folder, sent to the server itself."""

from __future__ import annotations

from collections.abc import Callable

from resplice.adapters.disk.media import DiskMedia
from resplice.adapters.disk.media_uploads import DiskUploads
from resplice.adapters.http_server.stored_files import Found, media_found, movie_at
from resplice.core.media import place_at
from resplice.ports import Ports


def uploads(ports: Ports) -> DiskUploads:
    """Who takes files in."""
    return DiskUploads(_on_disk(ports), ports.media)


def located(ports: Ports) -> Callable[[str], Found | None]:
    """What is served beside the API: movies, and the owners' files."""

    def at(path: str) -> Found | None:
        place = place_at(path)
        return movie_at(path) if place is None else media_found(place, _on_disk(ports).opened)

    return at


def _on_disk(ports: Ports) -> DiskMedia:
    assert isinstance(ports.media_bytes, DiskMedia)
    return ports.media_bytes
