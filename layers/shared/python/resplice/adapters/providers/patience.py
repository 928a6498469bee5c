"""How often a provider that is busy is asked again, and how long is waited in between."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from resplice.errors import ProviderError

MAX_TRIES = 4
FIRST_PAUSE_SECONDS = 0.5
MAX_PAUSE_SECONDS = 20.0
"""More is not waited here: whoever asked for it waits, and lets others work meanwhile."""

Made = TypeVar("Made")
Sleep = Callable[[float], None]


class Pause(Exception):
    """Nothing was done, and it may be asked again. seconds: as the provider says; 0 for nothing
    said. error: what is raised in the end.
    """

    def __init__(self, error: ProviderError, seconds: float = 0) -> None:
        self.error, self.seconds = error, seconds
        super().__init__(str(error))


def patiently(ask: Callable[[], Made], sleep: Sleep) -> Made:
    """What it gives; asked again where it raises Pause. Raises ProviderError."""
    for tried in range(MAX_TRIES):
        try:
            return ask()
        except Pause as pause:
            if tried == MAX_TRIES - 1 or pause.seconds > MAX_PAUSE_SECONDS:
                raise pause.error from None
            sleep(pause.seconds or FIRST_PAUSE_SECONDS * 2**tried)
    raise AssertionError("the last try gives or raises")


def asked_pause_s(headers: Mapping[str, str]) -> float:
    """Retry-After in seconds, 0 when there is none. Names of headers are in lower case.

    It is a number or a date, and a date counts from the answer's own:
    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
    """
    asked = headers.get("retry-after", "")
    try:
        seconds = float(asked)
    except ValueError:
        seconds = _seconds_until(asked, headers.get("date", ""))
    return 0.0 if math.isnan(seconds) else max(0.0, seconds)


def _seconds_until(then: str, now: str) -> float:
    until = _date(then)
    if until is None:
        return 0.0
    since = _date(now) or datetime.fromtimestamp(time.time(), UTC)
    return (until - since).total_seconds()


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
