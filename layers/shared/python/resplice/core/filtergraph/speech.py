"""Speech: what a provider spoke, joined and brought to one loudness; and a sound to listen to."""

from __future__ import annotations

from collections.abc import Sequence

from resplice.core.composition import Source
from resplice.core.filtergraph.graph import Graph
from resplice.core.filtergraph.inputs import GRAPH, Inputs, Invocation, Paths
from resplice.core.pieces import SAMPLE_RATE

LOUDNESS_LUFS = -16.0
"""Integrated, EBU R128: what podcasts and the web are mixed to."""
NEAR_LU = 0.3
PEAK_LIMIT = 0.84
"""Of samples at four times the rate, so that true peaks stay below -1 dBTP."""
OVERSAMPLED = 4 * SAMPLE_RATE
MAX_GAIN_DB = 40.0
"""What is quieter than this makes up for is no speech."""
SILENT_LUFS = -69.0
FADE_SECONDS = 0.005
LISTENING_RATE = 16_000
CLEAN = (
    "-vn",
    "-sn",
    "-dn",
    "-map_metadata",
    "-1",
    "-fflags",
    "+bitexact",
    "-flags:a",
    "+bitexact",
)
FLAC = ("-c:a", "flac", "-sample_fmt", "s16", "-f", "flac")
EVEN = "asetnsamples=n=4608:p=0"
"""FFmpeg makes all FLAC frames as long as the first piece of sound that comes. Of an MP3 that may
be 47 samples, and whoever reads such a file works four times as long."""


def gain_db(integrated_lufs: float) -> float:
    """What brings a sound to the one loudness; 0 for silence."""
    if integrated_lufs <= SILENT_LUFS:
        return 0.0
    return min(MAX_GAIN_DB, LOUDNESS_LUFS - integrated_lufs)


def corrected_db(gain: float, reached_lufs: float) -> float | None:
    """The gain to try once more when limiting peaks took too much of the loudness; None when what
    was reached with that gain is near enough, or is silence.
    """
    missing = LOUDNESS_LUFS - reached_lufs
    if reached_lufs <= SILENT_LUFS or abs(missing) <= NEAR_LU:
        return None
    better = min(MAX_GAIN_DB, gain + missing)
    return None if better == gain else better


def joined_invocation(parts: Sequence[Source], paths: Paths) -> Invocation:
    """The parts in a row, mono, without clicks where they meet."""
    graph, inputs = Graph(), Inputs(paths)
    return _flac(graph, inputs, _joined(graph, inputs, parts), SAMPLE_RATE)


def levelled_invocation(sound: Source, gain: float, paths: Paths) -> Invocation:
    """The sound, mono, louder by that many dB, its true peaks limited."""
    graph, inputs = Graph(), Inputs(paths)
    limiter = f"alimiter=level=0:limit={PEAK_LIMIT}:attack=1:release=60:latency=1"
    louder = (f"volume={gain:.3f}dB", f"aresample={OVERSAMPLED}", limiter)
    out = graph.chain(_joined(graph, inputs, [sound]), *louder, f"aresample={SAMPLE_RATE}")
    return _flac(graph, inputs, out, SAMPLE_RATE)


def listening_invocation(sound: Source, paths: Paths) -> Invocation:
    """The sound of a source as recognisers want it: 16 kHz, mono, its gaps filled."""
    graph, inputs = Graph(), Inputs(paths)
    number = inputs.file(sound)
    even = f"aresample={LISTENING_RATE}:async=1:first_pts=0"
    out = graph.chain(f"{number}:a:0", even, "aformat=channel_layouts=mono")
    return _flac(graph, inputs, out, LISTENING_RATE)


def _joined(graph: Graph, inputs: Inputs, parts: Sequence[Source]) -> str:
    labels = [_part(graph, inputs, part) for part in parts]
    if len(labels) == 1:
        return labels[0]
    return graph.chain(labels, f"concat=n={len(labels)}:v=0:a=1")


def _part(graph: Graph, inputs: Inputs, part: Source) -> str:
    number = inputs.file(part)
    fade = f"afade=t=in:d={FADE_SECONDS}"
    end = ("areverse", fade, "areverse")
    mono = "aformat=sample_fmts=fltp:channel_layouts=mono"
    return graph.chain(f"{number}:a:0", f"aresample={SAMPLE_RATE}", mono, fade, *end)


def _flac(graph: Graph, inputs: Inputs, out: str, rate: int) -> Invocation:
    even = graph.chain(out, EVEN)
    argv = ("-/filter_complex", GRAPH, "-map", f"[{even}]", *CLEAN, "-ar", str(rate), *FLAC)
    return Invocation(argv, graph=graph.text(), inputs=tuple(inputs.inputs))
