"""Log lines without what is secret in the URLs that they tell of, wherever logging is left as it
is: then Python prints them to standard error. A Lambda function has telemetry.py instead.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable


class BareLines(logging.Formatter):
    """Of messages, of errors and of what led to them."""

    def format(self, record: logging.LogRecord) -> str:
        # Imported late: most processes have nothing to say.
        from resplice.adapters.bare_urls import without_secrets

        return str(without_secrets(super().format(record)))


def keep_bare(handlers: Iterable[logging.Handler] = ()) -> None:
    """From now on in this process. handlers: of those who set up logging, beside Python's own."""
    last = [logging.lastResort] if logging.lastResort else []
    for handler in (*last, *handlers):
        handler.setFormatter(BareLines())
