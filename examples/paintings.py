"""The demo's illustrations: layered landscapes as SVG, the same on every machine.

Only writes SVG text, from seeded random numbers; the browser that paints it is media.py's.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Point = tuple[float, float]
Stops = tuple[tuple[float, str], ...]
"""A gradient: (place 0..1, colour) in order. `#rrggbb/0.5` is a colour with its opacity."""
Box = tuple[float, float, float, float]
"""x, y, width, height."""

STILL = (2560, 1440)


@dataclass(frozen=True)
class Painting:
    """A picture to be painted: its size in pixels and what is inside its <svg>."""

    width: int
    height: int
    body: str

    def page(self) -> str:
        """The whole HTML document."""
        return (
            "<!doctype html><style>html,body{margin:0;overflow:hidden}svg{display:block}</style>"
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}"'
            f' viewBox="0 0 {self.width} {self.height}">{self.body}</svg>'
        )


def mixed(one: str, other: str, share: float) -> str:
    """The colour that lies between two `#rrggbb`: share 0 is the first, 1 the second."""
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def marks(stops: Stops) -> str:
    """The stops as SVG."""
    found = ""
    for place, colour in stops:
        tone, _, opacity = colour.partition("/")
        found += (
            f'<stop offset="{place}" stop-color="{tone}" stop-opacity="{float(opacity or 1):g}"/>'
        )
    return found


def fading(name: str, stops: Stops) -> str:
    """A gradient from top to bottom."""
    return f'<linearGradient id="{name}" x2="0" y2="1">{marks(stops)}</linearGradient>'


def sheet(name: str, stops: Stops, box: Box) -> str:
    """A rectangle (x, y, width, height) filled with a gradient."""
    x, y, width, height = box
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return f'<defs>{fading(name, stops)}</defs><rect {place} fill="url(#{name})"/>'


def glow(name: str, at: Point, radius: float, stops: Stops) -> str:
    """A round light."""
    return (
        f'<defs><radialGradient id="{name}">{marks(stops)}</radialGradient></defs>'
        f'<circle cx="{at[0]:g}" cy="{at[1]:g}" r="{radius:g}" fill="url(#{name})"'
        ' style="mix-blend-mode:screen"/>'
    )


def cloud(
    name: str,
    box: Box,
    colour: str,
    *,
    grain: tuple[float, float],
    seed: int,
    gain: float = 3.0,
    floor: float = -1.2,
) -> str:
    """Drifts of vapour in a box, soft at its upper and lower edge.

    grain: noise frequency across and down; alpha = gain * noise + floor.
    """
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    place = 'x="{:g}" y="{:g}" width="{:g}" height="{:g}"'.format(*box)
    edge = fading(f"{name}e", ((0, "#000000"), (0.5, "#ffffff"), (1, "#000000")))
    return (
        f'<defs><filter id="{name}f" x="0" y="0" width="1" height="1"'
        ' color-interpolation-filters="sRGB">'
        f'<feTurbulence type="fractalNoise" baseFrequency="{grain[0]} {grain[1]}"'
        f' numOctaves="5" seed="{seed}"/>'
        f'<feColorMatrix values="0 0 0 0 {red:.3f} 0 0 0 0 {green:.3f} 0 0 0 0 {blue:.3f}'
        f' {gain} 0 0 0 {floor}"/></filter>{edge}'
        f'<mask id="{name}m"><rect {place} fill="url(#{name}e)"/></mask></defs>'
        f'<g mask="url(#{name}m)"><rect {place} filter="url(#{name}f)"/></g>'
    )


def film(size: tuple[int, int], strength: float = 0.16) -> str:
    """Fine grain over everything: it hides the steps that 8 bits leave in a soft sky."""
    return (
        '<defs><filter id="grain" x="0" y="0" width="1" height="1"'
        ' color-interpolation-filters="sRGB">'
        '<feTurbulence type="fractalNoise" baseFrequency="0.8" numOctaves="2" seed="5"/>'
        '<feColorMatrix values="1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 0 0 0 0 1"/></filter></defs>'
        f'<rect width="{size[0]}" height="{size[1]}" filter="url(#grain)" opacity="{strength}"'
        ' style="mix-blend-mode:soft-light"/>'
    )


def ridge(
    rng: random.Random, width: float, base: float, height: float, rough: float = 0.55
) -> list[Point]:
    """A mountain's outline from left to right by midpoint displacement."""
    steps = 512
    line = [0.0] * (steps + 1)
    line[0], line[-1] = rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5)
    span, sway = steps, 1.0
    while span > 1:
        for left in range(0, steps, span):
            middle = (line[left] + line[left + span]) / 2
            line[left + span // 2] = middle + rng.uniform(-sway, sway)
        span, sway = span // 2, sway * rough
    return [(width * i / steps, base - height * line[i]) for i in range(steps + 1)]


def filled(points: Iterable[Point], width: float, floor: float) -> str:
    """Path data of the ground under an outline."""
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f"M-4,{floor:g} L{line} L{width + 4:g},{floor:g} Z"


def mountain(name: str, points: list[Point], size: tuple[float, float], top: str, foot: str) -> str:
    """A range whose foot drowns in mist: foot is the mist's colour."""
    peak = min(y for _, y in points)
    return (
        f"<defs><linearGradient id='{name}' gradientUnits='userSpaceOnUse' x1='0' x2='0'"
        f" y1='{peak:.0f}' y2='{size[1]:g}'><stop offset='0' stop-color='{top}'/>"
        f"<stop offset='.75' stop-color='{foot}'/></linearGradient></defs>"
        f'<path d="{filled(points, *size)}" fill="url(#{name})"/>'
    )


def fir(rng: random.Random, x: float, foot: float, height: float) -> str:
    """Path data of one conifer."""
    tiers, half = rng.randint(7, 10), height * rng.uniform(0.15, 0.2)
    left, right = [], []
    for tier in range(1, tiers + 1):
        y = foot - height * (1 - tier / tiers) * 0.94
        reach = half * (tier / tiers) ** 0.85 * rng.uniform(0.75, 1.15)
        notch = reach * rng.uniform(0.35, 0.5)
        left += [(x - reach, y), (x - notch, y - height * 0.022)]
        right += [(x + reach * rng.uniform(0.8, 1.1), y), (x + notch, y - height * 0.022)]
    line = [(x, foot - height), *left, (x, foot + 8), *reversed(right)]
    return "M" + " L".join(f"{px:.1f},{py:.1f}" for px, py in line) + "Z"


def forest(
    rng: random.Random, points: list[Point], height: float, gap: float, bare: float = 0
) -> str:
    """Path data of firs along an outline, in groups; bare: the share that is left open."""
    trees, x = "", 0.0
    while x < points[-1][0]:
        thick = math.sin(x / (gap * 17)) + math.sin(x / (gap * 7.3)) - (4 * bare - 2)
        if thick > 0:
            place = min(range(len(points)), key=lambda i: abs(points[i][0] - x))
            grown = min(1.0, 0.35 + thick) * rng.uniform(0.55, 1.1)
            trees += fir(rng, x, points[place][1] + 0.09 * height, height * grown)
        x += gap * rng.uniform(0.5, 1.4)
    return trees


def wood(
    rng: random.Random,
    points: list[Point],
    size: tuple[float, float],
    tone: str,
    height: float,
    gap: float,
    bare: float = 0.1,
) -> str:
    """A dark hill with firs on it."""
    trees = forest(rng, points, height, gap, bare)
    return f'<g fill="{tone}"><path d="{filled(points, *size)}"/><path d="{trees}"/></g>'


def stars(rng: random.Random, size: tuple[int, int], count: int) -> str:
    """A clear night: many faint stars, few bright ones."""
    dots = (
        '<defs><radialGradient id="halo"><stop offset="0" stop-color="#fff" stop-opacity=".3"/>'
        '<stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs>'
    )
    for _ in range(count):
        light = rng.random() ** 4
        x, y = rng.uniform(0, size[0]), rng.uniform(0, size[1])
        tone = rng.choice(("#ffffff", "#dfe9ff", "#fff1dc"))
        if light > 0.82:
            dots += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="url(#halo)"/>'
        dots += (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{0.6 + 1.5 * light:.2f}" fill="{tone}"'
            f' opacity="{0.25 + 0.7 * light:.2f}"/>'
        )
    return dots


def dawn() -> Painting:
    """Mountains in mist before sunrise."""
    rng, (width, height) = random.Random(21), STILL
    sky: Stops = (
        (0, "#27355f"), (0.22, "#56588c"), (0.42, "#a97a9c"), (0.58, "#eda58f"), (0.72, "#ffd9a6"),
    )  # fmt: skip
    body = sheet("sky", sky, (0, 0, width, height))
    body += stars(random.Random(3), (width, 420), 90)
    sun = (1890, 790)
    light = ((0, "#fff3d0/.95"), (0.12, "#ffdf9e/.6"), (0.4, "#ff9d6e/.25"), (1, "#ff8a6a/0"))
    body += glow("sun", sun, 1150, light)
    body += cloud("high", (0, 60, width, 620), "#ffc3ae", grain=(0.0007, 0.006), seed=4, gain=2.6)
    body += f'<circle cx="{sun[0]}" cy="{sun[1]}" r="64" fill="#fff6df"/>'
    far, near = "#d9a3a4", "#171c38"
    for index in range(6):
        depth = index / 5
        tone = mixed(far, near, depth**0.9)
        haze = mixed("#ffd3a9", "#6a5f86", depth)
        line = ridge(rng, width, 850 + 115 * index, 250 - 18 * index, 0.5)
        body += mountain(f"m{index}", line, (width, height), tone, haze)
        if index > 2:
            trees = forest(rng, line, 26 + 40 * (index - 3), 8 + 8 * (index - 3), 0.25)
            body += f'<path d="{trees}" fill="{mixed(tone, near, 0.3)}"/>'
        if index < 5:
            mist = (0, 830 + 110 * index, width, 330)
            grain = (0.0011, 0.0055)
            body += cloud(f"c{index}", mist, haze, grain=grain, seed=30 + index, floor=-0.95)
    front = ridge(rng, width, 1400, 60, 0.5)
    body += wood(rng, front, (width, height), "#12162e", 210, 34, 0.3)
    body += glow("veil", sun, 900, ((0, "#ffd9a0/.42"), (0.5, "#ffae7a/.14"), (1, "#ff9a70/0")))
    return Painting(width, height, body + film(STILL))


def dunes() -> Painting:
    """Desert in the late afternoon: lit flanks, blue shadows, crests like blades."""
    rng, (width, height) = random.Random(105), STILL
    sky: Stops = ((0, "#3f7f9f"), (0.3, "#86b3bb"), (0.46, "#dccfae"), (0.6, "#f9dfb4"))
    body = sheet("sky", sky, (0, 0, width, height))
    light = ((0, "#fff6da/.9"), (0.2, "#ffe7b0/.45"), (1, "#ffd890/0"))
    body += glow("sun", (560, 560), 900, light)
    high = (0, 20, width, 560)
    body += cloud("cirrus", high, "#ffffff", grain=(0.0009, 0.005), seed=12, gain=2.2)
    lines = ridge(rng, width, 760, 46, 0.42)
    body += mountain("hills", lines, (width, height), "#d3b39a", "#f3d5a8")
    for index in range(6):
        body += dune(rng, index, width, height)
    body += glow("warm", (560, 640), 1500, ((0, "#ffdf9f/.35"), (1, "#ffb060/0")))
    return Painting(width, height, body + film(STILL, 0.2))


def dune(rng: random.Random, index: int, width: int, height: int) -> str:
    """One dune: a smooth outline, a crest that winds down from its top, shade right of it."""
    depth = index / 5
    base, swell = 790 + 34 * index + 19 * index**2, 34 + 26 * index
    phase, wave = rng.uniform(0, 6.3), 620 + 170 * index

    def top(x: float) -> float:
        bend = math.sin(x / wave + phase) + 0.35 * math.sin(2.1 * x / wave + 2 * phase)
        return base - swell * math.copysign(math.pow(abs(bend), 1.2), bend)

    line = [(float(x), top(x)) for x in range(-8, 2 * width, 8)]
    lit, shade = mixed("#f6cf94", "#e79a4c", depth), mixed("#cf9d7c", "#7c3f2b", depth)
    foot = mixed("#efc591", "#b8622f", depth)
    body = mountain(f"d{index}", line, (width, height), lit, foot)
    for at in range(1, len(line) - 1):
        if line[at][1] < line[at - 1][1] and line[at][1] <= line[at + 1][1]:
            body += shadow(rng, f"s{index}x{at}", line[at:], shade, foot, swell)
    place = f'y="{base - 2 * swell:.0f}" width="{width}" height="{height}"'
    return body + (
        f'<defs>{ripples(index)}<clipPath id="p{index}"><path d="{filled(line, width, height)}"/>'
        f'</clipPath></defs><g clip-path="url(#p{index})" opacity="{0.12 + 0.25 * depth:.2f}">'
        f'<rect {place} filter="url(#r{index})"/></g>'
    )


def ripples(index: int) -> str:
    """The filter that draws what the wind left in the sand."""
    across, down = 0.004 - 0.0004 * index, 0.16 - 0.02 * index
    return (
        f'<filter id="r{index}" x="0" y="0" width="1" height="1"><feTurbulence seed="{index}"'
        f' type="fractalNoise" baseFrequency="{across:.4f} {down:.3f}" numOctaves="3"/>'
        '<feColorMatrix values="0 0 0 0 .35 0 0 0 0 .14 0 0 0 0 .05 1.9 0 0 0 -.82"/></filter>'
    )


def shadow(
    rng: random.Random, name: str, line: list[Point], shade: str, foot: str, swell: float
) -> str:
    """The lee side of a dune from its top on: between the outline and a winding crest."""
    reach = int(min(len(line) - 1, (70 + swell) * rng.uniform(0.8, 1.2)))
    outline = line[:reach]
    x0, y0 = outline[0]
    depth, lean = swell * rng.uniform(2.2, 3.0), rng.uniform(0.1, 0.22) * reach * 8
    crest = []
    for step in range(61):
        t = step / 60
        sway = math.sin(t * 5.2) * (1 - t) * swell * 1.1
        crest.append((x0 + lean * t + sway + 40 * t * t, y0 + depth * t))
    (x1, y1), (x2, y2), tail = crest[-1], outline[-1], []
    for step in range(1, 20):
        t = step / 20
        hollow = math.sin(t * math.pi) * swell * 0.25
        tail.append((x1 + (x2 - x1) * t, y1 + (y2 - y1) * t - hollow))
    points = [*crest, *tail, *reversed(outline)]
    data = "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in points) + "Z"
    return (
        f"<defs><linearGradient id='{name}' x1='0' x2='.75' y1='0' y2='1'><stop offset='0'"
        f" stop-color='{shade}'/><stop offset='1' stop-color='{foot}' stop-opacity='0'/>"
        f"</linearGradient></defs><path d='{data}' fill='url(#{name})'/>"
    )


def night() -> Painting:
    """The Milky Way over a black forest."""
    rng, (width, height) = random.Random(33), STILL
    sky: Stops = ((0, "#050a1c"), (0.5, "#0d1d3c"), (0.8, "#24426a"), (1, "#52708a"))
    body = sheet("sky", sky, (0, 0, width, height))
    turn = f'transform="rotate(-32 {width // 2} {height // 2})"'
    band = (-500, 430, width + 1000, 560)
    body += f"<g {turn}>"
    body += cloud("milk", band, "#8fa6e0", grain=(0.0016, 0.0034), seed=9, gain=1.9, floor=-0.7)
    body += cloud("rose", (-500, 560, width + 1000, 300), "#e6c4d8", grain=(0.003, 0.006), seed=2,
                  gain=1.7, floor=-0.75)  # fmt: skip
    body += cloud("dust", (-500, 640, width + 1000, 170), "#0a1430", grain=(0.003, 0.009), seed=17,
                  gain=3.4, floor=-1.5)  # fmt: skip
    body += "</g>" + stars(rng, (width, 1300), 1700)
    line = ridge(rng, width, 1290, 70, 0.45)
    for height_of_trees, drop, tone in ((90, 0, "#0b1a30"), (190, 60, "#040812")):
        ground = [(x, y + drop) for x, y in line]
        body += wood(rng, ground, (width, height), tone, height_of_trees, 13 + drop / 5)
    return Painting(width, height, body + film(STILL, 0.12))


STILLS: dict[str, Callable[[], Painting]] = {"dawn": dawn, "dunes": dunes, "night": night}
