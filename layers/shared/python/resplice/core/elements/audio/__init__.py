"""Audio: the sound of a file."""

from resplice.core.elements import moving
from resplice.core.elements.audio import heard, needs
from resplice.core.elements.audio.model import AudioElement
from resplice.core.elements.element_type import ElementType
from resplice.core.elements.files import lacks_source

AUDIO = ElementType(
    "audio",
    AudioElement,
    needs.needs,
    needs.ADDRESSES,
    heard=heard.heard,
    plays=heard.plays,
    has_length=True,
    lacks=lacks_source,
    amiss=moving.sought_behind,
    in_vain=heard.in_vain,
    described=needs.described,
)
