"""Sound: a scene's as lossless FLAC, the movie's as AAC, encoded once.

Positions are samples. Sources are brought to one rate and to stereo first, and gaps in their
timestamps are filled, so that a sample's number is its time.
"""

from __future__ import annotations

from collections.abc import Callable

from resplice.core.composition import Sound
from resplice.core.filtergraph.graph import Graph
from resplice.core.filtergraph.inputs import (
    GRAPH,
    UNSEEKABLE,
    Inputs,
    Invocation,
    Paths,
    reading,
)
from resplice.core.pieces import SAMPLE_RATE, MixTask, RowTask, SoundTask, Stretch

HELD_SAMPLES = 10 * SAMPLE_RATE
"""A loop of at most this is held in memory and costs one input, however often it goes round."""
SOUND_PLAYS_APART = 32
"""A loop that goes round more often is held too: at most 130 MB of the longest movie there is."""
STEREO = "aformat=sample_fmts=fltp:channel_layouts=stereo"
BOTH_SIDES = (f"{STEREO}|mono", "pan=stereo|FL=FL+FC|FR=FR+FC")
"""Mono is heard on both sides as loud as it is: FFmpeg's own mixing takes 3 dB off."""
LOSSLESS = ("-c:a", "flac", "-sample_fmt", "s32", "-flags:a", "+bitexact", "-f", "flac")
CLEAN = ("-vn", "-sn", "-dn", "-map_metadata", "-1", "-fflags", "+bitexact")


SETTLING_SECONDS = 2
"""Read before a place that is sought: what a decoder says first after a leap is not yet right."""
Opening = Callable[[Inputs, Sound], tuple[int, int]]
"""Reads a sound's file: the number of the input, and the samples in it before the seek point."""


def sound_invocation(task: SoundTask, paths: Paths) -> Invocation:
    """A scene's sound: 24-bit FLAC of exactly task.samples."""
    graph, inputs = Graph(), Inputs(paths)
    out = mixed(graph, inputs, silence(graph, task.samples), task.sounds)
    exact = graph.chain(out, f"atrim=end_sample={task.samples}")
    return _invocation(graph, inputs, exact, *LOSSLESS)


def row_invocation(task: RowTask, paths: Paths) -> Invocation:
    """Stretches in a row, as a scene's sound is: 24-bit FLAC. paths: where each key lies."""
    graph, inputs = Graph(), Inputs(paths)
    return _invocation(graph, inputs, _joined(graph, inputs, task.stretches), *LOSSLESS)


def mix_invocation(task: MixTask, paths: Paths) -> Invocation:
    """The movie's sound: AAC in MP4 of task.samples. paths: also where each sound key lies."""
    graph, inputs = Graph(), Inputs(paths)
    scenes = _joined(graph, inputs, task.stretches)
    out = mixed(graph, inputs, scenes, task.sounds)
    exact = graph.chain(out, f"apad=whole_len={task.samples}", f"atrim=end_sample={task.samples}")
    codec = ("-c:a", "aac", "-b:a", str(task.bitrate), "-flags:a", "+bitexact", "-f", "mp4")
    return _invocation(graph, inputs, exact, *codec)


def _invocation(graph: Graph, inputs: Inputs, out: str, *codec: str) -> Invocation:
    mixing = ("-/filter_complex", GRAPH, "-map", f"[{out}]", *CLEAN, "-ar", str(SAMPLE_RATE))
    return Invocation((*mixing, *codec), graph=graph.text(), inputs=tuple(inputs.inputs))


def silence(graph: Graph, samples: int) -> str:
    """Nothing, so many samples long: the ground of a mix."""
    source = f"anullsrc=r={SAMPLE_RATE}:cl=stereo"
    return graph.chain((), source, STEREO, f"atrim=end_sample={samples}")


def from_its_beginning(inputs: Inputs, sound: Sound) -> tuple[int, int]:
    """Exact in any file."""
    return inputs.file(sound.source), _samples(sound.seek_us)


def near_its_place(inputs: Inputs, sound: Sound) -> tuple[int, int]:
    """From shortly before the seek point, on a whole second: as quick late in a file as early.

    As exact as its container's times are, which is enough to be looked at.
    """
    skip = _samples(sound.seek_us)
    second = skip // SAMPLE_RATE - SETTLING_SECONDS
    if second <= 0 or sound.source.demuxer in UNSEEKABLE:
        return from_its_beginning(inputs, sound)
    sought = reading(sound.source, inputs.paths, "-ss", str(second))
    return inputs.add(sought), skip - second * SAMPLE_RATE


def _samples(seek_us: int) -> int:
    return round(seek_us * SAMPLE_RATE / 1e6)


def mixed(
    graph: Graph,
    inputs: Inputs,
    ground: str,
    sounds: tuple[Sound, ...],
    opened: Opening = from_its_beginning,
) -> str:
    """The sounds over the ground, added up as they are, as long as the ground."""
    labels = [ground, *(_heard(graph, inputs, sound, opened) for sound in sounds)]
    if len(labels) == 1:
        return ground
    return graph.chain(labels, f"amix=inputs={len(labels)}:duration=first:normalize=0")


def _heard(graph: Graph, inputs: Inputs, sound: Sound, opened: Opening) -> str:
    """One source, from its seek point, at its place, loudness and length."""
    length = sound.end - sound.first
    label, steps = _played(graph, inputs, sound, length, opened), ["asetpts=N"]
    if sound.fade_in:
        steps += [f"afade=t=in:ss=0:ns={sound.fade_in}"]
    if sound.fade_out:
        steps += [f"afade=t=out:ss={length - sound.fade_out}:ns={sound.fade_out}"]
    if sound.volume != 1:
        steps += [f"volume={sound.volume:.6f}"]
    if sound.first > 0:
        steps += [f"adelay={sound.first}S:all=1"]
    elif sound.first:
        steps += [f"atrim=start_sample={-sound.first}", "asetpts=N"]
    return graph.chain(label, *steps)


def _played(graph: Graph, inputs: Inputs, sound: Sound, length: int, opened: Opening) -> str:
    """That many samples from the seek point; a loop goes round, the part that repeats is exact."""
    part = sound.loop_samples
    if not part:
        return _part(graph, inputs, sound, length, opened)
    whole, plays = f"apad=whole_len={part}", -(-length // part)
    if part <= HELD_SAMPLES or plays > SOUND_PLAYS_APART:
        once = graph.chain(_part(graph, inputs, sound, part, opened), whole)
        return graph.chain(once, f"aloop=loop=-1:size={part}", "asetpts=N", _cut(length))
    row = [graph.chain(_part(graph, inputs, sound, part, opened), whole) for _ in range(plays)]
    return graph.chain(_row(graph, row), _cut(length))


def _part(graph: Graph, inputs: Inputs, sound: Sound, length: int, opened: Opening) -> str:
    number, skip = opened(inputs, sound)
    even = (f"aresample={SAMPLE_RATE}:async=1:first_pts=0", *BOTH_SIDES)
    window = f"atrim=start_sample={skip}:end_sample={skip + length}"
    return graph.chain(f"{number}:a:0", *even, window, "asetpts=N")


def _cut(length: int) -> str:
    return f"atrim=end_sample={length}"


def _joined(graph: Graph, inputs: Inputs, stretches: tuple[Stretch, ...]) -> str:
    """Scenes in a row; where two overlap they cross-fade."""
    row: list[str] = []
    for stretch in stretches:
        label = _stretch(graph, inputs, stretch)
        if stretch.overlap:
            before = _row(graph, row)
            row = [graph.chain((before, label), f"acrossfade=ns={stretch.overlap}:c1=tri:c2=tri")]
        else:
            row.append(label)
    return _row(graph, row)


def _row(graph: Graph, labels: list[str]) -> str:
    if len(labels) == 1:
        return labels[0]
    return graph.chain(labels, f"concat=n={len(labels)}:v=0:a=1")


def _stretch(graph: Graph, inputs: Inputs, stretch: Stretch) -> str:
    if stretch.key is None:
        return silence(graph, stretch.samples)
    number = inputs.piece(stretch.key, "flac")
    return graph.chain(f"{number}:a:0", STEREO, f"atrim=end_sample={stretch.samples}")
