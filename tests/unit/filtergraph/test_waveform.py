"""The graph of a waveform: which sound it reads, from where, and how many frames come out.

What it looks like is in render/test_audiograms.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import TypeAdapter
from resplice.core.composition import Canvas, Clip, Composite, Layer, Look, Sound, Source
from resplice.core.composition import WaveformPicture as Wave
from resplice.core.filtergraph import Input, Invocation, segment_invocation
from resplice.core.filtergraph.inputs import AS_NAMED
from resplice.core.filtergraph.sound import SETTLING_SECONDS
from resplice.core.pieces import PROFILES, SAMPLE_RATE, SegmentTask

VOICE = Source("voice", "mp3", "audio", 0, 0, has_alpha=False)
HEARD = Sound(VOICE, 0, 10 * SAMPLE_RATE, 0, 1)
WAVE = Wave(64, 40, 10, "#ffffff", 0.5, (HEARD,))


def graph_of(wave: Wave, fps: int = 25) -> Invocation:
    look = Look(wave.size, wave.size, 0, 0)
    layer = Layer(wave, look, 0, 50, clip=Clip() if wave.moves else None)
    canvas = Canvas(64, 48, fps)
    task = SegmentTask(canvas, PROFILES["high"], 50, Composite("#000000", (layer,)))
    assert task.digests() == wave.digests
    return segment_invocation(task, AS_NAMED)


def test_it_reads_the_sounds_that_are_heard() -> None:
    both = replace(WAVE, sounds=(HEARD, replace(HEARD, first=-100, volume=0.5)))
    run = graph_of(both)
    assert run.inputs == (Input("voice", "mp3"), Input("voice", "mp3"))
    assert "atrim=start_sample=100" in run.graph and "volume=0.500000" in run.graph


def test_it_travels_with_its_sounds() -> None:
    layer = Layer(WAVE, Look((64, 40), (64, 40), 0, 0), 0, 50, clip=Clip())
    adapter = TypeAdapter(Layer)
    assert adapter.validate_json(adapter.dump_json(layer)) == layer


def test_silence_reads_nothing_and_stands_still() -> None:
    silent = replace(WAVE, sounds=())
    run = graph_of(silent)
    assert run.inputs == ()
    assert "showwaves" not in run.graph and not silent.moves and silent.has_alpha


@pytest.mark.parametrize("seconds", [0, SETTLING_SECONDS, SETTLING_SECONDS + 1, 3600])
def test_a_sound_late_in_its_file_is_sought(seconds: int) -> None:
    late = replace(HEARD, seek_us=seconds * 1_000_000 + 500_000)
    run = graph_of(replace(WAVE, sounds=(late,)))
    far = max(0, seconds - SETTLING_SECONDS)
    assert run.inputs[0].options == (("-ss", str(far)) if far else ())
    begin = round((seconds - far + 0.5) * SAMPLE_RATE)
    assert f"atrim=start_sample={begin}:" in run.graph


def test_what_cannot_seek_is_read_from_its_beginning() -> None:
    late = Sound(replace(VOICE, demuxer="mpegts"), 0, SAMPLE_RATE, 3_600_000_000, 1)
    assert graph_of(replace(WAVE, sounds=(late,))).inputs[0].options == ()


@pytest.mark.parametrize(("fps", "resampled"), [(25, False), (30, False), (60, False), (29, True)])
def test_sound_is_resampled_only_where_frames_are_no_whole_columns(
    fps: int, resampled: bool
) -> None:
    assert ("aresample=4" in graph_of(WAVE, fps).graph.replace("aresample=48000", "")) == resampled


@pytest.mark.parametrize(
    "other",
    [
        replace(WAVE, colour="#fffffe"),
        replace(WAVE, opacity=0.6),
        replace(WAVE, reach=11),
        replace(WAVE, sounds=(replace(HEARD, volume=0.9),)),
        replace(WAVE, sounds=(replace(HEARD, source=replace(VOICE, digest="b")),)),
    ],
)
def test_all_that_it_says_is_in_its_key(other: Wave) -> None:
    assert graph_of(other) != graph_of(WAVE)
