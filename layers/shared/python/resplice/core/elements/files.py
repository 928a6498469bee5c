"""The files that elements name: where their URLs stand, what may be behind them, how to get them.

A place inside an element is a path: () is the element's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from resplice.core.document.paths import DocumentPath
from resplice.core.facts import CaptionsFacts, Facts, MediaFacts
from resplice.core.tasks import CaptionsTask, FetchTask, Task
from resplice.frozen import frozen

ANIMATED = ("gif", "apng", "webp_anim", "webp")
"""Demuxers of images that move."""

Need = tuple[DocumentPath, Task]
"""A place inside the element, and the task that makes what belongs there."""


@frozen
class Medium:
    """name: `The URL provided is not an <name> file`. suits: whether a file can be used as one,
    of which such facts are known. task: gets it from a URL.
    """

    name: str
    suits: Callable[[Any], bool] = lambda facts: True
    facts: type[Facts] = MediaFacts
    task: Callable[[str], Task] = FetchTask


def _is_image(facts: MediaFacts) -> bool:
    return facts.kind in ("image", "drawing") or (
        facts.kind == "video" and facts.demuxer in ANIMATED
    )


IMAGES = Medium("image", _is_image)
VIDEOS = Medium("video", lambda facts: facts.kind == "video")
SOUNDS = Medium("audio", lambda facts: facts.has_audio)
FONTS = Medium("font", lambda facts: facts.kind == "font")
MASKS = Medium("mask", lambda facts: facts.kind in ("image", "video", "drawing"))
PAGES = Medium("html")
CAPTIONS = Medium("captions", facts=CaptionsFacts, task=CaptionsTask)


@frozen
class Address:
    """A property of elements that names a file.

    keys    where the document has it, inside the element: ('settings', 'font-url')
    place   where its facts are known; () when the file is what the element shows or plays
    medium  what may be behind it
    url     reads it from an element; None when it is not said
    inline  whether the property may hold the file's text instead, which has several lines
    """

    keys: DocumentPath
    place: DocumentPath
    medium: Medium
    url: Callable[[Any], str | None]
    inline: bool = False


def source(medium: Medium) -> Address:
    """The `src` of an element that shows or plays a file."""
    return Address(("src",), (), medium, lambda element: element.src)


MASK = Address(("mask",), ("mask",), MASKS, lambda element: element.mask or None)


def lacks_source(element: Any) -> Iterator[tuple[DocumentPath, str]]:
    """Says that it has no `src`."""
    if element.src is None:
        yield ("src",), f"The element type '{element.type}' requires a 'src' property."


def named(element: Any, addresses: Iterable[Address]) -> Iterator[tuple[Address, str]]:
    """Those addresses that the element says, each with its URL, without spaces around it."""
    for address in addresses:
        url = address.url(element)
        if url is not None:
            yield address, url.strip()


def downloads(element: Any, addresses: Iterable[Address]) -> Iterator[Need]:
    """What is behind each address that the element says."""
    for address, url in named(element, addresses):
        yield address.place, address.medium.task(url)
