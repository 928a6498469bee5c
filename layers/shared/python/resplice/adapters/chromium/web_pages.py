"""Stranger's pages painted: each in a browser of its own, which ends with it.

A page's scripts run. What they reach is decided in `web_page_requests`; how much memory and time
they may take, here. Time is the page's own: a wait costs little of ours, and it is the same for
every painting of a page.
"""

from __future__ import annotations

import base64
import json
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from resplice.adapters.chromium import page_checks
from resplice.adapters.chromium import web_page_scripts as scripts
from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.chromium.devtools import (
    PAUSES_S,
    BrowserGone,
    BrowserNotStarted,
    BrowserProcess,
    BrowserStopped,
    Tab,
)
from resplice.adapters.chromium.frames import FIND, SET, stepping
from resplice.adapters.chromium.installed import ChromiumFiles
from resplice.adapters.chromium.pictures import Album, Box, Pictures
from resplice.adapters.chromium.room import why
from resplice.adapters.chromium.web_page_requests import TAILWIND, PageRequests
from resplice.adapters.machine import GIB, machine
from resplice.adapters.time_left import TimeLeft, endless
from resplice.core.text import FALLBACK_FAMILY, css
from resplice.core.warned import warned
from resplice.errors import BrowserBroken, PaintError
from resplice.ports.browser import Animated, Load, Painted, WebPage

PAINT_SECONDS = 30.0
MOST_BYTES = GIB
"""Of data, in each process of a page's browser; or what the machine has, if that is less."""
MOST_BYTES_IN_ONE = 3 * GIB // 2
"""The same, where all of the browser is one process."""
MAX_TASKS_AT_A_TIME = 1000
"""Tasks of a page that may follow upon each other before its clock goes on."""
SECONDS_PER_FRAME = 0.2
MAX_SECONDS = 90.0
"""What is added for frames, and all of it."""
LOADED = ("Page.loadEventFired", "Page.frameStoppedLoading")
"""Either says that a page is there; one that wanted to lead away has no load event."""

_FLAGS = (
    "--js-flags=--max-old-space-size=512",
    # UDP goes past the proxy that leads nowhere.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    # All that a page shows is where its requests are answered.
    *("--disable-site-isolation-trials", "--disable-features=IsolateSandboxedIframes,Prerender2"),
)
_SET_UP: Mapping[str, Mapping[str, Any]] = {
    "Inspector.enable": {},
    "Page.enable": {},
    "Page.addScriptToEvaluateOnNewDocument": {"source": scripts.BEFORE},
    "Emulation.setDefaultBackgroundColorOverride": {"color": {"r": 0, "g": 0, "b": 0, "a": 0}},
    "Fetch.enable": {"patterns": [{"urlPattern": "*"}]},
}


class WebPages:
    """Paints pages. Safe to call from many threads; how many at once is up to the caller."""

    def __init__(
        self,
        find: Callable[[], ChromiumFiles],
        fonts: BundledFonts,
        tailwind: Path,
        pictures: Pictures,
        seconds: float = PAINT_SECONDS,
        left_s: TimeLeft = endless,
    ) -> None:
        """find: tells the browser, or raises PaintError. tailwind: the script of that name."""
        self._find, self._fonts, self._seconds, self._left_s = find, fonts, seconds, left_s
        self._tools, self._pictures = {TAILWIND: tailwind}, pictures
        self._lock, self._running = threading.Lock(), set[BrowserProcess]()
        self._closings = 0

    def paint(self, page: WebPage, load: Load) -> Painted | Animated:
        """Raises PaintError."""
        seconds = min(self._seconds + page.frames * SECONDS_PER_FRAME, MAX_SECONDS)
        seconds = min(seconds, self._left_s())
        deadline = time.monotonic() + seconds
        try:
            return self._tried(page, load, deadline)
        except TimeoutError as error:
            took = f"it takes longer than {seconds:g} seconds"
            raise PaintError(f"The page could not be painted: {took}") from error
        except BrowserNotStarted as error:
            raise BrowserBroken(f"The browser that paints pages ended: {error}") from why(error)
        except BrowserGone as error:
            fell = "it crashed the browser, or takes too much memory"
            raise PaintError(f"The page could not be painted: {fell}") from why(error)
        except ValueError as error:
            raise PaintError(f"The page could not be painted: {error}") from error

    def close(self) -> None:
        """End the browsers of pages that are being painted."""
        with self._lock:
            self._closings += 1
            running, self._running = self._running, set()
        for process in running:
            process.stop()

    def forget(self) -> None:
        """In a forked child: the processes are the parent's."""
        running, self._running = self._running, set()
        self._lock = threading.Lock()
        for process in running:
            process.disown()

    def _tried(self, page: WebPage, load: Load, deadline: float) -> Painted | Animated:
        """Once more where what reads pictures was brought down by another page."""
        closings_before = self._closings
        while True:
            try:
                return self._painted(page, load, deadline)
            except BrowserStopped:
                if self._closings != closings_before or time.monotonic() > deadline:
                    raise

    def _painted(self, page: WebPage, load: Load, deadline: float) -> Painted | Animated:
        files = self._find()
        most_bytes = MOST_BYTES_IN_ONE if files.one_process else MOST_BYTES
        most_bytes = min(most_bytes, machine().room_bytes())
        process = self._started(files, most_bytes, deadline)
        try:
            tab = process.first_tab(deadline)
            requests = PageRequests(tab, page, load, self._fonts, self._tools, deadline)
            own_time = not files.one_process
            try:
                with self._pictures.album(deadline) as album:
                    visit = _Visit(tab, requests, self._fonts, album, own_time=own_time)
                    return visit.painted(page)
            finally:
                requests.close()
                requests.raise_if_ended()
        finally:
            with self._lock:
                self._running.discard(process)
            process.stop()

    def _started(self, files: ChromiumFiles, most_bytes: int, deadline: float) -> BrowserProcess:
        """A browser that close() ends, also where it comes while the browser is starting.

        Raises BrowserGone.
        """
        closings_before, pauses_s = self._closings, iter(PAUSES_S)
        while True:
            try:
                process = BrowserProcess(files, _FLAGS, most_bytes)
                break
            except BrowserNotStarted:
                pause_s = next(pauses_s, math.inf)
                if self._closings != closings_before or time.monotonic() + pause_s > deadline:
                    raise
                time.sleep(pause_s)
        with self._lock:
            if self._closings == closings_before:
                self._running.add(process)
                return process
        process.stop()
        raise BrowserStopped


class _Visit:
    """One page in one tab, from its first byte to its picture.

    own_time: whether the page has a clock of its own. The browser's one process has one clock for
    all of it, so that there a wait is a wait.
    """

    def __init__(
        self,
        tab: Tab,
        requests: PageRequests,
        fonts: BundledFonts,
        album: Album,
        *,
        own_time: bool,
    ) -> None:
        self._tab, self._requests, self._fonts, self._album = tab, requests, fonts, album
        self._deadline, self._own_time = album.deadline, own_time
        self._seen: set[str] = set()
        self._world = 0

    def painted(self, page: WebPage) -> Painted | Animated:
        """Raises BrowserGone, TimeoutError, ValueError."""
        self._requests.sheet = self._first_sheet(page)
        self._set_up(page)
        self._lived(page)
        self._call("Emulation.setScriptExecutionDisabled", value=True)
        self._enter()
        self._evaluate(scripts.HELD, page.wait_ms)
        warnings = [*self._dressed(written=not page.is_whole), *self._requests.warnings()]
        self._run(FIND)
        self._run(f"{SET}(0)")
        if page.frames > 1 and (animated := self._animated(page, warnings)):
            return animated
        left, top, right, bottom = self._shot() or (0, 0, 1, 1)
        png = self._album.cut((left, top, right, bottom))
        return Painted(png, left, top, right - left, bottom - top, tuple(warnings))

    def _first_sheet(self, page: WebPage) -> str:
        """The fonts that the page's own text names, and what is said of its body."""
        source = page.document.body.decode(errors="replace")
        families = [*self._fonts.named_in(source + page.css), FALLBACK_FAMILY]
        plain = "" if page.is_whole else scripts.PLAIN
        return f"{plain}{self._fonts.rules(families, source)}body{{{page.css}}}"

    def _set_up(self, page: WebPage) -> None:
        self._tab.on_event = self._on_event
        for method, params in _SET_UP.items():
            self._call(method, **params)
        size = {"width": page.width, "height": page.height, "mobile": False}
        self._call("Emulation.setDeviceMetricsOverride", deviceScaleFactor=page.density, **size)

    def _on_event(self, event: Mapping[str, Any]) -> None:
        self._seen.add(event["method"])
        self._requests.on_event(event)

    def _lived(self, page: WebPage) -> None:
        """The page is loaded, and its wait has passed."""
        if self._own_time:
            self._call("Emulation.setVirtualTimePolicy", policy="pause")
            self._seen.clear()
            self._navigate(page)
            self._pass(max(page.wait_ms, 1))
            while self._seen.isdisjoint(LOADED):
                self._pass(1)
        else:
            self._seen.clear()
            self._navigate(page)
            self._until(*LOADED)
            rest_ends = min(time.monotonic() + page.wait_ms / 1000, self._deadline)
            with suppress(TimeoutError):
                self._tab.until(lambda: False, rest_ends)
            self._tab.until(lambda: not self._requests.are_open(), self._deadline)

    def _navigate(self, page: WebPage) -> None:
        self._tab.send("Page.navigate", self._deadline, url=page.document.url)

    def _pass(self, budget_ms: int) -> None:
        """Let that much of the page's time pass, none of it while something is being loaded."""
        self._seen.discard("Emulation.virtualTimeBudgetExpired")
        self._call(
            "Emulation.setVirtualTimePolicy",
            policy="pauseIfNetworkFetchesPending",
            budget=budget_ms,
            maxVirtualTimeTaskStarvationCount=MAX_TASKS_AT_A_TIME,
        )
        self._until("Emulation.virtualTimeBudgetExpired")

    def _until(self, *events: str) -> None:
        """Any of them has happened."""
        self._tab.until(lambda: not self._seen.isdisjoint(events), self._deadline)

    def _enter(self) -> None:
        """Look at the page from where its scripts have changed nothing."""
        tree = self._call("Page.getFrameTree")
        frame = tree["frameTree"]["frame"]["id"]
        world = self._call("Page.createIsolatedWorld", frameId=frame)
        self._world = world["executionContextId"]

    def _dressed(self, *, written: bool) -> list[str]:
        """Every text gets letters that we have, in fonts that are loaded; warnings. written: in the
        movie.
        """
        found = self._evaluate(scripts.SURVEY)
        lists: list[list[str]] = found["lists"]
        own = {name.strip("\"'").lower() for name in found["own"]}
        named = [_ours(name) for each in lists for name in each]
        families = dict.fromkeys(name for name in named if name.lower() not in own)
        rules = self._fonts.rules([*families, FALLBACK_FAMILY], found["text"])
        if set(rules.splitlines()) <= set(self._requests.sheet.splitlines()):
            rules = ""
        wanted = [_drawn_with(each) for each in lists]
        if self._own_time:
            # While its time stands still, nothing is loaded and nothing painted.
            self._call("Emulation.setVirtualTimePolicy", policy="advance")
        failed = self._evaluate(scripts.DRESSED, lists, wanted, rules)
        return [*self._font_warnings(lists, own, failed), *self._checked(found["text"], written)]

    def _checked(self, text: str, written: bool) -> list[str]:
        """Warnings of letters that no font has, and of what was written and does not fit."""
        check = page_checks.check_stranger(text, written=written)
        return list(page_checks.warnings(self._run(check))) if check else []

    def _font_warnings(
        self, lists: Sequence[Sequence[str]], own: set[str], failed: Sequence[str]
    ) -> Sequence[str]:
        unknown = [
            names[0]
            for names in lists
            if not any(self._fonts.has(_ours(name)) or name.lower() in own for name in names)
        ]
        said = [f"font '{name}' is not bundled; drawn with Inter" for name in unknown]
        said += [f"font '{name}' could not be read; drawn with another" for name in failed]
        return [warned("font-missing", words) for words in dict.fromkeys(said)]

    def _animated(self, page: WebPage, warnings: Sequence[str]) -> Animated | None:
        """The frames that follow upon the wait; None when nothing moves in them."""
        times = [1000 * number / page.fps for number in range(page.frames)]
        stepping(self._run, self._shot, times, self._album)
        if not self._album.moves()[0]:
            return None
        apng, (left, top, right, bottom) = self._album.apng(page.fps, for_ever=False)
        place = left, top, right - left, bottom - top
        return Animated(apng, *place, page.frames, warnings=tuple(warnings))

    def _shot(self) -> Box | None:
        """Show what the viewport shows to the album; the box of its ink."""
        reply = self._call("Page.captureScreenshot", format="png", optimizeForSpeed=True)
        return self._album.show(base64.b64decode(reply["data"])).ink

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        return self._tab.call(method, self._deadline, **params)

    def _evaluate(self, function: str, *arguments: Any) -> Any:
        """What the function of JavaScript returns, called with these."""
        said = ",".join(json.dumps(argument) for argument in arguments)
        return self._run(f"({function})({said})")

    def _run(self, expression: str) -> Any:
        """What the expression of JavaScript gives, in a world of our own."""
        reply = self._call(
            "Runtime.evaluate",
            expression=expression,
            contextId=self._world,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in reply:
            raise ValueError(str(reply["exceptionDetails"].get("text")))
        return reply["result"].get("value")


def _ours(name: str) -> str:
    """The family that we have in the place of a generic one; any other as it is, if it is one."""
    try:
        return css.families(name).strip('"')
    except ValueError:
        return ""


def _drawn_with(names: Sequence[str]) -> str:
    """The list with families that we have in the place of generic ones, and a last one for all
    letters that the others lack.
    """
    return ",".join(f'"{name}"' for name in [*map(_ours, names), FALLBACK_FAMILY] if name)
