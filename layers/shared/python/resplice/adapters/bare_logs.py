"""Lines of the log, and of errors that nobody caught, without what is secret in the URLs that they
tell of, wherever those are left as they are: then Python prints them to standard error. A Lambda
function has telemetry.py instead.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterable
from types import TracebackType


class BareLines(logging.Formatter):
    """Of messages, of errors and of what led to them."""

    def format(self, record: logging.LogRecord) -> str:
        return _bare(super().format(record))


def keep_bare(handlers: Iterable[logging.Handler] = ()) -> None:
    """From now on in this process. handlers: of those who set up logging, beside Python's own. Who
    has other words for uncaught errors keeps them.
    """
    last = [logging.lastResort] if logging.lastResort else []
    for handler in (*last, *handlers):
        handler.setFormatter(BareLines())
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _uncaught
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = _uncaught_in_thread
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = _ignored


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return sys.__excepthook__(kind, error, trace)  # Which ends it as an interrupt does.
    import traceback  # Imported late: most processes have nothing to say.

    return _say("".join(traceback.format_exception(kind, error, trace)))


def _uncaught_in_thread(thrown: threading.ExceptHookArgs) -> None:
    if thrown.exc_value is None or isinstance(thrown.exc_value, SystemExit):
        return
    _say(f"Exception in thread {thrown.thread.name if thrown.thread else '?'}:\n")
    _uncaught(thrown.exc_type, thrown.exc_value, thrown.exc_traceback)


def _ignored(thrown: sys.UnraisableHookArgs) -> None:
    """As one has that is thrown where nothing can be, while an object goes."""
    _say(f"{thrown.err_msg or 'Exception ignored in'}: {thrown.object!r}\n")
    if thrown.exc_value is not None:
        _uncaught(thrown.exc_type, thrown.exc_value, thrown.exc_traceback)


def _say(text: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(_bare(text))
        sys.stderr.flush()


def _bare(text: str) -> str:
    # Imported late, as above.
    from resplice.adapters.bare_urls import without_secrets

    return str(without_secrets(text))
