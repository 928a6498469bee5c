"""What the gallery's pieces lie over: pictures with the light and the blur of real footage.

Drawn by Pillow from seeded random numbers, so that no file comes from anywhere else. Knows nothing
of the pieces.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom; shares of the picture."""
SIZE = (1920, 1080)
FACE = (640, 640)


def faded(size: tuple[int, int], stops: Iterable[Colour], across: bool = False) -> Image.Image:
    """A gradient from top to bottom, or from left to right."""
    colours = list(stops)
    strip = Image.new("RGB", (len(colours), 1) if across else (1, len(colours)))
    strip.putdata(colours)
    return strip.resize(size, Image.Resampling.BICUBIC)


def spot(picture: Image.Image, box: Box, colour: Colour, blur: float, alpha: float = 1) -> None:
    """A soft ellipse."""
    _soft(picture, box, colour, blur, alpha, "ellipse")


def slab(picture: Image.Image, box: Box, colour: Colour, blur: float, alpha: float = 1) -> None:
    """A soft rectangle."""
    _soft(picture, box, colour, blur, alpha, "rectangle")


def _soft(
    picture: Image.Image, box: Box, colour: Colour, blur: float, alpha: float, form: str
) -> None:
    width, height = picture.size
    place = (box[0] * width, box[1] * height, box[2] * width, box[3] * height)
    mask = Image.new("L", picture.size)
    getattr(ImageDraw.Draw(mask), form)(place, fill=round(255 * alpha))
    mask = mask.filter(ImageFilter.GaussianBlur(blur * width / SIZE[0]))
    picture.paste(Image.new("RGB", picture.size, colour), (0, 0), mask)


def crumbs(
    picture: Image.Image, found: Iterable[tuple[Box, Colour]], blur: float, alpha: float
) -> None:
    """Many small ellipses at once, out of focus together."""
    (width, height), ink = picture.size, picture.copy()
    mask = Image.new("L", picture.size)
    for box, tone in found:
        place = (box[0] * width, box[1] * height, box[2] * width, box[3] * height)
        ImageDraw.Draw(ink).ellipse(place, fill=tone)
        ImageDraw.Draw(mask).ellipse(place, fill=round(255 * alpha))
    soft = ImageFilter.GaussianBlur(blur)
    picture.paste(ink.filter(soft), (0, 0), mask.filter(soft))


def lights(picture: Image.Image, seed: int, count: int, tones: list[Colour], box: Box) -> None:
    """Lamps out of focus, as discs that add up."""
    rng, (width, height) = random.Random(seed), picture.size
    for _ in range(count):
        radius = width * rng.uniform(0.006, 0.026)
        x, y = width * rng.uniform(box[0], box[2]), height * rng.uniform(box[1], box[3])
        layer = Image.new("RGB", picture.size)
        tone = tuple(round(part * rng.uniform(0.25, 0.8)) for part in rng.choice(tones))
        around = (x - radius, y - radius, x + radius, y + radius)
        ImageDraw.Draw(layer).ellipse(around, fill=tone)
        soft = layer.filter(ImageFilter.GaussianBlur(rng.uniform(2, 7)))
        picture.paste(ImageChops.screen(picture, soft))


def room() -> Image.Image:
    """A bright living room: windows, a sofa, a plant."""
    picture = faded(SIZE, [(226, 220, 210), (236, 231, 222), (205, 194, 180)])
    slab(picture, (0, 0.74, 1, 1), (158, 122, 88), 6)
    slab(picture, (0.1, 0.82, 0.9, 1), (196, 176, 150), 22, 0.8)
    for left in (0.08, 0.3):
        slab(picture, (left, 0.06, left + 0.2, 0.66), (250, 252, 255), 9)
        slab(picture, (left + 0.02, 0.4, left + 0.18, 0.64), (176, 200, 168), 22, 0.9)
        slab(picture, (left + 0.097, 0.06, left + 0.103, 0.66), (225, 222, 216), 4)
    slab(picture, (0.56, 0.52, 0.95, 0.84), (104, 118, 128), 14)
    slab(picture, (0.58, 0.66, 0.93, 0.8), (128, 142, 150), 12)
    for left, tone in ((0.61, (214, 160, 92)), (0.8, (236, 228, 216))):
        slab(picture, (left, 0.52, left + 0.08, 0.67), tone, 9)
    slab(picture, (0.66, 0.12, 0.86, 0.38), (74, 88, 96), 5)
    slab(picture, (0.672, 0.14, 0.848, 0.36), (220, 196, 160), 8)
    rng = random.Random(4)
    for _ in range(26):
        x, y = rng.uniform(0.0, 0.08), rng.uniform(0.36, 0.72)
        spot(picture, (x - 0.03, y - 0.02, x + 0.03, y + 0.02), (62, 98, 66), 9, 0.8)
    spot(picture, (0.0, -0.5, 0.7, 0.6), (255, 250, 236), 160, 0.35)
    return picture


def city() -> Image.Image:
    """A street at night behind a wet window."""
    picture = faded(SIZE, [(12, 16, 34), (28, 30, 58), (46, 36, 52), (16, 14, 26)])
    rng = random.Random(8)
    for number in range(14):
        left, top = number / 13 - 0.06, rng.uniform(0.05, 0.5)
        shade = rng.randint(14, 40)
        slab(picture, (left, top, left + 0.09, 1), (shade, shade + 4, shade + 22), 14, 0.8)
    warm = [(255, 190, 96), (255, 150, 70), (255, 226, 170)]
    lights(picture, 3, 60, [*warm, (255, 80, 84), (110, 190, 255)], (0, 0.3, 1, 0.8))
    lights(picture, 6, 20, [(255, 70, 60), (255, 236, 210)], (0.2, 0.7, 0.8, 0.9))
    return picture


def studio() -> Image.Image:
    """A podcast's studio: a guest at a microphone, a lamp behind."""
    picture = faded(SIZE, [(38, 30, 34), (58, 44, 44), (30, 26, 32)])
    for number in range(9):
        left = number * 0.12
        slab(picture, (left, 0, left + 0.055, 0.8), (72, 55, 50), 16, 0.7)
    spot(picture, (0.04, 0.06, 0.3, 0.52), (255, 176, 92), 70, 0.75)
    spot(picture, (0.13, 0.2, 0.21, 0.34), (255, 236, 200), 16)
    _bust(picture, 0.79, 0.22, 0.32, ((196, 142, 112), (44, 30, 28), (52, 74, 98)), 14)
    slab(picture, (0.615, 0.6, 0.635, 1), (18, 18, 22), 9)
    spot(picture, (0.6, 0.46, 0.65, 0.66), (26, 26, 30), 9)
    slab(picture, (0, 0.9, 1, 1.1), (44, 32, 26), 14)
    return picture


def pitch() -> Image.Image:
    """A stadium under floodlights."""
    picture = faded(SIZE, [(14, 22, 44), (36, 54, 84), (60, 84, 104)])
    slab(picture, (0, 0.12, 1, 0.36), (52, 54, 74), 10)
    rng = random.Random(12)
    crowd = [(214, 62, 60), (240, 240, 240), (60, 90, 190), (32, 34, 52), (214, 180, 150)]
    heads: list[tuple[Box, Colour]] = []
    for _ in range(420):
        x, y = rng.random(), rng.uniform(0.14, 0.33)
        heads.append(((x - 0.004, y - 0.009, x + 0.004, y + 0.009), rng.choice(crowd)))
    crumbs(picture, heads, 4, 0.6)
    for band in range(8):
        tone = (52, 124, 58) if band % 2 else (66, 142, 68)
        slab(picture, (0, 0.36 + 0.01 * band**2, 1, 1), tone, 3)
    slab(picture, (0, 0.352, 1, 0.37), (236, 240, 236), 3, 0.9)
    for x in (0.14, 0.38, 0.62, 0.86):
        spot(picture, (x - 0.1, -0.2, x + 0.1, 0.14), (214, 232, 255), 60, 0.6)
        spot(picture, (x - 0.025, -0.01, x + 0.025, 0.04), (255, 255, 255), 9)
    return picture


def table() -> Image.Image:
    """Goods of a shop on a pastel ground: the brightest of all."""
    picture = faded(SIZE, [(250, 226, 214), (252, 236, 226), (240, 204, 188)])
    slab(picture, (0, 0.7, 1, 1), (238, 194, 174), 4)
    spot(picture, (0.62, 0.78, 1.02, 0.92), (198, 142, 122), 26, 0.6)
    slab(picture, (0.68, 0.34, 0.81, 0.84), (250, 250, 248), 5)
    slab(picture, (0.712, 0.22, 0.778, 0.36), (52, 56, 60), 4)
    slab(picture, (0.694, 0.5, 0.796, 0.66), (120, 168, 150), 4)
    slab(picture, (0.835, 0.52, 0.965, 0.84), (206, 120, 96), 5)
    slab(picture, (0.826, 0.47, 0.974, 0.54), (236, 226, 214), 4)
    spot(picture, (-0.2, -0.5, 0.5, 0.7), (255, 252, 246), 140, 0.6)
    return picture


def coast() -> Image.Image:
    """The sea in the evening."""
    sky = [(44, 62, 112), (88, 96, 140), (190, 124, 118), (255, 196, 138)]
    picture = faded(SIZE, sky)
    spot(picture, (0.7, 0.32, 0.98, 0.82), (255, 226, 160), 110, 0.8)
    spot(picture, (0.815, 0.46, 0.865, 0.55), (255, 248, 226), 5)
    sea = faded((SIZE[0], SIZE[1] // 2), [(176, 116, 110), (78, 84, 118), (22, 38, 66)])
    picture.paste(sea, (0, 620))
    rng = random.Random(2)
    glitter: list[tuple[Box, Colour]] = []
    for _ in range(700):
        near = rng.random() ** 1.6
        y, x = 0.58 + 0.42 * near, rng.gauss(0.83, 0.04 + 0.3 * near)
        long = 0.004 + 0.03 * near
        glitter.append(((x, y, x + long, y + 0.002 + 0.004 * near), (255, 214, 164)))
    crumbs(picture, glitter, 1.6, 0.5)
    slab(picture, (0, 0.5, 0.3, 0.59), (72, 70, 90), 12)
    spot(picture, (-0.1, 0.42, 0.22, 0.66), (62, 62, 82), 12)
    slab(picture, (-0.1, 0.576, 1.1, 0.586), (150, 120, 118), 3, 0.6)
    return picture


def _lit(colour: Colour, light: float) -> Colour:
    red, green, blue = (min(255, round(part * light)) for part in colour)
    return red, green, blue


def _bust(
    picture: Image.Image, x: float, top: float, wide: float, tones: tuple[Colour, ...], blur: float
) -> None:
    """Head and shoulders, with no face: it is nobody. Tones: of skin, hair and clothes."""
    skin, hair, cloth = tones
    ratio = picture.width / picture.height
    head, high = wide * 0.27, wide * 0.7 * ratio
    dark = _lit(skin, 0.78)
    low = top + high
    spot(picture, (x - wide / 2, low + high * 0.08, x + wide / 2, low + high * 2), cloth, blur)
    slab(
        picture, (x - head * 0.38, low - high * 0.35, x + head * 0.38, low + high * 0.2), dark, blur
    )
    spot(
        picture, (x - head * 1.06, top - high * 0.1, x + head * 1.06, top + high * 0.75), hair, blur
    )
    spot(picture, (x - head * 0.86, top + high * 0.03, x + head * 0.86, low), skin, blur)
    spot(picture, (x - head * 0.6, top + high * 0.3, x + head * 0.2, low - high * 0.2),
         _lit(skin, 1.13), blur * 5, 0.6)  # fmt: skip


def anna() -> Image.Image:
    picture = faded(FACE, [(150, 186, 190), (196, 214, 208), (120, 150, 150)])
    spot(picture, (0.6, 0, 1.2, 0.7), (240, 240, 220), 300, 0.7)
    _bust(picture, 0.5, 0.2, 0.86, ((236, 190, 164), (116, 66, 40), (206, 84, 72)), 8)
    return picture


def omar() -> Image.Image:
    picture = faded(FACE, [(196, 150, 96), (226, 186, 130), (140, 100, 72)])
    spot(picture, (-0.2, 0, 0.4, 0.7), (255, 232, 190), 300, 0.7)
    _bust(picture, 0.5, 0.2, 0.86, ((170, 118, 86), (34, 26, 26), (38, 52, 78)), 8)
    return picture


def mark(tone: str = "white") -> Image.Image:
    """A company's sign, on nothing."""
    large = Image.new("RGBA", (1600, 400))
    pen = ImageDraw.Draw(large)
    for left, tall in ((60, 190), (170, 300), (280, 240)):
        pen.rounded_rectangle((left, 350 - tall, left + 84, 350), 20, fill=tone)
    for row, wide in ((110, 1080), (240, 760)):
        pen.rounded_rectangle((460, row, 460 + wide, row + 76), 38, fill=tone)
    return large.resize((800, 200), Image.Resampling.LANCZOS)


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "room.jpg": room,
    "city.jpg": city,
    "studio.jpg": studio,
    "pitch.jpg": pitch,
    "table.jpg": table,
    "coast.jpg": coast,
    "anna.jpg": anna,
    "omar.jpg": omar,
    "mark.png": mark,
    "mark-blue.png": lambda: mark("#0b3d91"),
}


def make(folder: Path) -> None:
    """All of them, as files in the folder; those that are there stay."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, drawn in PICTURES.items():
        if not (folder / name).exists():
            drawn().save(folder / name, quality=92)
