"""The lines of subtitles and how they look, as soon as all is known that they are made of."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from resplice.core.captions.appearance import Appearance
from resplice.core.captions.ass import is_ours, look_of, written
from resplice.core.captions.captions_file import Cues
from resplice.core.captions.line import Line
from resplice.core.captions.lines import Grouping, in_capitals, one_at_a_time, spoken_lines
from resplice.core.captions.own import own_lines
from resplice.core.captions.reading import read_captions
from resplice.core.captions.replacing import replaced
from resplice.core.captions.settings import CaptionSettings, read_settings, usual_look
from resplice.core.document.paths import DocumentPath
from resplice.core.elements import named_fonts
from resplice.core.elements.files import CAPTIONS, FONTS, Address
from resplice.core.elements.named_fonts import NamedFont, named_font
from resplice.core.elements.outcome import Audible, Soundtrack, Surroundings
from resplice.core.elements.provided import named_access
from resplice.core.elements.subtitles.model import SubtitlesElement
from resplice.core.facts import CaptionsFacts, TranscriptFacts
from resplice.core.transcribing import TRUSTS_ITSELF, Listener, listener
from resplice.core.words import Word
from resplice.frozen import frozen

FONT_URL: DocumentPath = ("settings", "font-url")


def _font_url(element: SubtitlesElement) -> str | None:
    said = element.settings.get("font-url")
    return str(said) if said else None


FONT = Address(FONT_URL, FONT_URL, FONTS, _font_url)
FILE = Address(
    *(("captions",), ("captions",), CAPTIONS, lambda element: element.captions_url()), inline=True
)


Speeches = tuple[tuple[Word, ...], ...]
"""What each source says, in the movie's time."""


@frozen
class Captioned:
    """Lines, and how they look. own_family: of the font behind `font-url`."""

    lines: tuple[Line, ...]
    look: Appearance
    own_family: str | None
    fonts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


def captioned(element: SubtitlesElement, around: Surroundings) -> Captioned | None:
    """None while something is not known. Raises CaptionsRefused, CaptionSettingsRefused."""
    font, named = around.at(FONT.place), named_font_of(element, around)
    if (_font_url(element) and not font) or named_fonts.is_awaited(named, around):
        return None
    font = font or named_fonts.fetched(around)
    family = f"font-{font.digest[:16]}" if font else None
    fonts = ((family, font.digest),) if font and family else ()
    text = caption_text(element, around)
    if element.said():
        if text is None:
            return None
        cues = read_captions(text)
        settings = settings_of(element, around, cues)
        kept = is_ours(cues) and "max-words-per-line" not in element.settings
        lines = own_lines(cues.lines, None if kept else _grouping(settings, around))
        warnings = cues.warnings
    else:
        said = heard_words(element, around)
        if said is None:
            return None
        settings, warnings = settings_of(element, around), ()
        lines = list(_spoken(said, settings.replacements, _grouping(settings, around)))
    if settings.all_caps:
        lines = in_capitals(lines, element.language)
    look = replace(settings.look, family=named.instead) if named else settings.look
    return Captioned(tuple(lines), look, family, fonts, warnings)


def named_font_of(element: SubtitlesElement, around: Surroundings) -> NamedFont | None:
    """The font that the settings name, when it does not come with us."""
    if _font_url(element) or not element.settings.get("font-family"):
        return None
    look = settings_of(element, around).look
    return named_font(look.family, look.weight)


@lru_cache(2)
def _spoken(
    said: Speeches, replacements: tuple[tuple[str, str], ...], grouping: Grouping
) -> tuple[Line, ...]:
    """A line has words of one speech only, so that who speaks at the same time is not mixed up.

    Whoever plans a movie asks for the same words again and again.
    """
    written_as = dict(replacements)
    speeches = (spoken_lines(replaced(words, written_as), grouping) for words in said)
    return tuple(one_at_a_time([line for lines in speeches for line in lines]))


def settings_of(
    element: SubtitlesElement, around: Surroundings, cues: Cues | None = None
) -> CaptionSettings:
    """cues: of a file that may say how captions look. Raises CaptionSettingsRefused."""
    canvas, usual = around.canvas, None
    if cues and is_ours(cues):
        usual = look_of(cues, usual_look(canvas), canvas)
    return read_settings(element.settings, canvas, usual)


def _grouping(settings: CaptionSettings, around: Surroundings) -> Grouping:
    return Grouping(settings.max_words, settings.look, around.canvas)


def file_text(element: SubtitlesElement, around: Surroundings) -> str | None:
    """The file of captions that goes with the movie; None without lines."""
    found = captioned(element, around)
    return written(found.lines, found.look, around.canvas) if found and found.lines else None


def caption_text(element: SubtitlesElement, around: Surroundings) -> str | None:
    """The file's text; None when there is none, or it is not there yet."""
    if not element.captions_url():
        return element.said()
    facts = around.at(FILE.place)
    return facts.text if isinstance(facts, CaptionsFacts) else None


def heard_words(element: SubtitlesElement, around: Surroundings) -> Speeches | None:
    """All that is said, in the movie's time; None while something of it is not known."""
    track, found = around.soundtrack(), list[tuple[Word, ...]]()
    if track is None:
        return None
    asked = {each.source.digest for each in unspoken(element, around)}
    for audible in track:
        words = audible.words
        if words is None and audible.source.digest in asked:
            facts = around.at(transcript_place(audible))
            if not isinstance(facts, TranscriptFacts):
                return None
            words = facts.words
        found.append(tuple(audible.placed(words or ())))
    return tuple(found)


def unspoken(element: SubtitlesElement, around: Surroundings) -> list[Audible]:
    """What must be listened to: each source that we have not spoken ourselves, once.

    What goes round for ever is music. Where voices speak, their words are enough when nobody
    who can be trusted listens.
    """
    track, who = around.soundtrack() or (), listener_of(element, around)
    spoken = any(each.words is not None for each in track)
    if spoken and (who is None or who.access.provider in TRUSTS_ITSELF):
        return []
    return _others(track)


def unheard(element: SubtitlesElement, around: Surroundings) -> list[Audible]:
    """What nobody listens to, because the words of voices are enough."""
    return [] if unspoken(element, around) else _others(around.soundtrack() or ())


def _others(track: Soundtrack) -> list[Audible]:
    """Equal sources once."""
    others = (each for each in track if each.words is None and each.plays != -1)
    return list({each.source.digest: each for each in others}.values())


def listener_of(element: SubtitlesElement, around: Surroundings) -> Listener | None:
    """Who transcribes; None when nobody here knows the language."""
    named = named_access(element, around.offers)
    offered = (named,) if named else around.offers.by_default("transcribers")
    return listener(element.language, element.model, offered)


def transcript_place(audible: Audible) -> DocumentPath:
    """Where, inside the element, the facts of its transcript are known."""
    return ("transcript", audible.source.digest)
