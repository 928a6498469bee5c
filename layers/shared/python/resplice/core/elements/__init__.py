"""Types of elements: TYPES, the one table. Nobody outside asks for an element's type.

To add a type: make a folder here, named like it. Its model.py says what such an element may say;
its needs.py says which files it may name and which tasks make what it needs; its shown.py or
heard.py says what becomes of it. Its __init__.py puts these together as an ElementType, whose
docstring explains each part; `image` is the smallest example. Then import that row below and add
it to TYPES. The schema, error messages, local files and the workflow follow from the row.

What several types share lies beside the folders: `base`, `visual` and `moving` (models), `files`
(what they name), `looks` (how they are drawn), `outcome` (what comes of them). Work that no task
does yet is a new kind: see core/tasks.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from resplice.core.elements.audio import AUDIO
from resplice.core.elements.audiogram import AUDIOGRAM
from resplice.core.elements.base import ElementBase
from resplice.core.elements.component import COMPONENT, TEMPLATE
from resplice.core.elements.element_type import ElementType
from resplice.core.elements.html import HTML
from resplice.core.elements.image import IMAGE
from resplice.core.elements.subtitles import SUBTITLES
from resplice.core.elements.text import TEXT
from resplice.core.elements.video import VIDEO
from resplice.core.elements.voice import VOICE

__all__ = ["BLANK", "TYPES", "Element", "ElementBase", "ElementType", "type_of"]

BLANK = {"type": "text", "text": ""}
"""An element that shows nothing and needs nothing: it stands for one that is not well."""

TYPES: dict[str, ElementType] = {
    row.name: row
    for row in (
        IMAGE,
        VIDEO,
        AUDIO,
        TEXT,
        HTML,
        VOICE,
        SUBTITLES,
        AUDIOGRAM,
        COMPONENT,
        TEMPLATE,
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
