"""Html: a picture of a web page, written in the movie or found behind a URL."""

from collections.abc import Sequence
from typing import Any

from resplice.core.components import ComponentFolder
from resplice.core.elements.element_type import ElementType
from resplice.core.elements.html import needs, shown
from resplice.core.elements.html.model import HtmlElement


def _described(part: Any, parts: Any, components: Sequence[ComponentFolder]) -> None:
    """Imported late: a movie that comes from the cache is not described."""
    from resplice.core.elements.html.described import described

    described(part, parts, components)


HTML = ElementType(
    "html",
    HtmlElement,
    needs.needs,
    needs.ADDRESSES,
    shown=shown.shown,
    faults=needs.faults,
    in_vain=shown.in_vain,
    unknown=needs.unknown,
    described=_described,
)
