"""Text: a picture of words that the browser paints."""

from resplice.core.elements import looks
from resplice.core.elements.element_type import ElementType
from resplice.core.elements.text import needs, shown
from resplice.core.elements.text.model import TextElement
from resplice.core.text.styles import STYLES

TEXT = ElementType(
    "text",
    TextElement,
    needs.needs,
    needs.ADDRESSES,
    shown=shown.shown,
    intro=lambda element, offers: STYLES[element.style].intro_s,
    faults=needs.faults,
    in_vain=looks.cropped_in_vain,
    unknown=needs.unknown,
)
