"""How long an adapter may wait for what it calls, beside its own patience."""

from __future__ import annotations

import math
from collections.abc import Callable

TimeLeft = Callable[[], float]
"""Seconds that are left now, of whatever the adapter works for."""


def endless() -> float:
    return math.inf
