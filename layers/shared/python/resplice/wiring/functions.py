"""Which ports each Lambda function is given: what is not in its row, it cannot reach.

`infra` gives a function the layers and the settings that its ports need. The functions that make
elements get what their makers say.
"""

from __future__ import annotations

from collections.abc import Mapping

from resplice.core import lane
from resplice.steps import makers

OFFERED = ("connections", "components")
"""For those that accept a document."""

TOLD = ("outbox", "telling")
"""For those that end projects."""

COUNTED = ("usage", "rates", "tallies")
"""For those that look at quotas, and say what movies are served from."""

MEDIA = ("media", "media_bytes")
"""For those that key a movie by the files of its owner that it names."""

SHOWN = ("file_users",)
"""For those that end projects, or delete them."""

FOR_CLIENTS = ("progress", "idempotency", "bulks")
"""For those who ask."""

_STEPS: Mapping[str, tuple[str, ...]] = {
    "api": (
        *("objects", "projects", "cache_index", "leases", "api_keys", "templates"),
        *(*OFFERED, *COUNTED, *SHOWN, *FOR_CLIENTS, *TOLD, *MEDIA, "audit"),
    ),
    "prepare": (
        *("objects", "projects", "cache_index", "leases", "checkpoints"),
        *("usage", *OFFERED, *MEDIA),
    ),
    **{function: makers.ports_of(function) for function in makers.functions()},
    "plan": ("objects", "checkpoints", "progress", "usage"),
    "scene": ("objects", "parts", "renderer", "checkpoints", "progress"),
    "movie": ("objects", "splicer", "renderer", "checkpoints"),
    "finish": (
        *("objects", "projects", "agenda", "cache_index", "leases", "checkpoints"),
        *("usage", "tallies", "signer", "credentials", "api_keys", *SHOWN, *TOLD),
    ),
    "deliver": ("objects", "projects", "connections", "outbox", "senders"),
}
PORTS: Mapping[str, tuple[str, ...]] = {
    **_STEPS,
    lane.FUNCTION: tuple(dict.fromkeys(port for part in lane.PARTS for port in _STEPS[part])),
}

RECORDS = frozenset(
    {
        *("projects", "agenda", "cache_index", "leases", "api_keys", "connections", "usage"),
        *("rates", "templates", "tallies", "outbox", "media", *SHOWN, *FOR_CLIENTS),
    }
)
"""Ports whose adapters keep records in the table."""
SECRETS = frozenset(
    each for each in (*makers.functions(), "deliver") if "connections" in PORTS[each]
)
"""Functions that read the secrets of connections; others that have the port may only list them."""

FORESEEING = frozenset({"prepare", lane.FUNCTION})
"""Functions that begin movies: they may ask whether there is a certificate, which they cannot read.
"""


def secrets_prefix(stack: str) -> str:
    """What the names of secrets of the stack's connections begin with, in Secrets Manager."""
    return f"{stack}/connections/"


def webhook_secret(stack: str) -> str:
    """The name of what the stack's webhooks are signed with, in Secrets Manager."""
    return f"{stack}/webhook"


def signing_secret(stack: str) -> str:
    """The name of the operator's key, with which manifests of the stack's movies are signed."""
    return f"{stack}/signing"


def credentials_secret(stack: str) -> str:
    """The name of the operator's certificate, with which content credentials are signed."""
    return f"{stack}/credentials"
