"""What is done to a picture: from its frames to what lies on the canvas.

Order (see composition.Look): crop, flip, scale, cut, key, correct, pad, move, mask, rotate, fade.
Colour becomes BT.709 limited range here, once. Pictures with alpha are scaled and turned with
premultiplied colour, so that no dark rim shows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

from resplice.core.composition import (
    Box,
    ChromaKey,
    Correction,
    Fade,
    Layer,
    Look,
    Picture,
    Play,
    Rotation,
)
from resplice.core.filtergraph.colours import as_canvas
from resplice.core.filtergraph.graph import Graph
from resplice.core.filtergraph.inputs import OUTPUT, FramePipe, Inputs, Invocation
from resplice.core.filtergraph.pictures import Reading, Window, read
from resplice.frozen import frozen

BT709 = "out_color_matrix=bt709:out_range=tv"
AS_BT709 = "setparams=range=tv:colorspace=bt709"
AS_PREMULTIPLIED = "setparams=alpha_mode=premultiplied"
"""Raw frames tell nothing of themselves, and what is not told is taken for something else."""
SCALER = "flags=bicubic+accurate_rnd+full_chroma_int"
FAST_SCALER = "flags=bicubic"
"""For frames that pass once: accurate rounding would cost as much again as decoding them."""
PREMULTIPLIED = ("format=gbrap", "premultiply=inplace=1")
STRAIGHT = ("unpremultiply=inplace=1", f"scale={BT709}", "format=yuva420p")


@frozen
class Drawn:
    """A layer ready to be laid over: its label, whether its frames change, and where it goes."""

    label: str
    moving: bool
    x: int
    y: int


def draw(graph: Graph, inputs: Inputs, layer: Layer, fps: int) -> Drawn:
    """Add the layer's inputs and filters. A still one is one frame; others start at `first`."""
    look, alpha = layer.look, has_alpha(layer)
    if look.motion:
        number = inputs.feed(_feed(layer, inputs, fps), fps)
        label = graph.chain(
            f"{number}:v", *((AS_PREMULTIPLIED, *STRAIGHT) if alpha else (AS_BT709,))
        )
    else:
        label = _dressed(graph, _reading(graph, inputs, layer, fps), layer)
    if not layer.stands_still:
        label = graph.chain(label, *_paced(layer, fps))
    if layer.showing:
        label = graph.chain(label, _slot(layer))
    if layer.mask:
        label = _masked(graph, inputs, label, layer, alpha, fps)
    x, y = look.x, look.y
    if look.rotation:
        width, height = _turned(look)
        label = graph.chain(label, *_rotated(look.rotation, width, height, layer.age))
        x, y = x - (width - look.size[0]) // 2, y - (height - look.size[1]) // 2
    if layer.stands_still:
        return Drawn(label, False, x, y)
    return Drawn(graph.chain(label, *_faded(layer, fps)), True, x, y)


def has_alpha(layer: Layer) -> bool:
    """Whether the picture may be transparent before masks, turns and fades make it so."""
    return bool(layer.picture.has_alpha or layer.look.chroma_key or layer.look.pad)


def _reading(graph: Graph, inputs: Inputs, layer: Layer, fps: int) -> Reading:
    window = Window(layer.clip, layer.end - layer.first, fps)
    return read(layer.picture, window, graph, inputs)


def _dressed(graph: Graph, reading: Reading, layer: Layer) -> str:
    """The picture's frames on the canvas clock, dressed but unmoved: yuv420p, or yuva420p."""
    look, alpha = layer.look, layer.picture.has_alpha
    label = graph.chain(reading.stream, *reading.clock, *_sized(look, layer.picture))
    if look.chroma_key:
        label = graph.chain(label, _keyed(look.chroma_key))
        alpha = True
    if look.correction:
        label = _corrected(graph, label, look.correction, alpha)
    if look.pad:
        label = graph.chain(label, "format=yuva444p", _padded(look.pad), "format=yuva420p")
    return label


def _sized(look: Look, picture: Picture) -> tuple[str, ...]:
    """Crop, flip and scale to the wanted size, into the canvas's colour space.

    A crop box counts pixels as shown, so pixels that are not square are made so before it.
    """
    width, height = look.scaled
    wide, high = picture.size
    kept = (look.crop.width, look.crop.height) if look.crop else picture.size
    steps = [f"scale={wide}:{high}", _crop(look.crop)] if look.crop else []
    steps += ["hflip"] * look.flip_horizontal + ["vflip"] * look.flip_vertical
    size = f"scale={width}:{height}:{FAST_SCALER if picture.moves else SCALER}"
    if picture.colours and picture.has_alpha:
        steps += as_canvas(picture.colours, alpha=True)
    if picture.colours and not picture.has_alpha:
        steps += [size, *as_canvas(picture.colours, alpha=False)]
        steps += [f"scale={SCALER}:{BT709}", "format=yuv420p"]
    elif not picture.has_alpha:
        steps += [f"{size}:{BT709}", "format=yuv420p"]
    elif (width, height) == kept:
        steps += [f"scale={BT709}", "format=yuva420p"]
    else:
        steps += [*PREMULTIPLIED, size, *STRAIGHT]
    return (*steps, "setsar=1", *([_crop(look.cut)] if look.cut else []))


def _crop(box: Box) -> str:
    return f"crop={box.width}:{box.height}:{box.x}:{box.y}:exact=1"


def _keyed(key: ChromaKey) -> str:
    """tolerance 1..100 is the share of the way to the most different hue: 100 takes all.

    A share of the whole plane would take greys at JSON2Video's default of 25. The colour is told
    as chroma: from RGB the filter would make it by another matrix than ours.
    """
    own = _chroma([int(key.colour[i : i + 2], 16) for i in (1, 3, 5)])
    corners = (_chroma(corner) for corner in product((0, 255), repeat=3))
    reach = max(math.dist(own, corner) for corner in corners) / (255 * math.sqrt(2))
    colour = "0x80" + "".join(f"{round(level):02x}" for level in own)
    similarity = max(0.01, reach * key.tolerance / 100)
    return f"format=yuva420p,chromakey=color={colour}:yuv=1:similarity={similarity:.4f}:blend=0.05"


def _chroma(rgb: Sequence[int]) -> tuple[float, float]:
    """Cb and Cr of BT.709, limited range."""
    red, green, blue = rgb
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    scale = 112 / 255
    return 128 + (blue - luma) / 0.9278 * scale, 128 + (red - luma) / 0.7874 * scale


def _corrected(graph: Graph, label: str, tone: Correction, alpha: bool) -> str:
    """eq knows no alpha: it goes round."""
    eq = (
        f"eq=brightness={tone.brightness:.6f}:contrast={tone.contrast:.6f}"
        f":gamma={tone.gamma:.6f}:saturation={tone.saturation:.6f}"
    )
    if not alpha:
        return graph.chain(label, eq)
    colour, clear = graph.split(label)
    toned = graph.chain(colour, "format=yuv420p", eq)
    return graph.chain((toned, graph.chain(clear, "alphaextract")), "alphamerge")


def _padded(pad: Box) -> str:
    """On whole-resolution chroma only: pad rounds odd sizes and places to what chroma has."""
    return f"pad={pad.width}:{pad.height}:{pad.x}:{pad.y}:color=black@0"


def _feed(layer: Layer, inputs: Inputs, fps: int) -> FramePipe:
    """The moving view as a feed; everything before the motion happens in its own FFmpeg."""
    look, graph, own = layer.look, Graph(), Inputs(inputs.paths)
    motion = look.motion
    assert motion is not None
    alpha = has_alpha(layer)
    label = _dressed(graph, _reading(graph, own, layer, fps), layer)
    if layer.clip:
        label = graph.chain(label, *_held(layer))
    label = graph.chain(label, *(PREMULTIPLIED if alpha else ("format=yuv420p",)))
    argv = ("-filter_complex", graph.text(), "-map", f"[{label}]", "-f", "rawvideo", OUTPUT)
    return FramePipe(
        Invocation(argv, inputs=tuple(own.inputs)),
        _prepared_size(look),
        look.size,
        "gbrap" if alpha else "yuv420p",
        layer.clip is None,
        motion,
        layer.age,
        layer.end - layer.first,
    )


def _prepared_size(look: Look) -> tuple[int, int]:
    kept = look.pad or look.cut
    return (kept.width, kept.height) if kept else look.scaled


def _held(layer: Layer) -> tuple[str, ...]:
    """As many frames as the window has: the last one stays, loops go round."""
    count, clip = layer.end - layer.first, layer.clip
    hold = "tpad=stop_mode=clone:stop=-1"
    if clip and clip.loop_frames:
        loop, first = clip.loop_frames, clip.skip_frames
        whole = (hold, f"trim=end_frame={loop}", f"loop=loop=-1:size={loop}:start=0")
        return (*whole, f"trim=start_frame={first}:end_frame={first + count}")
    return (hold, f"trim=end_frame={count}")


def _paced(layer: Layer, fps: int) -> tuple[str, ...]:
    """One frame for each of the window's, numbered from 0."""
    count = layer.end - layer.first
    if layer.look.motion:
        frames: tuple[str, ...] = (f"trim=end_frame={count}",)
    elif layer.clip:
        frames = _held(layer)
    else:
        frames = ("loop=loop=-1:size=1:start=0", f"trim=end_frame={count}")
    return (*frames, f"settb=1/{fps}", "setpts=N")


def _slot(layer: Layer) -> str:
    """What is seen of a sheet: its frames are one picture, so a window that moves costs nothing.

    The expression adds up how far down the slot of frame n lies: it jumps with each change.
    """
    width, height = layer.picture.size
    (_, first), *changes = layer.showing
    down = f"{first * height}"
    for (frame, slot), (_, before) in zip(changes, layer.showing, strict=False):
        down += f"{(slot - before) * height:+d}*gte(n,{frame})"
    return f"crop={width}:{height}:0:'{down}':exact=1"


def _masked(graph: Graph, inputs: Inputs, label: str, layer: Layer, alpha: bool, fps: int) -> str:
    """The mask's grey levels, times what transparency there is."""
    mask = layer.mask
    assert mask is not None
    if mask.plays:
        parts = [_levels(graph, inputs, layer, mask.picture, play, fps) for play in mask.plays]
        row = f"concat=n={len(parts)}"
        levels = graph.chain(parts, row, f"settb=1/{fps}", "setpts=N")
    else:
        levels = _levels(graph, inputs, layer, mask.picture, None, fps)
    if not alpha:
        return graph.chain((label, levels), "alphamerge")
    colour, clear = graph.split(label)
    both = graph.chain((graph.chain(clear, "alphaextract"), levels), "blend=all_mode=multiply")
    return graph.chain((colour, both), "alphamerge")


def _levels(
    graph: Graph, inputs: Inputs, layer: Layer, picture: Picture, play: Play | None, fps: int
) -> str:
    """The mask's grey levels at the layer's size; small and grey before any is held for a loop."""
    clip, frames = (play.clip, play.frames) if play else (None, 1)
    shown = Layer(picture, layer.look, 0, frames, clip=clip)
    reading = _reading(graph, inputs, shown, fps)
    width, height = layer.look.size
    on_black = PREMULTIPLIED if picture.has_alpha else ()
    grey = (f"scale={width}:{height}:{SCALER}:out_range=pc", "format=gray")
    held = _held(shown) if clip else ()
    return graph.chain(reading.stream, *reading.clock, *on_black, *grey, *held)


def _turned(look: Look) -> tuple[int, int]:
    """The box that holds the turned picture; as odd or even as the picture, so the middle stays."""
    width, height = look.size
    assert look.rotation is not None
    if look.rotation.turn_frames:
        across = math.ceil(math.hypot(width, height))
        return across + (across - width) % 2, across + (across - height) % 2
    angle = math.radians(look.rotation.angle)
    cos, sin = abs(math.cos(angle)), abs(math.sin(angle))
    wide = math.ceil(round(width * cos + height * sin, 6))
    high = math.ceil(round(width * sin + height * cos, 6))
    return wide + (wide - width) % 2, high + (high - height) % 2


def _rotated(rotation: Rotation, width: int, height: int, age: int) -> tuple[str, ...]:
    angle = f"{rotation.angle:.6f}*PI/180"
    if rotation.turn_frames:
        passed = f"n+{age}"
        if rotation.stops_at is not None:
            passed = f"min({passed},{rotation.stops_at})"
        angle += f"*({passed})/{rotation.turn_frames:.6f}"
    turn = f"rotate=a='{angle}':ow={width}:oh={height}:c=black@0"
    return ("format=yuva420p", *PREMULTIPLIED, turn, *STRAIGHT)


def _faded(layer: Layer, fps: int) -> tuple[str, ...]:
    """Fades run on the layer's own age, then its frames are moved to where they are shown."""
    steps = [f"setpts=N+{layer.age}"] if layer.fades else []
    steps += ["format=yuva420p"] * bool(layer.fades)
    steps += [_fade(fade, fps) for fade in layer.fades]
    return (*steps, f"setpts=N+{layer.first}")


def _fade(fade: Fade, fps: int) -> str:
    start, length = fade.start_frame / fps, fade.frames / fps
    return f"fade=t={fade.side}:st={start:.6f}:d={length:.6f}:alpha=1"
