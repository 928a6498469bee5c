"""Senders: who brings a movie, or word of it, to where a document says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Protocol

from resplice.frozen import frozen


@frozen
class Parcel:
    """One delivery.

    id        the same at every try: who gets it twice can know
    settings  all fields of its kind, macros replaced, secrets among them
    told      what is told of the movie, as JSON values
    file      the movie's file; None when it has none, or none goes there
    at_ms     now
    """

    id: str
    settings: Mapping[str, Any] = field(repr=False)
    told: Mapping[str, Any] = field(repr=False)
    file: Path | None
    at_ms: int


class Sender(Protocol):
    """Goes only to addresses that sources may have. The other side may be hostile: whatever it
    says, however slowly, it ends within the time.
    """

    def send(self, parcel: Parcel, seconds: float) -> None:
        """Bring it there; a file appears there whole. seconds: how long it may take.

        Raises DeliveryRefused, DeliveryFailed; StorageError when what it takes on our side is not
        to be had.
        """
        ...
