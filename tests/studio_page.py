"""The studio as its users have it: what they do on the page, and what they see there then."""

from __future__ import annotations

import json
from typing import Any

from browser_pages import CTRL, Page, Visitor
from resplice.wiring.local import LAYERS
from served import Served

PIXEL = """(x, y) => {
    const seen = document.querySelector(".stage > :is(img, video):not([hidden])");
    const canvas = document.createElement('canvas');
    canvas.width = seen.videoWidth || seen.naturalWidth;
    canvas.height = seen.videoHeight || seen.naturalHeight;
    const pen = canvas.getContext('2d');
    pen.drawImage(seen, 0, 0);
    return [...pen.getImageData(x * canvas.width, y * canvas.height, 1, 1).data];
}"""
STATE = "document.querySelector('.cm-content').cmTile.view.state"
RENDERING = "document.querySelector('.rendering')"
FILM = "!document.querySelector('video').hidden && document.querySelector('video').readyState >= 2"
AXE = LAYERS / "studio/node_modules/axe-core/axe.min.js"
SERIOUS = """axe.run(%s).then(found => found.violations
    .filter(({impact}) => impact === 'serious' || impact === 'critical')
    .map(({id, nodes}) => `${id}: ${nodes.map(({target}) => target).join(', ')}`))"""


def small(*texts: str, **more: Any) -> dict[str, Any]:
    """A movie with a scene of one second for each text, in a size that is painted fast."""
    colours = ("#103050", "#503010", "#105030", "#301050")
    scenes = [
        {
            "duration": 1,
            "background-color": colours[index % len(colours)],
            "elements": [{"type": "text", "text": text, "settings": {"font-size": "30px"}}],
        }
        for index, text in enumerate(texts)
    ]
    size = {"resolution": "custom", "width": 320, "height": 180, "quality": "low"}
    return {**size, "fps": 10, "scenes": scenes, **more}


class StudioPage:
    """One tab with the studio in it."""

    def __init__(self, page: Page, base_url: str, key: str = "", script: str = "") -> None:
        """script: what runs in the page before the studio's own."""
        self.page = page
        page.do("Page.addScriptToEvaluateOnNewDocument", source=script)
        page.see(1440, 900)
        page.go(f"{base_url}/studio")
        page.wait("!!document.querySelector('.cm-content')")
        if key:
            self.give_key(key)

    def give_key(self, key: str) -> None:
        self.page.wait("document.querySelector('dialog.key').open")
        self.page.focus("#key")
        self.page.type(key)
        self.page.press("Enter")
        # It may be open again by now: the key was wrong.
        self.page.wait("document.querySelector('#key').value === ''")

    def write(self, document: dict[str, Any] | str) -> None:
        """Put another document in place of what is there, as who pastes one."""
        text = document if isinstance(document, str) else json.dumps(document, indent=2)
        self.page.click("#tab-document")
        self.page.focus(".cm-content")
        self.page.press("a", CTRL)
        self.page.paste(text)

    def document(self) -> Any:
        """What the text says, as JSON: the editor keeps only what is seen of it in the page."""
        return json.loads(self.text())

    def text(self) -> str:
        return str(self.page.js(f"{STATE}.doc.toString()"))

    def chosen(self) -> Any:
        """What is selected in the editor, once something is, as JSON."""
        main = f"{STATE}.selection.main"
        return json.loads(self.page.wait(f"{STATE}.sliceDoc({main}.from, {main}.to)"))

    def says(self, words: str) -> None:
        """Until the header does."""
        self.page.wait(
            f"document.querySelector('.sentence').textContent.includes({json.dumps(words)})"
        )

    def states(self) -> dict[str, str]:
        """Of the blocks in the timeline, by path."""
        found: dict[str, str] = self.page.js(
            "Object.fromEntries([...document.querySelectorAll('.block')].map(b => ["
            "b.dataset.path, ['reused', 'rendered', 'waiting', 'paid'].find(s =>"
            " b.classList.contains(s))]))"
        )
        return found

    def render(self) -> None:
        """Until the film is there and can be played."""
        self.page.click("button.main")
        self.page.wait(f"/Rendered in|It was in the cache/.test({RENDERING}.textContent)")
        self.page.wait(FILM)

    def still(self) -> None:
        """Until the frame at the playhead is painted, of a movie in the small size."""
        self.page.wait("document.querySelector('.stage img').naturalWidth === 320")
        self.page.sees("as the film will have it")

    def shows(self, colour: str) -> None:
        """Until the picture has the colour in its upper left corner, but for what 4:2:0 makes of
        it.
        """
        wanted = [*bytes.fromhex(colour.removeprefix("#"))]
        seen = f"({PIXEL})(0.02, 0.02)"
        self.page.wait(f"{wanted}.every((level, i) => Math.abs({seen}[i] - level) <= 3)")

    def colour(self, x: float, y: float) -> tuple[int, int, int]:
        """Of what the picture shows, at a place of it: 0 to 1 from its left and its top."""
        found = self.page.js(f"({PIXEL})({x}, {y})")
        return (found[0], found[1], found[2])


def violations(page: Page, within: str) -> list[str]:
    """What readers of screens would stumble over, in what is shown there."""
    if not page.js("'axe' in window"):
        page.js(AXE.read_text())
    page.wait("document.getAnimations().length === 0")
    return list(page.js(SERIOUS % json.dumps(within)))


def opened(browser: Visitor, server: Served, key: str = "", script: str = "") -> StudioPage:
    """A tab of its own."""
    return StudioPage(browser.page(), f"http://127.0.0.1:{server.port}", key, script)
