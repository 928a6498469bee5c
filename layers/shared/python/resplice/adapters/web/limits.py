"""What a download over HTTP may take: time, room, redirects, tries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from resplice.frozen import frozen
from resplice.ports.web import Allowance


@frozen
class HttpLimits:
    """size_bytes counts what is written, after decoding; total_s covers all tries of one fetch;
    spend is told of the bytes as they come.
    """

    connect_s: float = 10
    read_s: float = 20
    total_s: float = 600
    size_bytes: int = 2 << 30
    redirects: int = 5
    tries: int = 3
    backoff_s: float = 0.25
    spend: Callable[[int], object] = lambda size_bytes: None

    def within(self, allowance: Allowance) -> HttpLimits:
        """The same, with no more time and room than that."""
        return replace(
            self,
            total_s=min(self.total_s, allowance.seconds),
            size_bytes=min(self.size_bytes, allowance.size_bytes),
            spend=allowance.spend,
        )


USUAL = HttpLimits()
