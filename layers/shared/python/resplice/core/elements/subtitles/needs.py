"""What subtitles need: their file or what is said, their font, and then every line, painted."""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.captions.captions_file import CaptionsRefused
from resplice.core.captions.fonts import font_named
from resplice.core.captions.reading import read_captions
from resplice.core.captions.settings import SETTINGS, CaptionSettingsRefused
from resplice.core.captions.sheets import sheets
from resplice.core.document.paths import DocumentPath
from resplice.core.elements import named_fonts
from resplice.core.elements.files import Need, downloads
from resplice.core.elements.named_fonts import named_font
from resplice.core.elements.outcome import Surroundings
from resplice.core.elements.provided import Fault, connection_faults
from resplice.core.elements.subtitles.captioned import (
    FILE,
    FONT,
    captioned,
    listener_of,
    named_font_of,
    settings_of,
    transcript_place,
    unspoken,
)
from resplice.core.elements.subtitles.model import SubtitlesElement
from resplice.core.facts import media
from resplice.core.providers import PROVIDERS, Service
from resplice.core.tasks import PaintTask, TranscribeTask
from resplice.core.warned import warned

ADDRESSES = (FONT, FILE)


def needs(element: SubtitlesElement, around: Surroundings) -> Iterator[Need]:
    """Everything that can be made by now."""
    yield from downloads(element, ADDRESSES)
    yield from named_fonts.fetching(named_font_of(element, around), around)
    if not element.said():
        yield from _transcripts(element, around)
    yield from _pages(element, around)


def _transcripts(element: SubtitlesElement, around: Surroundings) -> Iterator[Need]:
    who = listener_of(element, around)
    if who is None:
        return
    access, keywords = who.access, settings_of(element, around).keywords
    for audible in unspoken(element, around):
        lasts_us = media(around.known[audible.path]).duration_us or 0
        yield (
            transcript_place(audible),
            TranscribeTask(
                audible.source,
                access.provider,
                element.language,
                who.model,
                keywords,
                access.settings,
                access.build,
                access.connection,
                lasts_us / 1e6,
            ),
        )


def _pages(element: SubtitlesElement, around: Surroundings) -> Iterator[Need]:
    """What cannot be read is reported elsewhere."""
    try:
        found = captioned(element, around)
    except CaptionsRefused:
        return
    if found is None:
        return
    for number, sheet in enumerate(sheets(found.lines, found.look, around.canvas)):
        page = sheet.html(found.look, found.own_family)
        yield ("line", number), PaintTask(*sheet.size, page, found.fonts)


def services(element: SubtitlesElement) -> tuple[Service, ...]:
    """Transcribers, unless it brings its captions; fonts, when its own does not come with us."""
    named = element.settings.get("font-family")
    unknown = isinstance(named, str) and not element.settings.get("font-url")
    fonts = unknown and named_font(_family(str(named)), None)
    own: tuple[Service, ...] = ("fonts",) if fonts else ()
    return own if element.said() else (*own, "transcribers")


def _family(name: str) -> str:
    """Of a name as subtitles have them; one that cannot be read is reported elsewhere."""
    try:
        return font_named(name)[0]
    except ValueError:
        return ""


def faults(element: SubtitlesElement, around: Surroundings) -> Iterator[Fault]:
    """What keeps them from being drawn, as far as the document tells."""
    try:
        settings_of(element, around)
    except CaptionSettingsRefused as error:
        for key, reason in error.faults:
            yield ("settings", key), f"the subtitles setting '{key}' {reason}"
    else:
        yield from named_fonts.missed(named_font_of(element, around), around, strict=True)
    yield from connection_faults(element, "transcribers", around.offers)
    said = element.said()
    if said and not element.captions_url():
        try:
            read_captions(said)
        except CaptionsRefused as error:
            yield ("captions",), f"the captions cannot be read: {error}"


def notes(element: SubtitlesElement, around: Surroundings) -> Iterator[Fault]:
    """Settings that are read as something else, and a model that nobody has."""
    for warning in settings_of(element, around).warnings:
        yield ("settings",), warning
    yield from named_fonts.missed(named_font_of(element, around), around, strict=False)
    who = None if element.said() else listener_of(element, around)
    if who and who.model != element.model:
        title, model = PROVIDERS[who.access.provider].title, element.model
        words = f"nobody here has '{model}' for this language: {title} listens instead"
        yield ("model",), warned("other-model", words)


def unknown(element: SubtitlesElement) -> Iterator[tuple[DocumentPath, list[str]]]:
    """Settings that do nothing, and the names of those that do."""
    for name in element.settings:
        if name not in SETTINGS:
            yield ("settings", name), list(SETTINGS)
