"""Pages in the pinned browser as a person has them: looked at, clicked, typed into, dragged."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from resplice.adapters.chromium.devtools import BrowserProcess, Tab
from resplice.adapters.chromium.installed import find_chromium
from resplice.adapters.confined.launching import Launcher, Walls
from resplice.wiring.local import LAYERS

REACHES_US = (
    "--host-resolver-rules=",
    "--proxy-server=direct://",
    "--proxy-bypass-list=*",
    "--enable-automation",
)
"""The browser that paints may reach nobody: this one reaches servers of this machine."""
PATIENCE_S = 60.0
SHOWN = {"a": "KeyA", "z": "KeyZ"}
NUMBERS = {"Enter": 13, "Tab": 9, "Escape": 27, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39}
NUMBERS |= {"ArrowDown": 40, "Home": 36, "End": 35, "PageDown": 34, "PageUp": 33, "Backspace": 8}
ALT, CTRL, SHIFT = 1, 2, 8


UNWALLED = Launcher(held=lambda walls: Walls(0, False, walls.machine, drops=False))
"""Starts a browser that may call our servers, as a visitor's does."""


class Page:
    """One tab. said: what its scripts logged or threw, and what its policy forbade."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self.said: list[str] = []
        tab.on_event = self._heard
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.do(f"{domain}.enable")

    def _heard(self, message: Any) -> None:
        params = message["params"]
        if message["method"] == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.said.append(str(details.get("exception", {}).get("description", details)))
        if message["method"] == "Runtime.consoleAPICalled" and params["type"] == "error":
            self.said.append(" ".join(str(each.get("value")) for each in params["args"]))
        if message["method"] == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.said.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")

    def do(self, method: str, **params: Any) -> dict[str, Any]:
        """A command of DevTools."""
        return self._tab.call(method, time.monotonic() + PATIENCE_S, **params)

    def see(self, width: int, height: int, *, dark: bool = False) -> None:
        """From now on, in a window of that size."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.do("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.do("Emulation.setEmulatedMedia", features=[scheme])

    def go(self, url: str) -> None:
        self.do("Page.navigate", url=url)

    def js(self, expression: str) -> Any:
        """The value of an expression, awaited. Raises AssertionError with what it throws."""
        asked = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        told = self.do("Runtime.evaluate", **asked)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def wait(self, expression: str, within_s: float = PATIENCE_S) -> Any:
        """Until the expression is true; its value."""
        until_s = time.monotonic() + within_s
        while not (found := self._now(expression)):
            assert time.monotonic() < until_s, f"never: {expression}\n{self.text()}\n{self.said}"
            time.sleep(0.03)
        return found

    def _now(self, expression: str) -> Any:
        """None while the page is just being left for another."""
        try:
            return self.js(expression)
        except ValueError:
            return None

    def sees(self, words: str, within_s: float = PATIENCE_S) -> None:
        """Until the page shows these words."""
        self.wait(f"(document.body?.innerText ?? '').includes({json.dumps(words)})", within_s)

    def text(self) -> str:
        return str(self.js("document.body?.innerText ?? ''"))

    def middle(self, selector: str) -> tuple[float, float]:
        """Of what is found there, once there is something."""
        one = f"document.querySelector({json.dumps(selector)})"
        self.wait(f"!!{one}")
        place = self.js(
            f"(() => {{ const e = {one}; e.scrollIntoView({{block: 'nearest'}});"
            " const b = e.getBoundingClientRect();"
            " return [b.x + b.width / 2, b.y + b.height / 2] })()"
        )
        return place[0], place[1]

    def click(self, selector: str) -> None:
        x, y = self.middle(selector)
        self.mouse("mousePressed", x, y)
        self.mouse("mouseReleased", x, y)

    def mouse(self, kind: str, x: float, y: float) -> None:
        button = "none" if kind == "mouseMoved" else "left"
        self.do("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, clickCount=1)

    def hover(self, selector: str) -> None:
        self.mouse("mouseMoved", *self.middle(selector))

    def drag(self, begin: tuple[float, float], end: tuple[float, float]) -> None:
        self.mouse("mousePressed", *begin)
        held = {"button": "left", "buttons": 1}
        for part in (0.3, 0.7, 1.0):
            x, y = (b + (e - b) * part for b, e in zip(begin, end, strict=True))
            self.do("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y, **held)
        self.mouse("mouseReleased", *end)

    def touch(self, *places: tuple[float, float]) -> None:
        """A finger comes down, goes on to the other places, and leaves."""
        for kind, (x, y) in zip(("touchStart", *["touchMove"] * len(places)), places, strict=False):
            self.do("Input.dispatchTouchEvent", type=kind, touchPoints=[{"x": x, "y": y}])
        self.do("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def tap(self, selector: str, until: str) -> None:
        """Again until the expression is true: where the machine is slow it was a long press."""
        until_s = time.monotonic() + PATIENCE_S
        while not self.js(until):
            assert time.monotonic() < until_s, f"no tap had it: {until}"
            self.touch(self.middle(selector))
            time.sleep(0.5)

    def type(self, text: str) -> None:
        self.do("Input.insertText", text=text)

    def paste(self, text: str) -> None:
        """Into what has the focus."""
        self.js(
            "(() => { const held = new DataTransfer();"
            f" held.setData('text/plain', {json.dumps(text)});"
            " const how = {clipboardData: held, bubbles: true, cancelable: true};"
            " document.activeElement.dispatchEvent(new ClipboardEvent('paste', how)) })()"
        )

    def press(self, key: str, modifiers: int = 0) -> None:
        code = SHOWN.get(key, key)
        number = NUMBERS.get(key) or ord(key.upper())
        about = {"key": key, "code": code, "windowsVirtualKeyCode": number}
        typed = {"type": "keyDown", "text": "\r"} if key == "Enter" else {"type": "rawKeyDown"}
        self.do("Input.dispatchKeyEvent", modifiers=modifiers, **about, **typed)
        self.do("Input.dispatchKeyEvent", type="keyUp", modifiers=modifiers, **about)

    def focus(self, selector: str) -> None:
        self.wait(f"!!document.querySelector({json.dumps(selector)})")
        self.js(f"document.querySelector({json.dumps(selector)}).focus()")

    def shot(self, into: Path) -> None:
        into.write_bytes(base64.b64decode(self.do("Page.captureScreenshot", format="png")["data"]))


class Visitor:
    """A browser with tabs."""

    def __init__(self, process: BrowserProcess) -> None:
        self._process = process

    def page(self) -> Page:
        return Page(self._process.new_tab(time.monotonic() + PATIENCE_S))


@contextmanager
def visitor() -> Iterator[Visitor]:
    process = BrowserProcess(
        find_chromium(None, LAYERS / "chromium"), REACHES_US, launcher=UNWALLED, paced=True
    )
    try:
        yield Visitor(process)
    finally:
        process.stop()
