"""The local HTTP front: what API Gateway, CloudFront and S3 are to the deployed stack.

uvicorn takes the connections; `application` says what each request gets. Knows no routes.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType

import uvicorn

from resplice.adapters.http_server.application import Admit, Application, Handler
from resplice.adapters.http_server.arriving import MAX_HEAD_BYTES, protocol
from resplice.adapters.http_server.event_feed import EventFeed
from resplice.adapters.http_server.stored_files import Found, movie_at
from resplice.adapters.http_server.uploads import PREFIX, Uploads
from resplice.errors import RespliceError
from resplice.ports.objects import Objects

HOST = "127.0.0.1"
OWN_NAMES = (HOST, "localhost", "[::1]")
HTTP_PORT = 80
WAITING_CONNECTIONS = 512
REQUEST_SECONDS = 60.0
"""For a request to arrive whole, and between two requests on one connection."""
GRACE_SECONDS = 8
AT_ONCE = 64
NO_FEEDS: Mapping[str, EventFeed] = {}


class HttpFront:
    """A server that serves from `start` to `stop`, in a thread of its own. timestamp: the time as
    answers have it.
    """

    def __init__(
        self,
        port: int,
        handler: Handler,
        objects: Objects,
        timestamp: Callable[[], str],
        *,
        admit: Admit = lambda method, path, headers: None,
        locate: Callable[[str], Found | None] = movie_at,
        uploads: Uploads | None = None,
        origins: Iterable[str] = (),
        names: Iterable[str] = (),
        host: str = HOST,
        request_s: float = REQUEST_SECONDS,
        at_once: int = AT_ONCE,
        feeds: Mapping[str, EventFeed] = NO_FEEDS,
        grace_s: int = GRACE_SECONDS,
    ) -> None:
        """port: 0 for any free one. at_once: how many requests the handler sees at a time.

        admit    refuses requests before their bodies are read
        locate   which object a path stands for
        origins  of web pages whose scripts may call; `*` for all
        names    what callers may call us in a Host header, beside our own names
        feeds    of events, by their paths; who stops the server ends them before
        grace_s  see `stop`

        Raises RespliceError when the port cannot be had.
        """
        self._socket = _listening(host, port)
        self._port = self._socket.getsockname()[1]
        self._handlers = ThreadPoolExecutor(at_once, "request")
        application = Application(
            handler,
            objects,
            timestamp,
            self._handlers,
            admit=admit,
            locate=locate,
            uploads=uploads,
            origins=frozenset(origins),
            hosts=self.own_hosts | {name.lower() for name in names},
            feeds=feeds,
        )
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
        config = uvicorn.Config(
            application,
            http=protocol(request_s, lambda path: path.startswith(PREFIX), timestamp),
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            h11_max_incomplete_event_size=MAX_HEAD_BYTES,
            timeout_keep_alive=int(max(1, request_s)),
            timeout_graceful_shutdown=grace_s,
            backlog=WAITING_CONNECTIONS,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="http", daemon=True)

    @property
    def port(self) -> int:
        return int(self._port)

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def own_urls(self) -> tuple[str, ...]:
        """What callers on this machine may call us."""
        return tuple(f"http://{name}:{self.port}" for name in OWN_NAMES)

    @property
    def own_hosts(self) -> frozenset[str]:
        """What callers may call us in a Host header."""
        bare = OWN_NAMES if self.port == HTTP_PORT else ()
        return frozenset((*bare, *(f"{name}:{self.port}" for name in OWN_NAMES)))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests; those that have begun are answered, if that takes no longer than
        grace_s.
        """
        self._server.should_exit = True
        if self._thread.ident:
            self._thread.join()
        self._socket.close()
        self._handlers.shutdown(wait=False, cancel_futures=True)

    def __enter__(self) -> HttpFront:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _serve(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))


def _listening(host: str, port: int) -> socket.socket:
    # Only to sockets that are told to speak TCP does asyncio say that small answers go out at once.
    bound = socket.socket(proto=socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(WAITING_CONNECTIONS)
    except (OSError, OverflowError) as error:
        bound.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise RespliceError(f"cannot listen on {host}:{port}: {reason}") from error
    return bound
