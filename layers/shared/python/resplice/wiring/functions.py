"""Which ports each Lambda function is given: what is not in its row, it cannot reach.

`infra` gives a function the layers and the settings that its ports need. The functions that make
elements get what their makers say.
"""

from __future__ import annotations

from collections.abc import Mapping

from resplice.steps import makers

OFFERED = ("connections", "components")
"""For those that accept a document."""

COUNTED = ("usage", "rates")
"""For those that look at quotas."""

PORTS: Mapping[str, tuple[str, ...]] = {
    "api": (
        "objects",
        "projects",
        "cache_index",
        "leases",
        "api_keys",
        *OFFERED,
        *COUNTED,
        "templates",
    ),
    "prepare": ("objects", "projects", "cache_index", "leases", "checkpoints", *OFFERED),
    **{function: makers.ports_of(function) for function in makers.functions()},
    "plan": ("objects", "checkpoints"),
    "scene": ("objects", "renderer", "checkpoints"),
    "movie": ("objects", "renderer", "checkpoints"),
    "finish": ("objects", "projects", "cache_index", "leases", "checkpoints", "usage"),
}

RECORDS = frozenset(
    {"projects", "cache_index", "leases", "api_keys", "connections", "usage", "rates", "templates"}
)
"""Ports whose adapters keep records in the table."""
SECRETS = frozenset(each for each in makers.functions() if "connections" in PORTS[each])
"""Functions that read the secrets of connections; others that have the port may only list them."""


def secrets_prefix(stack: str) -> str:
    """What the names of secrets of the stack's connections begin with, in Secrets Manager."""
    return f"{stack}/connections/"
