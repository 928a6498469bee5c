"""Requests to a server, repeated where that is safe, and its answers as JSON.

A request that only looks, or that leaves the same when it comes twice, is repeated when the server
fails or breaks off. Any other is repeated only when it surely was not taken: when no connection
was had, or the server asks to come again later (429).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, NewConnectionError

from resplice.client.errors import ApiError, Invalid, NoAnswer
from resplice.client.values import Json
from resplice.frozen import frozen

TRIES = 4
CONNECTIONS = 16
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
LONGEST_RETRY_AFTER_S = 120.0
"""A server that asks for more patience than that is told of at once."""
TIMEOUT = urllib3.Timeout(connect=10, read=60)
AGAIN = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
"""Answers that say when to come again."""

Query = Mapping[str, str | int | None]


@frozen
class Transport:
    """base_url: with or without /v2. api_key: None for a server that asks for none."""

    base_url: str
    api_key: str | None = field(repr=False)
    pool: urllib3.PoolManager = field(repr=False)
    sleep: Callable[[float], None] = time.sleep

    def call(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        body: Any = None,
        *,
        repeatable: bool | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        """The answer's JSON. path: after /v2, as "/movies". body: JSON, or bytes of it.

        repeatable: whether it may come twice; by default all but POST may.
        Raises ApiError, NoAnswer.
        """
        asked = {name: str(value) for name, value in (query or {}).items() if value is not None}
        url = f"{self.base_url}/v2{path}" + (f"?{urlencode(asked)}" if asked else "")
        sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        named = dict(headers or {})
        if sent is not None:
            named["Content-Type"] = "application/json"
        if self.api_key:
            named["x-api-key"] = self.api_key
        twice = method != "POST" if repeatable is None else repeatable
        answer = self.repeated(lambda: self._sent(method, url, sent, named), twice)
        return told(answer)

    def repeated(
        self, send: Callable[[], urllib3.BaseHTTPResponse], twice: bool
    ) -> urllib3.BaseHTTPResponse:
        """The first answer that is one, or the last; raises NoAnswer when none came at all."""
        for tried in range(1, TRIES + 1):
            pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (tried - 1))
            try:
                answer = send()
            except HTTPError as error:
                if tried == TRIES or not (twice or never_sent(error)):
                    raise NoAnswer(f"{self.base_url} did not answer: {error}") from error
            else:
                asked_s = retry_after_s(answer)
                if tried == TRIES or not _worth_another(answer, twice, asked_s):
                    return answer
                pause_s = pause_s if asked_s is None else asked_s
            self.sleep(pause_s)
        raise AssertionError("the last try ends it")

    def _sent(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> urllib3.BaseHTTPResponse:
        return self.pool.request(method, url, body=body, headers=headers, redirect=False)


def new_pool(ca_certs: str | None = None) -> urllib3.PoolManager:
    """Connections that repeat nothing by themselves. ca_certs: a file of more than the system's."""
    return urllib3.PoolManager(
        maxsize=CONNECTIONS, timeout=TIMEOUT, retries=False, ca_certs=ca_certs
    )


def never_sent(error: Exception) -> bool:
    """Whether it failed before anything was sent."""
    cause = error.reason if isinstance(error, MaxRetryError) else error
    return isinstance(cause, NewConnectionError | ConnectTimeoutError)


def _worth_another(answer: urllib3.BaseHTTPResponse, twice: bool, asked_s: float | None) -> bool:
    if asked_s is not None and asked_s > LONGEST_RETRY_AFTER_S:
        return False
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return True
    return twice and answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR


def retry_after_s(answer: urllib3.BaseHTTPResponse) -> float | None:
    """How long the server asks to wait, in seconds or until a date."""
    said = answer.headers.get("Retry-After")
    if said is None or answer.status not in AGAIN:
        return None
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return None


def told(answer: urllib3.BaseHTTPResponse) -> Json:
    """The answer of one that went well. Raises ApiError."""
    try:
        body = json.loads(answer.data)
    except ValueError:
        body = None
    went_well = HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES
    if went_well and isinstance(body, dict) and body.get("success") is not False:
        return body
    said = body if isinstance(body, dict) else {}
    message = said.get("message") or said.get("error") or _without_words(answer, went_well)
    code = said.get("code")
    raise ApiError(
        answer.status,
        str(message),
        [_invalid(each) for each in said.get("errors") or () if isinstance(each, dict)],
        None if code is None else str(code),
        retry_after_s(answer),
    )


def _without_words(answer: urllib3.BaseHTTPResponse, went_well: bool) -> str:
    if went_well:
        return "The answer is no JSON object: is this the address of the API?"
    try:
        return HTTPStatus(answer.status).phrase
    except ValueError:
        return "The request failed"


def _invalid(error: Json) -> Invalid:
    return Invalid(str(error.get("path") or ""), str(error.get("message") or ""))
