"""What tests of strangers' pages share: a browser to paint them with, and what they load."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from resplice.adapters.chromium.browser import Chromium
from resplice.adapters.chromium.bundled_fonts import BundledFonts
from resplice.adapters.chromium.installed import find_chromium
from resplice.errors import SourceMissing
from resplice.ports.browser import Loaded, Painted, WebPage

FONTS = BundledFonts(Path(__file__).resolve().parents[1] / "layers" / "fonts")
HERE = "https://page.resplice/"
BARE = WebPage(
    *(300, 200, 1, Loaded(b"", "text/html; charset=utf-8", HERE)),
    is_whole=False,
    css="",
    tailwind=False,
    wait_ms=500,
)


@dataclass
class Shelf:
    """A Load: gives what lies there by URL, and keeps what it was asked for."""

    files: dict[str, Loaded] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(self, url: str, body: bytes, media_type: str = "", found: str = "") -> None:
        self.files[url] = Loaded(body, media_type, found or url)

    def __call__(self, url: str, seconds: float) -> Loaded:
        self.asked.append(url)
        if url not in self.files:
            raise SourceMissing(url, "404")
        return self.files[url]


@contextmanager
def chromium(*, one_process: bool = False, seconds: float = 30) -> Iterator[Chromium]:
    made = Chromium(lambda: replace(find_chromium(), one_process=one_process), FONTS, seconds)
    try:
        yield made
    finally:
        made.close()


def page(html: str, **more: Any) -> WebPage:
    return replace(BARE, document=replace(BARE.document, body=html.encode()), **more)


def pixels(painted: Any, width: int = 300, height: int = 200) -> NDArray[np.int16]:
    """All that the viewport shows, RGBA."""
    assert isinstance(painted, Painted)
    whole = Image.new("RGBA", (width, height))
    whole.paste(Image.open(io.BytesIO(painted.png)), (painted.x, painted.y))
    return np.asarray(whole).astype(np.int16)


def plain(colour: str, size: tuple[int, int] = (8, 8)) -> bytes:
    """A PNG of a colour."""
    into = io.BytesIO()
    Image.new("RGB", size, colour).save(into, "PNG")
    return into.getvalue()
