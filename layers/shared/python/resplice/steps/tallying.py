"""Tallying: count what a project that ended was served from, and read the sums."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from resplice.core.owners import CALLS, FIRST_OWNER
from resplice.core.report import Report
from resplice.core.tallies import amounts_of, told
from resplice.core.time_units import DAY_MS
from resplice.errors import StorageError
from resplice.ports import Ports
from resplice.steps.moments import today_ms

log = logging.getLogger(__name__)


def tally(owner: str, report: Report, ports: Ports) -> None:
    """A movie that is there is worth more than that it is counted. What `resplice render` makes is
    the first owner's.
    """
    whose = FIRST_OWNER if owner.startswith(CALLS) else owner
    try:
        ports.tallies.add(whose, today_ms(ports.clock), amounts_of(report))
    except StorageError as error:
        log.warning("what a movie was served from is not counted: %s", error)


def lately(owner: str, days: int, ports: Ports) -> tuple[int, dict[str, Any]]:
    """Since when, and the sums of as many days, of which today is the last. Raises StorageError."""
    since_ms = today_ms(ports.clock) - (days - 1) * DAY_MS
    totals: Mapping[str, int] = ports.tallies.total(owner, since_ms)
    return since_ms, told(totals)
