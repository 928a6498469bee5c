"""A waveform: the mixed sound drawn as one filled shape, mirrored about the middle of its picture.

Levels become a row of grey pixels first, one for each column: so smoothing averages heights, not
pictures. The row is stretched to the picture's width, and each pixel is as opaque as the height
at its column says, with soft edges. Nothing but FFmpeg's filters: a frame costs what its pixels do.
"""

from __future__ import annotations

from resplice.core.composition import WaveformPicture
from resplice.core.filtergraph.graph import Graph
from resplice.core.filtergraph.inputs import Inputs
from resplice.core.filtergraph.sound import mixed, near_its_place, silence
from resplice.core.pieces import SAMPLE_RATE, samples_at
from resplice.core.waveform import SMOOTHED, Raster, raster

STEPS = 1024
"""Levels told apart."""
TAPER = 0.3
"""The fraction of the width in which the wave comes out of the line, at each end."""
LINE_PIXELS = 2
"""Where nothing is heard."""
STRETCHED = 64
"""A row or column becomes so many before it becomes thousands, which no scaler makes of one."""
WHITE = 65_535
LIFTED = f"val*(2-val/{WHITE})"
"""How far the wave goes at a level: speech is quiet, and is to be seen well. What is nearly nothing
is twice that and still nearly nothing; full level stays what it is.
"""
PLAIN = "setparams=range=tv:colorspace=bt709"


def waveform(graph: Graph, inputs: Inputs, picture: WaveformPicture, frames: int, fps: int) -> str:
    """Those frames of the picture on the canvas clock, yuva420p; one when nothing is heard."""
    width, height = picture.size
    unit = WHITE // (round(picture.reach) + 4)
    line = LINE_PIXELS / 2
    rise = max(0.0, picture.reach - line)
    grown = graph.chain(
        (_levels(graph, inputs, picture, frames, fps), _taper(graph, width, fps)),
        "blend=all_mode=multiply:shortest=1",
        f"lut=y='({line + 0.5}+{rise:.3f}*val/{WHITE})*{unit}'",
        f"scale={width}:{STRETCHED}:flags=neighbor",
        f"scale={width}:{height}:flags=neighbor",
    )
    opaque = graph.chain(
        (grown, _distances(graph, height, width, unit, fps)),
        "blend=all_mode=subtract:shortest=1",
        f"lut=y='min(val/{unit - 1},1)*{picture.opacity:.6f}*{WHITE}'",
        "format=gray16",  # Or all of this would be done in 8 bits.
        "format=gray",
    )
    return graph.chain((_plain(graph, picture, fps), opaque), "alphamerge=shortest=1", PLAIN)


def _levels(graph: Graph, inputs: Inputs, picture: WaveformPicture, frames: int, fps: int) -> str:
    """A row of grey pixels for each frame: how far the wave goes at each column."""
    if not picture.sounds:
        return graph.chain((), *_still(f"{picture.width}x1", fps), *_clock(fps))
    made = raster(fps)
    # One frame more: the last is never shown.
    ground = silence(graph, samples_at(made.lead + frames + made.tail + 1, fps))
    heard = mixed(graph, inputs, ground, picture.sounds, near_its_place)
    return graph.chain(
        heard,
        *_columns(made, fps),
        *([f"tile={made.frames}x1:overlap={made.frames - 1}"] if made.frames > 1 else []),
        f"tmix=frames={SMOOTHED}:weights='1 2 1'",
        f"trim=start_frame={SMOOTHED - 1}",
        f"lut=y='{LIFTED}'",
        f"scale={picture.width}:1:flags=bicubic",
        *_clock(fps),
    )


def _columns(made: Raster, fps: int) -> tuple[str, ...]:
    """The peaks of each frame's sound. Its first picture is an empty one before all sound."""
    bars = f"showwaves=s={made.columns}x{STEPS}:mode=cline:draw=full:colors=white|white"
    return (
        *([f"aresample={made.rate}"] if made.rate != SAMPLE_RATE else []),
        f"{bars}:n={made.samples}:rate={fps}",
        "format=rgba",
        "alphaextract",
        "format=gray16",
        f"pixelize=w=1:h={STEPS}:mode=avg",
        f"crop={made.columns}:1:0:0",
        "trim=start_frame=1",
        *_clock(fps),
    )


def _clock(fps: int) -> tuple[str, ...]:
    return f"settb=1/{fps}", "setpts=N"


def _still(size: str, fps: int) -> tuple[str, ...]:
    return f"color=c=black:s={size}:r={fps}", "trim=end_frame=1", "format=gray16"


def _for_ever(fps: int) -> tuple[str, ...]:
    return "loop=loop=-1:size=1:start=0", *_clock(fps)


def _taper(graph: Graph, width: int, fps: int) -> str:
    """1 in the middle of a row, falling softly to 0 at its ends."""
    inwards = f"min((min(X,W-1-X)+0.5)/W/{TAPER},1)"
    drawn = f"geq=lum='{WHITE}*(1-cos(PI*{inwards}))/2'"
    return graph.chain((), *_still(f"{width}x1", fps), drawn, *_for_ever(fps))


def _distances(graph: Graph, height: int, width: int, unit: int, fps: int) -> str:
    """How far each pixel is from the middle."""
    drawn = f"geq=lum='min({WHITE},{unit}*abs(Y+0.5-H/2))'"
    wide = f"scale={width}:{height}:flags=neighbor"
    return graph.chain((), *_still(f"{STRETCHED}x{height}", fps), drawn, wide, *_for_ever(fps))


def _plain(graph: Graph, picture: WaveformPicture, fps: int) -> str:
    colour = picture.colour.replace("#", "0x")
    source = f"color=c={colour}:s={picture.width}x{picture.height}:r={fps}"
    matrix = "scale=out_color_matrix=bt709:out_range=tv"
    return graph.chain(
        (), source, "trim=end_frame=1", "format=gbrp", matrix, "format=yuva420p", *_for_ever(fps)
    )
