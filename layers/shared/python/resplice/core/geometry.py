"""Where and how large: an element and its facts to a Look. Pixels only, no time but life_frames.

Rules of placing are JSON2Video's (movie JSON reference 3.2, 3.3); where it is silent, the
decision log in the README says what was chosen.
"""

from __future__ import annotations

from dataclasses import replace

from resplice.core.composition import (
    Box,
    Canvas,
    ChromaKey,
    Correction,
    Look,
    Motion,
    Rotation,
)
from resplice.core.facts import MediaFacts
from resplice.core.schema import elements as schema
from resplice.core.schema.elements import TextElement, VisualElement

EDGE_GAP = 0.05
"""Preset positions leave this fraction of the canvas free at its edges."""

MAX_DENSE_PIXELS = 4096
ROOM_PIXELS = 4
"""Around a text that grows: what a resampler smears stays inside."""
MAX_SIDE = 16_384
MAX_AREA = 128_000_000
"""Pixels that any one picture may have on its way to the canvas."""
FRACTIONS = {"left": 0.0, "top": 0.0, "center": 0.5, "right": 1.0, "bottom": 1.0}


def look(element: VisualElement, facts: MediaFacts, canvas: Canvas, life_frames: int) -> Look:
    """How the element is drawn on the canvas over a life of that many frames."""
    if isinstance(element, TextElement):
        return _text_look(element, facts, canvas, life_frames)
    crop = _crop(element, facts)
    own = (crop.width, crop.height) if crop else (facts.width, facts.height)
    box, drawn = _sizes(element, own, canvas)
    corner = _corner(element, box, canvas)
    x, y = corner[0] + (box[0] - drawn[0]) // 2, corner[1] + (box[1] - drawn[1]) // 2
    still = replace(_dressed(element, canvas), scaled=drawn, size=drawn, x=x, y=y, crop=crop)
    if element.resize == "cover":
        still = _covering(still, own, box, corner)
    return _moving(still, element, own, life_frames)


def oversize(look: Look) -> tuple[int, int] | None:
    """The first of the look's sizes that is too large to be drawn; None when all are well."""
    pad = (look.pad.width, look.pad.height) if look.pad else look.size
    for width, height in (look.scaled, pad, look.size):
        if max(width, height) > MAX_SIDE or width * height > MAX_AREA:
            return width, height
    return None


def text_box(element: TextElement, canvas: Canvas) -> Box:
    """The element canvas of a text: what its picture is painted on.

    A side left open is the canvas's; with a preset position it keeps the edge gap free.
    """
    wanted, free = element.wanted_size(), (canvas.width, canvas.height)
    preset = element.position != "custom"
    gaps = [round(side * EDGE_GAP) if preset else 0 for side in free]
    width, height = (
        size if size != -1 else side - 2 * gap
        for size, side, gap in zip(wanted, free, gaps, strict=True)
    )
    x, y = _corner(element, (width, height), canvas)
    return Box(x, y, width, height)


def text_density(element: TextElement, canvas: Canvas) -> int:
    """Painted pixels for each of the box's: twice as many for a text that is seen from near."""
    box = text_box(element, canvas)
    return 2 if element.zoom and max(box.width, box.height) <= MAX_DENSE_PIXELS else 1


def text_alignment(element: TextElement) -> dict[str, str]:
    """The alignments that a preset position brings for sides that the element leaves open."""
    if element.position == "custom":
        return {}
    vertical, horizontal = element.position.split("-")
    wide, high = element.wanted_size()
    found = {}
    if wide == -1:
        found["horizontal-position"] = horizontal
    if high == -1:
        found["vertical-position"] = vertical
    return found


def _text_look(element: TextElement, facts: MediaFacts, canvas: Canvas, life_frames: int) -> Look:
    """A text is drawn as painted, and turns and grows about its own middle.

    A view that pans, and a mask, are of the text's whole box.
    """
    box, density = text_box(element, canvas), text_density(element, canvas)
    painted = facts.width, facts.height
    ink = _scaled(painted, 1 / density)
    place = Box(facts.x // density, facts.y // density, box.width, box.height)
    still = replace(_dressed(element, canvas), scaled=ink, size=ink)
    if element.pan or element.mask:
        still = replace(still, size=(box.width, box.height), x=box.x, y=box.y, pad=place)
        return _moving(still, element, painted, life_frames)
    still = replace(still, x=box.x + place.x, y=box.y + place.y)
    return _moving(_with_room(still, element.zoom), element, painted, life_frames)


def _with_room(still: Look, zoom: float) -> Look:
    """A transparent border that the picture can grow into, instead of being cut at its edges."""
    if not zoom:
        return still
    width, height = (side + 2 * ROOM_PIXELS for side in _scaled(still.size, _nearest(zoom)))
    room = Box((width - still.size[0]) // 2, (height - still.size[1]) // 2, width, height)
    return replace(still, size=(width, height), x=still.x - room.x, y=still.y - room.y, pad=room)


def _dressed(element: VisualElement, canvas: Canvas) -> Look:
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


def _correction(tone: schema.Correction) -> Correction:
    return Correction(tone.brightness, tone.contrast, tone.gamma, tone.saturation)


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


def _sizes(
    element: VisualElement, own: tuple[int, int], canvas: Canvas
) -> tuple[tuple[int, int], tuple[int, int]]:
    """(the box, the size drawn inside it)."""
    width, height = element.wanted_size()
    if not element.resize:
        size = _with_ratio(width, height, own)
        return size, size
    if width == -1 and height == -1:
        width, height = canvas.width, canvas.height
    box = _with_ratio(width, height, own)
    if element.resize in ("fit", "contain"):
        return box, _scaled(own, min(box[0] / own[0], box[1] / own[1]))
    return box, box


def _with_ratio(width: int, height: int, own: tuple[int, int]) -> tuple[int, int]:
    if width == -1 and height == -1:
        return own
    if width == -1:
        width = max(1, round(own[0] * height / own[1]))
    if height == -1:
        height = max(1, round(own[1] * width / own[0]))
    return width, height


def _scaled(size: tuple[int, int], factor: float) -> tuple[int, int]:
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _corner(element: VisualElement, size: tuple[int, int], canvas: Canvas) -> tuple[int, int]:
    """Top left of a box of that size; x and y are offsets from a preset position."""
    if element.position == "custom":
        return element.x, element.y
    vertical, horizontal = element.position.split("-")
    x = _along(FRACTIONS[horizontal], canvas.width, size[0])
    y = _along(FRACTIONS[vertical], canvas.height, size[1])
    return x + element.x, y + element.y


def _along(fraction: float, side: int, size: int) -> int:
    gap = EDGE_GAP * side * (1 - 2 * fraction)
    return round(gap + fraction * (side - size))


def _covering(
    still: Look, own: tuple[int, int], box: tuple[int, int], corner: tuple[int, int]
) -> Look:
    """Scale so that the box is covered, and cut the overflow evenly."""
    factor = max(box[0] / own[0], box[1] / own[1])
    width, height = _scaled(own, factor)
    width, height = max(width, box[0]), max(height, box[1])
    cut = Box((width - box[0]) // 2, (height - box[1]) // 2, *box)
    return replace(
        still,
        scaled=(width, height),
        cut=cut if (width, height) != box else None,
        size=box,
        x=corner[0],
        y=corner[1],
    )


def _moving(still: Look, element: VisualElement, own: tuple[int, int], life_frames: int) -> Look:
    """Add the travel of zoom and pan, with the pixels that the closest view needs."""
    motion = _motion(element, life_frames)
    if not motion:
        return still
    if element.pan and not element.zoom and not element.pan_crop:
        return _with_border(still, motion)
    closest = max(motion.scale_from, motion.scale_to)
    detail = min(own[0] / still.scaled[0], own[1] / still.scaled[1])
    factor = max(1.0, min(closest, detail))
    return replace(
        still,
        scaled=_scaled(still.scaled, factor),
        cut=still.cut and _grown(still.cut, factor),
        pad=still.pad and _grown(still.pad, factor),
        motion=motion,
    )


def _grown(box: Box, factor: float) -> Box:
    return Box(*(round(value * factor) for value in (box.x, box.y, box.width, box.height)))


def _with_border(still: Look, motion: Motion) -> Look:
    """Without pan-crop the picture keeps its size and a transparent border travels in."""
    width, height = (round(side * motion.scale_from) for side in still.size)
    inner = still.pad or Box(0, 0, 0, 0)
    place = Box(
        inner.x + (width - still.size[0]) // 2,
        inner.y + (height - still.size[1]) // 2,
        width,
        height,
    )
    return replace(still, pad=place, motion=motion)


def _motion(element: VisualElement, life_frames: int) -> Motion | None:
    """zoom n: scale 1 → 1 + n/10, backwards when negative; with pan, towards that side.

    pan alone: the view travels to that side by pan-distance of the picture's size.
    """
    if not element.zoom and not element.pan:
        return None
    x, y = _side(element.pan, ("left", "right")), _side(element.pan, ("top", "bottom"))
    if element.zoom:
        near = _nearest(element.zoom)
        scales = (1.0, near) if element.zoom > 0 else (near, 1.0)
        return Motion(*scales, x, x, y, y, life_frames)
    scale = 1 + element.pan_distance
    return Motion(scale, scale, 1 - x, x, 1 - y, y, life_frames)


def _nearest(zoom: float) -> float:
    """The scale of the closest view."""
    return 1 + abs(zoom) / 10


def _side(pan: str | None, names: tuple[str, str]) -> float:
    parts = (pan or "").split("-")
    return next(
        (fraction for name, fraction in zip(names, (0.0, 1.0), strict=True) if name in parts), 0.5
    )
