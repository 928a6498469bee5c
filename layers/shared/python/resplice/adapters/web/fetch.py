"""Downloads over HTTP from addresses that strangers chose.

A host is resolved once, every address it has is checked, and the connection goes to a checked
address, so a second answer of the name server cannot move it. No proxy, no automatic redirect,
no request without certificate checks, and a limit on everything that the other side controls.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import secrets
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from resplice.adapters.time_left import TimeLeft, endless
from resplice.adapters.web.checked_addresses import Resolve, checked_addresses, resolve
from resplice.adapters.web.cookies import FetchCookies
from resplice.adapters.web.limits import USUAL, HttpLimits
from resplice.core.addresses import AllowedSource, Target, parse_target
from resplice.core.share_links import (
    asks_to_sign_in,
    confirmed,
    direct_link,
    instead_of_file,
    no_file,
    private,
    service_of,
)
from resplice.errors import (
    SourceMissing,
    SourceRefused,
    SourceTimeout,
    SourceUnavailable,
    StorageError,
)
from resplice.ports.web import Allowance, Fetched, Validators

_USER_AGENT = "Resplice/0.1"
_CHUNK_BYTES = 1 << 16
_REDIRECTS = (301, 302, 303, 307, 308)
_MAY_HEAL = (408, 425, 429)
_PAGE_BYTES = 1 << 20
TIMED_OUT = "timed out"
_TLS_CUT_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError)


class SafeHttp:
    """The Web port. Safe to use from many threads. tls replaces the system's trusted roots."""

    def __init__(
        self,
        allowed: frozenset[AllowedSource] = frozenset(),
        limits: HttpLimits = USUAL,
        *,
        tls: ssl.SSLContext | None = None,
        resolver: Resolve = resolve,
        left_s: TimeLeft = endless,
    ) -> None:
        self._allowed = allowed
        self._limits = limits
        self._tls = tls or ssl.create_default_context()
        self._resolve = resolver
        self._left_s = left_s

    def fetch(
        self,
        url: str,
        into: Path,
        known: Validators | None = None,
        allowance: Allowance | None = None,
    ) -> Fetched | None:
        """See ports.web.Web. Also raises StorageError when `into` cannot be written."""
        if allowance:
            limits, own = self._limits.within(allowance), self._left_s
            narrow = SafeHttp(
                self._allowed, limits, tls=self._tls, resolver=self._resolve, left_s=own
            )
            return narrow.fetch(url, into, known)
        deadline_s = time.monotonic() + min(self._limits.total_s, self._left_s())
        for tried in range(1, self._limits.tries + 1):
            try:
                return self._follow(url, into, known, deadline_s)
            except SourceUnavailable:
                pause_s = self._limits.backoff_s * 4 ** (tried - 1)
                if tried == self._limits.tries or time.monotonic() + pause_s > deadline_s:
                    raise
                time.sleep(pause_s)
        raise AssertionError("at least one try")

    def _follow(
        self, url: str, into: Path, known: Validators | None, deadline_s: float
    ) -> Fetched | None:
        if reason := no_file(url):
            raise SourceRefused(url, reason)
        at, cookies, asked = direct_link(url), FetchCookies(), False
        for _ in range(self._limits.redirects + 1):
            target = _target(at, url, self._allowed)
            headers = _headers(target, known, cookies.header(at))
            with self._exchange(target, headers, url, deadline_s) as response:
                cookies.keep(at, response)
                if response.status == 304 and known:
                    return None
                if response.status in _REDIRECTS and response.headers.get("Location"):
                    following = _redirected(at, response.headers["Location"], url)
                elif _is_page_of_service(response, at, url):
                    following, asked = self._past(response, at, url, asked=asked), True
                else:
                    _expect_success(response.status, url)
                    return replace(self._save(response, into, url, deadline_s), url=at)
            if target.scheme == "https" and not following.lower().startswith("https:"):
                raise SourceRefused(url, "a redirect leads away from https")
            at = following
        raise SourceRefused(url, "too many redirects")

    @contextmanager
    def _exchange(
        self, target: Target, headers: dict[str, str], url: str, deadline_s: float
    ) -> Iterator[BaseHTTPResponse]:
        """One request and its answer, faults of the network as SourceErrors."""
        with _faults_as_source_errors(url, deadline_s):
            connection = self._connect(target, url, deadline_s)
            # Timeouts are per read, and a byte now and then resets them: this one is for all.
            watch = threading.Timer(_left(deadline_s), _hang_up, [connection.sock])
            watch.daemon = True
            watch.start()
            try:
                connection.timeout = self._limits.read_s
                connection.request(
                    "GET",
                    target.path,
                    headers=headers,
                    preload_content=False,
                    decode_content=False,
                )
                # It holds the socket open, also when the connection is closed.
                with closing(connection.getresponse()) as response:
                    yield response
            finally:
                watch.cancel()
                connection.close()

    def _connect(self, target: Target, url: str, deadline_s: float) -> HTTPConnection:
        addresses = checked_addresses(target, url, self._resolve)
        for left, address in zip(range(len(addresses) - 1, -1, -1), addresses, strict=True):
            connection = self._connection(target, address, deadline_s)
            try:
                connection.connect()
            except (OSError, HTTPError) as error:
                connection.close()
                if isinstance(error, ssl.SSLError) and not isinstance(error, _TLS_CUT_OFF):
                    raise SourceRefused(url, _tls_fault(error)) from error
                if not left:
                    raise
            else:
                return connection
        raise SourceMissing(url, "host not found")

    def _connection(self, target: Target, address: str, deadline_s: float) -> HTTPConnection:
        timeout_s = min(self._limits.connect_s, _left(deadline_s))
        if target.scheme == "http":
            return HTTPConnection(address, target.port, timeout=timeout_s)
        return HTTPSConnection(
            address,
            target.port,
            timeout=timeout_s,
            ssl_context=self._tls,
            server_hostname=target.host,
        )

    def _past(self, response: BaseHTTPResponse, at: str, url: str, *, asked: bool) -> str:
        """Where a page leads that asks before the file comes; it may ask once."""
        page = b""
        for data in _decoded(_body(response), response, url):
            page += data
            if len(page) > _PAGE_BYTES:
                break
        text = page.decode("utf-8", "replace")
        following = None if asked else confirmed(text, at)
        if following is None:
            raise SourceMissing(url, instead_of_file(service_of(url) or "", text))
        return following

    def _save(self, response: BaseHTTPResponse, into: Path, url: str, deadline_s: float) -> Fetched:
        declared = _declared_bytes(response)
        if declared is not None and declared > self._limits.size_bytes:
            raise self._too_large(url)
        digest, size = hashlib.sha256(), 0
        with _appearing(into) as write:
            for data in _decoded(_body(response), response, url):
                size += len(data)
                if size > self._limits.size_bytes:
                    raise self._too_large(url)
                self._limits.spend(len(data))
                digest.update(data)
                write(data)
            # A connection that was hung up looks like a body that ended.
            _left(deadline_s)
        headers = response.headers
        return Fetched(
            digest.hexdigest(),
            size,
            Validators(_clean(headers.get("ETag")), _clean(headers.get("Last-Modified"))),
            _clean(headers.get("Content-Type")) or "",
        )

    def _too_large(self, url: str) -> SourceRefused:
        return SourceRefused(url, f"larger than {self._limits.size_bytes} bytes")


def _target(at: str, url: str, allowed: frozenset[AllowedSource]) -> Target:
    """The target of the URL or of a redirect from it; errors name the URL that was given."""
    try:
        return parse_target(at, allowed)
    except SourceRefused as error:
        raise SourceRefused(url, error.reason) from None


def _redirected(at: str, location: str, url: str) -> str:
    try:
        # Header values come as Latin-1; a URL that is not ASCII is UTF-8 in practice.
        following = urljoin(at, location.encode("latin-1").decode("utf-8"))
    except ValueError:
        raise SourceRefused(url, "a redirect leads to no valid URL") from None
    service = service_of(url)
    if service and asks_to_sign_in(following):
        raise SourceMissing(url, private(service))
    return following


def _is_page_of_service(response: BaseHTTPResponse, at: str, url: str) -> bool:
    """Whether a service shows a page where it was asked for a file. A file comes as attachment."""
    if not service_of(url) or not service_of(at) or response.status not in (200, 401, 403):
        return False
    said = response.headers.get("Content-Disposition", "").lower()
    is_page = response.headers.get("Content-Type", "").lower().startswith("text/html")
    return is_page and not said.startswith("attachment")


def _headers(target: Target, known: Validators | None, cookies: str | None) -> dict[str, str]:
    headers = {
        "Host": target.host_header,
        "User-Agent": _USER_AGENT,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
    }
    if known and known.etag:
        headers["If-None-Match"] = known.etag
    if cookies:
        headers["Cookie"] = cookies
    if known and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def _expect_success(status: int, url: str) -> None:
    if status == 200:
        return
    if status >= 500 or status in _MAY_HEAL:
        raise SourceUnavailable(url, str(status))
    raise SourceMissing(url, str(status))


def _declared_bytes(response: BaseHTTPResponse) -> int | None:
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() and len(length) < 20 else None


def _body(response: BaseHTTPResponse) -> Iterator[bytes]:
    """The body as it comes, still encoded. One that is shorter than declared raises HTTPError."""
    while data := response.read1(_CHUNK_BYTES, decode_content=False):
        yield data


def _decoded(body: Iterator[bytes], response: BaseHTTPResponse, url: str) -> Iterator[bytes]:
    """The body without its Content-Encoding, in pieces of at most _CHUNK_BYTES."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        yield from body
        return
    if encoding not in ("gzip", "x-gzip"):
        raise SourceRefused(url, "its content encoding is not accepted")
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        for data in body:
            while data and not inflater.eof:
                yield inflater.decompress(data, _CHUNK_BYTES)
                data = inflater.unconsumed_tail
            if inflater.eof:
                return
    except zlib.error as error:
        raise SourceUnavailable(url, "its gzip encoding is damaged") from error
    raise SourceUnavailable(url, "its gzip encoding is cut off")


@contextmanager
def _appearing(into: Path) -> Iterator[Callable[[bytes], object]]:
    """Write to a file beside `into` that takes its name if all goes well and is gone if not."""
    part = into.with_name(f".{into.name}.{secrets.token_hex(6)}.part")
    try:
        with _faults_as_storage_errors(into):
            file = part.open("xb")
        with file:

            def write(data: bytes) -> None:
                with _faults_as_storage_errors(into):
                    file.write(data)

            yield write
        with _faults_as_storage_errors(into):
            part.replace(into)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _faults_as_storage_errors(into: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"cannot write {into}: {os.strerror(error.errno or 0)}") from error


@contextmanager
def _faults_as_source_errors(url: str, deadline_s: float) -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPError, http.client.HTTPException) as error:
        fault = TIMED_OUT if time.monotonic() >= deadline_s else _fault(error)
        kind = SourceTimeout if fault == TIMED_OUT else SourceUnavailable
        raise kind(url, fault) from error


def _fault(error: BaseException) -> str:
    """A fault in a word or two. It never quotes the other side."""
    if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        return TIMED_OUT
    if isinstance(error, ssl.SSLError):
        return "TLS failed"
    if isinstance(error, ConnectionRefusedError) or "NewConnection" in type(error).__name__:
        return "cannot connect"
    return "the connection broke"


def _tls_fault(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"TLS: {error.verify_message}"
    return "TLS: no secure connection can be made"


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):
        # Not an SSL socket's own shutdown: that would leave a reader with undecrypted bytes.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _left(deadline_s: float) -> float:
    left_s = deadline_s - time.monotonic()
    if left_s <= 0:
        raise TimeoutError
    return left_s


def _clean(value: str | None) -> str | None:
    """A header value fit to be sent back, or None."""
    return value if value and value.isascii() and value.isprintable() else None
