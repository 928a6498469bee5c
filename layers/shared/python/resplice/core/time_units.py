"""How long units of time are, said once: whoever counts in days, hours or minutes counts in these.

A day is 24 hours: all that we count is UTC, without leap seconds, as Unix time is.
"""

from __future__ import annotations

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
DAY_S = DAY_MS // SECOND_MS
