"""What a container's sounds are in samples, and which of them a waveform knows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from resplice.core.composition import Canvas, Look, Sound, Source, WaveformPicture
from resplice.core.pieces import SAMPLE_RATE
from resplice.core.sound_tasks import placed, sound_task, with_waveforms
from resplice.core.timeline import Playback, TimedLayer, TimedScene, TimedSound, Timeline

VOICE = Source("voice", "mp3", "audio", 0, 0, has_alpha=False)
MUSIC = Source("music", "mp3", "audio", 0, 0, has_alpha=False)
FPS = 10
WAVE = WaveformPicture(64, 20, 5, "#ffffff", 1)
LAYER = TimedLayer(WAVE, Look((64, 20), (64, 20), 0, 0), 0, 20, 0)


def sound(start_s: float, end_s: float, source: Source = VOICE, **more: Any) -> TimedSound:
    plain = TimedSound(source, start_s, end_s, Playback(0, 9_000_000, 1), 1, 0, 0, False)
    return replace(plain, **more)


def scene(*sounds: TimedSound, **more: Any) -> TimedScene:
    return TimedScene(20, "#000000", (LAYER,), sounds, **more)


def movie(*scenes: TimedScene, **more: Any) -> Timeline:
    frames = sum(each.frames - each.overlap for each in scenes)
    sides: dict[str, Any] = {"below": (), "above": (), "sounds": (), **more}
    return Timeline(Canvas(64, 50, FPS), scenes, frames=frames, **sides)


def known(layers: tuple[TimedLayer, ...]) -> tuple[Sound, ...]:
    (layer,) = layers
    assert isinstance(layer.picture, WaveformPicture)
    return layer.picture.sounds


def test_a_clips_sound_begins_with_its_first_frame() -> None:
    exact = placed(sound(0.26, 1), FPS)
    in_step = placed(sound(0.26, 1, in_step_with_frames=True), FPS)
    assert (exact.first, in_step.first) == (12_480, 14_400)
    assert exact.end - exact.first == in_step.end - in_step.first


def test_a_scenes_sound_is_a_sample_longer_and_held() -> None:
    task = sound_task(scene(sound(0, 2), sound(0, 1)), FPS)
    assert task is not None
    assert task.samples == 2 * SAMPLE_RATE + 1
    assert [each.end for each in task.sounds] == [task.samples, SAMPLE_RATE]
    assert sound_task(scene(), FPS) is None


def test_a_scenes_waveform_hears_its_scene_alone() -> None:
    made = with_waveforms(movie(scene(sound(0, 2)), scene(sound(1, 2, MUSIC), sound(0, 1))))
    first, second = (known(each.layers) for each in made.scenes)
    assert first == (placed(sound(0, 2), FPS),)
    assert second == (placed(sound(1, 2, MUSIC), FPS), placed(sound(0, 1), FPS))


def test_a_movies_waveform_hears_all_scenes_at_their_places() -> None:
    whole = movie(scene(sound(0, 2)), scene(sound(1, 2)), above=(LAYER,), sounds=(sound(0, 3),))
    heard = known(with_waveforms(whole).above)
    assert [(each.first / SAMPLE_RATE, each.end / SAMPLE_RATE) for each in heard] == [
        *((0, 3), (0, 2), (3, 4))
    ]


def test_a_transition_fades_what_lasts_as_long_as_its_scenes() -> None:
    second = scene(sound(0, 2, MUSIC), sound(0.5, 2, MUSIC), overlap=10, style="fade")
    heard = known(with_waveforms(movie(scene(sound(0, 2)), second, below=(LAYER,))).below)
    assert [(each.first, each.end, each.fade_in, each.fade_out) for each in heard] == [
        (0, 96_000, 0, 48_000),
        (48_000, 144_000, 48_000, 0),
        (72_000, 144_000, 0, 0),
    ]


def test_other_layers_stay_as_they_are() -> None:
    bare = movie(scene(sound(0, 2)))
    other = replace(LAYER, picture=replace(WAVE, colour="#000000"))
    assert with_waveforms(replace(bare, scenes=())) == replace(bare, scenes=())
    made = with_waveforms(movie(replace(scene(sound(0, 2)), layers=(LAYER, other))))
    pictures = [layer.picture for layer in made.scenes[0].layers]
    assert [getattr(picture, "colour", "") for picture in pictures] == ["#ffffff", "#000000"]


def test_no_more_fades_of_a_sound_than_is_heard() -> None:
    start_s, end_s = 0.6 / SAMPLE_RATE, 2.4 / SAMPLE_RATE
    short = placed(
        sound(start_s, end_s, fade_in_s=end_s - start_s, fade_out_s=end_s - start_s), FPS
    )
    assert (short.first, short.end, short.fade_in, short.fade_out) == (1, 2, 1, 1)
