"""Voice: a text that is spoken."""

from resplice.core.elements.element_type import ElementType
from resplice.core.elements.voice import heard, needs
from resplice.core.elements.voice.model import VoiceElement

VOICE = ElementType(
    "voice",
    VoiceElement,
    needs.needs,
    heard=heard.heard,
    plays=heard.plays,
    has_length=True,
    faults=needs.faults,
    notes=needs.notes,
    in_vain=heard.in_vain,
    services=lambda element: ("voices",),
)
