"""The studio when something goes wrong: servers that go, answers that are cut, keys that are
refused, browsers that keep nothing.
"""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from browser_pages import CTRL, REACHES_US, Page, Visitor
from resplice.adapters.chromium.devtools import BrowserProcess
from resplice.adapters.chromium.installed import find_chromium
from resplice.wiring.local import LAYERS
from served import Served, running
from studio import COMMAND
from studio_page import FILM, RENDERING, StudioPage, small

CUT = "new Response('{\"forecast\": {', {status: 200})"
TOO_MUCH = 'new Response(\'{"message": "Too much at a time"}\', {status: 429})'
DIALOG = "document.querySelector('dialog.key')"


def test_a_render_outlives_its_server(browser: Visitor, tmp_path: Path) -> None:
    with running(tmp_path / "data") as first:
        studio = opened(browser, first)
        studio.write({**small(*(f"Scene {n}" for n in range(40))), "fps": 30})
        studio.says("40 of 40")
        studio.page.click("button.main")
        studio.page.wait("document.querySelector('progress').value > 3")
        first.stop(signal.SIGKILL)
        studio.page.sees("Waiting for the server")
        with running(tmp_path / "data", "--port", str(first.port)):
            studio.page.wait(f"{RENDERING}.textContent.includes('Rendered in')")
            studio.page.wait(FILM)
            studio.says("This movie is in the cache")
            studio.page.do("Page.close")


def test_what_is_cancelled_is_cancelled_at_the_server(studio: StudioPage, server: Served) -> None:
    posted(studio.page)
    studio.write({**small(*(f"Stop {n}" for n in range(60))), "fps": 30})
    studio.says("60 of 60")
    studio.page.click("button.main")
    studio.page.click(".rendering .plain:not([hidden])")
    studio.page.sees("Cancelled: what was finished is kept")
    movie = server.poll(studio.page.js("projects[0]"))
    assert movie["deleted_at"] and movie["status"] == "error"


def test_a_film_that_is_finished_is_not_cancelled(studio: StudioPage, server: Served) -> None:
    posted(studio.page)
    studio.write(small("Finished before anybody looked"))
    studio.says("1 of 1")
    studio.still()
    held = "url.includes('?project=') && !window.isLate"
    answering(
        studio.page, held, "(await new Promise(go => { window.go = go }), await real(...said))"
    )
    studio.page.click("button.main")
    studio.page.wait("!!window.go")
    server.ended(studio.page.js("projects[0]"))
    studio.page.js("void (window.isLate = true)")
    studio.page.click(".rendering .plain:not([hidden])")
    studio.page.sees("Cancelling")
    studio.page.js("void window.go()")
    studio.page.wait(f"{RENDERING}.textContent.includes('Rendered in')")
    assert "deleted_at" not in server.poll(studio.page.js("projects[0]"))


def test_many_stills_do_not_hide_a_film(browser: Visitor, tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        server.ended(server.post(small("The film among stills")))
        for _ in range(101):  # More than a page of the list holds.
            status, _ = server.json("POST", "/v2/stills?at=0.5", small("The film among stills"))
            assert status == 200
        studio = opened(browser, server)
        studio.page.click("#tab-renders")
        studio.page.wait("document.querySelectorAll('.renders .card').length === 1")
        studio.page.click(".renders .card button")
        studio.page.wait(FILM)
        assert "The film among stills" in studio.text()
        studio.page.do("Page.close")


def test_the_cache_is_shown_to_every_owner(browser: Visitor, tmp_path: Path) -> None:
    words = ("keys", "create", "--role", "render", "--owner", "other", "--expires", "never")
    made = subprocess.run(
        [*COMMAND, *words, "--data", str(tmp_path / "data")],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    with running(tmp_path / "data") as server:
        studio = opened(browser, server, key=made.stdout.split()[-1])
        studio.says("This renders")
        studio.page.click("#tab-cache")
        studio.page.wait("document.querySelectorAll('.caches tbody tr').length === 6")
        first = "document.querySelector('.caches tbody tr').innerText"
        assert studio.page.js(first).split() == ["movies", "–", "–", "0", "of", "0"]
        studio.page.do("Page.close")


def test_a_purge_by_age_asks_first_and_the_forecast_follows(
    browser: Visitor, tmp_path: Path
) -> None:
    with running(tmp_path / "data") as server:
        studio = opened(browser, server)
        studio.write(small("Old", "Older"))
        studio.render()
        studio.write(small("Old", "New"))
        studio.says("This renders 1 of 2 scenes")
        studio.page.click("#tab-cache")
        studio.page.focus("#purge-days")
        studio.page.type("0")
        studio.page.press("Enter")
        button = "form:has(#purge-days) button"
        studio.page.wait(
            f"/^[1-9].* entr.*: purge\\?$/.test(document.querySelector('{button}').innerText)"
        )
        assert "1 of 2" in studio.page.js("document.querySelector('.sentence').innerText")
        studio.page.click(button)
        studio.says("This renders 2 of 2 scenes")
        studio.page.do("Page.close")


def test_why_a_key_is_refused_is_told(browser: Visitor, tmp_path: Path) -> None:
    with running(tmp_path / "data", "--api-key", "sesame") as server:
        studio = opened(browser, server)
        studio.page.wait(f"{DIALOG}.open")
        studio.page.sees("API Key not provided")
        keyed(studio.page, "\N{KEY}")
        studio.page.sees("this one cannot be sent")
        keyed(studio.page, "wrong")
        studio.page.sees("Invalid API Key")
        studio.page.press("Escape")
        studio.page.wait(f"!{DIALOG}.open")
        studio.write(small("Nobody is asked again"))
        studio.says("Invalid API Key")
        assert not studio.page.js(f"{DIALOG}.open")
        studio.page.click("header > button")
        keyed(studio.page, "sesame")
        studio.says("This renders 1 of 1 scenes")
        studio.page.do("Page.close")


@pytest.mark.parametrize("answer", [CUT, TOO_MUCH], ids=["cut", "too-much"])
def test_a_forecast_that_does_not_come_is_asked_for_again(studio: StudioPage, answer: str) -> None:
    studio.write(small("Comes at once"))
    studio.says("This renders 1 of 1 scenes")
    once = "url.includes('forecast') && !window.isOver && (window.isOver = true)"
    answering(studio.page, once, answer)
    studio.write(small("Comes", "Later"))
    studio.says("does not answer" if answer == CUT else "Too much")
    studio.says("This renders 2 of 2 scenes")


def test_the_film_is_back_when_an_edit_is_undone(studio: StudioPage) -> None:
    studio.write(small("Undone", "And sought"))
    studio.render()
    studio.page.sees("The film")
    studio.write(small("Done", "And sought"))
    studio.says("1 of 2")
    studio.still()
    studio.page.focus(".ruler")
    studio.page.press("PageDown")
    studio.page.sees("The frame at 1.00 s")
    studio.page.focus(".cm-content")
    studio.page.press("z", CTRL)
    studio.page.wait(FILM)
    studio.page.sees("The film")
    studio.page.wait("document.querySelector('video').currentTime === 1")


def test_a_still_is_asked_for_once(studio: StudioPage) -> None:
    answering(
        studio.page,
        "url.includes('stills')",
        "(window.stills = (window.stills ?? 0) + 1, await real(...said))",
    )
    studio.write({**small(*(f"Asked once {n}" for n in range(30))), "fps": 30})
    studio.says("30 of 30")
    studio.still()
    before = studio.page.js("window.stills")
    studio.page.click("button.main")
    studio.page.wait(f"{RENDERING}.textContent.includes('Rendered in')")
    assert studio.page.js("window.stills") == before


def test_an_empty_document_is_said_to_be_one(studio: StudioPage) -> None:
    studio.write(small("Soon gone"))
    studio.says("1 of 1")
    studio.page.focus(".cm-content")
    studio.page.press("a", CTRL)
    studio.page.press("Backspace")
    studio.says("The document is empty")
    studio.page.wait("document.querySelector('.timeline').classList.contains('empty')")
    assert studio.page.js("!document.querySelector('.cm-lint-marker-error')")


def test_opening_a_tab_stamps_and_tells_nothing(browser: Visitor, server: Served) -> None:
    first, second = opened(browser, server), opened(browser, server)
    first.write(small("The first tab's"))
    first.says("1 of 1")
    second.page.sees("Another tab edits a document too")
    third = opened(browser, server)
    third.says("1 of 1")
    first.page.go(first.page.js("location.href"))
    first.page.wait("document.querySelector('.cm-content')?.textContent.includes('first tab')")
    assert "Another tab" not in first.page.text()
    for each in (first, second, third):
        each.page.do("Page.close")


def test_what_was_typed_last_is_kept_when_the_page_goes_at_once(studio: StudioPage) -> None:
    studio.write(small("Typed"))
    studio.says("1 of 1")
    studio.write(small("Typed, and gone at once"))
    studio.page.do("Page.reload")
    studio.page.wait("performance.getEntriesByType('navigation')[0]?.type === 'reload'")
    studio.page.wait("document.querySelector('.cm-content')?.textContent.includes('gone at once')")


def test_a_browser_that_keeps_nothing_has_the_studio_all_the_same(
    browser: Visitor, server: Served
) -> None:
    page = browser.page()
    forbidden = "get() { throw new DOMException('Access is denied', 'SecurityError') }"
    names = "'localStorage', 'sessionStorage', 'indexedDB'"
    page.do(
        "Page.addScriptToEvaluateOnNewDocument",
        source=f"for (const name of [{names}])"
        f" Object.defineProperty(window, name, {{{forbidden}}})",
    )
    studio = StudioPage(page, f"http://127.0.0.1:{server.port}")
    studio.page.sees("cannot be read: Access is denied")
    studio.write(small("Kept nowhere"))
    studio.says("1 of 1")
    page.do("Page.close")


def test_plain_http_under_another_name(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    url = f"http://studio.test:{port}"
    with (
        running(tmp_path / "data", "--port", str(port), "--public-url", url),
        named("studio.test") as browser,
    ):
        studio = StudioPage(browser.page(), url)
        assert not studio.page.js("isSecureContext")
        studio.write(small("Not secure"))
        studio.render()


def opened(browser: Visitor, server: Served, key: str = "") -> StudioPage:
    return StudioPage(browser.page(), f"http://127.0.0.1:{server.port}", key)


@contextmanager
def named(host: str) -> Iterator[Visitor]:
    """A browser to which this machine has another name."""
    rules = f"--host-resolver-rules=MAP {host} 127.0.0.1"
    process = BrowserProcess(find_chromium(None, LAYERS / "chromium"), (*REACHES_US[1:], rules))
    try:
        yield Visitor(process)
    finally:
        process.stop()


def keyed(page: Page, key: str) -> None:
    """Give a key, whatever becomes of it."""
    page.wait(f"{DIALOG}.open")
    page.js("void (document.querySelector('#key').value = '')")
    page.focus("#key")
    page.type(key)
    page.press("Enter")


def answering(page: Page, when: str, answer: str) -> None:
    """From now on, what scripts of the page ask for is answered so when that holds of its url."""
    page.js(
        "(() => { const real = window.fetch; window.fetch = async (...said) => {"
        f" const url = String(said[0]); return ({when}) ? {answer} : real(...said) }} }})()"
    )


def posted(page: Page) -> None:
    """From now on `projects` are those of the movies that the page posts."""
    told = (
        "real(...said).then(async got => (projects.push((await got.clone().json()).project), got))"
    )
    page.js("void (window.projects = [])")
    answering(page, "url === '/v2/movies' && said[1].method === 'POST'", f"await {told}")
