"""A component painted at a moment of its timeline, for tests and for whoever writes one.

    python -m painted_components NAME [SETTINGS.json] [-t MS …] [-o FOLDER] [-s WIDTHxHEIGHT]
                                            [-g GROUND.png] [-f FOLDER]
writes a PNG of each moment, over a picture or a grey ground so that white is seen (from the folder
`tests`, or with it in PYTHONPATH). NAME is of the catalog, or a folder `…/<pack>/<id>`; pictures in
the settings are `file:` URLs, or lie in the folder of -f under the last part of their URL.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from PIL import Image, ImageOps
from resplice.adapters.chromium.browser import Chromium
from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.chromium.frames import FIND, PAUSE, SET
from resplice.adapters.chromium.installed import find_chromium
from resplice.adapters.chromium.page_painter import PagePainter
from resplice.adapters.disk.component_folders import CATALOG, ComponentFolders
from resplice.core.components import ComponentFolder
from resplice.core.declarations import read_declaration
from resplice.core.elements.component.files import addresses_in
from resplice.core.elements.component.page import component_page
from resplice.core.elements.component.settings import Frame, read
from resplice.core.text import FILES
from resplice.ports.browser import PageFile, PaintPage

FONTS = BundledFonts(Path(__file__).resolve().parents[1] / "layers" / "fonts")
GREY = (96, 110, 128, 255)
NO_FILES: Mapping[str, Path] = {}


def folder_of(name: str) -> ComponentFolder:
    """A component of the catalog, or of a folder."""
    root, short = CATALOG, name
    if Path(name).is_dir():
        root, short = Path(name).resolve().parents[1], "/".join(Path(name).resolve().parts[-2:])
    return _folders(root)[short]


@cache
def _folders(root: Path) -> Mapping[str, ComponentFolder]:
    return {each.name: each for each in ComponentFolders(root).all()}


def page_of(
    name: str,
    settings: Mapping[str, Any],
    width: int = 960,
    height: int = 540,
    files: Mapping[str, Path] = NO_FILES,
) -> PaintPage:
    """Its page. files: what is behind URLs of the settings. Raises AssertionError with what is
    wrong with the settings.
    """
    shown = {
        each.place: _behind(each.url(settings) or "", files) for each in addresses_in(settings)
    }
    folder, frame = folder_of(name), Frame(width, height, lambda place: FILES + shown[place].name)
    faults = read(read_declaration(folder.declaration), settings, frame).faults
    assert not faults, faults
    page = component_page(folder, settings, frame)
    return PaintPage(page.width, page.height, page.html, files=tuple({*shown.values()}))


def _behind(url: str, files: Mapping[str, Path]) -> PageFile:
    path = files.get(url) or Path(unquote(urlsplit(url).path))
    return PageFile(hashlib.sha256(path.read_bytes()).hexdigest(), path)


class _AtMoment(PagePainter):
    """Shoots a page at a moment of its animations."""

    ms = 0.0

    def _shot(self, page: PaintPage, reckoned: Any, deadline: float) -> Any:
        self._evaluate(PAUSE, deadline)
        self._evaluate(FIND, deadline)
        self._captured(deadline)  # As in movies: the first shot may show the beginning still.
        self._evaluate(f"{SET}({self.ms})", deadline)
        return super()._shot(page, None, deadline)


class Easel:
    """A browser that paints components."""

    def __init__(self, browser: Chromium) -> None:
        self._browser = browser

    def at(
        self,
        name: str,
        ms: float,
        settings: Mapping[str, Any],
        width: int = 960,
        height: int = 540,
        files: Mapping[str, Path] = NO_FILES,
    ) -> Image.Image:
        """The whole canvas, RGBA, that many milliseconds after it began."""
        import resplice.adapters.chromium.browser as chromium

        chromium.PagePainter, _AtMoment.ms = _AtMoment, ms  # type: ignore[misc]
        try:
            painted = self._browser.paint(page_of(name, settings, width, height, files))
        finally:
            chromium.PagePainter = PagePainter  # type: ignore[misc]
        whole = Image.new("RGBA", (width, height))
        whole.paste(Image.open(io.BytesIO(painted.png)), (painted.x, painted.y))
        return whole


@contextmanager
def easel() -> Iterator[Easel]:
    browser = Chromium(find_chromium, FONTS)
    try:
        yield Easel(browser)
    finally:
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("settings", nargs="?", type=Path)
    parser.add_argument("-t", type=float, action="append", metavar="MS")
    parser.add_argument("-o", type=Path, default=Path())
    parser.add_argument("-s", default="960x540")
    parser.add_argument("-g", type=Path)
    parser.add_argument("-f", type=Path)
    said = parser.parse_args()
    settings = json.loads(said.settings.read_text()) if said.settings else {}
    width, height = map(int, said.s.split("x"))
    urls = [each.url(settings) or "" for each in addresses_in(settings)]
    files = {url: (said.f / Path(url).name).resolve() for url in urls if said.f}
    with easel() as shown:
        for ms in said.t or [0, 500, 1000, 5000]:
            picture = shown.at(said.name, ms, settings, width, height, files)
            ground = Image.new("RGBA", picture.size, GREY)
            if said.g:
                ground = ImageOps.fit(Image.open(said.g).convert("RGBA"), picture.size)
            ground.alpha_composite(picture)
            said.o.mkdir(parents=True, exist_ok=True)
            ground.convert("RGB").save(
                said.o / f"{'-'.join(Path(said.name).parts[-2:])}-{ms:g}.png"
            )


if __name__ == "__main__":
    main()
