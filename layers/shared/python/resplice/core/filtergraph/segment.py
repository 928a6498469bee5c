"""A segment's command line: layers over a ground, blended when it is a transition, encoded.

What does not change is composed once: the ground and the still layers on it that last for the
whole segment are one frame, repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from resplice.core.composition import Canvas, Composite, Layer
from resplice.core.filtergraph.effects import BT709, draw, has_alpha
from resplice.core.filtergraph.graph import Graph
from resplice.core.filtergraph.inputs import GRAPH, INTO, Inputs, Invocation, Paths
from resplice.core.pieces import GROUP_SECONDS, Profile, SegmentTask

TAGS = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"


def segment_invocation(task: SegmentTask, paths: Paths) -> Invocation:
    """The FFmpeg run that makes the segment. paths: where each source digest lies."""
    graph, inputs = Graph(), Inputs(paths)
    out = composed(graph, inputs, task, task.frames)
    argv = (
        *("-/filter_complex", GRAPH, "-map", f"[{out}]", "-frames:v", str(task.frames)),
        *encoding(task.profile, task.canvas),
    )
    return Invocation(argv, tuple(inputs.feeds), graph.text(), tuple(inputs.inputs))


def together(tasks: Sequence[SegmentTask], paths: Paths) -> Invocation:
    """One FFmpeg run that makes several segments, the same bytes as if each had its own: starting
    it is the most of what a picture takes that stands still. INTO.format(n) stands for the file of
    each. Only for those in which no view travels.
    """
    graph, inputs, argv = Graph(), Inputs(paths), ["-/filter_complex", GRAPH]
    for number, task in enumerate(tasks):
        out = composed(graph, inputs, task, task.frames)
        argv += ("-map", f"[{out}]", "-frames:v", str(task.frames))
        argv += (*encoding(task.profile, task.canvas), INTO.format(number))
    return Invocation(tuple(argv), (), graph.text(), tuple(inputs.inputs))


def composed(graph: Graph, inputs: Inputs, task: SegmentTask, overlap: int, passed: int = 0) -> str:
    """The segment's frames as they are encoded. overlap: of its transition, if it is one, in
    frames; passed: how many of these were before the first.
    """
    picture = _composite(graph, inputs, task.picture, task.canvas, task.frames)
    if task.into:
        into = _composite(graph, inputs, task.into, task.canvas, task.frames)
        length_s, begun_s = overlap / task.canvas.fps, passed / task.canvas.fps
        offset = f"-{begun_s:.6f}" if passed else "0"
        blend = f"xfade=transition={task.style}:duration={length_s:.6f}:offset={offset}"
        picture = graph.chain((picture, into), blend, f"trim=end_frame={task.frames}")
    for layer in task.above:
        picture = _laid(graph, inputs, picture, layer, task.canvas.fps)
    return graph.chain(picture, "format=yuv420p", "setsar=1", TAGS)


def encoding(profile: Profile, canvas: Canvas) -> tuple[str, ...]:
    """Output options of every segment of a movie: alike to the bit, so that copies join.

    aq-mode 3 spends bits where it is dark, where fades show blocks first;
    stitchable=1 makes parameter sets equal whatever the content; GOPs are closed (x264's
    default) and as long as players can wait; the timescale is a multiple of the frame rate.

    What is held stands alone: its quality would hang on the frame rate, were it reckoned by what
    others take of it (mbtree).
    """
    crf, alone = (profile.held_crf, ":mbtree=0") if profile.stands else (profile.crf, "")
    return (
        *("-an", "-sn", "-dn", "-map_metadata", "-1", "-fps_mode", "passthrough"),
        *("-c:v", "libx264", "-preset", profile.preset, "-crf", str(crf)),
        *("-threads", str(profile.threads), "-profile:v", "high", "-pix_fmt", "yuv420p"),
        *("-g", str(GROUP_SECONDS * canvas.fps), "-bf", "2"),
        *("-x264-params", f"stitchable=1:open-gop=0:aq-mode=3{alone}"),
        *("-color_range", "tv", "-color_primaries", "bt709"),
        *("-color_trc", "bt709", "-colorspace", "bt709"),
        *("-video_track_timescale", str(512 * canvas.fps)),
        *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-f", "mp4"),
    )


def _composite(
    graph: Graph, inputs: Inputs, composite: Composite, canvas: Canvas, frames: int
) -> str:
    """Exactly `frames` pictures of the canvas's size, numbered from 0 on its clock."""
    layers, clock = composite.layers, f"fps={canvas.fps}"
    if layers and _hides_canvas(layers[0], canvas, frames):
        picture = graph.chain(draw(graph, inputs, layers[0], canvas.fps).label, clock)
        layers = layers[1:]
    else:
        still = list(takewhile(lambda layer: _whole(layer, frames), layers))
        picture = _ground(graph, composite.background, canvas)
        for layer in still:
            picture = _laid(graph, inputs, picture, layer, canvas.fps)
        repeat = ("loop=loop=-1:size=1:start=0", f"trim=end_frame={frames}")
        picture = graph.chain(picture, *repeat, f"settb=1/{canvas.fps}", "setpts=N", clock)
        layers = layers[len(still) :]
    for layer in layers:
        picture = _laid(graph, inputs, picture, layer, canvas.fps)
    return picture


def _hides_canvas(layer: Layer, canvas: Canvas, frames: int) -> bool:
    """Whether the layer is a moving, opaque picture over all of the canvas, all of the time."""
    look = layer.look
    clear = has_alpha(layer) or layer.mask or look.rotation or layer.fades
    fills = (look.x, look.y, *look.size) == (0, 0, canvas.width, canvas.height)
    return fills and layer.lasts(frames) and not clear and not layer.stands_still


def _whole(layer: Layer, frames: int) -> bool:
    return layer.stands_still and layer.lasts(frames)


def _ground(graph: Graph, colour: str, canvas: Canvas) -> str:
    """One frame of plain colour, converted by the same matrix as every picture."""
    source = f"color=c={colour.replace('#', '0x')}:s={canvas.width}x{canvas.height}:r={canvas.fps}"
    return graph.chain(
        (), source, "trim=end_frame=1", "format=gbrp", f"scale={BT709}", "format=yuv420p"
    )


def _laid(graph: Graph, inputs: Inputs, under: str, layer: Layer, fps: int) -> str:
    """Lay the layer over what is there, in its window."""
    drawn = draw(graph, inputs, layer, fps)
    place = f"overlay=x={drawn.x}:y={drawn.y}:format=yuv420"
    if drawn.moving:
        return graph.chain((under, drawn.label), f"{place}:eof_action=pass")
    window = f"enable='between(n,{layer.first},{layer.end - 1})'"
    return graph.chain((under, drawn.label), f"{place}:{window}")
