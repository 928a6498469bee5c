"""Which fields of a stored project may change, whatever the records lie in. No I/O."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

CHANGEABLE = frozenset({"message", "ended_at_ms", "movie_key", "result"})


def written_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes as they are stored, the result as JSON. Raises TypeError for other fields."""
    if unknown := changes.keys() - CHANGEABLE:
        raise TypeError(f"a project's {', '.join(sorted(unknown))} cannot change")
    if "result" in changes:
        return {**changes, "result": json.dumps(dict(changes["result"]))}
    return dict(changes)
