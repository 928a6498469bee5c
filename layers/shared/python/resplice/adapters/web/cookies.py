"""Cookies of one fetch: set by a redirect, shown to whom they are for, and then forgotten."""

from __future__ import annotations

from email.message import Message
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from typing import cast
from urllib.request import Request

from urllib3.response import BaseHTTPResponse

MAX_BYTES = 16_384


class FetchCookies:
    """What the hosts of one fetch have set. Nothing of it outlives the fetch."""

    def __init__(self) -> None:
        self._jar = CookieJar()

    def keep(self, at: str, response: BaseHTTPResponse) -> None:
        """Keep what the answer from there sets, as far as it may."""
        self._jar.extract_cookies(cast(HTTPResponse, _Answer(response)), Request(at))

    def header(self, at: str) -> str | None:
        """What is to be shown there."""
        request = Request(at)
        self._jar.add_cookie_header(request)
        said = request.get_header("Cookie", "")
        return said if said and len(said) <= MAX_BYTES and said.isascii() else None


class _Answer:
    """An answer as a jar wants to see it."""

    def __init__(self, response: BaseHTTPResponse) -> None:
        self._set = Message()
        for said in response.headers.getlist("Set-Cookie"):
            self._set["Set-Cookie"] = said

    def info(self) -> Message:
        return self._set
