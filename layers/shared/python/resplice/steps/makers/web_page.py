"""The maker of pictures of web pages: fetches the page and what it loads, and has it painted."""

from __future__ import annotations

import itertools
import threading
from pathlib import Path

from resplice.core.tasks.web_page import WebPageTask
from resplice.errors import (
    PaintError,
    SourceInvalid,
    SourceRefused,
    SourceUnavailable,
)
from resplice.ports import Ports
from resplice.ports.browser import Loaded, WebPage
from resplice.ports.web import Allowance, Web
from resplice.steps.element_cache import TaskOutcome
from resplice.steps.makers.maker import Job
from resplice.steps.makers.paint import stored

MAX_PAGE_BYTES = 10 << 20
MAX_FILE_BYTES = 20 << 20
MAX_BYTES = 50 << 20
MAX_REQUESTS = 200
"""Of one page, all that it loads."""
PAGE_SECONDS = 20.0
FILE_SECONDS = 15.0

HERE = "https://page.resplice/"
"""Where a page is that was fetched from nowhere. No such host exists."""
PAGE_TYPES = ("text/html", "application/xhtml+xml", "")


def make(job: Job, ports: Ports) -> TaskOutcome:
    """Paint the page and store its picture. Raises SourceError, PaintError, StorageError.

    A page that loads nothing is the same as long as its task is.
    """
    if job.cached and not _loads(job, ports):
        return job.cached
    loads = Loads(ports.web, job.folder)
    painted = ports.browser.paint_web_page(_page(job.task, job.folder, ports), loads)
    from_outside = bool(job.task.url or loads.asked)
    return stored(job, painted, ports, loads=from_outside, may_heal=loads.may_heal)


def _loads(job: Job, ports: Ports) -> bool:
    """Whether what was painted came from outside, so that it may be another by now."""
    pointer = ports.cache_index.pointer(job.key)
    return bool(pointer and pointer.get("loads"))


def _page(task: WebPageTask, folder: Path, ports: Ports) -> WebPage:
    return WebPage(
        task.width,
        task.height,
        task.density,
        _document(task, folder, ports.web),
        is_whole=bool(task.url),
        css=task.css,
        tailwind=bool(task.tailwind),
        wait_ms=task.wait_ms,
        frames=task.frames,
        fps=task.fps,
    )


def _document(task: WebPageTask, folder: Path, web: Web) -> Loaded:
    """The page itself. Raises SourceError."""
    if not task.url:
        return Loaded(task.html.encode(errors="replace"), "text/html; charset=utf-8", HERE)
    path = folder / "page"
    fetched = web.fetch(task.url, path, None, Allowance(PAGE_SECONDS, MAX_PAGE_BYTES))
    assert fetched is not None
    body = path.read_bytes()
    media_type = fetched.media_type.partition(";")[0].strip().lower()
    if media_type not in PAGE_TYPES or b"<" not in body[:4096]:
        raise SourceInvalid(task.url, f"{media_type or 'a file'} without any HTML")
    at = fetched.url if fetched.url.startswith(("http://", "https://")) else HERE
    return Loaded(body, fetched.media_type, at)


class Loads:
    """What a page loads, within the limits of one page. Safe to call from many threads.

    asked: whether it asked for anything. may_heal: whether something is missing now that may be
    there later.
    """

    def __init__(self, web: Web, folder: Path) -> None:
        self._web, self._folder = web, folder
        self._lock, self._numbers = threading.Lock(), itertools.count(1)
        self._left_bytes = MAX_BYTES
        self.asked = self.may_heal = False

    def __call__(self, url: str, seconds: float) -> Loaded:
        """Raises SourceError, PaintError."""
        if not url.startswith(("http://", "https://")):
            raise SourceRefused(url, "pages load only http and https")
        with self._lock:
            number, left_bytes = next(self._numbers), self._left_bytes
            self.asked = True
        if number > MAX_REQUESTS:
            raise PaintError(f"The page loads more than {MAX_REQUESTS} files")
        if left_bytes <= 0:
            raise PaintError(f"The page loads more than {MAX_BYTES >> 20} MiB")
        return self._fetched(url, self._folder / f"loaded-{number}", seconds)

    def _fetched(self, url: str, path: Path, seconds: float) -> Loaded:
        allowance = Allowance(max(0.1, min(seconds, FILE_SECONDS)), MAX_FILE_BYTES)
        try:
            fetched = self._web.fetch(url, path, None, allowance)
        except SourceUnavailable:
            self.may_heal = True
            raise
        assert fetched is not None
        body = path.read_bytes()
        path.unlink()
        with self._lock:
            self._left_bytes -= len(body)
        return Loaded(body, fetched.media_type, fetched.url)
