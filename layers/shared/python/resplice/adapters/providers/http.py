"""Requests to providers over HTTP: bounded in time and size, their refusals as our errors.

It knows no provider. Where they are is the operator's word (a connection's endpoint), so any
address may be asked. Redirects are not followed and proxies of the environment not used: both
would take a key elsewhere. No key gets into an error or a log, also when the provider echoes it.
"""

from __future__ import annotations

import json
import logging
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationValueError,
    NewConnectionError,
    SSLError,
)
from urllib3.util import Timeout

from resplice.adapters.providers.handshake import Sent, connections, within
from resplice.adapters.providers.patience import Pause, asked_pause_s, patiently
from resplice.adapters.providers.reasons import refusal
from resplice.adapters.providers.secrecy import keys_in
from resplice.errors import ProviderBusy, ProviderError, ProviderLost, ProviderRefused
from resplice.frozen import frozen

CONNECT_SECONDS = 10
READ_SECONDS = 60
"""Without a byte."""
LONGEST_READ_SECONDS = 600
"""The same, for work that takes long."""
WHOLE_SECONDS = 240
"""For the body of one answer: a byte now and then keeps it coming, but not for longer. Whoever
waits for one in a function on AWS, whose time ends after 15 minutes, must live to store it.
"""
MAX_ANSWER_BYTES = 64 << 20
MOST_JSON_VALUES = 5_000_000
"""Ten hours of words have less than two; an empty list takes two bytes here, and 64 in memory."""
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
MAY_BE_DONE = frozenset({504})
"""A gateway that did not want to wait: who stands behind it may have done the work."""


@frozen
class Answer:
    """A whole answer with a status of success. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self, provider: str) -> Any:
        """Raises ProviderLost when it is no JSON."""
        try:
            return parsed(self.body)
        except ValueError:
            raise ProviderLost(provider, "its answer is no JSON") from None


def parsed(body: bytes) -> Any:
    """Raises ValueError when it is no JSON, or when it would fill the memory."""
    if sum(map(body.count, (b"[", b"{", b","))) > MOST_JSON_VALUES:
        raise ValueError("too many values")
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("too deep") from None


@frozen
class Asking:
    """Requests to one provider. Safe to use from many threads.

    title    as people call it
    read_s   how long it may say nothing
    hidden   what is never told, beside the keys in the headers of a request
    whole_s  how long the body of an answer may take in all
    """

    title: str
    read_s: float = READ_SECONDS
    sleep: Callable[[float], None] = time.sleep
    hidden: tuple[str, ...] = field(default=(), repr=False)
    whole_s: float = WHOLE_SECONDS

    def __call__(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        paid: bool = True,
    ) -> Answer:
        """The answer. paid: whether it may cost something, so what may have been carried out
        is not asked again.

        Where nothing was carried out it is asked again as the provider says, a few times.
        Raises ProviderRefused, ProviderBusy, ProviderLost.
        """
        self._check(url, headers)

        def once() -> Answer:
            try:
                status, said, whole = self._exchange(method, url, headers, body)
            except (HTTPError, _Endless) as error:
                raise self._fault(error, paid) from None
            if 200 <= status < 300:
                return Answer(status, said, whole)
            reason = refusal(status, whole, (*self.hidden, *keys_in(headers)))
            raise self._refused(status, said, reason, paid)

        return patiently(once, self.sleep)

    def patient(self, more_s: float) -> Asking:
        """The same for work that takes so much longer, within LONGEST_READ_SECONDS."""
        return replace(
            self, read_s=max(self.read_s, min(self.read_s + more_s, LONGEST_READ_SECONDS))
        )

    def _check(self, url: str, headers: Mapping[str, str]) -> None:
        """What is wrong is said here: the errors of libraries would quote it."""
        try:
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError
        except ValueError:
            reason = "its endpoint is no http or https address"
            raise ProviderRefused(self.title, reason) from None
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise ProviderRefused(self.title, "its key has characters that no key has")

    def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, dict[str, str], bytes]:
        length = {} if body is None else {"Content-Length": str(len(body))}
        answer = _pool().request(
            *(method, url),
            headers={**headers, **length},
            body=None if body is None else Sent(body),
            timeout=Timeout(connect=CONNECT_SECONDS, read=self.read_s),
            preload_content=False,
            redirect=False,
            retries=False,
        )
        try:
            whole = _read(answer, self.whole_s)
        except BaseException:
            answer.close()
            raise
        answer.release_conn()
        return answer.status, {name.lower(): text for name, text in answer.headers.items()}, whole

    def _fault(self, error: Exception, paid: bool) -> Exception:
        """The request got no whole answer. Nothing was sent where there was no connection."""
        if isinstance(error, NewConnectionError | ConnectTimeoutError):
            return Pause(ProviderBusy(self.title, "it could not be reached"))
        if isinstance(error, LocationValueError):
            return ProviderRefused(self.title, "its endpoint is no address")
        cause = error.args[0] if isinstance(error, SSLError) and error.args else None
        if isinstance(cause, ssl.SSLCertVerificationError):
            return ProviderRefused(self.title, "its certificate is not good")
        return self._lost("it gave no whole answer", paid)

    def _refused(
        self, status: int, headers: Mapping[str, str], reason: str, paid: bool
    ) -> Exception:
        if status in MAY_BE_DONE:
            return self._lost(reason, paid)
        if status not in BUSY:
            return ProviderRefused(self.title, reason)
        return Pause(ProviderBusy(self.title, reason), asked_pause_s(headers))

    def _lost(self, reason: str, paid: bool) -> ProviderError:
        if paid:
            return ProviderLost(self.title, f"{reason}; it may have been paid for")
        return ProviderBusy(self.title, reason)


class _Endless(Exception):
    """Too much, or for too long."""


@cache
def _pool() -> urllib3.PoolManager:
    """The process's connections. What urllib3 logs of them has whole addresses in it."""
    for name in ("urllib3.connection", "urllib3.connectionpool"):
        logging.getLogger(name).addFilter(_only_errors)
    return connections(places=16, each=8)


def _only_errors(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR


def _read(answer: urllib3.BaseHTTPResponse, within_s: float) -> bytes:
    try:
        with within(within_s, answer.shutdown):
            return _joined(answer)
    except TimeoutError:
        raise _Endless from None


def _joined(answer: urllib3.BaseHTTPResponse) -> bytes:
    pieces, size = list[bytes](), 0
    for piece in answer.stream(1 << 16):
        size += len(piece)
        if size > MAX_ANSWER_BYTES:
            raise _Endless
        pieces.append(piece)
    return b"".join(pieces)
