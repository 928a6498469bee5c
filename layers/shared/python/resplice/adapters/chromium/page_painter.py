"""One page painted in one tab: its fonts brought, its ink found, shot and cropped.

What may reach the page is decided here: bundled fonts, the page's own fonts and files, nothing
else. How a page that moves is stepped is in `frames`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from resplice.adapters.chromium import fitting, page_checks
from resplice.adapters.chromium.bundled_fonts import ORIGIN, BundledFonts
from resplice.adapters.chromium.devtools import BrowserGone, BrowserProcess
from resplice.adapters.chromium.drawings import prepared
from resplice.adapters.chromium.frames import SET, course, moments, samples, stepping
from resplice.adapters.chromium.pictures import Box, Pictures
from resplice.adapters.chromium.splitting import MARK, SPLIT
from resplice.core.text import FILES
from resplice.core.warned import warned
from resplice.ports.browser import Animated, Painted, PaintFont, PaintPage

FRAME_SECONDS = 0.05
"""What each frame of a page that moves adds to the time that a page may take."""

_SET_UP: Mapping[str, Mapping[str, Any]] = {
    "Inspector.enable": {},
    "Emulation.setDefaultBackgroundColorOverride": {"color": {"r": 0, "g": 0, "b": 0, "a": 0}},
    "Emulation.setScriptExecutionDisabled": {"value": True},
    "Fetch.enable": {"patterns": [{"urlPattern": "*"}]},
}
_FONT_HEADERS = [
    {"name": "Access-Control-Allow-Origin", "value": "*"},
    {"name": "Cache-Control", "value": "max-age=31536000"},
    {"name": "Content-Type", "value": "font/woff2"},
]

_FILE_HEADERS = [{"name": "Cache-Control", "value": "no-store"}]
_DRAWING_HEADERS = [*_FILE_HEADERS, {"name": "Content-Type", "value": "image/svg+xml"}]
"""Any other picture is known by its bytes."""

# The families that show text, and the text as shown, after text-transform.
_SURVEY = """(() => {
  const families = new Set();
  for (const element of document.querySelectorAll('body, body *'))
    if ([...element.childNodes].some(n => n.nodeType == Node.TEXT_NODE && n.data.trim()))
      families.add(getComputedStyle(element).fontFamily);
  return {families: [...families].join(','), text: document.body ? document.body.innerText : ''};
})()"""

# Fonts, pictures, and files that only a style names; the families that could not be read.
_LOAD = """(async (css, files) => {
  const style = document.createElement('style');
  style.textContent = css;
  document.documentElement.append(style);
  do {
    document.documentElement.offsetWidth;
    await document.fonts.ready;
    document.documentElement.offsetWidth;
  } while (document.fonts.status == 'loading');
  for (const drawing of document.querySelectorAll('svg')) {
    drawing.pauseAnimations();
    drawing.setCurrentTime(0);
  }
  globalThis.brought = files.map(address => Object.assign(new Image(), {src: address}));
  await Promise.all([...document.images, ...brought].map(image => image.decode().catch(() => {
    if (files.includes(image.src)) throw Error('a picture on it cannot be read');
  })));
  return [...document.fonts].filter(f => f.status == 'error').map(f => f.family);
})"""

# Where ink may be, now: the boxes of lines, pictures and of what has a ground or a border, and a
# margin that no shadow, stroke or flourish of a letter leaves. null when a page is too free for
# this reckoning.
_INK = """(() => {
  const boxes = [];
  let margin = 0;
  const known = new Set(['HTML', 'BODY', 'DIV', 'SPAN', 'BR', 'P', 'B', 'I', 'EM', 'STRONG', 'U',
    'S', 'SMALL', 'SUP', 'SUB', 'IMG', 'TABLE', 'TBODY', 'THEAD', 'TR', 'TD', 'TH', 'COLGROUP',
    'COL', 'H1', 'H2', 'H3']);
  const add = rects => { for (const r of rects) boxes.push([r.left, r.top, r.right, r.bottom]) };
  const range = document.createRange();
  for (const element of document.querySelectorAll('html, body, body *')) {
    const s = getComputedStyle(element);
    const written = ['::before', '::after'].map(name => getComputedStyle(element, name))
      .filter(made => !['none', 'normal'].includes(made.content));
    const free = written.some(made => made.display != 'inline' || made.position != 'static'
      || made.boxShadow != 'none' || made.textShadow != s.textShadow);
    if (!known.has(element.tagName) || free || s.filter != 'none' || s.display == 'list-item')
      return null;
    const lengths = [s.textShadow, s.boxShadow, s.webkitTextStrokeWidth, s.outlineWidth,
      s.outlineOffset, s.textUnderlineOffset, s.textDecorationThickness].join(' ');
    let reach = parseFloat(s.fontSize);
    for (const px of lengths.matchAll(/([\\d.]+)(px|%)/g))
      reach += 2 * (px[2] == '%' ? px[1] / 100 * parseFloat(s.fontSize) : px[1]);
    margin = Math.max(margin, reach);
    if (s.backgroundColor != 'rgba(0, 0, 0, 0)' || s.backgroundImage != 'none'
        || s.boxShadow != 'none' || s.outlineStyle != 'none' || element.tagName == 'IMG'
        || written.length
        || parseFloat(s.borderTopWidth) + parseFloat(s.borderRightWidth)
         + parseFloat(s.borderBottomWidth) + parseFloat(s.borderLeftWidth) > 0)
      add(element.getClientRects());
    for (const node of element.childNodes)
      if (node.nodeType == Node.TEXT_NODE) {
        range.selectNodeContents(node);
        add(range.getClientRects());
      }
  }
  const side = (edge, pick) => boxes.map(box => box[edge]).reduce((a, b) => pick(a, b));
  if (!boxes.length) return [0, 0, 0, 0];
  return [side(0, Math.min) - margin, side(1, Math.min) - margin,
    side(2, Math.max) + margin, side(3, Math.max) + margin];
})"""

# A page as large as it was, in a smaller viewport.
_SCROLL = """((left, top, right, bottom) => {
  document.body.style.minWidth = right + 'px';
  document.body.style.minHeight = bottom + 'px';
  scrollTo(left, top);
})"""

_DOCTYPE = "<!doctype html>"
_PAUSED = "<style>*,*::before,*::after{animation-play-state:paused!important}</style>"

_VIEWPORT = re.compile(r"\d[sld]?v(?:w|h|i|b|min|max)\b|position:\s*(?:fixed|sticky)", re.I)
"""What would lie elsewhere in a window of another size."""

CLEAR_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000b494441"
    "5478016360000200000500014e0ba8660000000049454e44ae426082"
)
"""One pixel that is clear: what is painted of a page without ink."""


class PagePainter:
    """A tab set up for painting: no scripts of the page, no requests but for fonts."""

    def __init__(
        self, process: BrowserProcess, fonts: BundledFonts, pictures: Pictures, deadline: float
    ) -> None:
        self._process, self._fonts, self._pictures = process, fonts, pictures
        self._tab = process.new_tab(deadline)
        self._tab.on_request = self._answer
        self._own: dict[str, Path] = {}
        self._files: dict[str, Path] = {}
        self._counts_viewport = False
        self._size = (0, 0)
        for method, params in _SET_UP.items():
            self._tab.call(method, deadline, **params)
        tree = self._tab.call("Page.getFrameTree", deadline)
        self._frame = tree["frameTree"]["frame"]["id"]

    def paint(
        self, page: PaintPage, deadline: float, fps: int | None = None, latest: float = math.inf
    ) -> Painted | Animated:
        """fps: of its frames, if it may move. Then each gives it more time, but not beyond latest.

        Raises BrowserGone, TimeoutError, ValueError."""
        with self._pictures.album(deadline) as self._album:
            warnings = self._laid_out(page, deadline)
            if fps and (animated := self._animated(page, fps, warnings, deadline, latest)):
                return animated
            reckoned = self._evaluate(f"{_INK}()", deadline)
            png, (left, top, right, bottom) = self._shot(page, reckoned, deadline)
            return Painted(png, left, top, right - left, bottom - top, warnings)

    def _laid_out(self, page: PaintPage, deadline: float) -> tuple[str, ...]:
        """Bring the page and all that it is made of; warnings."""
        if self._files or page.files:
            # A document keeps the pictures it had, and would show them under the same names.
            self._tab.call("Page.navigate", deadline, url="about:blank")
        self._files = {file.name: file.path for file in page.files}
        self._counts_viewport = bool(_VIEWPORT.search(page.html))
        self._resize(page.width, page.height, deadline)
        self._tab.call(
            "Page.setDocumentContent", deadline, frameId=self._frame, html=_paused(page.html)
        )
        survey = self._evaluate(_SURVEY, deadline)
        families = _families(survey["families"])
        css = self._font_rules(page.fonts, families, survey["text"])
        files = json.dumps([FILES + name for name in self._files])
        failed = self._evaluate(f"{_LOAD}({json.dumps(css)}, {files})", deadline)
        fitted = fitting.MARK in page.html
        checked = {} if fitted else self._checked(survey["text"], deadline)
        if MARK in page.html:
            self._evaluate(SPLIT, deadline)
        if fitted:
            self._evaluate(fitting.FIT, deadline)
            checked = self._checked(survey["text"], deadline)
        of_fonts = self._warnings(page.fonts, families, failed)
        return (*of_fonts, *page_checks.warnings(checked))

    def _checked(self, text: str, deadline: float) -> dict[str, Any]:
        told: dict[str, Any] = self._evaluate(page_checks.check(text), deadline)
        return told

    def _animated(
        self,
        page: PaintPage,
        fps: int,
        warnings: tuple[str, ...],
        deadline: float,
        latest: float,
    ) -> Animated | None:
        """The frames of the page that is laid out; None when it stands still."""

        def evaluate(script: str) -> Any:
            return self._evaluate(script, deadline)

        found = course(evaluate, fps)
        if found is None:
            return None
        deadline = min(deadline + FRAME_SECONDS * found.frames, latest)
        times, whole = moments(found, fps), (0, 0, page.width, page.height)
        box = self._reached(samples(found, times), whole, deadline)
        self._album.deadline = latest
        stepping(evaluate, lambda: self._view(box, deadline), times, self._album)
        moves, ink = self._album.moves()
        if ink and box != whole and _touches(ink, box, whole):
            box, deadline = whole, min(deadline + FRAME_SECONDS * found.frames, latest)
            stepping(evaluate, lambda: self._view(box, deadline), times, self._album)
            moves, _ = self._album.moves()
        if not moves:
            self._view(whole, deadline)
            return None
        for_ever = found.loop_from is not None
        apng, (left, top, right, bottom) = self._album.apng(fps, for_ever=for_ever)
        place = box[0] + left, box[1] + top, right - left, bottom - top
        return Animated(apng, *place, found.frames, found.loop_from, warnings)

    def _reached(self, times: list[float], whole: Box, deadline: float) -> Box:
        """Where ink may be at any of these times."""
        boxes = self._evaluate(
            f"{json.dumps(times)}.map(ms => {{ {SET}(ms); return {_INK}() }})", deadline
        )
        if not all(boxes):
            return whole
        seen = [box for box in boxes if box[2] > box[0]] or [[0, 0, 1, 1]]
        sides = list(zip(*seen, strict=True))
        return _within([min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])], whole)

    def _view(self, box: Box, deadline: float) -> None:
        """Show that part of the page, in a viewport of its own size: half the work of a cut."""
        left, top, right, bottom = box
        if self._counts_viewport:
            self._screenshot(box, deadline)
            return
        if self._resize(right - left, bottom - top, deadline):
            self._evaluate(f"{_SCROLL}({left}, {top}, {right}, {bottom})", deadline)
        self._captured(deadline)

    def close(self) -> bool:
        """Give the tab up, whatever it is doing; whether the browser did so."""
        return self._process.close_tab(self._tab)

    def _resize(self, width: int, height: int, deadline: float) -> bool:
        """Whether the viewport had another size."""
        if self._size == (width, height):
            return False
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._tab.call("Emulation.setDeviceMetricsOverride", deadline, **size)
        self._size = (width, height)
        return True

    def _evaluate(self, expression: str, deadline: float) -> Any:
        reply = self._tab.call(
            "Runtime.evaluate",
            deadline,
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in reply:
            raise ValueError(str(reply["exceptionDetails"].get("text")))
        return reply["result"].get("value")

    def _font_rules(self, own: Iterable[PaintFont], families: list[str], text: str) -> str:
        """@font-face rules of the page: its own fonts, and bundled ones for all other families."""
        named = {font.family.lower() for font in own}
        rules = self._fonts.rules((f for f in families if f.lower() not in named), text)
        self._own = {}
        for font in own:
            address = f"own/{hashlib.sha256(font.path.read_bytes()).hexdigest()}"
            self._own[address] = font.path
            said = f"font-weight:1 1000;src:url({ORIGIN}{address})"
            rules += f'@font-face{{font-family:"{font.family}";{said}}}\n'
        return rules

    def _answer(self, url: str) -> tuple[str, Mapping[str, Any]]:
        if url.startswith(FILES):
            path = self._files.get(url.removeprefix(FILES))
            headers = _DRAWING_HEADERS if url.endswith(".svg") else _FILE_HEADERS
        else:
            address = url.removeprefix(ORIGIN)
            path, headers = self._own.get(address) or self._fonts.file(address), _FONT_HEADERS
            path = path if url.startswith(ORIGIN) else None
        if path is None:
            return "Fetch.failRequest", {"errorReason": "Aborted"}
        content = path.read_bytes()
        if headers is _DRAWING_HEADERS:
            content = prepared(content, self._fonts)
        return "Fetch.fulfillRequest", {
            "responseCode": 200,
            "responseHeaders": headers,
            "body": base64.b64encode(content).decode(),
        }

    def _shot(
        self, page: PaintPage, reckoned: list[float] | None, deadline: float
    ) -> tuple[bytes, Box]:
        """(the ink as PNG, its box). What touches the edge of the reckoned box is shot whole."""
        whole = (0, 0, page.width, page.height)
        box = _within(reckoned, whole) if reckoned else whole
        ink = self._screenshot(box, deadline)
        if ink and box != whole and _touches(ink, box, whole):
            box = whole
            ink = self._screenshot(box, deadline)
        if not ink:
            return CLEAR_PNG, (0, 0, 1, 1)
        left, top = box[:2]
        return self._album.cut(ink), (left + ink[0], top + ink[1], left + ink[2], top + ink[3])

    def _screenshot(self, box: Box, deadline: float) -> Box | None:
        """Show that part of the viewport to the album; the box of its ink within it."""
        left, top, right, bottom = box
        if right <= left or bottom <= top:
            return None
        clip = {"x": left, "y": top, "width": right - left, "height": bottom - top, "scale": 1}
        return self._captured(deadline, clip=clip)

    def _captured(self, deadline: float, **params: Any) -> Box | None:
        """The same of all that the viewport shows."""
        try:
            reply = self._tab.call(
                "Page.captureScreenshot", deadline, format="png", optimizeForSpeed=True, **params
            )
        except ValueError as error:
            # Now and then the browser has no frame of a page that is well; a new tab has.
            raise BrowserGone(str(error)) from error
        return self._album.show(base64.b64decode(reply["data"])).ink

    def _warnings(
        self, own: Iterable[PaintFont], families: list[str], failed: list[str]
    ) -> Iterator[str]:
        named = {font.family.lower() for font in own}
        for family in families:
            if family.lower() not in named and not self._fonts.has(family):
                yield warned("font-missing", f"font '{family}' is not bundled; drawn with Inter")
        for family in dict.fromkeys(name.strip("\"'") for name in failed):
            words = f"font '{family}' could not be read; drawn with another"
            yield warned("font-missing", words, "give a file that is a font")


def _paused(html: str) -> str:
    """The page whose animations wait from the first: the browser may draw it before it is asked to
    pause them, and letters would keep the look of the moment that it had reached by then.
    """
    return html.replace(_DOCTYPE, _DOCTYPE + _PAUSED, 1)


def _families(lists: str) -> list[str]:
    """The names in computed font-family lists; a page that names none uses the browser's own."""
    names = (name.strip().strip("\"'") for name in lists.split(","))
    return list(dict.fromkeys(name for name in names if name))


def _within(reckoned: list[float], whole: Box) -> Box:
    left, top, right, bottom = reckoned
    return (
        max(whole[0], int(left)),
        max(whole[1], int(top)),
        min(whole[2], int(right) + 1),
        min(whole[3], int(bottom) + 1),
    )


def _touches(ink: Box, box: Box, whole: Box) -> bool:
    """Whether ink lies on an edge of the box that is not an edge of the whole."""
    size = (box[2] - box[0], box[3] - box[1])
    edges = (ink[0] == 0, ink[1] == 0, ink[2] == size[0], ink[3] == size[1])
    return any(hit and box[side] != whole[side] for side, hit in enumerate(edges))
