"""What each request gets: a stored file, room for an upload, events, or the handler's answer. ASGI.

The handler and the disk are asked in threads: the event loop waits for nobody.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any, BinaryIO, TypeVar
from urllib.parse import urlsplit

from resplice.adapters.http_server.api_events import answer, event, joined
from resplice.adapters.http_server.event_feed import EventFeed
from resplice.adapters.http_server.stored_files import Found, Part, opened, part
from resplice.adapters.http_server.uploads import PREFIX, UploadRefused, Uploads
from resplice.errors import NotFound
from resplice.ports.objects import Objects

MAX_BODY_BYTES = 10 * 2**20
MAX_BODIES_BYTES = 256 * 2**20
"""Of all that are being read or handled, but for small ones: those always find room."""
SMALL_BODY_BYTES = 64 * 1024
PIECE_BYTES = 256 * 1024
LINGER_SECONDS = 2.0
VERSIONS = ("1.0", "1.1")
NAMED = "--cors-origin names those whose pages may call"

Handler = Callable[[dict[str, Any], Any], Mapping[str, Any]]
Admit = Callable[[str, str, Mapping[str, str]], Mapping[str, Any] | None]
"""(method, path, headers named in small letters): an answer, as a handler's, of who is refused."""
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
T = TypeVar("T")

log = logging.getLogger(__name__)


class RefusedError(Exception):
    """The request gets no further."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        self.status, self.headers = status, headers
        super().__init__(message)


@dataclass
class Request:
    """One request, as far as it has come.

    body      what was read of it and kept
    is_whole  whether all of it was read
    held_bytes  of the body, that count against all that may be held at once
    """

    scope: Message
    receive: Receive
    send: Send
    body: bytearray = field(default_factory=bytearray)
    is_whole: bool = field(default=False)
    held_bytes: int = 0

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @cached_property
    def target(self) -> str:
        query = self.scope["query_string"].decode("latin-1")
        path: str = self.scope["raw_path"].decode("latin-1")
        return f"{path}?{query}" if query else path

    @cached_property
    def path(self) -> str:
        """As it stands in the request line, without its query. Raises ValueError."""
        return urlsplit(self.target).path

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self._raw]

    @cached_property
    def headers(self) -> dict[str, str]:
        return joined(self.pairs)

    @property
    def length_bytes(self) -> int | None:
        """None when it is not said: then the body comes in chunks, or there is none."""
        said = self.headers.get("content-length")
        return int(said) if said is not None else None

    @property
    def peer(self) -> str:
        return str(self.scope["client"][0]) if self.scope.get("client") else ""

    @property
    def _raw(self) -> list[tuple[bytes, bytes]]:
        return list(self.scope["headers"])

    async def piece(self) -> bytes:
        """The next bytes of the body; is_whole afterwards when they were the last.

        Raises ConnectionError when the caller has gone.
        """
        message = await self.receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        self.is_whole = not message.get("more_body", False)
        return bytes(message.get("body", b""))

    @property
    def has_body(self) -> bool:
        return bool(self.length_bytes) or "transfer-encoding" in self.headers

    async def take_what_is_here(self) -> None:
        """Of the body, without waiting for more, and without asking for it."""
        if "expect" in self.headers:
            return
        piece = asyncio.ensure_future(self.piece())
        await asyncio.sleep(0)
        if piece.done():
            self.body += piece.result()
        piece.cancel()

    async def gone(self) -> None:
        """Wait until the caller is gone, or answered."""
        with suppress(ConnectionError):
            while True:
                await self.piece()


class Application:
    """See HttpFront for what it is given. handlers: threads for all that may wait."""

    def __init__(
        self,
        handler: Handler,
        objects: Objects,
        timestamp: Callable[[], str],
        handlers: Executor,
        *,
        admit: Admit,
        locate: Callable[[str], Found | None],
        uploads: Uploads | None,
        origins: frozenset[str],
        hosts: frozenset[str],
        feeds: Mapping[str, EventFeed],
    ) -> None:
        self._handler, self._objects, self._timestamp = handler, objects, timestamp
        self._handlers, self._admit, self._locate = handlers, admit, locate
        self._uploads, self._origins, self._hosts = uploads, origins, hosts
        self._feeds = feeds
        self._held_bytes = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        try:
            await self._respond(request)
        except RefusedError as refused:
            await self._refuse(request, refused)
        except ConnectionError:
            pass
        except Exception:
            log.exception("%s %s failed", request.method, _known_of(request.target))
            failed = RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal error")
            await self._refuse(request, failed)

    async def _respond(self, request: Request) -> None:
        self._check_caller(request)
        try:
            path = request.path
        except ValueError:
            raise RefusedError(HTTPStatus.BAD_REQUEST, "The URL is not valid") from None
        if found := self._locate(path):
            await self._give(request, found)
        elif feed := self._feeds.get(path):
            await self._tell(request, feed)
        elif self._uploads and path.startswith(PREFIX):
            await self._take(request, path.removeprefix(PREFIX), self._uploads)
        else:
            await self._ask(request, path)

    def _check_caller(self, request: Request) -> None:
        """Refuse what a web page had its visitor's browser send: no foreign page may post movies,
        nor read answers under a host name that it had point to us. Browsers send both headers.
        """
        if request.scope["http_version"] not in VERSIONS:
            raise RefusedError(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "Only HTTP/1.1 is spoken")
        named = {value.lower() for name, value in request.pairs if name == "host"}
        if named - self._hosts:
            raise RefusedError(
                HTTPStatus.BAD_REQUEST, "The Host is not this server: --public-url names others"
            )
        known = {f"http://{host}" for host in self._hosts} | self._origins
        known |= {f"https://{host}" for host in self._hosts}
        origins = {value.lower() for name, value in request.pairs if name == "origin"}
        harmless = request.method in ("GET", "HEAD", "OPTIONS")
        if not harmless and origins - known and "*" not in self._origins:
            raise RefusedError(
                HTTPStatus.FORBIDDEN, f"Requests of other origins are refused: {NAMED}"
            )

    async def _ask(self, request: Request, path: str) -> None:
        """The handler's answer. Who may not ask is refused before we wait for a body; a request
        that is here already goes to the handler at once, which refuses the same callers.
        """
        if request.has_body:
            await request.take_what_is_here()
            if not request.is_whole:
                refused = await self._in_thread(self._admit, request.method, path, request.headers)
                if refused:
                    await self._answer(request, *answer(refused))
                    return
                await self._read(request)
        try:
            told = await self._in_thread(self._handled, request)
        finally:
            self._let_go(request)
        await self._answer(request, *told)

    def _handled(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        body = bytes(request.body)
        try:
            made = event(request.method, request.target, request.pairs, body, request.peer)
        except ValueError:
            raise RefusedError(HTTPStatus.BAD_REQUEST, "The URL is not valid") from None
        return answer(self._handler(made, None))

    async def _read(self, request: Request) -> None:
        """All of its body, if it is not too large."""
        most = f"The request is larger than {MAX_BODY_BYTES // 2**20} MiB"
        if (request.length_bytes or 0) > MAX_BODY_BYTES:
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, most)
        try:
            while not request.is_whole:
                request.body += await request.piece()
                if len(request.body) > MAX_BODY_BYTES:
                    raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, most)
                self._hold(request)
        except BaseException:
            self._let_go(request)
            raise

    def _hold(self, request: Request) -> None:
        """Raises RefusedError when others hold too much."""
        grown_bytes = max(0, len(request.body) - SMALL_BODY_BYTES) - request.held_bytes
        if self._held_bytes + grown_bytes > MAX_BODIES_BYTES:
            busy = "Too many large requests at once: try again in a moment"
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, busy, **{"Retry-After": "5"})
        request.held_bytes += grown_bytes
        self._held_bytes += grown_bytes

    def _let_go(self, request: Request) -> None:
        self._held_bytes -= request.held_bytes
        request.held_bytes = 0

    async def _tell(self, request: Request, feed: EventFeed) -> None:
        """Events, until there are no more."""
        if request.method != "GET":
            said = "Method not allowed: these are events"
            raise RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, said, Allow="GET")

        async def send(data: bytes) -> None:
            await request.send(_body_of(data, more=True))

        head = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        await self._start(request, HTTPStatus.OK, head, None)
        gone = asyncio.create_task(request.gone())
        try:
            await feed.hear(send, gone)
            await request.send(_body_of(b""))
        finally:
            gone.cancel()

    async def _give(self, request: Request, found: Found) -> None:
        if request.method not in ("GET", "HEAD"):
            said = "Method not allowed: this is a file"
            raise RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, said, Allow="GET, HEAD")
        file = found.opened(found.key) if found.opened else opened(self._objects, found.key)
        try:
            stored, body = await self._in_thread(file.__enter__)
        except NotFound:
            said = f"There is no such {found.noun}"
            raise RefusedError(HTTPStatus.NOT_FOUND, said) from None
        try:
            piece = part(stored, found, request.headers)
            if piece.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                unsent = {k: v for k, v in piece.headers.items() if k != "Content-Type"}
                said = f"The range lies outside the {found.noun}"
                raise RefusedError(piece.status, said, **unsent)
            await self._start(request, piece.status, piece.headers, piece.count)
            if request.method != "HEAD":
                await self._send_file(request, body, piece)
            await request.send(_body_of(b""))
        finally:
            await self._in_thread(file.__exit__, None, None, None)

    async def _send_file(self, request: Request, file: BinaryIO, piece: Part) -> None:
        """Raises ConnectionError when the caller is gone: sending alone does not tell."""
        at, end = piece.start, piece.start + piece.count
        gone = asyncio.create_task(request.gone())
        try:
            while at < end:
                read = (file.fileno(), min(end - at, PIECE_BYTES), at)
                data = await self._in_thread(os.pread, *read)
                if gone.done() or not data:
                    raise ConnectionError
                await request.send(_body_of(data, more=True))
                at += len(data)
        finally:
            gone.cancel()

    async def _take(self, request: Request, token: str, uploads: Uploads) -> None:
        if request.method != "PUT":
            said = "Method not allowed: files are PUT here"
            raise RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, said, Allow="PUT")
        if request.length_bytes is None:
            raise RefusedError(HTTPStatus.LENGTH_REQUIRED, "A Content-Length is required")
        try:
            begun = (token, request.headers, request.length_bytes)
            upload = await self._in_thread(uploads.begin, *begun)
            try:
                while not request.is_whole:
                    await self._in_thread(upload.write, await request.piece())
                await self._in_thread(upload.finish)
            finally:
                await self._in_thread(upload.abandon)
        except UploadRefused as refused:
            raise RefusedError(refused.status, str(refused)) from None
        await self._answer(request, *self._told(HTTPStatus.OK, success=True))

    async def _refuse(self, request: Request, refused: RefusedError) -> None:
        status, headers, body = self._told(refused.status, success=False, message=str(refused))
        with suppress(ConnectionError, RuntimeError):
            await self._answer(request, status, {**headers, **refused.headers}, body)

    def _told(self, status: int, **body: Any) -> tuple[int, dict[str, str], bytes]:
        told = {**body, "timestamp": self._timestamp()}
        return status, {"Content-Type": "application/json"}, json.dumps(told).encode()

    async def _answer(
        self, request: Request, status: int, headers: Mapping[str, str], body: bytes
    ) -> None:
        """The whole answer in one piece. When the body was not read, its sender has a moment to
        notice: closing on unread bytes would destroy the answer.
        """
        unread = not request.is_whole and request.has_body
        more = {"Connection": "close"} if unread else {}
        await self._start(request, status, {**headers, **more}, len(body))
        await request.send(_body_of(body, more=unread))
        if unread:
            with suppress(TimeoutError, ConnectionError):
                async with asyncio.timeout(LINGER_SECONDS):
                    while not request.is_whole:
                        await request.piece()
            await request.send(_body_of(b""))

    async def _start(
        self, request: Request, status: int, headers: Mapping[str, str], length: int | None
    ) -> None:
        """A 204 and a 304 have no body, so they tell no length; nor does what has none yet."""
        told = dict(headers)
        bare = status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        if length is not None and not bare:
            told["Content-Length"] = str(length)
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told.items()]
        message = {"type": "http.response.start", "status": int(status), "headers": raw}
        await request.send(message)

    async def _in_thread(self, call: Callable[..., T], *given: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._handlers, call, *given)


def _known_of(target: str) -> str:
    """Of a request's target, what a log may tell: queries, and paths of uploads, are secret."""
    path, _, query = target.partition("?")
    begins = PREFIX if path.startswith(PREFIX) else path[:200]
    return begins + ("…" if begins != path or query else "")


def _body_of(data: bytes, *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}
