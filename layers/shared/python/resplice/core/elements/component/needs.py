"""What a component needs: the pictures and fonts that its settings name, then its page, painted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from resplice.core.components import ComponentFolder
from resplice.core.declarations import (
    Declaration,
    DeclarationRefused,
    read_declaration,
)
from resplice.core.document.paths import DocumentPath, shortened
from resplice.core.document.problems import problem_at
from resplice.core.document.spelling import nearest
from resplice.core.elements import named_fonts
from resplice.core.elements.component import settings
from resplice.core.elements.component.box import canvas_of, density_of
from resplice.core.elements.component.files import addresses_in
from resplice.core.elements.component.model import ComponentElement, TemplateElement
from resplice.core.elements.component.page import ComponentPage, component_page
from resplice.core.elements.component.sandbox import TemplateRefused
from resplice.core.elements.component.settings import Frame
from resplice.core.elements.files import MASK, Address, Need, downloads
from resplice.core.elements.named_fonts import NamedFont, named_font
from resplice.core.elements.outcome import Surroundings
from resplice.core.facts import Facts, MediaFacts
from resplice.core.providers import Offers, Service
from resplice.core.tasks import AnimateTask
from resplice.core.text import FILES
from resplice.core.text.css_urls import FONT_KEY
from resplice.core.warned import warned
from resplice.errors import MakeError

Element = ComponentElement | TemplateElement
Fault = tuple[DocumentPath, str]
ADDRESSES = (MASK,)
_FONT_KEYS = (FONT_KEY, "font-family")


def components(element: Element) -> tuple[str, ...]:
    """The component that it is made of."""
    return (element.component,)


def needs(element: Element, around: Surroundings) -> Iterator[Need]:
    """Downloads, and the painting once they are there, whose digests are part of it."""
    files, named = list(_files(element, around.offers)), _named_fonts(element)
    yield from downloads(element, (*ADDRESSES, *files))
    for place, font in named.items():
        yield from named_fonts.fetching(font, around, place)
    folder = around.offers.component(element.component)
    there = all(around.at(each.place) for each in files)
    awaited = any(named_fonts.is_awaited(font, around, place) for place, font in named.items())
    if folder and there and not awaited and not around.at(()):
        yield (), animate_task(element, folder, around)


def services(element: Element) -> tuple[Service, ...]:
    """Fonts, when a group names one that does not come with us."""
    return ("fonts",) if _named_fonts(element) else ()


def _named_fonts(element: Element) -> dict[DocumentPath, NamedFont]:
    """By their places, those of groups that name a font which does not come with us."""
    groups = element.settings.items()
    found = (
        (("settings", name, "font-family"), named_font(group.get("font-family"), _weight(group)))
        for name, group in groups
        if isinstance(group, Mapping) and not group.get(FONT_KEY)
    )
    return {place: font for place, font in found if font}


def _weight(group: Mapping[str, Any]) -> Any:
    return group.get("font-weight")


def animate_task(element: Element, folder: ComponentFolder, around: Surroundings) -> AnimateTask:
    """The painting of the page, at each frame. Raises MakeError for a template that does not work.

    Of the files only what the page shows is a part of it.
    """
    found = dict(_known(element, around))
    page = _page(element, folder, around, found)
    fonts, files = dict[str, str](), dict[str, str]()
    for place, facts in found.items():
        if place[2] in _FONT_KEYS:
            fonts[_family(facts)] = facts.digest
        else:
            files[_name(facts)] = facts.digest
    return AnimateTask(
        page.width,
        page.height,
        page.html,
        around.canvas.fps,
        tuple(sorted(each for each in fonts.items() if each[0] in page.html)),
        tuple(sorted(each for each in files.items() if FILES + each[0] in page.html)),
    )


def _known(element: Element, around: Surroundings) -> Iterator[tuple[DocumentPath, Facts]]:
    """Each of its files, by its place."""
    places = [each.place for each in _files(element, around.offers)]
    for place in places:
        if facts := around.at(place):
            yield place, facts
    for place in _named_fonts(element):
        if font := named_fonts.fetched(around, place):
            yield place, font


def _page(
    element: Element,
    folder: ComponentFolder,
    around: Surroundings,
    found: Mapping[DocumentPath, Facts],
) -> ComponentPage:
    width, height = canvas_of(element, around.canvas)
    families = {
        str(place[1]): _family(facts) for place, facts in found.items() if place[2] in _FONT_KEYS
    }
    frame = Frame(width, height, lambda place: FILES + _name(found[place]), families)
    try:
        density = density_of(element, around.canvas)
        return component_page(folder, _without_named(element), frame, density)
    except TemplateRefused as error:
        words = f"the component '{folder.name}' does not work: {error}"
        raise MakeError([problem_at([*around.path, _key(element)], words)]) from None


def _without_named(element: Element) -> dict[str, Any]:
    """Its settings, with what a group is drawn with in the place of a named font."""
    told = dict(element.settings)
    for (_, group, key), font in _named_fonts(element).items():
        told[str(group)] = {**told[str(group)], str(key): font.instead}
    return told


def _name(facts: Facts) -> str:
    """The name of a file in the page. Of a drawing it says so: it is prepared by who paints it."""
    is_drawing = isinstance(facts, MediaFacts) and facts.kind == "drawing"
    return facts.digest[:32] + ".svg" * is_drawing


def _family(facts: Facts) -> str:
    return f"font-{facts.digest[:32]}"


def _files(element: Element, offers: Offers) -> Iterator[Address]:
    """Those of its files that something is done with: not those of a group that there is not."""
    declaration = _declaration(element, offers)
    if declaration is None:
        return
    groups = declaration.by_name()
    for address in addresses_in(element.settings):
        if address.keys[1] in groups and settings.is_known(
            str(address.keys[2]), groups[address.keys[1]]
        ):
            yield address


def _declaration(element: Element, offers: Offers) -> Declaration | None:
    """None when there is no such component, or it cannot be used."""
    folder = offers.component(element.component)
    try:
        return read_declaration(folder.declaration) if folder else None
    except DeclarationRefused:
        return None


def intro(element: Element, offers: Offers) -> float | None:
    """How long its animation is said to last, seconds."""
    declaration = _declaration(element, offers)
    return declaration.intro_ms / 1000 if declaration else None


def faults(element: Element, around: Surroundings) -> Iterator[Fault]:
    """What keeps it from being painted."""
    folder = around.offers.component(element.component)
    if folder is None:
        yield (_key(element),), _no_such(element.component, around.offers)
        return
    try:
        declaration = read_declaration(folder.declaration)
    except DeclarationRefused as error:
        yield (
            (_key(element),),
            f"the component '{folder.name}' cannot be used: component.json {error}",
        )
        return
    frame = Frame(*canvas_of(element, around.canvas))
    if words := _own_fault(folder.declaration, frame.width, frame.height):
        yield (_key(element),), f"the component '{folder.name}' cannot be used: {words}"
        return
    yield from settings.faults(declaration, element.settings, frame)
    for place, font in _named_fonts(element).items():
        yield from named_fonts.missed(font, around, place, strict=True)


@lru_cache(maxsize=256)
def _own_fault(declaration: str, width: int, height: int) -> str:
    """What is wrong with a component of which nothing is set."""
    found = settings.read(read_declaration(declaration), {}, Frame(width, height)).faults
    return found[0][1] if found else ""


def _no_such(name: str, offers: Offers) -> str:
    """Says which there are, the nearest first."""
    said, known = shortened(name), list(dict.fromkeys(each.name for each in offers.components))
    meant = nearest(name, known)
    pack = [each for each in known if each.partition("/")[0] == name.partition("/")[0]]
    if meant:
        return f"there is no component '{said}'; did you mean '{meant}'?"
    listed = ", ".join(pack or known)
    return (
        f"there is no component '{said}'; there are {listed}"
        if known
        else f"there is no component '{said}'"
    )


def notes(element: Element, around: Surroundings) -> Iterator[Fault]:
    """Groups and settings that do nothing, with the nearest that do."""
    declaration = _declaration(element, around.offers)
    for place in settings.unknown(declaration, element.settings) if declaration else ():
        meant = nearest(str(place[-1]), settings.known_in(declaration, place))  # type: ignore[arg-type]
        words = f"is not known to '{element.component}' and does nothing"
        hint = f"did you mean '{meant}'?" if meant else None
        yield place, warned("unknown-key", words, hint)
    for place, font in _named_fonts(element).items():
        yield from named_fonts.missed(font, around, place, strict=False)


def _key(element: Element) -> str:
    """Where the document names the component."""
    return "template" if isinstance(element, TemplateElement) else "component"
