"""The pools of one machine, in which projects and their owners take turns."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from resplice.adapters.machine import machine
from resplice.adapters.threads.fair_pool import FairPool
from resplice.frozen import frozen

FETCHERS = 64
"""They wait for sources. What fills a core, such as probing, has limits of its own."""
PAINTERS = 12
"""They wait for a tab of the browser, and for what strangers' pages load."""
LOOKUPS = 4


def renders_at_once() -> int:
    return machine().renders_at_once()


@frozen
class Pools:
    """Of each kind of work one. The names are those of ports.Ports."""

    fetchers: FairPool = field(default_factory=lambda: FairPool(FETCHERS, "fetch", keeps_room=True))
    painters: FairPool = field(default_factory=lambda: FairPool(PAINTERS, "paint", keeps_room=True))
    lookups: FairPool = field(default_factory=lambda: FairPool(LOOKUPS, "look up"))
    renderers: FairPool = field(default_factory=lambda: FairPool(renders_at_once(), "render"))

    def shares(self, owner: str = "") -> dict[str, Any]:
        """What one project of the owner submits to, as fields of Ports."""
        return {name: pool.share(owner) for name, pool in vars(self).items()}

    def shutdown(self) -> None:
        """What has not begun is cancelled, what runs is left to itself."""
        for pool in vars(self).values():
            pool.shutdown()
