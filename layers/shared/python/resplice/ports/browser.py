"""The browser: pages painted to pictures, and to frames where they move; strangers' too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from resplice.frozen import frozen


@frozen
class PaintFont:
    """A font file the page may use under a family name, beyond the bundled ones."""

    family: str
    path: Path


@frozen
class PageFile:
    """A picture that the page may load, as core.text.page.FILES + name."""

    name: str
    path: Path


@frozen
class PaintPage:
    """A page to paint: HTML whose ink on a transparent ground is wanted.

    width, height  the viewport, CSS pixels = output pixels
    html           a whole document; nothing in it may load from anywhere but bundled fonts, and
                   its files
    """

    width: int
    height: int
    html: str
    fonts: tuple[PaintFont, ...] = ()
    files: tuple[PageFile, ...] = ()


@frozen
class Painted:
    """A PNG cropped to its ink. x, y: its place in the viewport, pixels (negative never).

    A page without ink gives a 1x1 transparent PNG at 0, 0.
    """

    png: bytes
    x: int
    y: int
    width: int
    height: int
    warnings: tuple[str, ...] = ()


@frozen
class Animated:
    """The frames of a page that moves, as an APNG of what they show together.

    x, y, width, height  its place in the viewport, pixels
    frames     how many frames of the clock there are; the last one stays
    loop_from  the frame from which on they begin again and again; None when the last one stays
    """

    apng: bytes
    x: int
    y: int
    width: int
    height: int
    frames: int
    loop_from: int | None = None
    warnings: tuple[str, ...] = ()


@frozen
class Loaded:
    """What is behind a URL. media_type: as its server calls it; url: where it was found."""

    body: bytes
    media_type: str
    url: str


Load = Callable[[str, float], Loaded]
"""(url, seconds that it may take): what a web page asks for.

Raises SourceError, without which the page goes on, and PaintError, which ends it.
"""


@frozen
class WebPage:
    """A stranger's page to paint: its scripts run, and what it loads is asked for by `Load`.

    width, height  the viewport, CSS pixels
    density        pixels of the picture for each of them
    document       the page; its URL is what its addresses are relative to
    is_whole       whether the document is a page as its server gives it, or written for us: then
                   it has no margin, and the typeface of texts
    css            of its body, before its own
    tailwind       whether it is written in the classes of Tailwind CSS
    wait_ms        its own time that passes before it is painted
    frames, fps    how many frames of its animations are painted from there on; 0 for a still
    """

    width: int
    height: int
    density: float
    document: Loaded
    is_whole: bool
    css: str
    tailwind: bool
    wait_ms: int
    frames: int = 0
    fps: int = 1


class Browser(Protocol):
    """Paints pages. Safe to call from many threads."""

    def paint(self, page: PaintPage) -> Painted:
        """Raises PaintError."""
        ...

    def animate(self, page: PaintPage, fps: int) -> Animated | Painted:
        """Its frames at that many per second; one picture when it stands still.

        Raises PaintError.
        """
        ...

    def paint_web_page(self, page: WebPage, load: Load) -> Animated | Painted:
        """Painted in a browser of its own, which is gone afterwards. Raises PaintError.

        load is called from many threads, also when the painting has ended meanwhile.
        """
        ...

    def build(self) -> str:
        """The digest that names the browser build and the bundled fonts; part of paint keys."""
        ...

    def close(self) -> None: ...
