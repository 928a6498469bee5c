"""Which ports each Lambda function is given: what is not in its row, it cannot reach.

`infra` gives a function the layers and the settings that its ports need. The functions that make
elements get what their makers say.
"""

from __future__ import annotations

from collections.abc import Mapping

from resplice.steps import makers

PORTS: Mapping[str, tuple[str, ...]] = {
    "api": ("objects", "projects", "cache_index", "leases", "api_keys"),
    "prepare": ("objects", "projects", "cache_index", "leases", "checkpoints"),
    **{function: makers.ports_of(function) for function in makers.functions()},
    "plan": ("objects", "checkpoints"),
    "scene": ("objects", "renderer", "checkpoints"),
    "movie": ("objects", "renderer", "checkpoints"),
    "finish": ("objects", "projects", "cache_index", "leases", "checkpoints"),
}

RECORDS = frozenset({"projects", "cache_index", "leases", "api_keys"})
"""Ports whose adapters keep records in the table."""
