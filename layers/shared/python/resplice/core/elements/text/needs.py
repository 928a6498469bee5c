"""What a text needs: the page that shows it, painted; before that the font, if it names a file."""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.addresses import is_address
from resplice.core.composition import Canvas
from resplice.core.document.fields import TOLERATED, names_at
from resplice.core.document.paths import DocumentPath, shortened
from resplice.core.elements import named_fonts
from resplice.core.elements.files import FONTS, MASK, Address, Need, downloads
from resplice.core.elements.named_fonts import NamedFont, named_font
from resplice.core.elements.outcome import Surroundings
from resplice.core.elements.text.box import text_alignment, text_box, text_canvas, text_density
from resplice.core.elements.text.model import TextElement
from resplice.core.facts import Facts
from resplice.core.providers import Service
from resplice.core.tasks import AnimateTask, PaintTask
from resplice.core.text.page import TextPage, text_page
from resplice.core.text.settings import SETTINGS, TextSettingsRefused, read, says_nothing
from resplice.core.text.styles import STYLES


def _font_url(element: TextElement) -> str | None:
    """A font file's URL: `font-url`, or a `font-family` that is one."""
    own, family = element.settings.get("font-url"), str(element.settings.get("font-family", ""))
    return str(own) if own else family if is_address(family) else None


FONT = Address(("settings", "font-url"), ("settings", "font-url"), FONTS, _font_url)
ADDRESSES = (FONT, MASK)


def needs(element: TextElement, around: Surroundings) -> Iterator[Need]:
    """Downloads, and the painting once the font is there, whose digest is part of it; that takes
    long to say, so it is said until it is known.
    """
    yield from downloads(element, ADDRESSES)
    named = _named_font(element)
    yield from named_fonts.fetching(named, around)
    font = around.at(FONT.place) or named_fonts.fetched(around)
    if around.at(()):
        return
    if font or not (_font_url(element) or named_fonts.is_awaited(named, around)):
        yield (), paint_task(element, around.canvas, font)


def _named_font(element: TextElement) -> NamedFont | None:
    said = element.settings
    weight = said.get("font-weight") or STYLES[element.style].rules.get("font-weight")
    return None if _font_url(element) else named_font(said.get("font-family"), weight)


def services(element: TextElement) -> tuple[Service, ...]:
    """Fonts, when it names one that does not come with us."""
    return ("fonts",) if _named_font(element) else ()


def notes(element: TextElement, around: Surroundings) -> Iterator[tuple[DocumentPath, str]]:
    """Says that its font is not there."""
    yield from named_fonts.missed(_named_font(element), around, strict=False)


def paint_task(element: TextElement, canvas: Canvas, font: Facts | None) -> PaintTask | AnimateTask:
    """The painting of a text, in its own font if there is one. Raises TextSettingsRefused."""
    family = f"font-{font.digest[:16]}" if font else None
    named = _named_font(element)
    if named:
        settings = {**element.settings, "font-family": named.instead}
        element = element.model_copy(update={"settings": settings})
    page = _page(element, canvas, family)
    fonts = ((family, font.digest),) if font and family else ()
    if STYLES[element.style].moves:
        return AnimateTask(page.width, page.height, page.html, canvas.fps, fonts)
    return PaintTask(page.width, page.height, page.html, fonts)


def _page(element: TextElement, canvas: Canvas, own_family: str | None) -> TextPage:
    box = text_box(element, canvas)
    settings = {**_placed(element), **element.settings}
    size = (box.width, box.height, *text_canvas(element, canvas))
    density = text_density(element, canvas)
    return text_page(element.text, element.style, settings, *size, own_family, density)


def _placed(element: TextElement) -> dict[str, str]:
    """What a preset position says about the text's place, where its settings do not."""
    return {
        name: place
        for name, place in text_alignment(element).items()
        if name.replace("position", "align") not in element.settings
    }


def faults(element: TextElement, around: Surroundings) -> Iterator[tuple[DocumentPath, str]]:
    """What is wrong with its settings: (keys inside the element, what)."""
    try:
        read(STYLES[element.style].rules, element.settings)
    except TextSettingsRefused as error:
        for key, reason in error.faults:
            yield ("settings", key), f"the text setting '{shortened(key)}' {reason}"
    yield from named_fonts.missed(_named_font(element), around, strict=True)


def unknown(element: TextElement) -> Iterator[tuple[DocumentPath, list[str]]]:
    """Settings that do nothing, and the names of those that do."""
    known = [*SETTINGS, *names_at("settings")]
    for name in element.settings:
        if name not in TOLERATED and says_nothing(name):
            yield ("settings", name), known
