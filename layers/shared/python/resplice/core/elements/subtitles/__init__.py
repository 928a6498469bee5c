"""Subtitles: what is said in the movie, or a file of captions, written over it."""

from collections.abc import Sequence
from typing import Any

from resplice.core.components import ComponentFolder
from resplice.core.elements.element_type import ElementType
from resplice.core.elements.subtitles import captioned, needs, shown
from resplice.core.elements.subtitles.model import SubtitlesElement


def _described(part: Any, parts: Any, components: Sequence[ComponentFolder]) -> None:
    """Imported late: a movie that comes from the cache is not described."""
    from resplice.core.elements.subtitles.described import described

    described(part, parts, components)


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
    described=_described,
    once=True,
)
