"""What a command line reads: hostile files behind fences, and feeds of moving pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from resplice.core.composition import Motion, Source

Paths = Mapping[str, str]
"""Where the bytes of a digest (or the result of a key) lie on this machine."""


class _AsNamed(dict[str, str]):
    """Every digest and key lies at itself."""

    def __missing__(self, name: str) -> str:
        return name


AS_NAMED: Paths = _AsNamed()
"""Paths for a command line that is only read: files by name, on no machine."""
MAX_PIXELS = 128_000_000
MAX_STREAMS = 64
FEED = "feed:{}"
"""Stands in an argv where the runner puts the pipe of a feed."""
OUTPUT = "output"
"""Stands in a feed's argv where the runner puts the pipe to write to."""
GRAPH = "graph"
"""Stands in an argv where the runner puts a file with the graph: one word holds only so much."""


@dataclass(frozen=True)
class FramePipe:
    """Raw frames whose view travels: decoded by one FFmpeg, moved by Pillow, read by another.

    FFmpeg's own zoom moves in whole pixels and visibly shakes; see README, decision log.

    decode   argv after the executable; writes frames of `source` (width, height) to OUTPUT
    format   yuv420p, or gbrap with premultiplied colour
    still    one frame comes in and every view is of it; else one comes in for each that goes out
    """

    decode: tuple[str, ...]
    source: tuple[int, int]
    size: tuple[int, int]
    format: str
    still: bool
    motion: Motion
    age: int
    frames: int


@dataclass(frozen=True)
class Invocation:
    """One FFmpeg run: argv after the executable, without the output path, which comes last."""

    argv: tuple[str, ...]
    feeds: tuple[FramePipe, ...] = ()
    graph: str = ""


@dataclass
class Inputs:
    """The inputs of a command line while it is written."""

    paths: Paths
    argv: list[str] = field(default_factory=list)
    feeds: list[FramePipe] = field(default_factory=list)
    count: int = 0

    def file(self, source: Source, *options: str) -> int:
        """Read the source; the number of the input."""
        return self.add(*options, *reading(source, self.paths))

    def feed(self, feed: FramePipe, fps: int) -> int:
        """Read the feed; the number of the input."""
        name = FEED.format(len(self.feeds))
        self.feeds.append(feed)
        width, height = feed.size
        size = f"{width}x{height}"
        layout = ("-f", "rawvideo", "-pixel_format", feed.format, "-video_size", size)
        return self.add(*layout, "-framerate", str(fps), "-i", name)

    def add(self, *argv: str) -> int:
        self.argv += argv
        self.count += 1
        return self.count - 1


def reading(source: Source, paths: Paths) -> tuple[str, ...]:
    """Input options that let FFmpeg read this one file as this one kind, and nothing else.

    A still gives its decoder nothing to share out, and hundreds may be open at once.
    """
    alone = ("-threads", "1") if source.kind == "image" else ()
    return alone + hostile_input(paths[source.digest], source.demuxer, source.decoder)


def hostile_input(path: str, demuxer: str, decoder: str = "") -> tuple[str, ...]:
    """The arguments that open a file nobody vouches for.

    Only the named demuxer may run, also for what the file embeds (an AVI may carry a playlist),
    and only files may be opened; `file:` keeps a path from being read as an option or protocol.
    decoder forces the video decoder, which the alpha of VP8 and VP9 needs.
    """
    return (
        *("-max_pixels", str(MAX_PIXELS), "-max_streams", str(MAX_STREAMS)),
        *("-protocol_whitelist", "file", "-format_whitelist", demuxer, "-f", demuxer),
        *(("-c:v", decoder) if decoder else ()),
        *("-i", f"file:{path}"),
    )
