"""Where and how large a picture is drawn, and how its view travels. Pixels only, of any element.

Rules of placing are JSON2Video's (movie JSON reference 3.2, 3.3); where it is silent, the
decision log in the README says what was chosen. `resize` is of the whole canvas: neither a size nor
a place counts beside it.
"""

from __future__ import annotations

from dataclasses import replace

from resplice.core.composition import Box, Canvas, Look
from resplice.core.motion import Motion
from resplice.frozen import frozen

EDGE_GAP = 0.05
"""Preset positions leave this fraction of the canvas free at its edges."""

MAX_SIDE = 16_384
MAX_AREA = 128_000_000
"""Pixels that any one picture may have on its way to the canvas."""
Size = tuple[int, int]

COVERING = ("cover", "fill")

FRACTIONS = {"left": 0.0, "top": 0.0, "center": 0.5, "right": 1.0, "bottom": 1.0}


@frozen
class Placing:
    """Where an element wants its box.

    position  a preset place such as `top-left`, or `custom`
    x, y      of the top left corner, or offsets from the preset place
    size      (width, height) of the box, -1 where it is left open
    resize    how the picture fills the canvas: cover or fill, contain or fit; None: it has a box
    """

    position: str
    x: int
    y: int
    size: Size
    resize: str | None


@frozen
class Travel:
    """How the view travels over a picture: zoom -10..10, pan towards a side by a fraction."""

    zoom: float
    pan: str | None
    pan_distance: float
    pan_crop: bool


def placed(dressed: Look, placing: Placing, own: Size, canvas: Canvas) -> Look:
    """The look, drawn where the placing wants a picture of that size."""
    if placing.resize:
        return _resized(dressed, own, canvas, covers=placing.resize in COVERING)
    drawn = _with_ratio(*placing.size, own)
    left, top = corner(placing, drawn, canvas)
    return replace(dressed, scaled=drawn, size=drawn, x=left, y=top)


def _resized(dressed: Look, own: Size, canvas: Canvas, *, covers: bool) -> Look:
    """In the middle of the canvas and as large as it, in its own ratio."""
    whole = canvas.width, canvas.height
    ratios = whole[0] / own[0], whole[1] / own[1]
    if covers:
        return _covering(dressed, scaled(own, max(ratios)), whole)
    drawn = scaled(own, min(ratios))
    x, y = (whole[0] - drawn[0]) // 2, (whole[1] - drawn[1]) // 2
    return replace(dressed, scaled=drawn, size=drawn, x=x, y=y)


def _covering(dressed: Look, drawn: Size, whole: Size) -> Look:
    """What hangs over is cut, as much at both sides."""
    width, height = max(drawn[0], whole[0]), max(drawn[1], whole[1])
    cut = Box((width - whole[0]) // 2, (height - whole[1]) // 2, *whole)
    kept = cut if (width, height) != whole else None
    return replace(dressed, scaled=(width, height), cut=kept, size=whole, x=0, y=0)


def oversize(look: Look) -> Size | None:
    """The first of the look's sizes that is too large to be drawn; None when all are well."""
    pad = (look.pad.width, look.pad.height) if look.pad else look.size
    for width, height in (look.scaled, pad, look.size):
        if max(width, height) > MAX_SIDE or width * height > MAX_AREA:
            return width, height
    return None


def _with_ratio(width: int, height: int, own: Size) -> Size:
    if width == -1 and height == -1:
        return own
    if width == -1:
        width = max(1, round(own[0] * height / own[1]))
    if height == -1:
        height = max(1, round(own[1] * width / own[0]))
    return width, height


def scaled(size: Size, factor: float) -> Size:
    """The size times the factor, whole pixels, at least one."""
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def corner(placing: Placing, size: Size, canvas: Canvas) -> tuple[int, int]:
    """Top left of a box of that size; x and y are offsets from a preset position."""
    if placing.position == "custom":
        return placing.x, placing.y
    vertical, horizontal = placing.position.split("-")
    x = _along(FRACTIONS[horizontal], canvas.width, size[0])
    y = _along(FRACTIONS[vertical], canvas.height, size[1])
    return x + placing.x, y + placing.y


def _along(fraction: float, side: int, size: int) -> int:
    gap = EDGE_GAP * side * (1 - 2 * fraction)
    return round(gap + fraction * (side - size))


def travelling(still: Look, travel: Travel, own: Size, life_frames: int) -> Look:
    """Add the travel over a life of that many frames, with the pixels that its closest view needs.

    own: the size that the picture has of itself.
    """
    motion = _motion(travel, life_frames)
    if not motion:
        return still
    if travel.pan and not travel.zoom and not travel.pan_crop:
        return _with_border(still, motion)
    closest = max(motion.scale_from, motion.scale_to)
    detail = min(own[0] / still.scaled[0], own[1] / still.scaled[1])
    factor = max(1.0, min(closest, detail))
    return replace(
        still,
        scaled=scaled(still.scaled, factor),
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


def _motion(travel: Travel, life_frames: int) -> Motion | None:
    """zoom n: scale 1 → 1 + n/10, backwards when negative; with pan, towards that side.

    pan alone: the view travels to that side by pan-distance of the picture's size.
    """
    if not travel.zoom and not travel.pan:
        return None
    x, y = _side(travel.pan, ("left", "right")), _side(travel.pan, ("top", "bottom"))
    if travel.zoom:
        near = nearest(travel.zoom)
        scales = (1.0, near) if travel.zoom > 0 else (near, 1.0)
        return Motion(*scales, x, x, y, y, life_frames)
    scale = 1 + travel.pan_distance
    return Motion(scale, scale, 1 - x, x, 1 - y, y, life_frames)


def nearest(zoom: float) -> float:
    """The scale of the closest view of a zoom."""
    return 1 + abs(zoom) / 10


def _side(pan: str | None, names: tuple[str, str]) -> float:
    parts = (pan or "").split("-")
    return next(
        (fraction for name, fraction in zip(names, (0.0, 1.0), strict=True) if name in parts), 0.5
    )
