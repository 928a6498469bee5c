"""Audiogram: the waveform of all that is heard around it."""

from resplice.core.elements.audiogram import needs, shown
from resplice.core.elements.audiogram.model import AudiogramElement
from resplice.core.elements.element_type import ElementType

AUDIOGRAM = ElementType(
    "audiogram",
    AudiogramElement,
    needs.needs,
    needs.ADDRESSES,
    shown=shown.shown,
    in_vain=shown.in_vain,
    shows_sound=True,
)
