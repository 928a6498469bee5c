"""What an html element needs: its page, painted. What the page loads is no need of the movie's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from resplice.core.composition import Canvas
from resplice.core.document.fields import TOLERATED
from resplice.core.document.paths import DocumentPath, shortened
from resplice.core.elements.files import MASK, PAGES, Address, Need, downloads
from resplice.core.elements.html.model import HtmlElement
from resplice.core.elements.html.viewport import too_large, viewport
from resplice.core.elements.outcome import Surroundings
from resplice.core.tasks import WebPageTask
from resplice.core.text import css

TAILWIND = "4.3.4"
"""The version that the browser's layer holds."""

SETTINGS = (
    *("font-family", "font-size", "font-weight", "color", "text-align", "background-color"),
    *("line-height", "letter-spacing", "padding", "margin"),
)
"""What people set on a page: any CSS of that kind works, these are what a slip is compared to."""

PAGE = Address(("src",), (), PAGES, lambda element: None if _is_written(element) else element.src)
ADDRESSES = (PAGE, MASK)


def _is_written(element: HtmlElement) -> bool:
    """Whether the page stands in the movie: that counts before a URL."""
    return bool(element.html and element.html.strip()) or element.src is None


def needs(element: HtmlElement, around: Surroundings) -> Iterator[Need]:
    """The painting, and the mask."""
    yield from downloads(element, (MASK,))
    if element.html is not None or element.src is not None:
        yield (), page_task(element, around.canvas)


def page_task(element: HtmlElement, canvas: Canvas) -> WebPageTask:
    """The painting of the page. Raises ValueError for settings that are refused."""
    width, height = viewport(element, canvas)
    written, frames = _is_written(element), round(element.recorded_s() * canvas.fps)
    return WebPageTask(
        width,
        height,
        html=element.html or "" if written else "",
        url="" if written else element.src or "",
        density=element.dpi,
        css=css.in_pixels(css.joined(dict(_rules(element))), width, height),
        wait_ms=round(element.waited_s() * 1000),
        tailwind=TAILWIND if element.tailwindcss or element.tailwind else "",
        frames=frames,
        fps=canvas.fps if frames else 0,
    )


def _rules(element: HtmlElement) -> Iterator[tuple[str, str]]:
    """The settings that do something, as CSS. Raises ValueError."""
    for name, value in _said(element):
        yield name, _declaration(name, value)


def _said(element: HtmlElement) -> Iterator[tuple[str, Any]]:
    """The settings that do something."""
    for name, value in element.settings.items():
        if value is not None and _does_something(name):
            yield name, value


def _does_something(setting: str) -> bool:
    return setting == "font-family" or css.is_property(setting)


def _declaration(name: str, value: object) -> str:
    if name == "font-family":
        return css.families(css.written(value)) or "inherit"
    return css.declaration(name, value)


def faults(element: HtmlElement, around: Surroundings) -> Iterator[tuple[DocumentPath, str]]:
    """What is wrong with it: (keys inside the element, what)."""
    if element.html is None and element.src is None:
        yield (), "the element type 'html' requires an 'html' or a 'src' property"
    if too_large(element, around.canvas):
        width, height = viewport(element, around.canvas)
        yield (
            ("dpi",),
            f"a page of {width}x{height} is too large to be painted at dpi {element.dpi:g}: "
            "make it smaller, or the dpi",
        )
    for name, value in _said(element):
        try:
            _declaration(name, value)
        except ValueError as fault:
            yield ("settings", name), f"the page setting '{shortened(name)}' {fault}"


def unknown(element: HtmlElement) -> Iterator[tuple[DocumentPath, list[str]]]:
    """Settings that do nothing, and the names of those that do."""
    for name in element.settings:
        if name not in TOLERATED and not _does_something(name):
            yield ("settings", name), [*SETTINGS]
