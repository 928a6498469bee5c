"""Requests to providers over HTTP: bounded in time and size, their refusals as our errors.

It knows no provider. Where they are is the operator's word (a connection's endpoint), so any
address may be asked; redirects are not followed, and nothing of a secret gets into an error.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3.util import Retry, Timeout

from resplice.errors import ProviderBusy, ProviderError, ProviderLost, ProviderRefused

CONNECT_SECONDS = 10
READ_SECONDS = 60
MAX_ANSWER_BYTES = 64 << 20
MAX_TRIES = 4
MAX_PAUSE_SECONDS = 20.0
"""A Retry-After of more is not waited for here."""
MAX_REASON_CHARS = 300
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504, 529})


@dataclass(frozen=True)
class Answer:
    """A whole answer with a status of success. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self, provider: str) -> Any:
        """Raises ProviderLost when it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise ProviderLost(provider, "its answer is no JSON") from None


@dataclass(frozen=True)
class Asking:
    """Requests to one provider. title: as people call it.

    paid  whether an answer is paid for: then what may have been carried out is not asked again
    """

    title: str
    read_s: float = READ_SECONDS
    sleep: Callable[[float], None] = time.sleep

    def __call__(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        fields: Mapping[str, Any] | None = None,
        paid: bool = True,
    ) -> Answer:
        """The answer. body: as it is sent; fields: of a form with files, as urllib3 takes them.

        Throttled requests are tried again as the provider says, a few times.
        Raises ProviderRefused, ProviderBusy, ProviderLost.
        """
        if urlsplit(url).scheme not in ("http", "https"):
            raise ProviderRefused(self.title, "its endpoint is no http or https address")
        for left in reversed(range(MAX_TRIES)):
            try:
                return self._once(method, url, dict(headers), body, fields, paid)
            except _Pause as pause:
                if not left or pause.seconds > MAX_PAUSE_SECONDS:
                    raise pause.error from None
                self.sleep(pause.seconds or 0.5 * 2 ** (MAX_TRIES - 1 - left))
        raise AssertionError("the last try raises")

    def _once(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        body: bytes | None,
        fields: Mapping[str, Any] | None,
        paid: bool,
    ) -> Answer:
        timeout = Timeout(connect=CONNECT_SECONDS, read=self.read_s)
        options: dict[str, Any] = {"fields": fields} if fields else {"body": body}
        try:
            answer = _pool().request(
                *(method, url),
                headers=headers,
                timeout=timeout,
                preload_content=False,
                redirect=False,
                retries=Retry(connect=2, read=0, redirect=0, status=0, other=0, backoff_factor=0.3),
                **options,
            )
            try:
                whole = _read(answer)
            finally:
                answer.release_conn()
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
            raise ProviderBusy(self.title, "it could not be reached") from None
        except urllib3.exceptions.MaxRetryError as error:
            cause = error.reason
            if isinstance(
                cause,
                urllib3.exceptions.NewConnectionError
                | urllib3.exceptions.ConnectTimeoutError
                | urllib3.exceptions.SSLError,
            ):
                raise ProviderBusy(self.title, "it could not be reached") from None
            raise self._lost(paid) from None
        except (urllib3.exceptions.HTTPError, _TooLarge):
            raise self._lost(paid) from None
        return self._judged(answer.status, _lower(answer.headers), whole)

    def _lost(self, paid: bool) -> ProviderError:
        if paid:
            return ProviderLost(self.title, "it gave no whole answer; it may have been paid for")
        return ProviderBusy(self.title, "it gave no whole answer")

    def _judged(self, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
        if 200 <= status < 300:
            return Answer(status, headers, body)
        reason = f"{status} {reason_in(body)}".strip()
        if status in BUSY:
            raise _Pause(ProviderBusy(self.title, reason), _pause_s(headers))
        raise ProviderRefused(self.title, reason)


class _Pause(Exception):
    def __init__(self, error: ProviderError, seconds: float) -> None:
        self.error, self.seconds = error, seconds
        super().__init__(str(error))


class _TooLarge(Exception):
    pass


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(num_pools=16, maxsize=8, block=False)


def _read(answer: urllib3.BaseHTTPResponse) -> bytes:
    pieces, size = list[bytes](), 0
    for piece in answer.stream(1 << 16):
        size += len(piece)
        if size > MAX_ANSWER_BYTES:
            raise _TooLarge
        pieces.append(piece)
    return b"".join(pieces)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _pause_s(headers: Mapping[str, str]) -> float:
    """Retry-After in seconds; 0 when it says none, or a date."""
    try:
        return max(0.0, float(headers.get("retry-after", "0")))
    except ValueError:
        return 0.0


def reason_in(body: bytes) -> str:
    """What an answer says of its refusal, in one line, cut."""
    text = body[:4096].decode(errors="replace")
    try:
        found = _message(json.loads(body))
    except ValueError:
        found = text if text.isprintable() else ""
    return " ".join(found.split())[:MAX_REASON_CHARS]


def _message(value: Any) -> str:
    """The first text under a name that providers use for it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return next(filter(None, map(_message, value)), "")
    if isinstance(value, dict):
        names = ("message", "detail", "error", "title", "reason", "msg", "innererror")
        return next(filter(None, (_message(value.get(name)) for name in names)), "")
    return ""
