"""The browser: pages painted to pictures, and to frames where they move."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class PaintFont:
    """A font file the page may use under a family name, beyond the bundled ones."""

    family: str
    path: Path


@dataclass(frozen=True)
class PageFile:
    """A picture that the page may load, as core.text.page.FILES + name."""

    name: str
    path: Path


@dataclass(frozen=True)
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


@dataclass(frozen=True)
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


@dataclass(frozen=True)
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


class Browser(Protocol):
    """Paints pages. Safe to call from many threads; one browser process serves them all."""

    def paint(self, page: PaintPage) -> Painted:
        """Raises PaintError."""
        ...

    def animate(self, page: PaintPage, fps: int) -> Animated | Painted:
        """Its frames at that many per second; one picture when it stands still.

        Raises PaintError.
        """
        ...

    def build(self) -> str:
        """The digest that names the browser build and the bundled fonts; part of paint keys."""
        ...

    def close(self) -> None: ...
