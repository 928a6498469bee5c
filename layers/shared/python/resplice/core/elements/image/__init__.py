"""Image: a picture from a file; one that moves, such as a GIF, plays for ever."""

from resplice.core.elements import generated, looks
from resplice.core.elements.element_type import ElementType
from resplice.core.elements.image import needs, shown
from resplice.core.elements.image.model import ImageElement

IMAGE = ElementType(
    "image",
    ImageElement,
    needs.needs,
    needs.ADDRESSES,
    shown=shown.shown,
    plays=shown.plays,
    lacks=generated.lacks,
    faults=generated.faults,
    notes=generated.notes,
    in_vain=looks.drawn_in_vain,
    services=generated.services,
)
