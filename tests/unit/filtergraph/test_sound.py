"""The arithmetic of sound: how long everything is, where it begins, and how the mix is joined.

FFmpeg is not run: `samples_of` reads a graph as FFmpeg would, and counts samples.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
from resplice.core.composition import Source
from resplice.core.filtergraph import (
    Input,
    Invocation,
    mix_invocation,
    row_invocation,
    sound_invocation,
)
from resplice.core.filtergraph.inputs import AS_NAMED
from resplice.core.filtergraph.sound import HELD_SAMPLES, SOUND_PLAYS_APART
from resplice.core.pieces import (
    SAMPLE_RATE,
    MixTask,
    RowTask,
    Sound,
    SoundTask,
    Stretch,
    samples_at,
)

MUSIC = Source("music", "mp3", "audio", 0, 0, has_alpha=False)
SECOND = SAMPLE_RATE
STATEMENT = re.compile(r"((?:\[[^]]+\])*)(.*)\[([^]]+)\]", re.DOTALL)


def heard(first: int, end: int, **more: int | float) -> Sound:
    return Sound(MUSIC, first, end, **{"seek_us": 0, "volume": 1, **more})  # type: ignore[arg-type]


def samples_of(invocation: Invocation, source_samples: float = math.inf) -> float:
    """How long the result is when every input has so many samples."""
    lengths: dict[str, float] = {}
    for statement in invocation.graph.split(";\n"):
        matched = STATEMENT.fullmatch(statement)
        assert matched, statement
        labels = re.findall(r"\[([^]]+)\]", matched[1])
        ins = [lengths.get(label, source_samples) for label in labels]
        lengths[matched[3]] = length_after(ins, matched[2].split(","))
    out = invocation.argv[invocation.argv.index("-map") + 1].strip("[]")
    return lengths[out]


def length_after(ins: list[float], filters: list[str]) -> float:
    length = ins[0] if ins else math.inf
    for name, _, options in (each.partition("=") for each in filters):
        said = dict(option.split("=") for option in options.split(":") if option.count("=") == 1)
        match name:
            case "concat":
                assert int(said["n"]) == len(ins)
                length = sum(ins)
            case "acrossfade":
                length = ins[0] + ins[1] - int(said["ns"])
            case "amix":
                assert int(said["inputs"]) == len(ins)
                assert said["duration"] == "first" and said["normalize"] == "0"
            case "atrim":
                begin = int(said.get("start_sample", 0))
                length = max(0, min(length, int(said["end_sample"])) - begin)
            case "apad":
                length = max(length, int(said["whole_len"]))
            case "aloop":
                length = math.inf
            case "adelay":
                length += int(options.split("S")[0])
    return length


def delays(invocation: Invocation) -> list[int]:
    return [int(found) for found in re.findall(r"adelay=(\d+)S", invocation.graph)]


@pytest.mark.parametrize("source_samples", [1, 1000, 5 * SECOND, math.inf])
def test_a_scenes_sound_is_exactly_as_long_as_it_says(source_samples: float) -> None:
    sounds = (heard(0, SECOND), heard(500, 3 * SECOND, volume=0.5), heard(7, 8, seek_us=10))
    task = SoundTask(2 * SECOND + 1, sounds)
    assert samples_of(sound_invocation(task, AS_NAMED), source_samples) == task.samples


def test_a_sound_begins_at_its_sample_and_is_cut_at_its_length() -> None:
    task = SoundTask(9 * SECOND, (heard(0, 10), heard(4321, 5000, seek_us=2_500_000)))
    graph = sound_invocation(task, AS_NAMED)
    assert delays(graph) == [4321]
    begin = round(2.5 * SAMPLE_RATE)
    assert f"atrim=start_sample={begin}:end_sample={begin + 5000 - 4321}" in graph.graph


def test_fades_lie_at_the_two_ends_and_plain_volume_is_left_out() -> None:
    task = SoundTask(SECOND, (heard(100, 1100, fade_in=50, fade_out=200),))
    graph = sound_invocation(task, AS_NAMED).graph
    assert "afade=t=in:ss=0:ns=50" in graph
    assert "afade=t=out:ss=800:ns=200" in graph
    assert "volume=" not in graph
    quiet = SoundTask(SECOND, (heard(0, 10, volume=0.25),))
    assert "volume=0.250000" in sound_invocation(quiet, AS_NAMED).graph


def test_sounds_are_added_up_as_they_are_over_silence() -> None:
    task = SoundTask(SECOND, (heard(0, 10), heard(0, 20), heard(0, 30)))
    graph = sound_invocation(task, AS_NAMED).graph
    assert f"amix=inputs={len(task.sounds) + 1}:duration=first:normalize=0" in graph
    assert "amix" not in sound_invocation(SoundTask(SECOND, ()), AS_NAMED).graph


@pytest.mark.parametrize(
    ("part", "length", "inputs"),
    [
        (HELD_SAMPLES, 5 * HELD_SAMPLES, 1),
        (HELD_SAMPLES + 1, 3 * (HELD_SAMPLES + 1), 3),
        (HELD_SAMPLES + 1, 2 * (HELD_SAMPLES + 1) + 1, 3),
        (HELD_SAMPLES + 1, SOUND_PLAYS_APART * (HELD_SAMPLES + 1), SOUND_PLAYS_APART),
        (HELD_SAMPLES + 1, SOUND_PLAYS_APART * (HELD_SAMPLES + 1) + 1, 1),
    ],
)
@pytest.mark.parametrize("source_samples", [100, math.inf])
def test_a_loop_is_exact_however_it_goes_round(
    part: int, length: int, inputs: int, source_samples: float
) -> None:
    task = SoundTask(length, (heard(0, length, loop_samples=part),))
    made = sound_invocation(task, AS_NAMED)
    assert len(made.inputs) == inputs
    assert f"apad=whole_len={part}" in made.graph
    assert samples_of(made, source_samples) == length


ROW = (
    Stretch("scenes/sound/a", 2 * SECOND),
    Stretch(None, SECOND, 4800),
    Stretch("scenes/sound/b", 3 * SECOND),
    Stretch("scenes/sound/c", SECOND, 24_000),
)
TOGETHER = sum(stretch.samples - stretch.overlap for stretch in ROW)


def test_stretches_are_joined_as_long_as_they_are_less_what_they_share() -> None:
    made = row_invocation(RowTask(ROW), AS_NAMED)
    assert samples_of(made) == TOGETHER
    assert [one.origin for one in made.inputs] == [row.key for row in ROW if row.key]
    assert re.findall(r"acrossfade=ns=(\d+)", made.graph) == ["4800", "24000"]


@pytest.mark.parametrize("samples", [TOGETHER, TOGETHER + 9 * SECOND, TOGETHER - 1])
def test_the_mix_is_as_long_as_the_movie(samples: int) -> None:
    music = heard(SECOND, samples, loop_samples=SECOND)
    made = mix_invocation(MixTask(ROW, (music,), samples, 128_000), AS_NAMED)
    assert samples_of(made) == samples
    assert delays(made) == [SECOND]
    assert made.argv[made.argv.index("-b:a") + 1] == "128000"
    assert len([one for one in made.inputs if one.format == "flac"]) == 3
    assert Input("music", "mp3") in made.inputs


@pytest.mark.parametrize("fps", [1, 7, 23, 24, 25, 30, 50, 60, 119, 120])
def test_samples_follow_the_frames_and_never_drift(fps: int) -> None:
    edges = [samples_at(frame, fps) for frame in range(10 * fps + 1)]
    assert edges[0] == 0 and edges[-1] == 10 * SAMPLE_RATE
    for frame, edge in enumerate(edges):
        assert abs(edge - frame * SAMPLE_RATE / fps) <= 0.5
    assert {after - before for before, after in pairwise(edges)} <= {
        SAMPLE_RATE // fps,
        -(-SAMPLE_RATE // fps),
    }
