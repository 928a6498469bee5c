"""What becomes of an audiogram: a waveform where its box is. The plan says what is heard in it.

Where nothing is done to its whole box, only that part of it is drawn which the wave can reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from resplice.core.composition import Box, Canvas, Look, WaveformPicture
from resplice.core.elements.audiogram.model import AudiogramElement
from resplice.core.elements.looks import dressed, under_mask
from resplice.core.elements.outcome import Shown, Surroundings
from resplice.core.geometry import corner, placed, travelling
from resplice.core.warned import warned

MAX_AMPLITUDE = 10
EDGE_PIXELS = 2
"""Beyond the wave: its line when all is silent, and its soft edge."""


def shown(element: AudiogramElement, around: Surroundings, life_frames: int) -> Shown:
    """The wave over a life of that many frames, of no sound yet."""
    box = _box(element, around.canvas)
    reach = box.height / 2 * element.amplitude / MAX_AMPLITUDE
    bare = replace(dressed(element, around.canvas), x=box.x, y=box.y)
    if element.crop or element.mask or element.zoom or element.pan:
        look = _whole(element, bare, box, around.canvas, life_frames)
        height = box.height
    else:
        height = _reached(box.height, reach)
        size = box.width, height
        look = replace(bare, scaled=size, size=size, y=box.y + (box.height - height) // 2)
    wave = WaveformPicture(box.width, height, reach, element.color, element.opacity)
    return under_mask(wave, look, around)


def in_vain(element: AudiogramElement, around: Surroundings) -> Iterator[str]:
    """Says that nothing of the wave is seen."""
    if element.opacity == 0:
        yield warned("unseen", ".opacity is 0: it is never seen")
    elif element.amplitude == 0:
        yield warned("unseen", ".amplitude is 0: it is a line, whatever is heard")


def _box(element: AudiogramElement, canvas: Canvas) -> Box:
    """A side left open is the canvas's, edge to edge: a preset position leaves no gap there."""
    wanted, placing = element.wanted_size(), element.placing()
    width, height = (
        canvas.width if wanted[0] == -1 else wanted[0],
        canvas.height if wanted[1] == -1 else wanted[1],
    )
    x, y = corner(placing, (width, height), canvas)
    return Box(
        placing.x if wanted[0] == -1 else x,
        placing.y if wanted[1] == -1 else y,
        width,
        height,
    )


def _reached(height: int, reach: float) -> int:
    """Rows that the wave can reach, about the same middle as all of them.

    As many are left out above as below, and an even number: layers lie on even rows.
    """
    unreached = max(0, height - 2 * (ceil(reach) + EDGE_PIXELS))
    return height - unreached // 4 * 4


def _whole(
    element: AudiogramElement, bare: Look, box: Box, canvas: Canvas, life_frames: int
) -> Look:
    """The whole box is the picture, of which a part may be cropped as of any other."""
    crop, size = element.crop, (box.width, box.height)
    look = replace(bare, scaled=size, size=size)
    if crop and crop.x < box.width and crop.y < box.height:
        width, height = min(crop.width, box.width - crop.x), min(crop.height, box.height - crop.y)
        size = width, height
        cut = replace(bare, crop=Box(crop.x, crop.y, width, height))
        look = placed(cut, element.placing(), size, canvas)
    return travelling(look, element.travel(), size, life_frames)
