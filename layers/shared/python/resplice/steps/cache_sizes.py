"""How much the cache holds, by layer: counted as far as that is quick."""

from __future__ import annotations

from collections.abc import Mapping

from resplice.core.owners import FIRST_OWNER
from resplice.frozen import frozen
from resplice.ports import Ports

LAYERS = ("elements", "scenes", "movies")
PAGE = 10_000
PAGES = 10
"""Of each layer: a bucket gives a tenth of a page at a time."""


@frozen
class LayerSize:
    """at_least: there is more than was counted."""

    objects: int
    size_bytes: int
    at_least: bool


def layer_sizes(ports: Ports) -> Mapping[str, LayerSize] | None:
    """None for another than the first owner: what lies in the store does not say whose it is."""
    if ports.owner != FIRST_OWNER:
        return None
    return {layer: _size(f"{layer}/", ports) for layer in LAYERS}


def _size(prefix: str, ports: Ports) -> LayerSize:
    objects, size_bytes, after = 0, 0, ""
    for _ in range(PAGES):
        page = ports.objects.page(prefix, after, PAGE)
        if not page:
            return LayerSize(objects, size_bytes, at_least=False)
        objects += len(page)
        size_bytes += sum(each.size_bytes for each in page)
        after = page[-1].key
    return LayerSize(objects, size_bytes, at_least=bool(ports.objects.page(prefix, after, 1)))
