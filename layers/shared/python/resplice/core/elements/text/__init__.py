"""Text: a picture of words that the browser paints."""

from collections.abc import Sequence
from typing import Any

from resplice.core.components import ComponentFolder
from resplice.core.elements import looks
from resplice.core.elements.element_type import ElementType
from resplice.core.elements.text import needs, shown
from resplice.core.elements.text.model import TextElement
from resplice.core.text.styles import STYLES


def _described(part: Any, parts: Any, components: Sequence[ComponentFolder]) -> None:
    """Imported late: a movie that comes from the cache is not described."""
    from resplice.core.elements.text.described import described

    described(part, parts, components)


TEXT = ElementType(
    "text",
    TextElement,
    needs.needs,
    needs.ADDRESSES,
    shown=shown.shown,
    intro=lambda element, offers: STYLES[element.style].intro_s,
    faults=needs.faults,
    notes=needs.notes,
    services=needs.services,
    in_vain=looks.cropped_in_vain,
    unknown=needs.unknown,
    described=_described,
)
