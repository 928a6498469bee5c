"""The words that start FFmpeg: what the core said, and the fences around every file it reads.

The fences are said here, at run time, and not in the core: they change no byte of a result, so
that to harden them makes nothing anew. What changes the bytes may not be said here.
"""

from __future__ import annotations

from resplice.core.filtergraph import Input, Invocation

MAX_PIXELS = 128_000_000
MAX_STREAMS = 64
STILL_THREADS = 1
"""A still gives its decoder nothing to share out, and hundreds may be open at once."""
FILTER_THREADS = 2
MANY_INPUTS = 32
"""Above it filters share no work out: each scaler starts threads of its own."""
SERVED = "http://127.0.0.1:"
"""How a source begins that is served on this machine, see ports/parts.py; a path begins with `/`.
"""
FILE = "file:"
"""How a file is named: what is not named so, FFmpeg may not open."""
FOLLOW_NO_NAMES = frozenset({"mov"})
"""Demuxers that open nothing but what they are given; mov only where it is told to."""
_ONE_SERVER = ("-max_redirects", "0", "-icy", "0", "-enable_drefs", "0")
FEED = "feed:{}"
"""Stands where the runner puts the pipe of a feed."""


def command_line(invocation: Invocation) -> list[str]:
    """argv after the executable, without the output path.

    FEED.format(n), GRAPH and OUTPUT stand where the runner puts pipes and the graph's file.
    """
    inputs = invocation.inputs
    argv = [word for one in inputs for word in _reading(one)]
    if any(_is_served(one) for one in inputs):
        # What could not be had is an error then, and no early end.
        argv = ["-xerror", *argv]
    if invocation.graph:
        threads = FILTER_THREADS if len(inputs) <= MANY_INPUTS else 1
        argv += ["-filter_complex_threads", str(threads)]
    return [*argv, *invocation.argv]


def _reading(one: Input) -> tuple[str, ...]:
    if isinstance(one.origin, int):
        return ("-f", one.format, *one.options, "-i", FEED.format(one.origin))
    threads = ("-threads", str(STILL_THREADS)) if one.still else ()
    return (*one.options, *threads, *hostile_input(one.origin, one.format, one.decoder, one.holds))


def _is_served(one: Input) -> bool:
    return isinstance(one.origin, str) and one.origin.startswith(SERVED)


def hostile_input(path: str, demuxer: str, decoder: str = "", holds: str = "") -> tuple[str, ...]:
    """The arguments that open a file nobody vouches for.

    Only the named demuxer may run, also for what the file embeds (an AVI may carry a playlist),
    and only files may be opened; `file:` keeps a path from being read as an option or protocol.
    What is served here is for demuxers that follow no names: others could call anybody.
    decoder forces the video decoder. holds: the demuxer of what a list of ours names.
    """
    demuxers = f"{demuxer},{holds}" if holds else demuxer
    served = path.startswith(SERVED)
    if served and demuxer not in FOLLOW_NO_NAMES:
        raise ValueError(f"{demuxer} is not for what is served")
    protocols, place = ("http,tcp", path) if served else ("file", f"{FILE}{path}")
    return (
        *("-max_pixels", str(MAX_PIXELS), "-max_streams", str(MAX_STREAMS)),
        *("-protocol_whitelist", protocols, "-format_whitelist", demuxers, "-f", demuxer),
        *(_ONE_SERVER if served else ()),
        *(("-c:v", decoder) if decoder else ()),
        *("-i", place),
    )
