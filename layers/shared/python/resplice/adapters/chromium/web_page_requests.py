"""What a web page asks for, and who answers: the fonts and tools that we have, and `Load`.

This decides what may reach a stranger's page. It asks nobody itself, and touches no network.
"""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

from resplice.adapters.chromium.bundled_fonts import ORIGIN, BundledFonts
from resplice.adapters.chromium.devtools import BrowserGone, Tab
from resplice.core.warned import warned
from resplice.errors import PaintError, RespliceError, SourceError, shown
from resplice.ports.browser import Load, Loaded, WebPage

SHEET = f"{ORIGIN}page.css"
TAILWIND = f"{ORIGIN}tailwind.js"
"""Addresses that only we answer."""

AT_ONCE = 6
MAX_TOLD = 5
"""Files that a page goes without, each by its address."""
REFUSED_TYPES = ("EventSource", "Media", "Ping", "Prefetch", "WebSocket", "CSPViolationReport")
"""Kinds of requests that a still picture has no need of, or that never end."""

_POLICY = (
    "sandbox allow-scripts; default-src http: https: data: blob: 'unsafe-inline' 'unsafe-eval'; "
    "worker-src 'none'; frame-src 'none'; object-src 'none'; form-action 'none'; webrtc 'block'"
)
"""The page's origin is nobody's, so that it has no storage, no cookies, no popups, dialogs, forms
or downloads. https://www.w3.org/TR/CSP3/, https://html.spec.whatwg.org/#sandboxing
"""
_OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""Who has no cookies and no network of his own may read whatever anybody may fetch."""
_DOCTYPE = re.compile(rb"\s*(<!--.*?-->\s*)*<!doctype[^>]*>", re.IGNORECASE | re.DOTALL)
_PREFIX = f'<link rel="stylesheet" href="{SHEET}">'
_TAILWIND_PREFIX = f'<script src="{TAILWIND}"></script>'

Headers = Mapping[str, str]


class PageRequests:
    """Answers the requests of one page in one tab, until it is closed.

    went_away: where the page wanted to lead; it stays. failures: what it goes without.
    """

    def __init__(
        self,
        tab: Tab,
        page: WebPage,
        load: Load,
        fonts: BundledFonts,
        tools: Mapping[str, Path],
        deadline: float,
    ) -> None:
        """tools: files by the addresses that only we answer."""
        self._tab, self._page, self._load, self._fonts = tab, page, load, fonts
        self._url = urldefrag(page.document.url).url
        self._tools, self._deadline = tools, deadline
        self._pool, self._loading = ThreadPoolExecutor(AT_ONCE, "web page"), list[Future[None]]()
        self._answering, self._is_over = threading.Lock(), False
        self._is_shown, self._redirected = False, dict[str, Loaded]()
        self._failures: dict[str, str] = {}
        self._fatal: Exception | None = None
        self.sheet = ""

    def on_event(self, event: Mapping[str, Any]) -> None:
        """For the tab: answer what the page asks for. Raises what a request ended the page with."""
        if self._fatal:
            raise self._fatal
        if event["method"] == "Fetch.requestPaused":
            self._on_request(event["params"])
        elif event["method"] == "Page.frameNavigated" and self._is_shown:
            self._stays(event["params"]["frame"])

    def are_open(self) -> bool:
        """Whether something is being loaded."""
        return any(not each.done() for each in self._loading)

    def close(self) -> None:
        """Answer nothing more; the tab may be gone afterwards."""
        with self._answering:
            self._is_over = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def raise_if_ended(self) -> None:
        """Raise what a request ended the page with, a PaintError or our own mistake."""
        if self._fatal:
            raise self._fatal

    def warnings(self) -> Iterator[str]:
        """What the page went without, in an order that does not depend on who was faster."""
        for url in sorted(self._failures)[:MAX_TOLD]:
            words = f"a page goes without '{shown(url, 200)}' ({self._failures[url]})"
            yield warned("page-lacks", words)
        if len(self._failures) > MAX_TOLD:
            words = f"a page goes without {len(self._failures) - MAX_TOLD} more files"
            yield warned("page-lacks", words)

    def _on_request(self, about: Mapping[str, Any]) -> None:
        request, kind, number = about["request"], about["resourceType"], about["requestId"]
        url = urldefrag(request["url"]).url
        if kind == "Document":
            self._document(number, url)
        elif url.startswith(ORIGIN):
            self._own(number, url)
        elif request["method"] != "GET" or kind in REFUSED_TYPES:
            self._fail(number, url, "pages load no such thing")
        elif ahead := self._redirected.get(url):
            self._give(number, ahead.body, _said(ahead))
        elif url.startswith(("http://", "https://")):
            self._loading.append(self._pool.submit(self._fetch, number, url))
        else:
            self._fail(number, url, "only http and https are loaded")

    def _stays(self, frame: Mapping[str, Any]) -> None:
        """To addresses that nobody is asked for, such as about:blank, a page can go."""
        if "parentId" not in frame and urldefrag(frame["url"]).url != self._url:
            raise PaintError("The page could not be painted: it leads away from itself")

    def _document(self, number: str, url: str) -> None:
        """The page itself, once; it leads nowhere else, and frames show nothing."""
        if self._is_shown or url != self._url:
            self._fail(number, url, "the page does not lead there")
            return
        self._is_shown = True
        headers = {"Content-Security-Policy": _POLICY}
        headers["Content-Type"] = self._page.document.media_type or "text/html; charset=utf-8"
        self._give(number, self._markup(), headers)

    def _markup(self) -> bytes:
        """The page with our sheet before its own, and the doctype that pages have."""
        body = self._page.document.body
        said = _DOCTYPE.match(body)
        start = said.end() if said else 0
        doctype = b"" if said or self._page.is_whole else b"<!doctype html>"
        prefix = _PREFIX + _TAILWIND_PREFIX * self._page.tailwind
        return body[:start] + doctype + prefix.encode() + body[start:]

    def _own(self, number: str, url: str) -> None:
        if url == SHEET:
            self._give(number, self.sheet.encode(), {"Content-Type": "text/css; charset=utf-8"})
            return
        path = self._tools.get(url) or self._fonts.file(url.removeprefix(ORIGIN))
        if not path:
            self._fail(number, url, "there is no such font")
            return
        media_type = "text/javascript; charset=utf-8" if url in self._tools else "font/woff2"
        self._give(number, path.read_bytes(), {"Content-Type": media_type})

    def _fetch(self, number: str, url: str) -> None:
        """In a thread of the pool."""
        try:
            loaded = self._load(url, self._deadline - time.monotonic())
        except SourceError as error:
            self._fail(number, url, error.reason)
        except PaintError as error:
            self._fatal = error
            self._fail(number, url, "the page was ended")
        except RespliceError as error:
            self._fail(number, url, str(error))
        except Exception as error:
            self._fatal = error  # Nobody waits for this thread: who paints the page raises it.
            self._fail(number, url, "the page was ended")
        else:
            self._found(number, url, loaded)

    def _found(self, number: str, url: str, loaded: Loaded) -> None:
        """Addresses in it are relative to where it was found."""
        found = urldefrag(loaded.url).url
        if found in (url, ""):
            self._give(number, loaded.body, _said(loaded))
        else:
            self._redirected[found] = loaded
            self._give(number, b"", {"Location": found}, code=302)

    def _give(self, number: str, body: bytes, headers: Headers, code: int = 200) -> None:
        self._answer(
            "Fetch.fulfillRequest",
            requestId=number,
            responseCode=code,
            responseHeaders=[
                {"name": name, "value": value} for name, value in {**_OPEN, **headers}.items()
            ],
            body=base64.b64encode(body).decode(),
        )

    def _fail(self, number: str, url: str, reason: str) -> None:
        self._failures.setdefault(url, reason)
        self._answer("Fetch.failRequest", requestId=number, errorReason="Aborted")

    def _answer(self, command: str, **about: Any) -> None:
        """Nothing is written to a browser that has ended: its pipe may be another file by now."""
        with self._answering, suppress(BrowserGone, TimeoutError):
            if not self._is_over:
                self._tab.send(command, self._deadline, **about)


def _said(loaded: Loaded) -> Headers:
    return {"Content-Type": loaded.media_type} if loaded.media_type else {}
