"""Movie and scene: the frame that elements stand in. Spec: movie JSON reference, 1, 2 and 5."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field

from resplice.core.document.limits import MAX_LISTED_ELEMENTS, MAX_SCENES
from resplice.core.document.paths import DocumentPath
from resplice.core.document.values import (
    Background,
    Part,
    Pixels,
    SceneDuration,
    Seconds,
    lower,
)
from resplice.core.elements import Element, ElementBase, type_of
from resplice.core.exports.model import Exports

TransitionStyle = Literal[
    "fade", "wipeleft", "wiperight", "wipeup", "wipedown", "slideleft", "slideright", "slideup",
    "slidedown", "circlecrop", "rectcrop", "distance", "fadeblack", "fadewhite", "radial",
    "smoothleft", "smoothright", "smoothup", "smoothdown", "circleopen", "circleclose",
    "vertopen", "vertclose", "horzopen", "horzclose", "dissolve", "pixelize", "diagtl", "diagtr",
    "diagbl", "diagbr", "hlslice", "hrslice", "vuslice", "vdslice", "hblur", "fadegrays",
    "wipetl", "wipetr", "wipebl", "wipebr", "squeezeh", "squeezev", "zoomin",
]  # fmt: skip
TRANSITION_STYLES: tuple[str, ...] = get_args(TransitionStyle)

SIZES: dict[str, tuple[int, int]] = {
    "sd": (640, 360),
    "hd": (1280, 720),
    "full-hd": (1920, 1080),
    "squared": (1080, 1080),
    "instagram-story": (1080, 1920),
    "instagram-feed": (1080, 1080),
    "instagram-portrait": (1080, 1920),
    "twitter-landscape": (1600, 900),
    "twitter-portrait": (1080, 1350),
}
Resolution = Literal[
    "sd", "hd", "full-hd", "squared", "instagram-story", "instagram-feed",
    "instagram-portrait", "twitter-landscape", "twitter-portrait", "custom",
]  # fmt: skip
Quality = Literal["low", "medium", "high", "very_high"]
Side = Annotated[Pixels, Field(ge=50, le=3840)]


class Transition(Part):
    """How a scene enters over the end of the one before it.

    style     how the pictures change
    duration  seconds; the movie gets shorter by as much
    type      xfade is all that there is
    """

    style: Annotated[TransitionStyle, BeforeValidator(lower)] = "fade"
    duration: Seconds = 1
    type: Annotated[Literal["xfade"], BeforeValidator(lower)] = "xfade"


class Scene(Part):
    """A part of the movie, one after the other.

    elements          what is seen and heard in it; later ones lie above earlier ones
    duration          seconds; longer elements are cut. -1: until its last element has ended
    background_color  what is seen where no element is; transparent lets elements of the movie
                      with a z-index below 0 be seen
    transition        how it enters over the end of the scene before it
    cache             false: it is rendered again; its elements come from the cache
    id                your own name for it, by which scenes import it
    comment           a note for whoever reads the document; it changes nothing
    """

    elements: Annotated[tuple[Element, ...], Field(max_length=MAX_LISTED_ELEMENTS)] = ()
    duration: SceneDuration = -1
    background_color: Background = "#000000"
    transition: Transition | None = None
    cache: bool = True
    id: str | None = None
    comment: Any = None


class Movie(Part):
    """A movie.

    scenes       its parts, played one after the other
    elements     what is seen and heard over all scenes; times count from the movie's beginning
    resolution   a named size, which counts before width and height; custom: theirs
    width        pixels, 50 to 3840
    height       pixels, 50 to 3840
    quality      how closely pictures are kept: low for a glance, high for delivery
    fps          frames for each second, 1 to 120
    cache        false: all is rendered again, and sources are asked whether they have changed
    id           your own name for it; it comes back with webhooks. Not the project's id
    comment      a note for whoever reads the document; it changes nothing
    client_data  anything of yours: it comes back as it is
    exports      where the movie is sent when it has ended, and who is told of it
    draft        of 2022; without effect
    thumbnail_at  seconds: which moment its poster shows, or the last picture when that is past its
                  end; the middle when none is said
    content_credentials  true: the file says what it was made of, and what of it was generated, to
                  readers of C2PA, signed with the operator's certificate
    """

    scenes: Annotated[tuple[Scene, ...], Field(max_length=MAX_SCENES)]
    elements: Annotated[tuple[Element, ...], Field(max_length=MAX_LISTED_ELEMENTS)] = ()
    resolution: Annotated[Resolution, BeforeValidator(lower)] = "custom"
    width: Side = 640
    height: Side = 360
    quality: Annotated[Quality, BeforeValidator(lower)] = "high"
    fps: Annotated[int, Field(ge=1, le=120)] = 25
    cache: bool = True
    id: str | None = None
    comment: Any = None
    client_data: Any = None
    exports: Exports = ()
    draft: Any = None
    thumbnail_at: Seconds | None = None
    content_credentials: bool = False

    def size(self) -> tuple[int, int]:
        """(width, height) of the frame, even pixels: 4:2:0 pictures have no odd ones."""
        width, height = SIZES.get(self.resolution, (self.width, self.height))
        return width - width % 2, height - height % 2

    def each_element(self) -> Iterator[tuple[DocumentPath, ElementBase]]:
        """Every element that counts with its path, scenes first, in document order."""
        counting = self._counting()
        for path, element in self.every_element():
            if element.type not in counting or counting[element.type] == path:
                yield path, element

    def displaced(self) -> Iterator[tuple[DocumentPath, DocumentPath]]:
        """Elements that do not count, each with the one that counts in its place."""
        counting = self._counting()
        for path, element in self.every_element():
            if counting.get(element.type, path) != path:
                yield path, counting[element.type]

    def _counting(self) -> dict[str, DocumentPath]:
        """Of types of which only one counts: that one."""
        found = dict[str, DocumentPath]()
        for elements, place in self._lists_own_first():
            for number, element in enumerate(elements):
                if type_of(element).once:
                    found.setdefault(element.type, (*place, number))
        return found

    def _lists_own_first(self) -> Iterator[tuple[tuple[ElementBase, ...], DocumentPath]]:
        """The movie's own elements, then those of each scene."""
        yield self.elements, ("elements",)
        for index, scene in enumerate(self.scenes):
            yield scene.elements, ("scenes", index, "elements")

    def every_element(self) -> Iterator[tuple[DocumentPath, ElementBase]]:
        """Every element with its path, scenes first, in document order."""
        for index, scene in enumerate(self.scenes):
            for number, element in enumerate(scene.elements):
                yield ("scenes", index, "elements", number), element
        for number, element in enumerate(self.elements):
            yield ("elements", number), element


def size_said(document: Mapping[str, Any]) -> tuple[int, int] | None:
    """(width, height) as a document says it that need not be valid; None where it is computed."""
    named = document.get("resolution")
    if isinstance(named, str) and named.lower() in SIZES:
        return SIZES[named.lower()]
    sides = [
        Movie.model_fields[side].default if document.get(side) is None else document[side]
        for side in ("width", "height")
    ]
    if named not in (None, "", "custom") or not all(map(_is_whole, sides)):
        return None
    width, height = map(int, sides)
    return width, height


def _is_whole(side: Any) -> bool:
    return isinstance(side, int | str) and re.fullmatch(r"\d{1,5}", str(side), re.ASCII) is not None
