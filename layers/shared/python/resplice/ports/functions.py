"""Functions: steps of the workflow that are called elsewhere, by whoever waits for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class CallFailed(Exception):
    """The function failed, or was not reached. What it has made stays."""


class Busy(CallFailed):
    """Too many run: it was not begun."""


class Functions(Protocol):
    """Safe to use from many threads."""

    def call(self, function: str, given: Mapping[str, Any]) -> None:
        """Call the function and wait for its end. Raises CallFailed."""
        ...
