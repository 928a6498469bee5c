"""The files that settings of a component name: pictures, and fonts. Found by how a key is called,
so that it needs nobody to know the component.

Each is a download like any other. In the page its URL is that of the task's own file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from resplice.core.document.paths import DocumentPath
from resplice.core.elements.files import FONTS, IMAGES, Address
from resplice.core.text.css_urls import FONT_KEY, urls_in


def addresses_in(settings: Any) -> Iterator[Address]:
    """Every file that the settings name."""
    for group, said in settings.items() if isinstance(settings, Mapping) else ():
        for key, value in said.items() if isinstance(said, Mapping) else ():
            medium = FONTS if key == FONT_KEY else IMAGES
            for number, url in enumerate(urls_in(key, value) if isinstance(value, str) else ()):
                place = place_of(group, key, number)
                yield Address(("settings", group, key), place, medium, _saying(url))


def address_at(place: DocumentPath) -> Address | None:
    """What may be behind the file at that place of an element; None when no file is there."""
    if len(place) < 3 or place[0] != "settings":
        return None
    medium = FONTS if place[2] == FONT_KEY else IMAGES
    return Address(place[:3], place, medium, lambda element: None)


def place_of(group: str, key: str, number: int = 0) -> DocumentPath:
    """Where the facts of a file are known, inside the element."""
    return ("settings", group, key, number) if number else ("settings", group, key)


def _saying(url: str) -> Callable[[Any], str | None]:
    return lambda element: url
