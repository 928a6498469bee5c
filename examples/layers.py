"""The layers of the demo's clips, as SVG: what moves at one speed is one picture.

A layer that travels is wider than the frame by what it travels. Only writes SVG text.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from paintings import (
    Painting,
    Stops,
    cloud,
    fading,
    filled,
    glow,
    mixed,
    mountain,
    ridge,
    sheet,
    stars,
    wood,
)

WIDE, HIGH = 1920, 1080
FRAMES = 130
"""Layers move by whole pixels a frame, so that nothing shakes."""


def travelled(speed: int) -> int:
    """The width of a layer that moves by that many pixels a frame."""
    return WIDE + abs(speed) * FRAMES


def valley_sky() -> Painting:
    sky: Stops = ((0, "#6fa3b0"), (0.3, "#b5cdbf"), (0.52, "#f6e6b8"), (0.7, "#ffe2a0"))
    body = sheet("sky", sky, (0, 0, WIDE, HIGH))
    light = ((0, "#fffbe6/1"), (0.1, "#fff2c0/.75"), (0.4, "#ffe09a/.3"), (1, "#ffd88a/0"))
    body += glow("sun", (640, 430), 900, light)
    body += cloud("high", (0, 0, WIDE, 420), "#fff6e0", grain=(0.0012, 0.007), seed=7, gain=2.4)
    rng = random.Random(5)
    for depth in range(2):
        line = ridge(rng, WIDE, 560 + 60 * depth, 190, 0.52)
        tone = mixed("#d5cfae", "#9fb8a6", depth)
        body += mountain(f"m{depth}", line, (WIDE, HIGH), tone, "#f8e8bd")
    body += cloud("mist", (0, 520, WIDE, 260), "#fff3d2", grain=(0.0014, 0.006), seed=11, floor=-1)
    return Painting(WIDE, HIGH, body)


def valley_range(seed: int, speed: int, depth: float) -> Painting:
    """A wooded hill; depth 0 is far, 1 is next to the viewer."""
    rng, width = random.Random(seed), travelled(speed)
    tone, haze = mixed("#83a395", "#0d2626", depth), mixed("#f3e4b6", "#557467", depth)
    line = ridge(rng, width, 640 + 300 * depth, 170 - 60 * depth, 0.5)
    body = wood(rng, line, (width, HIGH), tone, 26 + 230 * depth**1.4, 8 + 30 * depth, 0.3)
    top = 610 + 330 * depth
    veil: Stops = ((0, f"{haze}/0"), (0.55, f"{haze}/{0.8 - 0.5 * depth:.2f}"),
                   (1, f"{haze}/{0.95 - 0.6 * depth:.2f}"))  # fmt: skip
    clip = f'<clipPath id="c"><path d="{filled(line, width, HIGH)}"/></clipPath>'
    haze = sheet("v", veil, (0, top - 60, width, HIGH))
    body += f'<defs>{clip}</defs><g clip-path="url(#c)">{haze}</g>'
    return Painting(width, HIGH, body)


def valley_mist() -> Painting:
    body = cloud("low", (0, 620, travelled(1), 380), "#fff0cf", grain=(0.0015, 0.005), seed=42)
    return Painting(travelled(1), HIGH, body)


HORIZON = 560
SUN_X = 1180


def sea_sky() -> Painting:
    sky: Stops = (
        (0, "#1d2450"), (0.3, "#5d3f78"), (0.55, "#c25f6f"), (0.8, "#f79a5e"), (1, "#ffd487"),
    )  # fmt: skip
    body = sheet("sky", sky, (0, 0, WIDE, HORIZON))
    light = ((0, "#fff2c4/1"), (0.1, "#ffd98c/.7"), (0.4, "#ff9a5e/.28"), (1, "#ff7a5e/0"))
    body += glow("sun", (SUN_X, HORIZON - 70), 760, light)
    body += f'<circle cx="{SUN_X}" cy="{HORIZON - 62}" r="58" fill="#fff3cf"/>'
    rng = random.Random(4)
    for depth in range(2):
        line = [(x, min(y, HORIZON + 4)) for x, y in ridge(rng, WIDE, HORIZON + 16, 62, 0.5)]
        tone = mixed("#b4627a", "#7c4370", depth)
        body += f'<path d="{filled(line, WIDE, HORIZON + 2)}" fill="{tone}" opacity=".75"/>'
    water: Stops = ((0, "#d98a6c"), (0.08, "#9a5f76"), (0.35, "#4f3c6c"), (1, "#141a3e"))
    body += sheet("water", water, (0, HORIZON, WIDE, HIGH - HORIZON))
    shine = fading("shine", ((0, "#ffd890/.95"), (0.35, "#ff9f6a/.45"), (1, "#ff8a6a/0")))
    body += (
        f'<defs>{shine}<filter id="wide" x="-2" width="5" y="0" height="1">'
        '<feGaussianBlur stdDeviation="38 0"/></filter></defs>'
        f'<rect x="{SUN_X - 75}" y="{HORIZON + 1}" width="150" height="330" fill="url(#shine)"'
        ' filter="url(#wide)"/>'
    )
    return Painting(WIDE, HIGH, body)


def sea_clouds() -> Painting:
    width = travelled(1)
    far = (0, 150, width, 330)
    body = cloud("far", far, "#ffb27d", grain=(0.0016, 0.009), seed=3, gain=3.4, floor=-1.5)
    body += cloud("near", (0, -60, width, 330), "#7d4f86", grain=(0.0011, 0.006), seed=18)
    return Painting(width, HIGH, body)


def sea_waves(seed: int) -> Painting:
    """White strokes on black, longer towards the viewer: two of these make the glitter."""
    rng, width, strokes = random.Random(seed), travelled(1), ""
    for _ in range(6500):
        near = rng.random() ** 1.9
        y, long = (HIGH - HORIZON) * near + 1, (7 + 130 * near) * rng.uniform(0.4, 1.3)
        x, thick = rng.uniform(-60, width), 0.8 + 6.5 * near * rng.uniform(0.5, 1.2)
        bow, light = thick * rng.uniform(-1.2, 1.2), rng.uniform(0.3, 0.9)
        strokes += (
            f'<path d="M{x:.0f},{y:.1f}q{long / 2:.0f},{bow - thick:.1f} {long:.0f},0'
            f'q{-long / 2:.0f},{bow + thick:.1f} {-long:.0f},0" opacity="{light:.2f}"/>'
        )
    ground = f'<rect width="{width}" height="{HIGH - HORIZON}" fill="#3a3a3a"/>'
    return Painting(width, HIGH - HORIZON, f'{ground}<g fill="#fff">{strokes}</g>')


def sea_lane() -> Painting:
    """What the glitter shines with: bright below the sun, little elsewhere."""
    deep = HIGH - HORIZON
    body = sheet("all", ((0, "#8a5560"), (0.4, "#473763"), (1, "#1d2350")), (0, 0, WIDE, deep))
    gold: Stops = ((0, "#fff0c0"), (0.3, "#ffd08a"), (0.7, "#ffa368/.9"), (1, "#e87a68/.6"))
    beam = fading("beam", gold)
    body += (
        f'<defs>{beam}<filter id="soft" x="-1" width="3" y="-.2" height="1.4">'
        '<feGaussianBlur stdDeviation="46 6"/></filter></defs>'
        f'<path d="M{SUN_X - 70},0 L{SUN_X + 70},0 L{SUN_X + 330},{deep} L{SUN_X - 330},{deep}Z"'
        ' fill="url(#beam)" filter="url(#soft)"/>'
    )
    return Painting(WIDE, deep, body)


def sea_boat() -> Painting:
    body = (
        '<g fill="#2a1a3c"><path d="M14,86 L96,86 L84,101 L26,101Z"/>'
        '<path d="M53,6 L53,81 L20,81 Q42,50 53,6Z"/><path d="M57,16 Q80,54 88,81 L57,81Z"/>'
        '<rect x="54" y="4" width="2.4" height="84"/></g>'
        '<path d="M24,104 L86,104 L72,128 L40,128Z" fill="#2a1a3c" opacity=".28"/>'
    )
    return Painting(110, 130, body)


SHORE = 740


def aurora_sky() -> Painting:
    sky: Stops = ((0, "#030817"), (0.5, "#08203a"), (1, "#1d5a62"))
    body = sheet("sky", sky, (0, 0, WIDE, SHORE)) + stars(random.Random(12), (WIDE, SHORE), 520)
    return Painting(WIDE, SHORE, body)


def aurora_curtain(seed: int, low: str, high: str, base: float) -> Painting:
    """A curtain of rays on black: sharp below, fading upwards, folded like cloth."""
    rng, width, rays, x = random.Random(seed), travelled(1), "", -30.0
    one, two, three = (rng.uniform(0, 6.3) for _ in range(3))
    light = 0.6
    while x < width + 30:
        fold = math.sin(x / 310 + one) * 70 + math.sin(x / 127 + two) * 26
        light += (rng.uniform(0, 1.1) - light) * 0.16
        shine = light * (0.55 + 0.45 * math.sin(x / 420 + three))
        tall = 330 + 120 * math.sin(x / 250 + three) + 150 * light
        foot = base + fold - 40 * (x / width)
        rays += (
            f'<rect x="{x:.0f}" y="{foot - tall:.0f}" width="9" height="{tall:.0f}"'
            f' fill="url(#ray)" opacity="{max(0.0, min(1.0, shine)):.2f}"/>'
        )
        x += 7
    ray: Stops = ((0, f"{high}/0"), (0.35, f"{high}/.30"), (0.75, f"{low}/.72"), (0.94, f"{low}/1"),
                  (1, f"{low}/0"))  # fmt: skip
    body = (
        f'<defs>{fading("ray", ray)}<filter id="soft" x="-.1" width="1.2" y="-.1" height="1.2">'
        '<feGaussianBlur stdDeviation="9 5"/></filter></defs>'
        f'<rect width="{width}" height="{SHORE}" fill="#000"/><g filter="url(#soft)">{rays}</g>'
    )
    return Painting(width, SHORE, body)


def aurora_shimmer() -> Painting:
    """Where the light swells: soft grey clouds."""
    width = travelled(2)
    body = (
        '<defs><filter id="f" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise"'
        ' baseFrequency="0.0028 0.0011" numOctaves="2" seed="6"/><feColorMatrix'
        ' values="3.4 0 0 0 -1.05 3.4 0 0 0 -1.05 3.4 0 0 0 -1.05 0 0 0 0 1"/></filter></defs>'
        f'<rect width="{width}" height="{SHORE}" filter="url(#f)"/>'
    )
    return Painting(width, SHORE, body)


def aurora_land() -> Painting:
    """Snowy mountains and woods on the far shore; the lake mirrors them."""
    rng, size = random.Random(82), (WIDE, SHORE)
    body = mountain("a", ridge(rng, WIDE, SHORE - 70, 210, 0.48), size, "#3b6874", "#12323f")
    body += mountain("b", ridge(rng, WIDE, SHORE - 50, 80), size, "#1b4350", "#0a2029")
    body += wood(rng, ridge(rng, WIDE, SHORE - 16, 16, 0.5), size, "#030d14", 62, 9, 0.2)
    return Painting(WIDE, SHORE, body)


def logo() -> Painting:
    """Two halves of a disc, cut and joined with a step, and the name."""
    body = (
        '<g fill="#fff" opacity=".82"><path d="M26,6 A22,22 0 0 0 26,50Z"/>'
        '<path d="M31,14 A22,22 0 0 1 31,58Z" opacity=".7"/>'
        '<text x="68" y="43" font-family="Montserrat" font-size="31" font-weight="600"'
        ' letter-spacing="2.5">resplice</text></g>'
    )
    return Painting(260, 64, body)


LAYERS: dict[str, Callable[[], Painting]] = {
    "valley-sky": valley_sky,
    "valley-far": lambda: valley_range(61, 1, 0.15),
    "valley-mid": lambda: valley_range(14, 2, 0.5),
    "valley-near": lambda: valley_range(90, 4, 1),
    "valley-mist": valley_mist,
    "sea-sky": sea_sky,
    "sea-clouds": sea_clouds,
    "sea-waves1": lambda: sea_waves(1),
    "sea-waves2": lambda: sea_waves(2),
    "sea-lane": sea_lane,
    "sea-boat": sea_boat,
    "aurora-sky": aurora_sky,
    "aurora-green": lambda: aurora_curtain(15, "#4dffb0", "#2fb4c8", 560),
    "aurora-violet": lambda: aurora_curtain(8, "#38d8a8", "#a05be0", 440),
    "aurora-shimmer": aurora_shimmer,
    "aurora-land": aurora_land,
    "logo": logo,
}
