"""The stored form of an API key's bounds of a day: JSON text; None where nothing is bounded.

Records of earlier versions have none, and earlier versions do not look at it. No I/O.
"""

from __future__ import annotations

import json

from resplice.core.quotas import UNBOUNDED, Bounds, bounds_of


def bounds_text(bounds: Bounds) -> str | None:
    return None if bounds == UNBOUNDED else json.dumps(bounds.said())


def bounds_from(text: str | None) -> Bounds:
    return bounds_of(json.loads(text)) if text else UNBOUNDED
