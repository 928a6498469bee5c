"""How a picture is read: each kind's inputs, and its frames on the canvas clock.

A kind of picture (see composition.PICTURES) is one row of READERS. What is done to the frames
afterwards is in `effects`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from resplice.core.composition import (
    Clip,
    FilePicture,
    FramesPicture,
    Picture,
    SheetPicture,
    Source,
    WaveformPicture,
)
from resplice.core.filtergraph.graph import Graph
from resplice.core.filtergraph.inputs import UNSEEKABLE, Inputs, reading
from resplice.core.filtergraph.waveform import waveform
from resplice.frozen import frozen


@frozen
class Reading:
    """How a picture comes into a graph.

    stream  the label of the picture: a stream of an input, or what was drawn of inputs
    clock   filters to its frames on the canvas clock, in order: one of a still
    """

    stream: str
    clock: tuple[str, ...]


@frozen
class Window:
    """What is read of a picture: `frames` of them from where the clip says; one without a clip."""

    clip: Clip | None
    frames: int
    fps: int


Reader = Callable[[Any, Window, Graph, Inputs], Reading]


def read(picture: Picture, window: Window, graph: Graph, inputs: Inputs) -> Reading:
    """Read that much of the picture: its inputs, and what draws it of them, are added."""
    return READERS[type(picture)](picture, window, graph, inputs)


def _file(picture: FilePicture, window: Window, graph: Graph, inputs: Inputs) -> Reading:
    source, clip = picture.file, window.clip
    clock = _clip(source, clip, window) if clip else ("trim=end_frame=1",)
    number = inputs.add(reading(source, inputs.paths, *_seek(source, clip)))
    stream = f"{number}:{source.stream or 'V:0'}"
    if source.clear:
        stream = graph.chain((stream, f"{number}:{source.clear}"), "alphamerge")
    return Reading(stream, clock)


def _frames(picture: FramesPicture, window: Window, graph: Graph, inputs: Inputs) -> Reading:
    """Its frames from where the clip says, as many as there are; without a clip its last one."""
    number, last = inputs.add(reading(picture.file, inputs.paths)), picture.frames - 1
    clock = [f"fps=fps={window.fps}:start_time=0", "tpad=stop_mode=clone:stop=-1"]
    first, end = (window.clip.skip_frames, picture.frames) if window.clip else (last, last + 1)
    length = window.frames
    if window.clip and window.clip.held_after:
        length = window.clip.held_after
        end = first + length
    if window.clip and picture.loop_from is not None and first + length > picture.frames:
        round_frames = picture.frames - picture.loop_from
        clock += [
            f"trim=end_frame={picture.frames}",
            f"loop=loop=-1:size={round_frames}:start={picture.loop_from}",
        ]
        end = first + length
    # What stays must be there from a segment's first frame on, whenever it came to stay.
    still = () if window.clip else ("setpts=0",)
    return Reading(f"{number}:V:0", (*clock, f"trim=start_frame={first}:end_frame={end}", *still))


def _waveform(picture: WaveformPicture, window: Window, graph: Graph, inputs: Inputs) -> Reading:
    first = window.clip.skip_frames if window.clip else 0
    stream = waveform(graph, inputs, picture, first + window.frames, window.fps)
    return Reading(stream, (f"trim=start_frame={first}", "setpts=PTS-STARTPTS") if first else ())


def _sheet(picture: SheetPicture, window: Window, graph: Graph, inputs: Inputs) -> Reading:
    """The whole sheet as one frame; which of its slots is seen is chosen from its frames."""
    (width, height), (x, y) = picture.slot, picture.place
    whole = f"pad={width}:{height * picture.slots}:{x}:{y}:color=black@0"
    number = inputs.add(reading(picture.file, inputs.paths))
    return Reading(f"{number}:V:0", ("trim=end_frame=1", "format=rgba", whole))


def _seek(source: Source, clip: Clip | None) -> tuple[str, ...]:
    """Start at the keyframe before: the frame that is shown at the seek point may be older."""
    if not clip or not clip.seek_us or source.demuxer in UNSEEKABLE:
        return ()
    return ("-noaccurate_seek", "-ss", f"{clip.seek_us / 1e6:.6f}")


def _clip(source: Source, clip: Clip, window: Window) -> tuple[str, ...]:
    """The frames that the canvas clock shows: those of the window, or all that a loop repeats."""
    first, length = clip.skip_frames, clip.held_after or window.frames
    if clip.loop_frames:
        first, length = 0, clip.loop_frames
    cut = f"trim=start_frame={first}:end_frame={first + length}"
    if clip.alone:
        cut = f"trim=end_frame={first + 1},tpad=stop_mode=clone:stop=-1,{cut}"
    clock = f"fps=fps={window.fps}:start_time=0"
    return (*_whole_frames(source), *_shifted(source, clip), clock, cut, *_told(source))


def _whole_frames(source: Source) -> tuple[str, ...]:
    """A frame of both fields' pictures for each two of them, where they are two."""
    return ("bwdif=mode=send_frame:deint=interlaced",) if source.interlaced else ()


def _shifted(source: Source, clip: Clip) -> tuple[str, ...]:
    """Time zero at the seek point, where decoding had to start at the source's beginning."""
    if not clip.seek_us or source.demuxer not in UNSEEKABLE:
        return ()
    return (f"setpts=PTS-round({clip.seek_us / 1e6:.6f}/TB)",)


def _told(source: Source) -> tuple[str, ...]:
    """Untagged video is what players take it for: BT.709 from 720 lines up, else BT.601; and of
    a wide gamut, where that is told.
    """
    if not source.untagged:
        return ()
    if source.colours:
        return ("setparams=range=tv:colorspace=bt2020nc",)
    matrix = "bt709" if max(source.width, source.height) >= 1280 else "smpte170m"
    return (f"setparams=range=tv:colorspace={matrix}",)


READERS: dict[type[Picture], Reader] = {
    FilePicture: _file,
    FramesPicture: _frames,
    SheetPicture: _sheet,
    WaveformPicture: _waveform,
}
"""How each kind of picture is read."""
