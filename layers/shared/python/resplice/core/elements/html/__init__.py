"""Html: a picture of a web page, written in the movie or found behind a URL."""

from resplice.core.elements.element_type import ElementType
from resplice.core.elements.html import needs, shown
from resplice.core.elements.html.model import HtmlElement

HTML = ElementType(
    "html",
    HtmlElement,
    needs.needs,
    needs.ADDRESSES,
    shown=shown.shown,
    faults=needs.faults,
    in_vain=shown.in_vain,
    unknown=needs.unknown,
)
