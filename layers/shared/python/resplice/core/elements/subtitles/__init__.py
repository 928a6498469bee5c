"""Subtitles: what is said in the movie, or a file of captions, written over it."""

from resplice.core.elements.element_type import ElementType
from resplice.core.elements.subtitles import captioned, needs, shown
from resplice.core.elements.subtitles.model import SubtitlesElement

SUBTITLES = ElementType(
    "subtitles",
    SubtitlesElement,
    needs.needs,
    needs.ADDRESSES,
    shown_over=shown.shown_over,
    captions=captioned.file_text,
    faults=needs.faults,
    notes=needs.notes,
    amiss=shown.amiss,
    in_vain=shown.in_vain,
    unknown=needs.unknown,
    services=needs.services,
    once=True,
)
