"""Parts: stored objects of which a program reads little, so that the rest is not fetched for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from resplice.ports.objects import StoredObject


class Parts(Protocol):
    """Opens objects for FFmpeg, which seeks in them.

    - what is read is what the store vouches for, all of it of one version of the object.
    - every open marks the object as used now.
    """

    def open(
        self, key: str, reads_little: Callable[[StoredObject], bool]
    ) -> AbstractContextManager[str]:
        """Where FFmpeg finds the object while the context lasts: a read-only path, as
        `Objects.open` gives it; or, where that would fetch much and little of it is read, a URL of
        this machine, behind which the bytes are fetched that are asked for.

        reads_little: told what is known of the object. Raises NotFound when there is none. A
        context that ends well raises NotFound or StorageError when something that was asked for
        could not be given: whatever was made of the rest is then worth nothing.
        """
        ...
