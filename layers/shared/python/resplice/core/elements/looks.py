"""What visual elements say about their look, as core's own values: shared by all that are seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, replace
from math import ceil

from resplice.core.composition import (
    Box,
    Canvas,
    ChromaKey,
    Correction,
    FilePicture,
    FramesPicture,
    Look,
    Picture,
    Rotation,
    SheetPicture,
    Source,
)
from resplice.core.document.paths import DocumentPath
from resplice.core.elements import visual
from resplice.core.elements.files import MASK
from resplice.core.elements.outcome import DRAWN, Passage, Shown, Surroundings
from resplice.core.elements.visual import VisualElement
from resplice.core.facts import AnimationFacts, MediaFacts, media
from resplice.core.geometry import nearest, placed, scaled, travelling
from resplice.core.warned import warned

ROOM_PIXELS = 4
"""Around a painted picture that grows: what a resampler smears stays inside."""

MAX_PAINTED = 4096
"""The longer side of a painted drawing, pixels."""


def file_shown(element: VisualElement, around: Surroundings, life_frames: int) -> Shown:
    """The element's own media file, placed as the element says, over a life of that many frames."""
    facts, density = media(around.own()), own_density(element, around)
    crop, own = _kept(element, facts)
    still = placed(dressed(element, around.canvas), element.placing(), own, around.canvas)
    detail = own[0] * density, own[1] * density
    look = travelling(still, element.travel(), detail, life_frames)
    look = replace(look, crop=crop and Box(*(density * side for side in astuple(crop))))
    return under_mask(_seen(facts, (), density, around), look, around)


def own_density(element: VisualElement, around: Surroundings) -> int:
    """Pixels of the picture for each that the element's own file has: 1, but for a drawing, which
    is painted at least as large as its closest view.
    """
    facts = media(around.own())
    if facts.kind != "drawing":
        return 1
    _, own = _kept(element, facts)
    still = placed(dressed(element, around.canvas), element.placing(), own, around.canvas)
    closest = travelling(still, element.travel(), (MAX_PAINTED, MAX_PAINTED), 1).scaled
    return _density(facts, max(closest[0] / own[0], closest[1] / own[1]))


def mask_density(mask: MediaFacts, canvas: Canvas) -> int:
    """The same of a mask: as large as the canvas, whatever it lies on."""
    if mask.kind != "drawing":
        return 1
    return _density(mask, max(canvas.width / mask.width, canvas.height / mask.height))


def _density(facts: MediaFacts, wanted: float) -> int:
    return max(1, min(ceil(wanted), MAX_PAINTED // max(facts.width, facts.height)))


def _seen(facts: MediaFacts, place: DocumentPath, density: int, around: Surroundings) -> Picture:
    """What a file shows: itself, or what was painted of it, with all that is around its ink."""
    if facts.kind != "drawing":
        return picture_of(facts)
    ink = media(around.known[(*around.path, *DRAWN[place])])
    whole = facts.width * density, facts.height * density
    return SheetPicture(Source.of(ink), whole, (ink.x, ink.y), 1)


def masked(facts: MediaFacts, look: Look, around: Surroundings) -> Shown:
    """The file drawn like that, under the element's mask if it has one."""
    return under_mask(picture_of(facts), look, around)


def picture_of(facts: MediaFacts) -> Picture:
    """What a file shows: itself, or the frames of a page that moves."""
    source = Source.of(facts)
    if isinstance(facts, AnimationFacts):
        return FramesPicture(source, facts.frames, facts.loop_from)
    return FilePicture(source)


def under_mask(picture: Picture, look: Look, around: Surroundings) -> Shown:
    """The picture under the element's mask, if it has one: a moving one plays on."""
    known = around.at(MASK.place)
    if known is None:
        return Shown(picture, look)
    mask = media(known)
    grey = _seen(mask, MASK.place, mask_density(mask, around.canvas), around)
    return Shown(picture, look, grey, for_ever(mask))


def for_ever(facts: MediaFacts) -> Passage | None:
    """All of a moving file, round after round; None for one that stands still."""
    if facts.duration_us is None:
        return None
    return Passage(0, facts.duration_us, -1, on_frames=True)


def cropped_in_vain(element: VisualElement, around: Surroundings) -> Iterator[str]:
    """Says that the crop box lies outside the element's own picture."""
    facts, crop = media(around.own()), element.crop
    if crop and (crop.x >= facts.width or crop.y >= facts.height):
        words = f".crop lies outside the picture ({facts.width}x{facts.height}) and does nothing"
        yield warned("crop-ignored", words)


def drawn_in_vain(element: VisualElement, around: Surroundings) -> Iterator[str]:
    """Says that a crop box lies outside, that a box does not count beside `resize`, and that
    nothing is left of a picture whose every colour is made transparent.
    """
    yield from cropped_in_vain(element, around)
    if element.chroma_key and element.chroma_key.tolerance == visual.ALL_COLOURS:
        words = f".chroma-key.tolerance is {visual.ALL_COLOURS}: it is all transparent, never seen"
        yield warned("all-transparent", words)
    canvas = around.canvas
    sides = zip(element.said_size(), (canvas.width, canvas.height), strict=True)
    boxed = any(said not in (-1, side) for said, side in sides)
    placed_aside = element.position not in ("custom", "center-center")
    if element.resize and (boxed or placed_aside or element.x or element.y):
        words = "fills the canvas from its middle: position, x, y, width and height do nothing"
        yield warned("box-ignored", f".resize '{element.resize}' {words} beside it")


def dressed(element: VisualElement, canvas: Canvas) -> Look:
    """What the element says about its look beside sizes and places."""
    key, tone, turn = element.chroma_key, element.correction, element.rotate
    return Look(
        scaled=(1, 1),
        size=(1, 1),
        x=0,
        y=0,
        chroma_key=ChromaKey(key.color, key.tolerance) if key else None,
        correction=_correction(tone) if tone else None,
        flip_horizontal=element.flip_horizontal,
        flip_vertical=element.flip_vertical,
        rotation=Rotation(turn.angle, turn.speed * canvas.fps) if turn and turn.angle else None,
    )


def _correction(tone: visual.Correction) -> Correction:
    return Correction(tone.brightness, tone.contrast, tone.gamma, tone.saturation)


def _kept(element: VisualElement, facts: MediaFacts) -> tuple[Box | None, tuple[int, int]]:
    """(the crop box, the size of what it keeps)."""
    crop = _crop(element, facts)
    return crop, (crop.width, crop.height) if crop else (facts.width, facts.height)


def _crop(element: VisualElement, facts: MediaFacts) -> Box | None:
    """The crop box, cut to what the source has; None when it keeps everything or nothing."""
    if not element.crop:
        return None
    x, y = element.crop.x, element.crop.y
    width = min(element.crop.width, facts.width - x)
    height = min(element.crop.height, facts.height - y)
    if width < 1 or height < 1 or (width, height) == (facts.width, facts.height):
        return None
    return Box(x, y, width, height)


def with_room(still: Look, zoom: float) -> Look:
    """A transparent border that the picture can grow into, instead of being cut at its edges."""
    if not zoom:
        return still
    width, height = (side + 2 * ROOM_PIXELS for side in scaled(still.size, nearest(zoom)))
    room = Box((width - still.size[0]) // 2, (height - still.size[1]) // 2, width, height)
    return replace(still, size=(width, height), x=still.x - room.x, y=still.y - room.y, pad=room)
