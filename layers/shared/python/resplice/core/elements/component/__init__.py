"""Component: a page of the catalog, or of the user's own, filled with settings and painted.

A component is a folder: `component.json` says its groups, `page.html` is a template, `style.css`
its looks and its timeline. docs/components.md describes the format; catalog/basic/000 is the one
to copy. Folders are read by an adapter, and come in as values: see core.components.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from resplice.core.components import ComponentFolder
from resplice.core.elements import looks
from resplice.core.elements.component import files, needs, shown
from resplice.core.elements.component.model import ComponentElement, TemplateElement
from resplice.core.elements.element_type import ElementType


def _described(key: str, part: Any, parts: Any, components: Sequence[ComponentFolder]) -> None:
    """Imported late: a movie that comes from the cache is not described."""
    from resplice.core.elements.component.described import described

    described(key, part, parts, components)


COMPONENT = ElementType(
    "component",
    ComponentElement,
    needs.needs,
    needs.ADDRESSES,
    files_in=files.addresses_in,
    file_at=files.address_at,
    shown=shown.shown,
    intro=needs.intro,
    faults=needs.faults,
    notes=needs.notes,
    in_vain=looks.cropped_in_vain,
    components=needs.components,
    services=needs.services,
    described=partial(_described, "component"),
)
TEMPLATE = replace(
    COMPONENT, name="template", model=TemplateElement, described=partial(_described, "template")
)
"""The type's name of 2022."""
