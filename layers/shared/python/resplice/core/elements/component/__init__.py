"""Component: a page of the catalog, or of the user's own, filled with settings and painted.

A component is a folder: `component.json` says its groups, `page.html` is a template, `style.css`
its looks and its timeline. docs/components.md describes the format; catalog/basic/000 is the one
to copy. Folders are read by an adapter, and come in as values: see core.components.
"""

from dataclasses import replace

from resplice.core.elements import looks
from resplice.core.elements.component import files, needs, shown
from resplice.core.elements.component.model import ComponentElement, TemplateElement
from resplice.core.elements.element_type import ElementType

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
)
TEMPLATE = replace(COMPONENT, name="template", model=TemplateElement)
"""The type's name of 2022."""
