"""Chromium as a process, and one tab of it over the DevTools protocol. Knows nothing of painting.

The process is a child of a shell that kills it, and removes its profile, as soon as our end of the
shell's stdin closes: however we end, nothing of it stays behind.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

LAUNCH_SECONDS = 20.0

_GUARD = """
profile=$1; shift
"$@" </dev/null >"$profile/log" 2>&1 & browser=$!
read -r _
kill -9 $browser; wait $browser
tries=0; while ! rm -rf -- "$profile" && [ $tries -lt 50 ]; do tries=$((tries+1)); sleep 0.02; done
"""

_FLAGS = (
    *("--headless", "--remote-debugging-port=0", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--hide-scrollbars", "--mute-audio", "--no-first-run", "--disable-frame-rate-limit"),
    # The same pixels everywhere: sRGB, grey antialiasing, outlines as designed.
    *("--force-color-profile=srgb", "--disable-lcd-text", "--font-render-hinting=none"),
    "--force-device-scale-factor=1",
    # No network: every host is unknown, and what would still connect goes to a dead proxy.
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:1"),
    *("--proxy-bypass-list=<-loopback>", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--disable-default-apps", "--disable-extensions"),
)


class BrowserGone(Exception):
    """The browser, or the tab, ended while we used it."""


@dataclass(frozen=True)
class ChromiumFiles:
    """An installed browser.

    layer  the folder with its libraries (`lib`) and its font of last resort (`fonts`), None for a
           browser that the system brings
    """

    executable: Path
    version: str
    layer: Path | None = None


class BrowserProcess:
    """A running Chromium. stop() may be called often, from any thread."""

    def __init__(self, files: ChromiumFiles) -> None:
        """Start it and wait until it answers. Raises BrowserGone."""
        self._profile = Path(tempfile.mkdtemp(prefix="resplice-chromium-"))
        command = [str(files.executable), *_FLAGS, f"--user-data-dir={self._profile}"]
        if sys.platform == "linux":
            command.append("--no-sandbox")
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "sh", str(self._profile), *command, "about:blank"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(files, self._profile),
            start_new_session=True,
        )
        try:
            self._port = self._awaited_port(time.monotonic() + LAUNCH_SECONDS)
        except BaseException:
            self.stop()
            raise

    def new_tab(self, deadline: float) -> Tab:
        """Open an empty tab. Raises BrowserGone."""
        # Imported late, here and below: most runs of ours start no browser.
        import urllib.request

        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect

        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}/json/new?about:blank", method="PUT"
        )
        # An opener of our own: a proxy of the environment must not get between.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=_left(deadline)) as reply:
                address = json.load(reply)["webSocketDebuggerUrl"]
            return Tab(connect(address, max_size=None, compression=None, proxy=None, legacy=True))
        except (OSError, ValueError, WebSocketException) as error:
            raise BrowserGone(f"no tab: {error}") from error

    def stop(self) -> None:
        """End it and remove its profile; returns when both are done."""
        if self._guard.stdin and not self._guard.stdin.closed:
            self._guard.stdin.close()
        self._guard.wait()

    def disown(self) -> None:
        """Let go of it in a forked child, where it is the parent's."""
        if self._guard.stdin:
            self._guard.stdin.close()

    def _awaited_port(self, deadline: float) -> int:
        """The DevTools port, which Chromium writes into its profile when it listens."""
        file = self._profile / "DevToolsActivePort"
        while True:
            lines = file.read_text().splitlines() if file.exists() else []
            if len(lines) >= 2:
                return int(lines[0])
            log = self._profile / "log"
            if time.monotonic() > deadline:
                said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
                raise BrowserGone(f"it did not start: {said}")
            time.sleep(0.005)


def _environment(files: ChromiumFiles, profile: Path) -> dict[str, str]:
    """All that the browser sees of ours; the bundled one sees no font of the system either."""
    folder = str(profile)
    environment = {"PATH": os.defpath, "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8"}
    if files.layer is None:
        return environment
    config = profile / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{files.layer / 'fonts'}</dir><cachedir>{profile / 'fonts'}</cachedir></fontconfig>"
    )
    libraries = str(files.layer / "lib")
    return {**environment, "LD_LIBRARY_PATH": libraries, "FONTCONFIG_FILE": str(config)}


class Tab:
    """A page of the browser, for one thread at a time.

    on_request  answers a request of the page: the Fetch command and its parameters, for the URL
    """

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._ids = itertools.count(1)
        self.on_request: Callable[[str], tuple[str, Mapping[str, Any]]] | None = None

    def call(self, method: str, deadline: float, **params: Any) -> dict[str, Any]:
        """Send a command, answer the page's requests meanwhile, return the command's result.

        deadline: on the monotonic clock. Raises BrowserGone, TimeoutError, and ValueError when the
        browser refuses the command.
        """
        from websockets.exceptions import ConnectionClosed

        try:
            number = self._send(method, params)
            while True:
                message = json.loads(self._connection.recv(timeout=_left(deadline)))
                if message.get("id") == number:
                    if "error" in message:
                        raise ValueError(f"{method}: {message['error']['message']}")
                    return dict(message["result"])
                self._react(message)
        except (ConnectionClosed, OSError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise BrowserGone(str(error)) from error

    def _send(self, method: str, params: Mapping[str, Any]) -> int:
        number = next(self._ids)
        self._connection.send(json.dumps({"id": number, "method": method, "params": params}))
        return number

    def _react(self, message: Mapping[str, Any]) -> None:
        if message.get("method") == "Inspector.targetCrashed":
            raise BrowserGone("the page crashed")
        if message.get("method") == "Fetch.requestPaused" and self.on_request:
            command, answer = self.on_request(message["params"]["request"]["url"])
            self._send(command, {**answer, "requestId": message["params"]["requestId"]})


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the browser took too long")
    return left
