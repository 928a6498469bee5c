"""The speed that a voice's settings ask for."""

from __future__ import annotations

import json

from resplice.errors import ProviderRefused

SLOWEST, FASTEST = 0.5, 2.0


def speed_in(settings: str, provider: str) -> float:
    """`speed` of the JSON object; 1 when it says none. Raises ProviderRefused."""
    try:
        found = json.loads(settings or "{}")
    except ValueError:
        found = None
    speed = found.get("speed", 1.0) if isinstance(found, dict) else None
    is_number = isinstance(speed, int | float) and not isinstance(speed, bool)
    if is_number and SLOWEST <= float(speed or 0) <= FASTEST:
        return float(speed or 0)
    reason = f"the setting speed must be a number from {SLOWEST} to {FASTEST}"
    raise ProviderRefused(provider, reason)
