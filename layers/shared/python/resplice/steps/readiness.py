"""Readiness: whether there is room for anything new."""

from __future__ import annotations

from resplice.errors import Unavailable
from resplice.ports import Ports


def require_ready(ports: Ports) -> None:
    """Raises Unavailable, with the reason, when nothing new may be taken in."""
    if reason := ports.not_ready():
        raise Unavailable(reason)
