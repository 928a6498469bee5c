"""Downloads: addresses of stored files, for those who ask us and are to get them elsewhere."""

from __future__ import annotations

from typing import Literal, Protocol

Method = Literal["GET", "HEAD"]


class Downloads(Protocol):
    """Raises StorageError."""

    def url(self, key: str, method: Method, seconds: int) -> str | None:
        """Whoever has it may do that for so long, also in ranges, without a key; None when nothing
        is stored there. To look is not to use.
        """
        ...
