"""What must be made before anything can be placed: downloads and painted texts, as tasks.

Tasks come in waves: a text in a downloaded font can be painted only when the font is there, so
`element_tasks` is asked again with what is known until nothing is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resplice.core.composition import Canvas
from resplice.core.document.paths import DocumentPath
from resplice.core.document.problems import problem_at
from resplice.core.facts import Facts, FactsOf, MediaFacts, media
from resplice.core.geometry import text_alignment, text_box, text_density
from resplice.core.schema.elements import Element, TextElement, VisualElement
from resplice.core.schema.movie import Movie
from resplice.core.tasks import FetchTask, PaintTask, Task
from resplice.core.text.page import TextPage, TextSettingsRefused, text_page
from resplice.errors import Problem, shown

SCHEMES = ("http", "https", "data", "file")
ANIMATED = ("gif", "apng", "webp_anim", "webp")
FONT = ("settings", "font-url")


@dataclass(frozen=True)
class ElementTask:
    """An element task, and whom it is for.

    path    of the element; a mask or font is at a path inside its element
    type    the element's type, for reports
    forced  the document asks for it to be made again
    """

    path: DocumentPath
    type: str
    task: Task
    forced: bool


def element_tasks(movie: Movie, known: FactsOf) -> list[ElementTask]:
    """Every task that is not in `known` and that needs nothing but what is."""
    canvas = Canvas(*movie.size(), movie.fps)
    return [
        want
        for path, element in elements(movie)
        for want in _needs(element, path, canvas, known)
        if want.path not in known
    ]


def elements(movie: Movie) -> Iterator[tuple[DocumentPath, Element]]:
    """Every element with its path, scenes first, in document order."""
    for index, scene in enumerate(movie.scenes):
        for number, element in enumerate(scene.elements):
            yield ("scenes", index, "elements", number), element
    for number, element in enumerate(movie.elements):
        yield ("elements", number), element


def _needs(
    element: Element, path: DocumentPath, canvas: Canvas, known: FactsOf
) -> Iterator[ElementTask]:
    forced = not element.cache
    for place, url in urls(element):
        yield ElementTask((*path, *place), element.type, FetchTask(url), forced)
    if isinstance(element, TextElement):
        font = known.get((*path, *FONT))
        if font or not _font_url(element):
            yield ElementTask(path, element.type, _paint_task(element, canvas, font), forced)


def urls(element: Element) -> Iterator[tuple[DocumentPath, str]]:
    """(path inside the element, URL) of all that it points at. The source's own path is ()."""
    if not isinstance(element, TextElement):
        yield (), element.src
    elif url := _font_url(element):
        yield FONT, url
    if isinstance(element, VisualElement) and element.mask:
        yield ("mask",), element.mask


def place_of(path: DocumentPath) -> DocumentPath:
    """The place inside its element that a task's path names; () for the element itself."""
    return path[path.index("elements") + 2 :]


def _font_url(element: TextElement) -> str | None:
    """A font file's URL: `font-url`, or a `font-family` that is one."""
    family = str(element.settings.get("font-family", ""))
    own = element.settings.get("font-url")
    scheme, colon, _ = family.partition(":")
    return str(own) if own else family if colon and scheme.lower() in SCHEMES else None


def _paint_task(element: TextElement, canvas: Canvas, font: Facts | None) -> PaintTask:
    family = f"font-{font.digest[:16]}" if font else None
    page = page_of(element, canvas, family)
    fonts = ((family, font.digest),) if font and family else ()
    return PaintTask(page.width, page.height, page.html, fonts)


def page_of(element: TextElement, canvas: Canvas, own_family: str | None) -> TextPage:
    """The page of a text element. Raises TextSettingsRefused."""
    box = text_box(element, canvas)
    settings = {**_placed(element), **element.settings}
    size = (box.width, box.height, canvas.width, canvas.height)
    density = text_density(element, canvas)
    return text_page(element.text, element.style, settings, *size, own_family, density)


def _placed(element: TextElement) -> dict[str, str]:
    """What a preset position says about the text's place, where its settings do not."""
    return {
        name: place
        for name, place in text_alignment(element).items()
        if name.replace("position", "align") not in element.settings
    }


def source_problems(movie: Movie, *, files_allowed: bool) -> list[Problem]:
    """What can be said against sources and settings before anything is fetched."""
    canvas = Canvas(*movie.size(), movie.fps)
    problems = []
    for path, element in elements(movie):
        for place, url in urls(element):
            if reason := _refused(url, files_allowed):
                problems.append(problem_at([*path, *(place or ("src",))], reason))
        if isinstance(element, TextElement):
            try:
                page_of(element, canvas, None)
            except TextSettingsRefused as error:
                for key, reason in error.faults:
                    message = f"the text setting '{key}' {reason}"
                    problems.append(problem_at([*path, "settings", key], message))
    return problems


def _refused(url: str, files_allowed: bool) -> str | None:
    scheme = url.partition(":")[0].lower()
    if not url.strip():
        return "The source URL is empty; was a variable left unresolved?"
    if (scheme == "file" and not files_allowed) or scheme not in SCHEMES:
        local = " or a local file" if files_allowed else ""
        return f"The source '{url[:200]}' must be an http, https or data URL{local}"
    return None


def kind_problems(movie: Movie, known: FactsOf) -> list[Problem]:
    """Elements whose source turned out to be something that they cannot show or play."""
    return [
        problem_at(
            [*path, *(place or ("src",))], unsuitable(element.type, place, url, _is(media(found)))
        )
        for path, element in elements(movie)
        for place, url in urls(element)
        if (found := known.get((*path, *place)))
        and not _suits(_takes(element.type, place), media(found))
    ]


def unsuitable(element_type: str, place: DocumentPath, url: str, found: str) -> str:
    """Says that what is behind the URL cannot be used. found: what it is, `plain text`."""
    takes = _takes(element_type, place)
    user = _with_article(f"{element_type} element") + (f"'s {place[-1]}" if place else "")
    return (
        f"The URL provided is not {_with_article(takes)} file and cannot be used as a source for "
        f"{user}; '{shown(url)}' is {found}"
    )


def _takes(element_type: str, place: DocumentPath) -> str:
    return "font" if place == FONT else "mask" if place else element_type


def _suits(takes: str, found: MediaFacts) -> bool:
    match takes:
        case "image":
            return found.kind == "image" or (found.kind == "video" and found.demuxer in ANIMATED)
        case "audio":
            return found.has_audio
        case "mask":
            return found.kind in ("image", "video")
    return found.kind == takes


def _is(found: MediaFacts) -> str:
    silent = found.kind == "video" and not found.has_audio
    return _with_article(found.kind) + " without sound" * silent


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'ai' else 'a'} {noun}"
