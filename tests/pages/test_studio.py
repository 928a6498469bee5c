"""The studio in a real browser, on a real server, with real renders."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from browser_pages import ALT, CTRL, SHIFT, Visitor
from served import Served
from studio_page import StudioPage, opened, small, violations


def test_an_edit_tells_what_it_renders_and_the_film_shows_it(studio: StudioPage) -> None:
    page = studio.page
    studio.write(small("One", "Two", "Three"))
    studio.says("This renders 3 of 3 scenes, 3 s of picture, nothing to pay")
    studio.render()
    studio.says("This movie is in the cache")
    assert set(studio.states().values()) == {"reused"}
    studio.write(small("One", "Other", "Three"))
    studio.says("This renders 1 of 3 scenes, 1 s of picture")
    forecast = studio.states()
    assert forecast["scenes[0]"] == forecast["scenes[2]"] == "reused"
    assert forecast["scenes[1]"] in ("waiting", "rendered")
    page.hover('[data-path="scenes[1]"]')
    page.sees("rendered: scenes[1].elements[0].text changed")
    studio.render()
    page.click('[data-path="scenes[1]"]')
    page.wait("document.querySelector('video').currentTime > 1")
    page.wait("!document.querySelector('video').seeking")
    studio.shows("#503010")


def test_the_still_is_the_frame_at_the_playhead(studio: StudioPage) -> None:
    studio.write(small("A", "B"))
    studio.says("2 of 2")
    studio.still()
    studio.shows("#103050")
    studio.page.focus(".ruler")
    studio.page.press("PageDown")
    studio.page.sees("The frame at 1.00 s")
    studio.shows("#503010")


def test_a_problem_is_marked_at_its_place_in_the_words_of_the_api(studio: StudioPage) -> None:
    document = small("A", "B")
    document["scenes"][1]["elements"][0]["start"] = "soon"
    studio.write(document)
    words = "Scene #2, element #1: 'start' must be a number, not 'soon'"
    studio.says(f"scenes[1].elements[0].start: {words}")
    marked = "document.querySelector('.cm-lintRange-error')?.textContent"
    studio.page.wait(f"({marked} ?? '').includes('start')")
    studio.page.hover(".cm-lintRange-error")
    studio.page.wait(
        f"document.querySelector('.cm-tooltip')?.textContent.includes({json.dumps(words)})"
    )


def test_what_is_never_seen_is_marked_at_its_place(studio: StudioPage) -> None:
    document = small("Seen", "Late")
    document["scenes"][1]["duration"] = 1
    document["scenes"][1]["elements"][0]["start"] = 5
    studio.write(document)
    studio.render()
    studio.says("1 warning")
    studio.page.wait("!!document.querySelector('.cm-lintRange-warning')")
    assert not studio.page.js("!!document.querySelector('.cm-lintRange-error')")
    studio.page.hover(".cm-lintRange-warning")
    studio.page.wait(
        "document.querySelector('.cm-tooltip')?.textContent.includes('[after-the-end]')"
    )


def test_text_that_is_no_json_is_marked_where_it_breaks(studio: StudioPage) -> None:
    studio.write('{\n  "scenes": [,]\n}')
    studio.says("line 2, column 14")
    studio.page.wait("!!document.querySelector('.cm-lint-marker-error, .cm-lintPoint-error')")


def test_a_click_in_the_timeline_selects_the_json(studio: StudioPage) -> None:
    studio.write(small("A", "Chosen"))
    studio.says("2 of 2")
    studio.page.click('[data-path="scenes[1].elements[0]"]')
    assert studio.chosen()["text"] == "Chosen"
    pressed = '[data-path="scenes[1].elements[0]"][aria-pressed="true"]'
    studio.page.wait(f"!!document.querySelector({json.dumps(pressed)})")


def test_what_is_repeated_leads_to_where_it_is_written(studio: StudioPage) -> None:
    document = small("First", "{{ item }}", variables={"words": ["x", "y"]})
    document["scenes"][1] |= {"iterate": "words", "iterate-as": "item"}
    studio.write(document)
    studio.says("3 of 3")
    studio.page.click('[data-path="scenes[2]"]')
    assert studio.chosen()["iterate"] == "words"


def place(studio: StudioPage) -> list[int]:
    """x, y, width and height of the first frame over the picture, as it tells them."""
    said = studio.page.js("document.querySelector('.handle').getAttribute('aria-label')")
    return [int(each) for each in re.findall(r"-?[0-9]+", said)[:4]]


def placed(studio: StudioPage, document: dict[str, Any]) -> list[int]:
    """Where the one text of the movie is drawn, once it is painted."""
    studio.write(document)
    studio.says("1 of 1")
    studio.still()
    studio.page.wait("parseInt(document.querySelector('.handle').style.width) < 90")
    return place(studio)


@pytest.mark.parametrize("position", [None, "bottom-right", "custom"])
def test_dragging_moves_an_element_and_the_rest_of_the_text_stays(
    studio: StudioPage, position: str | None
) -> None:
    document = small(f"Move me {position}")
    document["scenes"][0]["comment"] = "stays  as it is"
    element = document["scenes"][0]["elements"][0]
    if position:
        element |= {"position": position, "x": 10, "y": -4}
    before = placed(studio, document)
    scale = 320 / studio.page.js("document.querySelector('.stage').clientWidth")
    by = round(-60 * scale), round(30 * scale)
    x, y = studio.page.middle(".handle")
    studio.page.drag((x, y), (x - 60, y + 30))
    studio.page.wait("document.querySelector('.cm-content').textContent.includes('\"y\"')")
    wanted = {"x": by[0] + 10 * bool(position), "y": by[1] - 4 * bool(position)}
    after = studio.document()
    moved = after["scenes"][0]["elements"][0]
    assert moved == {**element, **wanted}
    moved.clear()
    element.clear()
    assert after == document
    assert place(studio) == [before[0] + by[0], before[1] + by[1], *before[2:]]
    studio.page.wait("document.querySelector('.sentence').textContent.includes('1 of 1')")
    studio.still()
    assert place(studio) == [before[0] + by[0], before[1] + by[1], *before[2:]], "as it is drawn"


def test_what_was_dragged_is_undone_at_once(studio: StudioPage) -> None:
    document = small("Undo me")
    placed(studio, document)
    x, y = studio.page.middle(".handle")
    studio.page.drag((x, y), (x - 60, y + 30))
    studio.page.wait("document.querySelector('.cm-content').textContent.includes('\"y\"')")
    studio.page.focus(".cm-content")
    studio.page.press("z", CTRL)
    assert studio.document() == document


def test_arrow_keys_nudge_and_resize(studio: StudioPage) -> None:
    placed(studio, small("Nudge"))
    studio.page.focus(".handle")
    studio.page.press("ArrowRight")
    studio.page.wait("document.querySelector('.cm-content').textContent.includes('\"y\"')")
    studio.page.press("ArrowDown", SHIFT)
    element = studio.document()["scenes"][0]["elements"][0]
    assert (element["x"], element["y"]) == (1, 10)
    studio.page.press("ArrowLeft", ALT)
    element = studio.document()["scenes"][0]["elements"][0]
    assert (element["width"], element["height"]) == (319, 180), "of the movie's, being a text"


def test_the_frames_lie_on_a_picture_in_portrait(studio: StudioPage) -> None:
    document = {**small("Tall"), "width": 180, "height": 320}
    studio.write(document)
    studio.says("1 of 1")
    studio.page.wait("document.querySelector('.stage img').naturalWidth === 180")
    width, height = studio.page.js(
        "(({clientWidth, clientHeight}) => [clientWidth, clientHeight])"
        "(document.querySelector('.stage'))"
    )
    assert width / height == pytest.approx(180 / 320, rel=0.01)


def test_a_large_document_does_not_hold_the_page_up(studio: StudioPage) -> None:
    """Five hundred scenes, five megabytes: the page answers, and draws what can be seen of it."""
    document = small(*["Of all scenes"] * 500)  # Else so many texts would be painted.
    for scene in document["scenes"]:
        scene["comment"] = "x" * 9600
    studio.write(document)
    studio.says("This renders 500 of 500 scenes")
    drawn = studio.page.js("document.querySelectorAll('.block').length")
    assert 0 < drawn < 1100
    for _ in range(8):
        studio.page.click('[aria-label="Zoom in"]')
    studio.page.wait("document.querySelectorAll('.block').length < 300")
    assert studio.page.js("document.querySelectorAll('.block').length") > 2


def test_completion_knows_what_the_schema_knows(studio: StudioPage) -> None:
    studio.write('{"scenes": [{"elements": [{"type": "text", "text": "a", ""}]}]}')
    studio.page.press("Home")
    for _ in range(len('{"scenes": [{"elements": [{"type": "text", "text": "a", "')):
        studio.page.press("ArrowRight")
    options = (
        "[...document.querySelectorAll('.cm-tooltip-autocomplete li')].map(e => e.textContent)"
    )
    studio.page.press(" ", CTRL)
    found = studio.page.wait(f"({options}).length > 3 && {options}")
    assert any("position" in each for each in found)
    assert not any("seek" in each for each in found)
    studio.page.type("posi")
    studio.page.wait(f"({options}).length === 1")
    studio.page.press("Enter")
    assert "position" in studio.document()["scenes"][0]["elements"][0], "and the text is JSON yet"


def test_who_asks_before_the_schema_is_there_has_its_words_then(
    browser: Visitor, server: Served
) -> None:
    studio = opened(
        browser,
        server,
        script="""{
            const before = window.fetch
            const asked = new Promise(resolve => { window.letSchemaCome = resolve })
            window.fetch = async (...told) => {
                if (String(told[0].url ?? told[0]).endsWith('/v2/schema')) await asked
                return before(...told)
            }
        }""",
    )
    page = studio.page
    studio.write('{"scenes": [], ""')
    page.press("ArrowLeft")
    page.press(" ", CTRL)
    time.sleep(0.3)
    page.js("letSchemaCome()")
    listed = "[...document.querySelectorAll('.cm-tooltip-autocomplete li')].map(e => e.textContent)"
    page.wait(f"({listed}).some(name => name.includes('resolution'))")


def test_variables_are_a_form(studio: StudioPage) -> None:
    studio.write(small("{{ who }}", variables={"who": "You", "many": 3}))
    studio.says("1 of 1")
    studio.page.click("#tab-variables")
    studio.page.focus("#variable-who")
    studio.page.press("End")
    studio.page.type(" all")
    assert studio.document()["variables"] == {"who": "You all", "many": 3}


def test_a_click_in_the_library_inserts_a_component(studio: StudioPage) -> None:
    studio.write(small("A", "B"))
    studio.says("2 of 2")
    studio.page.click('[data-path="scenes[1]"]')
    studio.page.click("#tab-library")
    studio.page.click('button[aria-label^="Insert basic/050"]')
    studio.page.sees("Inserted into scene 2")
    inserted = {"type": "component", "component": "basic/050"}
    assert studio.document()["scenes"][1]["elements"][1] == inserted
    picture = 'button[aria-label^="Insert basic/050"] img'
    studio.page.wait(f"document.querySelector({json.dumps(picture)}).naturalWidth > 0")


def test_a_file_is_uploaded_and_inserted(studio: StudioPage, tmp_path: Path) -> None:
    (tmp_path / "red.png").write_bytes(_png())
    studio.write(small("A"))
    studio.says("1 of 1")
    studio.page.click("#tab-library")
    root = studio.page.do("DOM.getDocument")["root"]["nodeId"]
    field = studio.page.do("DOM.querySelector", nodeId=root, selector="#upload")["nodeId"]
    studio.page.do("DOM.setFileInputFiles", nodeId=field, files=[str(tmp_path / "red.png")])
    studio.page.sees("red.png is uploaded")
    studio.page.click('button[title="Insert red.png"]')
    inserted = studio.document()["scenes"][0]["elements"][1]
    assert inserted["type"] == "image" and inserted["src"].endswith("red.png")


def test_the_library_has_folders_pages_and_what_others_share(
    studio: StudioPage, server: Served
) -> None:
    for n in range(101):
        told = {"name": f"{n:03}.mp3", "contentType": "audio/mpeg", "size": 1, "folder": "a/b"}
        status, _ = server.json("POST", "/v2/media/file", told)
        assert status == 200
    cards = "document.querySelectorAll('.files .card').length"
    studio.page.click("#tab-library")
    studio.page.click('[aria-label="Open the folder /a"]')
    studio.page.click('[aria-label="Open the folder /a/b"]')
    studio.page.wait(f"{cards} === 100")
    studio.page.sees("/a/b, 101 files")
    studio.page.click(".files > button")
    studio.page.wait(f"{cards} === 101")
    studio.page.wait("document.querySelector('.files > button').hidden")
    studio.page.click('[aria-label="Open the folder /a"]')
    studio.page.wait(f"{cards} === 0")
    studio.page.click(".rows:last-child li:last-child button")
    studio.page.wait("document.querySelector('.cm-content').textContent.includes('variables')")
    assert "{{" in studio.text()


def test_two_renders_are_compared(studio: StudioPage) -> None:
    studio.write(small("Same", "Before"))
    studio.render()
    studio.write(small("Same", "After"))
    studio.says("1 of 2")
    studio.render()
    studio.page.click("#tab-renders")
    studio.page.wait("document.querySelectorAll('.renders .card').length >= 2")
    for index in (1, 2):
        studio.page.click(f".renders li:nth-child({index}) input")
    studio.page.click(".renders .tools button")
    studio.page.sees("The later one reused 1 of 2 scenes.")
    studio.page.sees("scenes[1].elements[0].text changed")
    changed = "[...document.querySelectorAll('.compare .cm-changedText')].map(e => e.textContent)"
    studio.page.wait(f"({changed}).some(each => 'Before'.includes(each))")
    studio.page.js("void (window.films = [...document.querySelectorAll('dialog video')])")
    empty = "film.networkState === HTMLMediaElement.NETWORK_EMPTY"
    assert studio.page.js(f"!films.some(film => {empty})")
    assert not violations(studio.page, ".compare")
    studio.page.press("Escape")
    studio.page.wait("!document.querySelector('dialog.compare')")
    unloaded = f"films.length === 4 && films.every(film => {empty})"
    studio.page.wait(unloaded)


def test_the_cache_is_shown_and_purged(studio: StudioPage) -> None:
    studio.write(small("Purge", "Keep"))
    studio.render()
    studio.says("This movie is in the cache")
    studio.page.click("#tab-cache")
    studio.page.wait("document.querySelectorAll('.caches tbody tr').length === 6")
    purge(studio, "project", "")
    studio.says("This renders 0 of 2 scenes")
    purge(studio, "scene", "1")
    studio.says("This renders 1 of 2 scenes")
    assert set(studio.states().values()) == {"reused", "rendered"}, "and no text is painted anew"
    purge(studio, "element", "scenes[0].elements[0]", asks=True)
    studio.page.wait(f"!!document.querySelector({json.dumps(WAITING)})")
    studio.page.focus("#purge-project")
    studio.page.type("AAAAAAAAAAAAAAAA")
    studio.page.press("Enter")
    studio.page.sees("No movie found with project ID AAAAAAAAAAAAAAAA")


WAITING = '[data-path="scenes[0].elements[0]"].waiting'


def purge(studio: StudioPage, name: str, what: str, *, asks: bool = False) -> None:
    """Until something of that is gone."""
    button = f"form:has(#purge-{name}) button"
    studio.page.focus(f"#purge-{name}")
    studio.page.type(what)
    studio.page.press("Enter")
    if asks:
        told = f"document.querySelector({json.dumps(button)}).innerText"
        studio.page.wait(f"/^[1-9].* entr.*: purge\\?$/.test({told})")
        studio.page.click(button)
    gone = "/[1-9]\\d* entr(y|ies) purged/"
    studio.page.wait(f"{gone}.test(document.querySelector('.caches .said').textContent)")
    studio.page.js("void document.querySelector('.caches .said').replaceChildren()")


def test_a_render_can_be_cancelled(studio: StudioPage) -> None:
    studio.write({**small(*(f"Scene {n}" for n in range(60))), "fps": 30})
    studio.says("60 of 60")
    studio.page.click("button.main")
    studio.page.click(".rendering .plain:not([hidden])")
    studio.page.sees("Cancelled: what was finished is kept")
    studio.page.wait("!document.querySelector('button.main').disabled")


def test_the_page_loads_nothing_from_elsewhere(server: Served) -> None:
    response, body = server.call("GET", "/studio", key=None)
    policy = response.getheader("Content-Security-Policy") or ""
    here = f"http://127.0.0.1:{server.port}"
    origins = set(re.findall(r"https?://\S+?(?=[ ;])", policy))
    assert origins == {here} and "default-src 'none'" in policy and "script-src 'self';" in policy
    names = re.findall(r'(?:src|href)="(/studio/[^"]+)"', body.decode())
    sizes = [len(body)]
    for name in names:
        file, content = server.call("GET", name, key=None, accept_encoding="gzip")
        assert file.getheader("Content-Encoding") == "gzip"
        assert "immutable" in (file.getheader("Cache-Control") or "")
        sizes.append(len(content))
    assert len(names) == 2 and sum(sizes) <= 350_000
    missing, _ = server.call("GET", "/studio/..%2fconftest.py", key=None)
    assert missing.status == 400


def _png() -> bytes:
    from studio import picture

    return picture("#ff0000")
