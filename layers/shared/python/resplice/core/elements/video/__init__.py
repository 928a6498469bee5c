"""Video: a clip from a file, seen and heard."""

from resplice.core.elements import generated, moving
from resplice.core.elements.element_type import ElementType
from resplice.core.elements.video import heard, needs, shown
from resplice.core.elements.video.model import VideoElement

VIDEO = ElementType(
    "video",
    VideoElement,
    needs.needs,
    needs.ADDRESSES,
    shown=shown.shown,
    heard=heard.heard,
    plays=shown.plays,
    has_length=True,
    amiss=moving.sought_behind,
    lacks=generated.lacks,
    faults=generated.faults,
    notes=generated.notes,
    in_vain=shown.in_vain,
    services=generated.services,
)
