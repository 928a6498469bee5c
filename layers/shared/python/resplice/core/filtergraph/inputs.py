"""What a command line reads, and the command line as a value: files, feeds of moving pictures.

Only what changes the bytes of the result is said here, because keys are made of it. How a run is
fenced in (what may be opened, how much, on how many threads) is adapters/ffmpeg/command_line's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from resplice.core.composition import Source
from resplice.core.motion import Motion
from resplice.frozen import frozen

Paths = Mapping[str, str]
"""Where the bytes of a digest (or the result of a key) lie on this machine."""


class _AsNamed(dict[str, str]):
    """Every digest and key lies at itself."""

    def __missing__(self, name: str) -> str:
        return name


AS_NAMED: Paths = _AsNamed()
"""Paths for a command line that is only read: files by name, on no machine."""
OUTPUT = "output"
"""Stands in a feed's argv where the runner puts the pipe to write to."""
INTO = "into:{}"
"""The same, for each file of a run that writes several."""
GRAPH = "graph"
"""Stands in an argv where the runner puts a file with the graph: one word holds only so much."""


UNSEEKABLE = frozenset({"mpegts", "mpeg", "webp_anim"})
"""Demuxers that cannot seek, or that land after what is shown or heard at the seek point."""


@frozen
class Input:
    """One input of a command line.

    origin   path of a file, or number of a feed
    format   the demuxer that reads it, and the only one that may
    options  what else is said before it; in FFmpeg's words
    decoder  forces the video decoder, which the alpha of VP8 and VP9 needs
    holds    the demuxer of the files that it lists, when it is a list of files; none is now, but
             keys are made of all that is said here
    still    it is one picture
    """

    origin: str | int
    format: str
    options: tuple[str, ...] = ()
    decoder: str = ""
    holds: str = ""
    still: bool = False


@frozen
class FramePipe:
    """Raw frames whose view travels: decoded by one FFmpeg, moved between, read by another.

    FFmpeg's own zoom moves in whole pixels and visibly shakes; see README, decision log.

    decode   the run that writes frames of `source` (width, height) to OUTPUT
    format   yuv420p, or gbrap with premultiplied colour
    still    one frame comes in and every view is of it; else one comes in for each that goes out
    """

    decode: Invocation
    source: tuple[int, int]
    size: tuple[int, int]
    format: str
    still: bool
    motion: Motion
    age: int
    frames: int


@frozen
class Invocation:
    """One FFmpeg run: argv is what follows the inputs, without the output path, which comes last.

    graph is the text of the filtergraph that GRAPH stands for.
    """

    argv: tuple[str, ...]
    feeds: tuple[FramePipe, ...] = ()
    graph: str = ""
    inputs: tuple[Input, ...] = ()


@dataclass
class Inputs:
    """The inputs of a command line while it is written."""

    paths: Paths
    inputs: list[Input] = field(default_factory=list)
    feeds: list[FramePipe] = field(default_factory=list)

    def file(self, source: Source) -> int:
        """Read the source; the number of the input."""
        return self.add(reading(source, self.paths))

    def piece(self, key: str, demuxer: str) -> int:
        """Read what was made before; the number of the input."""
        return self.add(Input(self.paths[key], demuxer))

    def feed(self, feed: FramePipe, fps: int) -> int:
        """Read the feed; the number of the input."""
        self.feeds.append(feed)
        width, height = feed.size
        layout = ("-pixel_format", feed.format, "-video_size", f"{width}x{height}")
        options = (*layout, "-framerate", str(fps))
        return self.add(Input(len(self.feeds) - 1, "rawvideo", options))

    def add(self, one: Input) -> int:
        self.inputs.append(one)
        return len(self.inputs) - 1


def reading(source: Source, paths: Paths, *options: str) -> Input:
    """The source, read as the one kind of file that it was found to be."""
    still = source.kind == "image"
    return Input(paths[source.digest], source.demuxer, options, source.decoder, still=still)
