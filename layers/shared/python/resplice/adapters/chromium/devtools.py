"""Chromium as a process, and tabs of it over the DevTools protocol. Knows nothing of painting.

The protocol runs over a pair of pipes that nobody but us holds: a port would be open to every user
of the machine. It stands behind walls (adapters/confined), and its profile is the one folder that
it may write to; that is removed when it ends, and it ends when we do, however that goes.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import select
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from html import escape
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from resplice.adapters.chromium.installed import ChromiumFiles
from resplice.adapters.confined.launching import LAUNCHER_OF_ALL, Launcher, Start, Tree
from resplice.adapters.confined.programs import (
    BROWSER,
    INSTALLED_BROWSER,
    ONE_PROCESS_BROWSER,
    Program,
)
from resplice.adapters.disk.held import held
from resplice.adapters.machine import GIB, machine

LAUNCH_SECONDS = 20.0
MOST_SAID_BYTES = 2000
MOST_PROCESSES = 48
"""Of a browser; with two tabs it has seven."""
MOST_DISK_BYTES = 4 * GIB
"""In its profile, and in the memory that its processes share."""
CLOSE_SECONDS = 2.0
MAX_READ_BYTES = 1 << 16

_FLAGS = (
    *("--headless", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage"),
    # WebGL there is none in any case: nothing is begun for it.
    *("--disable-software-rasterizer", "--hide-scrollbars", "--mute-audio", "--no-first-run"),
    # The same pixels everywhere: sRGB, grey antialiasing, outlines as designed.
    *("--force-color-profile=srgb", "--disable-lcd-text", "--font-render-hinting=none"),
    "--force-device-scale-factor=1",
    # Pictures that move stand still: which of theirs is seen would be up to chance.
    "--blink-settings=imageAnimationPolicy=2",
    # No network: every host is unknown, and what would still connect goes to a dead proxy.
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:1"),
    *("--proxy-bypass-list=<-loopback>", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--disable-default-apps", "--disable-extensions"),
)
_UNPACED = ("--disable-frame-rate-limit",)
"""No frame waits for its turn. A page that moves by itself is drawn as often as can be."""
_ONE_PROCESS = ("--single-process", "--no-zygote")

PAUSES_S = (0.0, 0.5, 2.0)
"""Before each further try: a page may fall with a browser that another one brought down, and a
machine that is short of something for a moment gets one.
"""


class BrowserGone(Exception):
    """The browser, or the tab, ended while we used it."""


class BrowserNotStarted(BrowserGone):
    """It ended before it was told anything: whoever asks for it is not the reason."""


class BrowserStopped(BrowserGone):
    """We ended the browser ourselves, in another thread."""


class BrowserProcess:
    """A running Chromium. stop() may be called often, from any thread."""

    def __init__(
        self,
        files: ChromiumFiles,
        flags: Sequence[str] = (),
        most_bytes: int = 0,
        launcher: Launcher = LAUNCHER_OF_ALL,
        *,
        paced: bool = False,
    ) -> None:
        """Start it and wait until it answers. Raises BrowserNotStarted.

        flags: beside those that every browser here has. most_bytes: the data that each of its
        processes may have, 0 for any. paced: it draws sixty times a second, as for who looks on.
        """
        # Whoever tidies up the same place would take the profile from under a browser that runs.
        self._profile, self._hold = held(Path(tempfile.gettempdir()), "chromium-")
        theirs, self._commands = os.pipe()
        self._answers, answering = os.pipe()
        self._log = os.open(self._profile / "log", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            descriptors = {1: self._log, 2: self._log, 3: theirs, 4: answering}
            flags = (*flags, *(() if paced else _UNPACED))
            self._process = launcher.start(
                _start(files, self._profile, flags, most_bytes, descriptors)
            )
        except OSError as error:
            self._close()
            shutil.rmtree(self._profile, ignore_errors=True)
            raise BrowserNotStarted(f"it did not start: {error.strerror}") from error
        finally:
            os.close(theirs)
            os.close(answering)
        self._wire = Wire(self._commands, self._answers)
        self._asking, self._stopping = threading.Lock(), threading.Lock()
        self._is_open = True
        self._itself = Tab(self._wire)
        try:
            self._itself.call("Browser.getVersion", time.monotonic() + LAUNCH_SECONDS)
        except BaseException as error:
            said = self._said()
            self.stop()
            if isinstance(error, BrowserGone | TimeoutError):
                raise BrowserNotStarted(f"it did not start: {said}") from error
            raise

    def _said(self) -> str:
        """The end of its log."""
        at = max(0, os.fstat(self._log).st_size - MOST_SAID_BYTES)
        return os.pread(self._log, MOST_SAID_BYTES, at).decode(errors="replace")

    def first_tab(self, deadline: float) -> Tab:
        """The empty one that it begins with: the browser may end with it. Raises as new_tab."""
        with self._asking:
            there = self._itself.call("Target.getTargets", deadline)["targetInfos"]
            target = next((each for each in there if each["type"] == "page"), None)
            return self._attached(target, deadline) if target else self._opened(deadline)

    def new_tab(self, deadline: float) -> Tab:
        """Open an empty tab. Raises BrowserGone, TimeoutError, ValueError."""
        with self._asking:
            return self._opened(deadline)

    def _opened(self, deadline: float) -> Tab:
        target = self._itself.call("Target.createTarget", deadline, url="about:blank")
        return self._attached(target, deadline)

    def _attached(self, target: Mapping[str, Any], deadline: float) -> Tab:
        named = {"targetId": target["targetId"], "flatten": True}
        attached = self._itself.call("Target.attachToTarget", deadline, **named)
        return Tab(self._wire, attached["sessionId"], target["targetId"])

    def close_tab(self, tab: Tab) -> bool:
        """Close it, whatever it is doing; whether the browser did so."""
        tab.forget()
        try:
            with self._asking:
                deadline = time.monotonic() + CLOSE_SECONDS
                self._itself.call("Target.closeTarget", deadline, targetId=tab.target)
        except (BrowserGone, TimeoutError, ValueError):
            return False
        return True

    def stop(self) -> None:
        """End it and remove its profile; returns when both are done."""
        with self._stopping:
            if self._is_open:
                self._wire.is_ours_to_end = True
                self._process.kill()
                self._process.wait()
                self._wire.join()
                self._close()

    def disown(self) -> None:
        """Let go of it in a forked child, where it is the parent's."""
        if self._is_open:
            self._close()

    def _close(self) -> None:
        self._is_open = False
        for each in (self._hold, self._log, self._commands, self._answers):
            os.close(each)


def _start(
    files: ChromiumFiles,
    profile: Path,
    flags: Sequence[str],
    most_bytes: int,
    descriptors: Mapping[int, int],
) -> Start:
    argv = [str(files.executable), *_FLAGS, *flags, f"--user-data-dir={profile}"]
    if sys.platform == "linux":
        argv.append("--no-sandbox")  # Its own needs namespaces; it stands behind our walls.
    if files.one_process:
        argv += _ONE_PROCESS
    own = [str(files.executable.parent), *([str(files.layer)] if files.layer else [])]
    return Start(
        _row(files),
        [*argv, "about:blank"],
        _environment(files, profile),
        descriptors,
        reads=own,
        limits={
            **({resource.RLIMIT_DATA: most_bytes} if most_bytes else {}),
            resource.RLIMIT_CORE: 0,
        },
        folder=str(profile),
        tree=Tree(MOST_PROCESSES, machine().room_bytes(), MOST_DISK_BYTES),
    )


def _row(files: ChromiumFiles) -> Program:
    if files.one_process:
        return ONE_PROCESS_BROWSER
    return BROWSER if files.layer else INSTALLED_BROWSER


def _environment(files: ChromiumFiles, profile: Path) -> dict[str, str]:
    """All that the browser sees of ours; the bundled one sees no font of the system either."""
    folder = str(profile)
    environment = {"PATH": os.defpath, "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8"}
    if files.layer is None:
        return environment
    (profile / "fonts").mkdir()  # fontconfig would change the mode of one that it makes.
    config = profile / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(files.layer / 'fonts'), quote=False)}</dir>"
        f"<cachedir>{escape(str(profile / 'fonts'), quote=False)}</cachedir></fontconfig>"
    )
    libraries = str(files.layer / "lib")
    return {**environment, "LD_LIBRARY_PATH": libraries, "FONTCONFIG_FILE": str(config)}


class Wire:
    """Messages to and from the browser: JSON, each ended by a zero byte.

    One thread reads them all and lays each into the inbox of its session; None in an inbox says
    that nothing more will come.
    """

    def __init__(self, commands: int, answers: int) -> None:
        self.is_ours_to_end = False
        self._commands, self._answers = commands, answers
        self._ids = itertools.count(1)
        self._sending, self._sorting = threading.Lock(), threading.Lock()
        self._inboxes: dict[str, SimpleQueue[dict[str, Any] | None]] = {}
        self._end: type[BrowserGone] | None = None
        os.set_blocking(commands, False)
        self._reader = threading.Thread(target=self._read, name="devtools", daemon=True)
        self._reader.start()

    def join(self) -> None:
        self._reader.join()

    def opened(self, session: str) -> SimpleQueue[dict[str, Any] | None]:
        """The inbox of that session from now on."""
        inbox: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        with self._sorting:
            self._inboxes[session] = inbox
            if self._end:
                inbox.put(None)
        return inbox

    def forget(self, session: str) -> None:
        with self._sorting:
            self._inboxes.pop(session, None)

    def end(self) -> BrowserGone:
        """Why nothing comes any more."""
        return (self._end or self._ending())("it ended")

    def _ending(self) -> type[BrowserGone]:
        return BrowserStopped if self.is_ours_to_end else BrowserGone

    def send(self, message: Mapping[str, Any], deadline: float) -> int:
        """Send a message under a number of its own. Raises BrowserGone, TimeoutError."""
        number = next(self._ids)
        left = memoryview(json.dumps({**message, "id": number}).encode() + b"\0")
        if not self._sending.acquire(timeout=_left(deadline)):
            raise TimeoutError("the browser took too long")
        try:
            while left:
                left = left[self._written(left, deadline) :]
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            raise self.end() from error
        finally:
            self._sending.release()
        return number

    def _written(self, data: memoryview, deadline: float) -> int:
        """How many bytes the browser took; it takes none while it hangs."""
        try:
            return os.write(self._commands, data)
        except BlockingIOError:
            room = select.poll()
            room.register(self._commands, select.POLLOUT)
            room.poll(_left(deadline) * 1000)
            return 0

    def _read(self) -> None:
        pending = bytearray()
        with suppress(OSError):
            while chunk := os.read(self._answers, MAX_READ_BYTES):
                pending += chunk
                if b"\0" in chunk:
                    *whole, pending = pending.split(b"\0")
                    for message in whole:
                        self._sort(json.loads(message))
        with self._sorting:
            self._end = self._ending()
            for inbox in self._inboxes.values():
                inbox.put(None)

    def _sort(self, message: dict[str, Any]) -> None:
        with self._sorting:
            inbox = self._inboxes.get(message.get("sessionId", ""))
            if inbox:
                inbox.put(message)


class Tab:
    """A page of the browser, or with no session the browser itself, for one thread at a time.

    on_request  answers a request of the page: the Fetch command and its parameters, for the URL
    on_event    is told of every event
    """

    def __init__(self, wire: Wire, session: str = "", target: str = "") -> None:
        self.target = target
        self._wire, self._session = wire, session
        self._inbox = wire.opened(session)
        self.on_request: Callable[[str], tuple[str, Mapping[str, Any]]] | None = None
        self.on_event: Callable[[Mapping[str, Any]], None] | None = None

    def call(self, method: str, deadline: float, **params: Any) -> dict[str, Any]:
        """Send a command, answer the page's requests meanwhile, return the command's result.

        deadline: on the monotonic clock. Raises BrowserGone, TimeoutError, and ValueError when the
        browser refuses the command.
        """
        number = self._send(method, params, deadline)
        while True:
            message = self._received(deadline)
            if message.get("id") == number:
                if "error" in message:
                    raise ValueError(f"{method}: {message['error']['message']}")
                return dict(message["result"])
            self._react(message, deadline)

    def send(self, method: str, deadline: float, **params: Any) -> None:
        """Send a command whose result is of no interest. From any thread."""
        self._send(method, params, deadline)

    def until(self, done: Callable[[], bool], deadline: float) -> None:
        """React to events until that is so. Raises BrowserGone, TimeoutError."""
        while not done():
            self._react(self._received(deadline), deadline)

    def forget(self) -> None:
        """Receive nothing more."""
        self._wire.forget(self._session)

    def _received(self, deadline: float) -> dict[str, Any]:
        try:
            message = self._inbox.get(timeout=_left(deadline))
        except Empty:
            raise TimeoutError("the browser took too long") from None
        if message is None:
            raise self._wire.end()
        return message

    def _send(self, method: str, params: Mapping[str, Any], deadline: float) -> int:
        message = {"method": method, "params": params}
        session = {"sessionId": self._session} if self._session else {}
        return self._wire.send({**message, **session}, deadline)

    def _react(self, message: Mapping[str, Any], deadline: float) -> None:
        if message.get("method") == "Inspector.targetCrashed":
            raise BrowserGone("the page crashed")
        if message.get("method") == "Fetch.requestPaused" and self.on_request:
            command, answer = self.on_request(message["params"]["request"]["url"])
            about = {**answer, "requestId": message["params"]["requestId"]}
            self._send(command, about, deadline)
        if self.on_event and "method" in message:
            self.on_event(message)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the browser took too long")
    return left
