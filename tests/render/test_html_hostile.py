"""Strangers' pages that attack: nothing leaves but through who loads for them, nothing of others is
read, and what they take of memory and time has an end. The browser paints on.
"""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from resplice.adapters.chromium import web_pages
from resplice.adapters.chromium.browser import Chromium
from resplice.adapters.chromium.devtools import BrowserProcess
from resplice.errors import PaintError
from resplice.ports.browser import Loaded, PaintPage
from web_pages import HERE, Shelf, chromium, page, pixels

FINE = "<div style='width:9px;height:9px;background:lime'></div>"
LIME = (0, 255, 0, 255)


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="module")
def hasty() -> Iterator[Chromium]:
    """A browser that gives a page three seconds."""
    with chromium(seconds=3) as made:
        yield made


@dataclass
class Listener:
    """Listens on a port in every way that a page could reach, and keeps what came."""

    port: int
    heard: list[str] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Listener]:
    tcp = socket.create_server(("127.0.0.1", 0))
    listener = Listener(tcp.getsockname()[1])
    six = socket.create_server(("::1", listener.port), family=socket.AF_INET6)
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", listener.port))

    def accepting(by: socket.socket, name: str) -> None:
        while True:
            try:
                by.accept()[0].close()
            except OSError:
                return
            listener.heard.append(name)

    def receiving() -> None:
        while True:
            try:
                udp.recvfrom(100)
            except OSError:
                return
            listener.heard.append("udp")

    for target, own in ((accepting, (tcp, "tcp")), (accepting, (six, "six")), (receiving, ())):
        threading.Thread(target=target, args=own, daemon=True).start()
    yield listener
    for each in (tcp, six, udp):
        each.close()


def markup(url: str) -> str:
    """Every element that loads or leads somewhere."""
    return f"""<link rel=preconnect href="{url}"><link rel=dns-prefetch href="{url}">
    <link rel=prefetch href="{url}/1"><link rel=preload as=image href="{url}/2">
    <link rel=prerender href="{url}/3"><link rel=modulepreload href="{url}/4.js">
    <link rel=stylesheet href="{url}/5"><link rel=manifest href="{url}/6">
    <link rel=icon href="{url}/7"><style>@import "{url}/8"; @font-face {{ font-family: X;
    src: url({url}/9) }} p {{ font-family: X; background: url({url}/10) }}</style>
    <script type=speculationrules>{{"prefetch": [{{"source": "list", "urls": ["{url}/11"]}}],
    "prerender": [{{"source": "list", "urls": ["{url}/12"]}}]}}</script>
    <img src="{url}/13"><iframe src="{url}/14"></iframe><object data="{url}/15"></object>
    <embed src="{url}/16"><video src="{url}/17" autoplay poster="{url}/18"></video>
    <audio src="{url}/19" autoplay></audio><svg><image href="{url}/20"/><use href="{url}/21#a"/>
    </svg><iframe srcdoc="<img src='{url}/22'><script>fetch('{url}/23')</script>"></iframe>
    <script src="{url}/24"></script><meta http-equiv=refresh content="0;url={url}/25"><p>x"""


def script(url: str, port: int) -> str:
    """Every call that loads or leads somewhere, each on its own."""
    rtc = f"""{{iceServers: [{{urls: 'stun:127.0.0.1:{port}'}}, {{username: 'a', credential: 'b',
    urls: 'turn:127.0.0.1:{port}?transport=tcp'}}]}}"""
    frame = "document.body.appendChild(document.createElement('iframe')).contentWindow"
    calls = (
        *(f"fetch('{url}/a')", f"fetch('{url}/b', {{method: 'POST', body: 'x', keepalive: true}})"),
        f"const x = new XMLHttpRequest; x.open('GET', '{url}/c', false); x.send()",
        *(f"new WebSocket('ws://127.0.0.1:{port}/d')", f"new WebSocket('ws://[::1]:{port}/e')"),
        *(f"new EventSource('{url}/f')", f"navigator.sendBeacon('{url}/g', 'x')"),
        f"new Worker(URL.createObjectURL(new Blob(['fetch(\"{url}/h\")'])))",
        *(f"new Worker('{url}/i')", f"new SharedWorker('{url}/j')"),
        f"navigator.serviceWorker.register('{url}/k')",
        f"new AudioContext().audioWorklet.addModule('{url}/l')",
        f"new WebTransport('https://127.0.0.1:{port}/m')",
        *(f"window.open('{url}/n')", f"new Image().src = '{url}/o'"),
        f"const p = new RTCPeerConnection({rtc}); p.createDataChannel('x');"
        "p.createOffer().then(o => p.setLocalDescription(o))",
        f"const p = new ({frame}).RTCPeerConnection({rtc}); p.createDataChannel('x');"
        "p.createOffer().then(o => p.setLocalDescription(o))",
        f"const a = document.createElement('a'); a.href = '{url}/q'; a.download = 'x'; a.click()",
        f"const f = document.createElement('form'); f.action = '{url}/r'; f.method = 'POST';"
        "document.body.append(f); f.submit()",
        *("alert(1)", "confirm(1)", "prompt(1)", "print()", f"import('{url}/s')"),
        f"setTimeout(() => location = '{url}/t', 100)",
        f"setTimeout(() => top.location.replace('{url}/u'), 150)",
    )
    return "".join(f"<script>try {{ {call} }} catch {{}}</script>" for call in calls)


@pytest.mark.parametrize("one_process", [False, True])
def test_nothing_leaves_but_through_who_loads_for_the_page(one_process: bool) -> None:
    with listening() as listener, chromium(one_process=one_process) as own:
        urls = [f"http://{host}:{listener.port}" for host in ("127.0.0.1", "[::1]", "localhost")]
        html = FINE + "".join(markup(url) + script(url, listener.port) for url in urls)
        shelf = Shelf()
        painted = own.paint_web_page(page(html, width=1000, height=800), shelf)
        assert listener.heard == []
        assert LIME in {tuple(pixel) for pixel in pixels(painted, 1000, 800).reshape(-1, 4)}
    asked = {url.removeprefix(urls[0]) for url in shelf.asked if url.startswith(urls[0])}
    assert {"/5", "/8", "/10", "/13", "/a", "/o"} <= asked, "what pages load, somebody is asked for"
    assert not asked & {"/14", "/15", "/16", "/17", "/19", "/25", "/b", "/d", "/g", "/h", "/i"}
    assert not asked & {"/j", "/k", "/n", "/q", "/r", "/t", "/u"}


def test_no_file_of_the_machine_is_read(browser: Chromium, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    Image.new("RGB", (50, 50), "#00ff00").save(secret)
    url = secret.as_uri()
    html = f"""<img src="{url}"><iframe src="{url}"></iframe><object data="{url}"></object>
    <style>@import "{url}"; body {{ background: url({url}) }}</style><p id=p>x<script>
    fetch('{url}').then(r => document.body.style.background = 'lime');
    new Image().src = 'view-source:{url}'; window.open('{url}')</script>"""
    shelf = Shelf()
    painted = browser.paint_web_page(page(html), shelf)
    assert LIME not in {tuple(pixel) for pixel in pixels(painted).reshape(-1, 4)}
    assert shelf.asked == []


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "chrome://version", "about:blank", "data:text/html,x"]
)
def test_a_page_leads_nowhere(browser: Chromium, address: str) -> None:
    html = f"{FINE}<script>setTimeout(() => location = '{address}', 50)</script>"
    try:
        seen = pixels(browser.paint_web_page(page(html), Shelf()))
        assert tuple(seen[4, 4]) == LIME
    except PaintError as error:
        assert str(error) == "The page could not be painted: it leads away from itself"


def test_a_page_has_no_storage_and_its_origin_is_nobodys(browser: Chromium) -> None:
    html = """<div id=b style='width:9px;height:9px;background:red'></div><script>
    const refused = f => { try { f(); return false } catch { return true } };
    if (self.origin === 'null' && refused(() => localStorage.x = 1)
        && refused(() => sessionStorage.x = 1) && refused(() => document.cookie = 'a=b')
        && refused(() => indexedDB.open('x')) && !navigator.cookieEnabled | true
        && window.open('https://e.com') === null)
      b.style.background = 'lime';
    </script>"""
    for _ in range(2):
        assert tuple(pixels(browser.paint_web_page(page(html), Shelf()))[4, 4]) == LIME


def test_pages_and_texts_see_nothing_of_each_other(browser: Chromium) -> None:
    """One page leaves what it can; the next one, and a text, look for it."""
    shelf = Shelf()
    shelf.put("https://e.com/once.js", b"window.mine = 1", "text/javascript")
    leaving = """<script src=https://e.com/once.js></script><script>
    try { new BroadcastChannel('x').postMessage('secret') } catch {}
    window.name = 'secret'; document.title = 'secret';
    try { caches.open('x') } catch {}</script>"""
    browser.paint_web_page(page(leaving), shelf)
    looking = f"""{FINE}<script src=https://e.com/once.js></script><script>
    const wrong = () => document.body.style.background = 'red';
    if (window.name || document.title || opener || parent != self) wrong();
    fetch('https://fonts.resplice/own/x').then(r => r.ok && wrong(), () => 0);
    fetch('https://fonts.resplice/../../package.json').then(r => r.ok && wrong(), () => 0);
    fetch('https://fonts.resplice/files/secret').then(r => r.ok && wrong(), () => 0);
    </script>"""
    seen = pixels(browser.paint_web_page(page(looking), shelf))
    assert tuple(seen[4, 4]) == LIME and tuple(seen[100, 100]) == (0, 0, 0, 0)
    assert shelf.asked == ["https://e.com/once.js"] * 2, "nothing is kept from one page to another"
    text = PaintPage(200, 100, "<!doctype html><p>secret")
    assert browser.paint(text).width > 10


def test_who_loads_is_asked_for_nothing_but_the_web(browser: Chromium) -> None:
    shelf = Shelf()
    html = """<img src=ftp://e.com/a><img src=blob:https://e.com/b><img src=chrome://c>
    <img src=filesystem:x><img src="javascript:alert(1)"><img src="resource:x">"""
    browser.paint_web_page(page(html), shelf)
    assert shelf.asked == []


MANY_SHADOWS = ",".join(f"{n}px {n}px 900px #f{n % 10}0" for n in range(55))
ENDLESS = {
    "a script without end": "<script>for (;;);</script>",
    "promises": "<script>(function f() { Promise.resolve().then(f) })()</script>",
    "a deep tree": "<div>" * 60_000,
}


@pytest.mark.parametrize("html", ENDLESS.values(), ids=ENDLESS)
def test_a_page_without_end_has_its_time(hasty: Chromium, html: str) -> None:
    with pytest.raises(PaintError, match=r"^The page could not be painted: it "):
        hasty.paint_web_page(page(html), Shelf())
    assert tuple(pixels(hasty.paint_web_page(page(FINE), Shelf()))[4, 4]) == LIME


LONG = {
    "timers that double": "<p>x<script>(function f() { setTimeout(f); setTimeout(f) })()</script>",
    "shadows": f"<p style='text-shadow:{MANY_SHADOWS}'>{'x' * 900}",
}


@pytest.mark.parametrize("html", LONG.values(), ids=LONG)
def test_a_page_that_takes_long_is_painted_or_has_its_time(hasty: Chromium, html: str) -> None:
    """Which of both depends on the machine; either way the next one is painted."""
    with suppress(PaintError):
        assert hasty.paint_web_page(page(html), Shelf()).width > 1
    assert tuple(pixels(hasty.paint_web_page(page(FINE), Shelf()))[4, 4]) == LIME


STEADY = {
    "frames": "(function f() { requestAnimationFrame(f) })()",
    "messages": "const c = new MessageChannel; c.port1.onmessage = () => c.port2.postMessage(1);"
    "c.port2.postMessage(1)",
    "intervals": "setInterval(() => 0, 0)",
    "a stream": "new EventSource('https://e.com/events')",
}


@pytest.mark.parametrize("code", STEADY.values(), ids=STEADY)
def test_a_page_that_is_never_idle_is_painted(browser: Chromium, code: str) -> None:
    painted = browser.paint_web_page(page(f"{FINE}<script>{code}</script>"), Shelf())
    assert tuple(pixels(painted)[4, 4]) == LIME


HUNGRY = {
    "elements": "setInterval(() => { for (let i = 0; i < 1e5; i++)"
    " document.body.append(document.createElement('p')) })",
    "bytes": "const a = []; for (;;) a.push(new Uint8Array(1e7).fill(1))",
    "memories": "const m = []; for (;;) m.push(new WebAssembly.Memory({initial: 1000}))",
    "canvases": "for (let i = 0; i < 30; i++) { const c = document.createElement('canvas');"
    " c.width = c.height = 8000; c.getContext('2d').fillRect(0, 0, 8000, 8000);"
    " document.body.append(c) }",
}


@pytest.mark.parametrize("code", HUNGRY.values(), ids=HUNGRY)
def test_a_page_that_grows_without_end_has_its_memory(hasty: Chromium, code: str) -> None:
    """It is told that there is no more, and is painted without; or it falls; or has its time."""
    try:
        hasty.paint_web_page(page(f"{FINE}<script>{code}</script>"), Shelf())
    except PaintError as error:
        assert "too much memory" in str(error) or "longer than" in str(error)
    assert tuple(pixels(hasty.paint_web_page(page(FINE), Shelf()))[4, 4]) == LIME


def test_a_load_that_refuses_to_go_on_ends_the_page(browser: Chromium) -> None:
    def enough(url: str, seconds: float) -> Loaded:
        raise PaintError("The page loads more than 1 files")

    html = f"{FINE}<img src=https://e.com/a.png>"
    with pytest.raises(PaintError, match="more than 1 files"):
        browser.paint_web_page(page(html), enough)


def test_a_mistake_of_who_loads_ends_the_page_at_once(browser: Chromium) -> None:
    def mistaken(url: str, seconds: float) -> Loaded:
        raise KeyError("nobody thought of this")

    with pytest.raises(KeyError, match="nobody thought of this"):
        browser.paint_web_page(page(f"{FINE}<img src=https://e.com/a.png>"), mistaken)


def test_a_browser_that_starts_while_all_are_closed_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: Chromium
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    class Slow(BrowserProcess):
        def __init__(self, *said: Any) -> None:
            super().__init__(*said)
            browser.close()

    monkeypatch.setattr(web_pages, "BrowserProcess", Slow)
    with pytest.raises(PaintError):
        browser.paint_web_page(page(FINE), Shelf())
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    assert tuple(pixels(browser.paint_web_page(page(FINE), Shelf()))[4, 4]) == LIME


def test_a_load_that_never_answers_has_the_pages_time(hasty: Chromium) -> None:
    released = threading.Event()

    def never(url: str, seconds: float) -> Loaded:
        assert seconds <= 3
        released.wait(20)
        return Loaded(b"", "", url)

    with pytest.raises(PaintError, match="longer than 3 seconds"):
        hasty.paint_web_page(page("<img src=https://e.com/a.png>"), never)
    released.set()
    assert tuple(pixels(hasty.paint_web_page(page(FINE), Shelf()))[4, 4]) == LIME


def test_a_crash_is_told_and_nothing_stays_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: Chromium
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    browser.paint_web_page(page(FINE), Shelf())
    html = (
        f"{FINE}<script>const a = []; for (;;) a.push(new Array(1000).fill(Math.random()))</script>"
    )
    with pytest.raises(PaintError, match="crashed the browser, or takes too much memory"):
        browser.paint_web_page(page(html), Shelf())
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_says_it_is_elsewhere_is_where_it_was_found(browser: Chromium) -> None:
    html = "<base href='https://elsewhere.example/'><img src=a.png>"
    shelf = Shelf()
    browser.paint_web_page(page(html), shelf)
    assert shelf.asked == ["https://elsewhere.example/a.png"] and HERE.startswith("https:")
