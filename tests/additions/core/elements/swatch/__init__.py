"""Swatch: one colour, all over its box or where a pattern is bright. Made up, for a test."""

from resplice.core.elements.element_type import ElementType
from resplice.core.elements.swatch import needs, shown
from resplice.core.elements.swatch.model import SwatchElement

SWATCH = ElementType("swatch", SwatchElement, needs.needs, needs.ADDRESSES, shown=shown.shown)
