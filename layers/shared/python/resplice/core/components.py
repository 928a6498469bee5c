"""A component as it lies in its folder: texts, unread. What they mean is in elements.component."""

from __future__ import annotations

from resplice.frozen import frozen


@frozen
class ComponentFolder:
    """name: `basic/000`. declaration, page, style: the text of each of its three files."""

    name: str
    declaration: str
    page: str
    style: str = ""
