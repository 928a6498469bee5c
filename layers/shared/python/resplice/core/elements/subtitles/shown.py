"""What is seen of subtitles: each line's sheet, in the frames in which it is said."""

from __future__ import annotations

from collections.abc import Iterator

from resplice.core.captions.captions_file import CaptionsRefused
from resplice.core.captions.sheets import caption_layers, sheets
from resplice.core.elements.outcome import Shown, Surroundings
from resplice.core.elements.provided import Fault
from resplice.core.elements.subtitles.captioned import captioned, listener_of, unheard, unspoken
from resplice.core.elements.subtitles.model import SubtitlesElement
from resplice.core.facts import media
from resplice.core.warned import warned
from resplice.errors import shown as shown_text


def shown_over(
    element: SubtitlesElement, around: Surroundings, frames: int
) -> Iterator[tuple[int, int, Shown]]:
    """Every line's layers."""
    try:
        found = captioned(element, around)
    except CaptionsRefused:
        return
    if found is None:
        return
    count = len(sheets(found.lines, found.look, around.canvas))
    painted = [media(around.known[(*around.path, "line", number)]) for number in range(count)]
    for each in caption_layers(found.lines, found.look, around.canvas, painted, frames):
        yield each.start, each.end, Shown(each.picture, each.look, showing=each.showing)


def amiss(element: SubtitlesElement, around: Surroundings) -> Iterator[Fault]:
    """Says that the file cannot be read, or that nobody knows the language."""
    try:
        captioned(element, around)
    except CaptionsRefused as error:
        yield ("captions",), f"the captions cannot be read: {error}"
    if not element.said() and listener_of(element, around) is None and unspoken(element, around):
        yield ("language",), _nobody(element)


def _nobody(element: SubtitlesElement) -> str:
    language = shown_text(element.language, 40)
    if element.connection:
        connection = shown_text(element.connection, 64)
        return f"the connection '{connection}' does not transcribe the language '{language}'"
    return (
        f"nobody here transcribes the language '{language}'; give 'captions', add a connection to "
        "Azure Speech, ElevenLabs or OpenAI as a default, or set up faster-whisper"
    )


def in_vain(element: SubtitlesElement, around: Surroundings) -> Iterator[str]:
    """Says that there is nothing to write, and what was left out of a file."""
    try:
        found = captioned(element, around)
    except CaptionsRefused:
        return
    if found and not found.lines:
        yield warned("nothing-said", "has nothing to write: no words were found")
    for warning in found.warnings if found else ():
        yield f".captions: {warning}"
    clips = any(each.source.kind == "video" for each in unheard(element, around))
    if found and not element.said() and clips:
        words = "has only what voices say: nobody is asked what is said in the sound of clips"
        yield warned("only-voices", words)
