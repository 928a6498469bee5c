"""What is heard, when, and how loud: measured in the decoded sound of finished movies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from footage import RATE
from numpy.typing import NDArray
from stage import Document, Samples, Stage, audio, image, near, shot, video

AAC_SECONDS = 0.002
Channel = NDArray[np.float32]


def movie(*scenes: Document, **more: object) -> Document:
    return {"width": 64, "height": 50, "fps": 10, "scenes": list(scenes), **more}


def clicks_in(samples: Samples, least: float = 0.2) -> list[float]:
    """Seconds at which bursts begin, quiet of 20 ms before each."""
    loud = np.flatnonzero(np.abs(samples[:, 0]) > least)
    firsts = [int(loud[0])] if len(loud) else []
    firsts += [int(b) for a, b in pairwise(loud) if b - a > RATE // 50]
    return [first / RATE for first in firsts]


def at(samples: Samples, expected_s: Sequence[float], within: float = AAC_SECONDS) -> bool:
    seen = clicks_in(samples)
    return len(seen) == len(expected_s) and near(seen, expected_s, within)


def level(samples: Samples, start_s: float, end_s: float, hertz: float | None = None) -> float:
    """The peak of a sine there, by its mean square; of one pitch alone if it is given."""
    part = samples[round(start_s * RATE) : round(end_s * RATE)].astype(float)
    if hertz is None:
        return float(np.sqrt((part**2).mean() * 2))
    turns = np.exp(2j * math.pi * hertz * np.arange(len(part)) / RATE)
    return float(np.abs((part * turns[:, None]).mean(axis=0)).max() * 2)


def test_sounds_follow_one_another_and_are_silent_while_their_pictures_linger(
    stage: Stage,
) -> None:
    click, tone = stage.footage.clicks((0.1,), 0.5), stage.footage.tone(440, 1)
    spoken = stage.footage.with_sound(25, "25", tone)
    heard = stage.samples(
        movie(
            shot(audio(click), audio(click, start=-1, extra_time=0.2), audio(click, start=-1),
                 duration=-1),
            shot(video(spoken, extra_time=0.5), video(spoken, start=-1, seek=-0.4), duration=-1),
            shot(audio(click, seek=-0.45, loop=-1), duration=-1),
        )
    )  # fmt: skip
    assert len(heard) == pytest.approx((1.7 + 1.9 + 0.5) * RATE, abs=1024)
    assert at(heard[: round(1.7 * RATE)], (0.1, 0.6, 1.3))
    assert level(heard, 1.8, 2.6, 440) == pytest.approx(0.25, rel=0.05)
    assert level(heard, 2.75, 3.15) < 0.002, "its picture lingers, its sound does not"
    assert level(heard, 3.25, 3.55, 440) == pytest.approx(0.25, rel=0.05)
    assert at(heard[round(3.61 * RATE) :], (0.04,))


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_sound_lies_where_it_should(stage: Stage, rate: int) -> None:
    source = stage.footage.clicks((0, 0.5, 1.25), 2, rate)
    heard = stage.samples(
        movie(
            shot(audio(source, start=0.3), duration=3),
            shot(audio(source, seek=0.4), duration=-1),
            shot(audio(source), duration=0.7),
            shot(),
        )
    )
    assert len(heard) == pytest.approx(6.3 * RATE, abs=1024)
    assert at(heard, (0.3, 0.8, 1.55, 3.1, 3.85, 4.6, 5.1))


@pytest.mark.parametrize("fps", [7, 29, 120])
def test_sound_never_drifts(stage: Stage, fps: int) -> None:
    """A click at the start of each of many scenes whose lengths are no whole samples."""
    source = stage.footage.clicks((0,), 0.1)
    scenes = [shot(audio(source), duration=d) for d in (1.01, 0.49, 0.77, 0.35) * 6]
    begun = [sum(Fraction(str(each["duration"])) for each in scenes[:n]) for n in range(24)]
    starts = [math.floor(second * fps + Fraction(1, 2)) / fps for second in begun]
    assert at(stage.samples(movie(*scenes, fps=fps)), starts, 0.0008)


def test_the_sound_of_a_clip_is_in_step_with_its_picture(stage: Stage) -> None:
    sound = stage.footage.clicks((0.2, 1.4), 2)
    for rate in ("25", "24"):
        clip = stage.footage.with_sound(2 * int(rate), rate, sound)
        heard = stage.samples(
            movie(
                shot(video(clip), duration=-1),
                shot(video(clip, seek=0.7, start=0.5), duration=-1),
                shot(video(clip, loop=2), duration=-1),
                shot(video(clip, muted=True), duration=1),
            )
        )
        assert at(heard, (0.2, 1.4, 3.2, 4.0, 5.2, 6.0, 7.2)), rate


def test_a_loop_of_sound_is_exact(stage: Stage) -> None:
    source = stage.footage.clicks((0.1,), 0.437)
    thrice, forever, long = (
        stage.samples(movie(shot(audio(source, **said), **scene)))
        for said, scene in (
            ({"loop": 3}, {"duration": -1}),
            ({"loop": -1, "seek": 0.05, "duration": -2}, {"duration": 2}),
            ({"loop": -1}, {"duration": 8}),
        )
    )
    assert at(thrice, [0.1 + 0.437 * n for n in range(3)])
    assert at(forever, [0.05 + 0.387 * n for n in range(6)])
    assert at(long, [0.1 + 0.437 * n for n in range(19)])


def test_music_runs_over_all_scenes(stage: Stage) -> None:
    source = stage.footage.clicks((0.1, 1.05, 2.5, 5.5), 6)
    scenes = [shot(duration=d) for d in (0.9, 1.1, 1)]
    scenes[1]["transition"] = {"duration": 0.2}
    for said, times in (
        ({"duration": -2}, (0.1, 1.05, 2.5)),
        ({}, (0.1, 1.05, 2.5, 5.5)),
        ({"start": 0.5, "duration": 1}, (0.6,)),
        ({"start": 1.2, "seek": 1, "duration": -2}, (1.25, 2.7)),
    ):
        heard = stage.samples(movie(*scenes, elements=[audio(source) | said]))
        assert at(heard, times), said
        length = 6 if said == {} else 2.8
        assert len(heard) == pytest.approx(length * RATE, abs=1024)


def test_levels(stage: Stage) -> None:
    tone, stereo = stage.footage.tone(440, 1), stage.footage.tone(440, 1, channels=2)
    louds = [0.5, 1, 2, 0]
    mono = stage.samples(movie(*(shot(audio(tone, volume=v)) for v in louds)))
    both = stage.samples(movie(*(shot(audio(stereo, volume=v)) for v in louds)))
    for heard in (mono, both):
        for scene, volume in enumerate(louds):
            for side in (0, 1):
                channel = heard[:, [side]]
                seen = level(channel, scene + 0.1, scene + 0.9)
                assert seen == pytest.approx(0.25 * volume, rel=0.02, abs=0.001)
    silent = stage.samples(movie(shot(audio(tone, muted=True)), shot(audio(tone, volume=0.01))))
    assert level(silent, 0, 0.95) < 1e-4


def test_sounds_add_up_as_they_are(stage: Stage) -> None:
    low, high = stage.footage.tone(440, 3), stage.footage.tone(1000, 1)
    third = stage.footage.tone(2000, 3)
    heard = stage.samples(
        movie(
            shot(audio(low), duration=1),
            shot(audio(low), audio(high), duration=1),
            elements=[audio(third, volume=0.5, duration=-2)],
        )
    )
    for start in (0, 1):
        assert level(heard, start + 0.1, start + 0.9, 440) == pytest.approx(0.25, rel=0.03)
        assert level(heard, start + 0.1, start + 0.9, 2000) == pytest.approx(0.125, rel=0.03)
    assert level(heard, 0.1, 0.9, 1000) < 0.002
    assert level(heard, 1.1, 1.9, 1000) == pytest.approx(0.25, rel=0.03)


def test_surround_is_mixed_down_to_both_sides(stage: Stage) -> None:
    front = np.zeros((RATE, 6))
    front[:, :2] = np.sin(math.tau * 440 * np.arange(RATE) / RATE)[:, None] * 0.25
    heard = stage.samples(movie(shot(audio(stage.footage.sound("surround.wav", front)))))
    for side in (0, 1):
        assert level(heard[:, [side]], 0.1, 0.9) == pytest.approx(0.25, rel=0.02)


def test_channels_stay_apart(stage: Stage) -> None:
    left = np.zeros((RATE, 2))
    left[:, 0] = np.sin(math.tau * 440 * np.arange(RATE) / RATE) * 0.25
    heard = stage.samples(movie(shot(audio(stage.footage.sound("left.wav", left)))))
    assert level(heard[:, [0]], 0.1, 0.9) == pytest.approx(0.25, rel=0.02)
    assert level(heard[:, [1]], 0.1, 0.9) < 0.003


def test_fades(stage: Stage) -> None:
    tone = stage.footage.tone(1000, 4)
    fading = audio(tone, start=0.5, fade_in=1, fade_out=1)
    heard = stage.samples(movie(shot(fading, duration=4)))
    levels = [level(heard, 0.5 + s - 0.02, 0.5 + s + 0.02) / 0.25 for s in (0.25, 0.5, 0.75, 2)]
    assert near(levels, (0.25, 0.5, 0.75, 1), 0.03)
    ends = [level(heard, 4 - s - 0.02, 4 - s + 0.02) / 0.25 for s in (0.75, 0.5, 0.25)]
    assert near(ends, (0.75, 0.5, 0.25), 0.03)


def test_scenes_cross_fade_in_a_transition(stage: Stage) -> None:
    low, high = stage.footage.tone(440, 3), stage.footage.tone(1000, 3)
    heard = stage.samples(
        movie(
            shot(audio(low), duration=2),
            shot(audio(high), duration=2, transition={"duration": 1, "style": "circleopen"}),
            shot(duration=2, transition={"duration": 1}),
        )
    )
    assert len(heard) == pytest.approx(4 * RATE, abs=1024)
    lows = [level(heard, t - 0.02, t + 0.02, 440) / 0.25 for t in (0.9, 1.25, 1.5, 1.75, 2.1)]
    highs = [level(heard, t - 0.02, t + 0.02, 1000) / 0.25 for t in (0.9, 1.25, 1.5, 1.75)]
    assert near(lows, (1, 0.75, 0.5, 0.25, 0), 0.05)
    assert near(highs, (0, 0.25, 0.5, 0.75), 0.05)
    ends = [level(heard, t - 0.02, t + 0.02, 1000) / 0.25 for t in (2.25, 2.5, 2.75, 3.1)]
    assert near(ends, (0.75, 0.5, 0.25, 0), 0.05)


def test_a_tone_over_many_scenes_has_no_seam(stage: Stage) -> None:
    """Every window of a tone has one level, and every sample follows from those before."""
    tone, hertz = stage.footage.tone(440, 9), 440
    scenes = [shot(duration=d) for d in (0.53, 1.01, 0.77, 0.4, 1.9, 0.61)]
    scenes[3]["transition"] = {"duration": 0.2}
    over = stage.samples(movie(*scenes, fps=29, elements=[audio(tone, duration=-2)]))
    assert smooth(over[RATE // 10 : 4 * RATE, 0], hertz)


def test_a_tone_cut_into_scenes_has_no_seam(stage: Stage) -> None:
    """Each scene plays on from where the one before left off; 7 fps are no whole samples."""
    tone, frames, fps = stage.footage.tone(440, 9), (3, 5, 9, 2, 11), 7
    starts = [sum(frames[:n]) for n in range(len(frames))]
    scenes = [
        shot(audio(tone, seek=first / fps), duration=length / fps)
        for first, length in zip(starts, frames, strict=True)
    ]
    heard = stage.samples(movie(*scenes, fps=fps))
    assert smooth(heard[RATE // 10 : 4 * RATE, 0], 440)


def smooth(wave_form: Channel, hertz: float) -> bool:
    """Whether it is one sine without a click or dip: x[n+1] = 2cos(w)x[n] - x[n-1]."""
    turn = 2 * math.cos(math.tau * hertz / RATE)
    rest = np.abs(wave_form[2:] - turn * wave_form[1:-1] + wave_form[:-2])
    windows = wave_form[: len(wave_form) // 1200 * 1200].reshape(-1, 1200)
    levels = np.sqrt((windows.astype(float) ** 2).mean(axis=1) * 2)
    return bool(rest.max() < 0.01 and near(levels, 0.25, 0.01))


def test_silent_movies_have_no_sound_track(stage: Stage) -> None:
    document = movie(shot(image(stage.footage.quarters())))
    assert b"soun" not in stage.bytes(document)


def test_compressed_sources_are_heard_in_time(stage: Stage) -> None:
    """Encoders put a run-up before the sound; it must not be heard as delay."""
    clicks = stage.footage.clicks((0.25, 1.0), 2)
    for kind in ("mp3", "m4a", "flac", "ogg", "opus"):
        source = stage.footage.recoded(clicks, kind)
        heard = stage.samples(movie(shot(audio(source), duration=-1)))
        assert at(heard, (0.25, 1.0), 0.004), kind
        assert len(heard) == pytest.approx(2 * RATE, abs=0.11 * RATE), kind
