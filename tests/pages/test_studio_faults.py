"""The studio when something goes wrong: servers that go, answers that are cut, keys that are
refused, browsers that keep nothing.
"""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browser_pages import CTRL, REACHES_US, UNWALLED, Page, Visitor
from resplice.adapters.chromium.devtools import BrowserProcess
from resplice.adapters.chromium.installed import find_chromium
from resplice.adapters.sqlite.file import SqliteFile
from resplice.adapters.sqlite.projects import SqliteProjects
from resplice.core.owners import FIRST_OWNER
from resplice.core.wanted_stills import Stills
from resplice.ports.projects import MovieFile, Project
from resplice.wiring.local import LAYERS
from served import Served, running
from studio import called
from studio_page import FILM, RENDERING, StudioPage, opened, small, violations

CUT = "new Response('{\"forecast\": {', {status: 200})"
TOO_MUCH = 'new Response(\'{"message": "Too much at a time"}\', {status: 429})'
FOLDER = """new Response(JSON.stringify({folders: ['b'], total: 101, files:
    [...Array(100).keys()].map(n =>
        ({name: `${n}`, size: 1, status: 'uploaded', url: `${n}`, thumbnailUrl: null}))}))"""
DIALOG = "document.querySelector('dialog.key')"


def long_film(scenes: int) -> dict[str, Any]:
    """Every frame is another one: what stands still is rendered in no time."""
    film = {**small(*(f"Scene {n}" for n in range(scenes))), "fps": 30}
    for scene in film["scenes"]:
        scene["elements"][0]["fade-in"] = 1
    return film


def test_a_render_outlives_its_server(browser: Visitor, tmp_path: Path) -> None:
    with running(tmp_path / "data") as first:
        studio = opened(browser, first)
        studio.write(long_film(80))
        studio.says("80 of 80")
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
    studio.write(long_film(60))
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


def test_many_stills_hide_no_film_and_what_failed_says_why(
    browser: Visitor, tmp_path: Path
) -> None:
    with running(tmp_path / "data") as server:
        server.ended(server.post(small("The film among stills")))
        server.ended(server.post({"scenes": [{"elements": [{"type": "audio"}]}]}))
        projects = SqliteProjects(SqliteFile(tmp_path / "data" / "records.sqlite"))
        for n in range(101):  # More than a page of the list holds; one was made, the others failed.
            projects.add(still(n))
        studio = opened(browser, server)
        studio.page.click("#tab-renders")
        studio.page.wait("document.querySelectorAll('.renders .card').length === 2")
        why = studio.page.js("document.querySelector('.renders .failed .why').textContent")
        assert why == "Scene #1, element #1: The element type 'audio' requires a 'src' property."
        studio.page.click(".renders .failed button")
        studio.page.wait("document.querySelector('.cm-content').textContent.includes('audio')")
        studio.page.click(".renders .card:not(.failed) button")
        studio.page.wait(FILM)
        assert "The film among stills" in studio.text()
        studio.page.do("Page.close")


def still(n: int) -> Project:
    """As it is once it has ended."""
    now_ms = int(time.time() * 1000)
    picture = None if n else MovieFile(f"movies/{'a' * 64}.png", 0, 1, 320, 180)
    ended: dict[str, Any] = {"status": "error" if n else "done", "ended_at_ms": now_ms}
    made = Project(f"{n:016}", FIRST_OWNER, "{}", now_ms, movie=picture, **ended)
    return replace(made, elements_only=True, stills=Stills((0.5,)), message="A still failed")


def test_a_purge_by_age_asks_first_and_the_forecast_follows(studio: StudioPage) -> None:
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


def test_keys_that_are_refused_and_taken(browser: Visitor, tmp_path: Path) -> None:
    """Why one is refused is told; whoever has one sees what is theirs."""
    with running(tmp_path / "data", "--api-key", "sesame") as server:
        studio = opened(browser, server)
        page = studio.page
        page.wait(f"{DIALOG}.open")
        page.sees("API Key not provided")
        assert not violations(page, "dialog.key")
        keyed(page, "\N{KEY}")
        page.sees("this one cannot be sent")
        keyed(page, "wrong")
        page.sees("Invalid API Key")
        page.press("Escape")
        page.wait(f"!{DIALOG}.open")
        studio.write(small("Nobody is asked again"))
        studio.says("Invalid API Key")
        assert not page.js(f"{DIALOG}.open")
        page.click("header > button")
        keyed(page, other_owner(tmp_path / "data"))
        studio.says("This renders 1 of 1 scenes")
        page.click("#tab-cache")
        page.wait("document.querySelectorAll('.caches tbody tr').length === 6")
        first = "document.querySelector('.caches tbody tr').innerText"
        assert page.js(first).split() == ["movies", "–", "–", "0", "of", "0"]
        page.click("header > button")
        keyed(page, "sesame")
        page.click("#tab-document")
        page.click("#tab-cache")
        page.wait(f"!{first}.includes('–')")
        server.stop()
        studio.write(small("While nobody answers"))
        studio.says("The server does not answer: nothing is lost")
        page.do("Page.close")


def other_owner(data: Path) -> str:
    """A key of another owner than the first."""
    words = ("keys", "create", "--role", "render", "--owner", "other", "--expires", "never")
    return called(*words, "--data", data).stdout.split()[-1]


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


def test_a_still_that_is_not_wanted_any_more_is_cancelled(studio: StudioPage) -> None:
    studio.page.js("void (window.gone = [])")
    first = "window.late ??= (await got.clone().json()).project"
    posted = f"await real(...said).then(async got => ({first}, got))"
    answering(studio.page, "url.startsWith('/v2/stills')", posted)
    runs = '{"success": true, "movie": {"status": "running", "message": ""}}'
    late = "url.endsWith('?project=' + window.late)"
    answering(studio.page, f"{late} && said[1].method === 'GET'", f"new Response('{runs}')")
    gone = "(gone.push(url), await real(...said))"
    answering(studio.page, "said[1]?.method === 'DELETE'", gone)
    studio.write(small("Late"))
    studio.says("1 of 1")
    studio.page.wait("!!window.late")
    document = small("Soon")
    document["scenes"][0]["background-color"] = "#901040"
    studio.write(document)
    studio.says("1 of 1")
    studio.page.wait("gone.length === 1 && gone[0].endsWith(window.late)")
    studio.still()
    studio.shows("#901040")


def test_a_folder_that_is_not_there_yet_has_no_second_page(studio: StudioPage) -> None:
    more = "document.querySelector('.files > button')"
    answering(studio.page, "url.includes('/media/folder')", FOLDER)
    studio.page.click("#tab-library")
    studio.page.wait(f"!{more}.hidden && !{more}.disabled")
    held = f"(await new Promise(go => {{ window.go = go }}), {FOLDER})"
    answering(studio.page, "url.includes('path=%2Fb')", held)
    studio.page.click('[aria-label="Open the folder /b"]')
    studio.page.wait("!!window.go")
    assert studio.page.js(f"{more}.disabled")
    studio.page.js("go()")
    studio.page.sees("/b, 101 files")
    assert not studio.page.js(f"{more}.disabled")


def test_an_empty_document_is_said_to_be_one(studio: StudioPage) -> None:
    studio.write(small("Soon gone"))
    studio.says("1 of 1")
    studio.page.focus(".cm-content")
    studio.page.press("a", CTRL)
    studio.page.press("Backspace")
    studio.says("The document is empty")
    studio.page.wait("document.querySelector('.timeline').classList.contains('empty')")
    assert studio.page.js("!document.querySelector('.cm-lint-marker-error')")


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


@contextmanager
def named(host: str) -> Iterator[Visitor]:
    """A browser to which this machine has another name."""
    rules = f"--host-resolver-rules=MAP {host} 127.0.0.1"
    process = BrowserProcess(
        find_chromium(None, LAYERS / "chromium"),
        (*REACHES_US[1:], rules),
        launcher=UNWALLED,
        paced=True,
    )
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
