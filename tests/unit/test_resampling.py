"""Planes are resampled as Pillow would, whichever way; fast, to the byte alike on any processor."""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from cykooz_resizer import CpuExtensions
from PIL import Image
from resplice.adapters.ffmpeg.fast_resampling import FastStack
from resplice.adapters.ffmpeg.resampling import SHARP, SOFT, PillowStack
from resplice.core.motion import Motion, view

Size = tuple[int, int]
Box = tuple[float, float, float, float]
Way = type[FastStack] | type[PillowStack]
either_way = pytest.mark.parametrize("way", [FastStack, PillowStack])
OWN, SIZE = (96, 54), (80, 45)
WHOLE: Box = (0, 0, 1, 1)
BOXES: tuple[Box, ...] = (
    WHOLE,
    (0.013, 0.21, 0.9, 0.8),
    (0.5, 0.25, 1, 0.75),
    (0.3, 0.3, 0.8, 0.8),
)
PIXELS = random.Random(1).randbytes(4 * OWN[0] * OWN[1])


def viewed(
    way: Way,
    box: Box,
    count: int = 1,
    own: Size = OWN,
    size: Size = SIZE,
    filtered: Image.Resampling = SHARP,
) -> bytes:
    """What the stack writes of the first of PIXELS."""
    return seen(way(count, own, size, filtered), box)


def seen(stack: FastStack | PillowStack, box: Box) -> bytes:
    out = BytesIO()
    stack.read(BytesIO(PIXELS))
    stack.write_view(box, out)
    return out.getvalue()


@either_way
@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("filtered", [SHARP, SOFT])
@pytest.mark.parametrize(
    ("own", "size"),
    [
        (OWN, SIZE),
        (OWN, (150, 101)),
        (OWN, (31, 20)),
        (OWN, OWN),
        ((5, 3), (3, 7)),
        ((1, 1), (2, 1)),
    ],
)
def test_it_is_the_picture_that_pillow_makes(
    way: Way, count: int, filtered: Image.Resampling, own: Size, size: Size
) -> None:
    """Of noise, where whatever differs in the filter or the order shows."""
    length = own[0] * own[1]
    planes = [
        Image.frombytes("L", own, PIXELS[i * length : (i + 1) * length]) for i in range(count)
    ]
    for box in BOXES:
        part = tuple(share * own[i % 2] for i, share in enumerate(box))
        wanted = b"".join(each.resize(size, filtered, box=part).tobytes() for each in planes)
        apart = zip(viewed(way, box, count, own, size, filtered), wanted, strict=True)
        assert max(abs(one - other) for one, other in apart) <= 1


@pytest.mark.parametrize("filtered", [SHARP, SOFT])
def test_every_processor_makes_the_same_bytes(filtered: Image.Resampling) -> None:
    stack = FastStack(1, OWN, SIZE, filtered)
    best = stack.resizer.cpu_extensions
    levels = [each for each in CpuExtensions if each.value <= best.value]
    assert CpuExtensions.none in levels
    for box in BOXES:
        made = set()
        for level in levels:
            stack.resizer.cpu_extensions = level
            made.add(seen(stack, box))
        assert len(made) == 1


@either_way
def test_no_travel_leaves_the_plane(way: Way) -> None:
    chance = random.Random(2)
    for _ in range(300):
        places = (chance.choice((0, 0.5, 1)) for _ in range(4))
        motion = Motion(chance.uniform(1, 2), chance.uniform(1, 2), *places, life_frames=97)
        own = chance.randint(1, 60), chance.randint(1, 60)
        for age in (0, chance.randint(1, 95), 96):
            assert len(viewed(way, view(motion, age), own=own, size=(4, 3))) == 12


@either_way
def test_a_frame_stays_until_the_next_one_is_read(way: Way) -> None:
    frames, out = BytesIO(bytes(16) + bytes(range(16))), BytesIO()
    stack = way(1, (4, 4), (4, 4), SHARP)
    for _ in range(2):
        stack.read(frames)
        stack.write_view(WHOLE, out)
        stack.write_view(WHOLE, out)
    assert out.getvalue() == 2 * bytes(16) + 2 * bytes(range(16))
    with pytest.raises(EOFError):
        stack.read(frames)
