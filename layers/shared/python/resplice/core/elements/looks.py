"""What visual elements say about their look, as core's own values: shared by all that are seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

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
    Source,
)
from resplice.core.elements import visual
from resplice.core.elements.files import MASK
from resplice.core.elements.outcome import Passage, Shown, Surroundings
from resplice.core.elements.visual import VisualElement
from resplice.core.facts import AnimationFacts, MediaFacts, media
from resplice.core.geometry import nearest, placed, scaled, travelling

ROOM_PIXELS = 4
"""Around a painted picture that grows: what a resampler smears stays inside."""


def file_shown(element: VisualElement, around: Surroundings, life_frames: int) -> Shown:
    """The element's own media file, placed as the element says, over a life of that many frames."""
    facts = media(around.own())
    crop = _crop(element, facts)
    own = (crop.width, crop.height) if crop else (facts.width, facts.height)
    bare = replace(dressed(element, around.canvas), crop=crop)
    still = placed(bare, element.placing(), own, around.canvas)
    return masked(facts, travelling(still, element.travel(), own, life_frames), around)


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
    return Shown(picture, look, FilePicture(Source.of(mask)), for_ever(mask))


def for_ever(facts: MediaFacts) -> Passage | None:
    """All of a moving file, round after round; None for one that stands still."""
    if facts.duration_us is None:
        return None
    return Passage(0, facts.duration_us, -1, on_frames=True)


def cropped_in_vain(element: VisualElement, around: Surroundings) -> Iterator[str]:
    """Says that the crop box lies outside the element's own picture."""
    facts, crop = media(around.own()), element.crop
    if crop and (crop.x >= facts.width or crop.y >= facts.height):
        yield f".crop lies outside the picture ({facts.width}x{facts.height}) and does nothing"


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
