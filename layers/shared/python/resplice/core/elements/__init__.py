"""Element types: a folder and a row of TYPES each. Nobody outside asks for an element's type.

model.py says what an element may say, needs.py what must be made for it, shown.py and heard.py
what becomes of it. What several types share is beside the folders: `base`, `visual` and `moving`
(models), `files` (what they name), `looks` (how they are drawn), `outcome` (what comes of them).
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from resplice.core.elements import looks, moving
from resplice.core.elements.audio import heard as audio_heard
from resplice.core.elements.audio import needs as audio_needs
from resplice.core.elements.audio.model import AudioElement
from resplice.core.elements.base import ElementBase
from resplice.core.elements.element_type import ElementType
from resplice.core.elements.image import needs as image_needs
from resplice.core.elements.image import shown as image_shown
from resplice.core.elements.image.model import ImageElement
from resplice.core.elements.text import needs as text_needs
from resplice.core.elements.text import shown as text_shown
from resplice.core.elements.text.model import TextElement
from resplice.core.elements.video import heard as video_heard
from resplice.core.elements.video import needs as video_needs
from resplice.core.elements.video import shown as video_shown
from resplice.core.elements.video.model import VideoElement

__all__ = ["BLANK", "FORMAT_TYPES", "TYPES", "Element", "ElementBase", "ElementType", "type_of"]

FORMAT_TYPES = (
    *("image", "video", "audio", "text"),
    *("html", "component", "voice", "audiogram", "subtitles", "template"),
)
"""The types that the format knows, whether or not we render them yet."""

BLANK = {"type": "text", "text": ""}
"""An element that shows nothing and needs nothing: it stands for one that is not well."""

TYPES: dict[str, ElementType] = {
    row.name: row
    for row in (
        ElementType(
            "image",
            ImageElement,
            image_needs.needs,
            image_needs.ADDRESSES,
            shown=image_shown.shown,
            plays=image_shown.plays,
            in_vain=looks.cropped_in_vain,
            missing=image_needs.missing,
        ),
        ElementType(
            "video",
            VideoElement,
            video_needs.needs,
            video_needs.ADDRESSES,
            shown=video_shown.shown,
            heard=video_heard.heard,
            plays=video_shown.plays,
            has_length=True,
            amiss=moving.sought_behind,
            in_vain=looks.cropped_in_vain,
        ),
        ElementType(
            "audio",
            AudioElement,
            audio_needs.needs,
            audio_needs.ADDRESSES,
            heard=audio_heard.heard,
            plays=audio_heard.plays,
            has_length=True,
            amiss=moving.sought_behind,
            in_vain=moving.never_heard,
        ),
        ElementType(
            "text",
            TextElement,
            text_needs.needs,
            text_needs.ADDRESSES,
            shown=text_shown.shown,
            faults=text_needs.faults,
            in_vain=looks.cropped_in_vain,
            unknown=text_needs.unknown,
        ),
    )
}
"""Every type of element that is rendered, by its name."""


def type_of(element: ElementBase) -> ElementType:
    """The row of the element's type."""
    return TYPES[element.type]


class _OneOfTypes:
    """Makes a field of elements the union of the models in TYPES, when its model is built."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        union: Any = reduce(or_, (row.model for row in TYPES.values()))
        return handler.generate_schema(Annotated[union, Field(discriminator="type")])


Element = Annotated[ElementBase, _OneOfTypes()]
"""An element of any type of the table."""
