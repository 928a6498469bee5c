"""Wiring of the page that plays a film as it is edited: a server of its own, on this machine."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from resplice.adapters.http_server import player
from resplice.adapters.http_server.event_feed import EventFeed
from resplice.adapters.http_server.front import HttpFront
from resplice.api.timestamps import timestamp
from resplice.frozen import frozen
from resplice.ports import Ports

GRACE_SECONDS = 1


@frozen
class Player:
    """The page that is served. url: where it is."""

    url: str
    _feed: EventFeed

    def tell(self, told: Mapping[str, Any]) -> None:
        """What the page shows from now on."""
        self._feed.tell(told)


@contextmanager
def playing(port: int, ports: Ports) -> Iterator[Player]:
    """The page, and the films in the store, each at /KEY. port: 0 for any free one.

    Raises RespliceError when the port cannot be had.
    """
    feed = EventFeed()
    with HttpFront(
        *(port, player.answered, ports.objects),
        lambda: timestamp(ports.clock.now_ms()),
        feeds={player.FEED: feed},
        grace_s=GRACE_SECONDS,
    ) as front:
        # It tells of pages that were still loading when we ended.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        front.start()
        try:
            yield Player(f"{front.base_url}/", feed)
        finally:
            feed.end()
