"""Readiness: whether there is room for anything new."""

from __future__ import annotations

from resplice.errors import Unavailable
from resplice.ports import Ports


def require_ready(ports: Ports, *, paid: bool = False) -> None:
    """Raises Unavailable, with the reason, when nothing new may be taken in. paid: what has begun
    has paid for it already.
    """
    if reason := ports.no_room() if paid else ports.not_ready():
        raise Unavailable(reason)
