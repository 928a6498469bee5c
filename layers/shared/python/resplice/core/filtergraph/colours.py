"""Filters that turn a picture's own colours into the canvas's: sRGB's numbers, BT.709's gamut.

What is brighter than reference white is white on the canvas, its hue kept; what the canvas's
gamut has not is cut to what it has. All that lies within comes out as it was meant.
"""

from __future__ import annotations

from resplice.core.colours import CURVE_POINTS, FULL, HDR, Colours

WHITE_NITS = 203
"""Reference white of both kinds of HDR (ITU-R BT.2408): the canvas's white."""
HLG = "arib-std-b67"
"""A display of it weighs its colours together, which no approximation of one at a time can."""
ROOM = 2
"""Light is held at such a part of full scale, as more of one colour than all of it may be told."""


def as_canvas(colours: Colours, *, alpha: bool) -> tuple[str, ...]:
    """From any RGB or YUV that says its matrix, to RGB that the canvas takes as it is."""
    deep = "format=gbrap16le" if alpha else "format=gbrp16le"
    if colours.to_srgb:
        return (deep, *_by_profile(colours))
    into = f"zscale=min=gbr:pin={colours.primaries}:tin={colours.transfer}:p=bt709"
    if colours.transfer not in HDR.values():
        return (deep, f"{into}:t={colours.transfer}")
    floating = "format=gbrapf32le" if alpha else "format=gbrpf32le"
    light = f"{into}:t=linear:npl={WHITE_NITS}"
    if colours.transfer == HLG:
        light += ":agamma=0"
    return (deep, light, floating, "tonemap=clip:desat=0", "zscale=t=iec61966-2-1", deep)


def _by_profile(colours: Colours) -> tuple[str, ...]:
    """Numbers to light, light of one gamut to that of another, light to sRGB's numbers."""
    curves = colours.curves if len(colours.curves) == 3 else colours.curves * 3
    lights = ":".join(
        f"{name}='{_points(curve)}'" for name, curve in zip("rgb", curves, strict=True)
    )
    shares = ":".join(
        f"{into}{of}={share / ROOM:.6f}"
        for (into, of), share in zip(
            ((into, of) for into in "rgb" for of in "rgb"), colours.to_srgb, strict=True
        )
    )
    light = f"{ROOM}*val/maxval"
    number = f"maxval*if(lte({light},0.0031308),12.92*{light},1.055*pow({light},1/2.4)-0.055)"
    numbers = ":".join(f"{name}='{number}'" for name in "rgb")
    return (f"curves={lights}:interp=pchip", f"colorchannelmixer={shares}", f"lutrgb={numbers}")


def _points(curve: tuple[int, ...]) -> str:
    steps = CURVE_POINTS - 1
    return " ".join(f"{n / steps:.6g}/{level / FULL:.6g}" for n, level in enumerate(curve))
