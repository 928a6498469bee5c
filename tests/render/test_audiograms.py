"""What audiograms look like, by numbers: heights, places, colours, times."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from footage import RATE
from numpy.typing import NDArray
from stage import Document, Frames, Stage, audio, near, shot

Wave = NDArray[np.float64]
W, H, FPS = 160, 120, 25


def movie(*scenes: Document, **more: object) -> Document:
    return {"width": W, "height": H, "fps": FPS, "quality": "very_high", "scenes": list(scenes),
            **more}  # fmt: skip


def audiogram(**more: Any) -> Document:
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return {"type": "audiogram", "opacity": 1, **named}


def sine(stage: Stage, level: float, seconds: float = 1) -> str:
    return stage.footage.tone(1000, seconds, peak=level)


def heights(seen: Frames, column: int = W // 2) -> Wave:
    """How many rows are lit at the column, in each frame."""
    summed: Wave = seen[:, :, column].max(axis=2).sum(axis=1) / 255
    return summed


def expected(level: float, amplitude: float, box: int = H) -> float:
    """Rows: of the line, and above it as the level says."""
    return 2 + (box * amplitude / 10 - 2) * level * (2 - level)


@pytest.mark.parametrize(("level", "amplitude"), [(0.5, 5), (0.25, 5), (0.5, 10), (0.99, 10)])
def test_the_wave_is_as_high_as_it_is_loud(stage: Stage, level: float, amplitude: float) -> None:
    loud = shot(audio(sine(stage, level)), audiogram(amplitude=amplitude))
    seen = heights(stage.frames(movie(loud)))[5:20]
    assert near(seen, expected(level, amplitude), 1.5)


def test_volume_counts_and_sounds_add_up(stage: Stage) -> None:
    source = sine(stage, 0.5)
    half = shot(audio(source, volume=0.5), audiogram())
    twice = shot(audio(source, volume=0.5), audio(source, volume=0.3), audiogram())
    seen = heights(stage.frames(movie(half, twice)))
    assert near(seen[5:20], expected(0.25, 5), 1.5)
    assert near(seen[30:45], expected(0.4, 5), 1.5)


def test_it_is_mirrored_and_tapers_to_a_line(stage: Stage) -> None:
    seen = stage.frames(movie(shot(audio(sine(stage, 0.5)), audiogram(height=80, y=12))))[10]
    lit = seen.max(axis=2).astype(float)
    rows = lit.sum(axis=0) / 255
    upper, lower = lit[: 12 + 40].sum(axis=0) / 255, lit[12 + 40 :].sum(axis=0) / 255
    assert near(upper, lower, 0.5)
    assert near(rows[[0, -1]], 2, 0.7)
    assert np.all(np.diff(rows[:40]) > -0.5) and np.all(np.diff(rows[-40:]) < 0.5)


def test_silence_is_a_thin_line_of_its_colour(stage: Stage) -> None:
    outcome = stage.render(movie(shot(audiogram(color="#00ff00", y=20, height=41))))
    assert [words.partition(" but")[0] for words in outcome.report.warnings] == [
        "scenes[0].elements[0] shows what is heard,"
    ]
    seen = stage.frames(movie(shot(audiogram(color="#ffffff", y=20, height=40))))[3]
    assert near(seen[[39, 40]], 255, 8) and near(seen[[37, 42]], 0, 8)


def test_colour_and_opacity_lie_over_what_is_there(stage: Stage) -> None:
    wave = audiogram(color="#ff0000", opacity=0.5, amplitude=10)
    loud = shot(audio(sine(stage, 0.9)), wave, background_color="#0000ff")
    seen = stage.frames(movie(loud))[10]
    assert near(seen[H // 2, W // 2], (128, 0, 128), 6)
    assert near(seen[3, 3], (0, 0, 255), 6)


def test_sound_is_seen_when_it_is_heard(stage: Stage) -> None:
    """A tone of 0.4 s that begins at 1 s: the tenth of a second around it and a frame more."""
    late = shot(audio(sine(stage, 0.5, 0.4), start=1), audiogram(), duration=2)
    seen = heights(stage.frames(movie(late)))
    lit = np.flatnonzero(seen > 3)
    assert 23 <= lit.min() <= 25 and 34 <= lit.max() <= 36
    assert near(seen[27:33], expected(0.5, 5), 1.5)


@pytest.mark.parametrize("kind", ["wav", "mp3", "m4a"])
def test_a_split_changes_no_pixel(stage: Stage, kind: str) -> None:
    """The wave at 10 s is the same whether its segment begins there or 5 s before."""
    times = np.arange(13 * RATE) / RATE
    hum = 0.6 * np.sin(np.cumsum(200 + 90 * np.sin(times * 3)) * 2 * np.pi / RATE)
    source = stage.footage.sound("hum.wav", (hum * np.abs(np.sin(times * 7)))[:, None])
    if kind != "wav":
        source = stage.footage.recoded(source, kind)
    whole = heights(stage.frames(movie(shot(audio(source), audiogram(), duration=12), fps=10)))
    later = shot(audio(source, seek=5), audiogram(), duration=7)
    early = heights(stage.frames(movie(later, fps=10)))
    assert np.ptp(whole[100:]) > 10
    assert near(whole[52:], early[2:], 0.6)


def test_two_of_them_are_seen_at_their_places(stage: Stage) -> None:
    low = audiogram(height=40, y=80, color="#ff0000")
    high = audiogram(height=40, width=80, x=80, color="#0000ff", amplitude=10)
    seen = stage.frames(movie(shot(audio(sine(stage, 0.5)), low, high)))[10]
    assert near(seen[100, 80], (255, 0, 0), 8) and near(seen[20, 120], (0, 0, 255), 8)
    assert near(seen[20, :70], 0, 6), "each in its own box"


def test_a_movies_wave_shows_its_scenes_too(stage: Stage) -> None:
    loud = shot(audio(sine(stage, 0.5)))
    seen = heights(stage.frames(movie(shot(), loud, elements=[audiogram()])))
    assert near(seen[5:20], 2, 0.5)
    assert near(seen[30:45], expected(0.5, 5), 1.5)


def test_it_fades_turns_and_zooms_like_any_picture(stage: Stage) -> None:
    source = sine(stage, 0.5)
    faded = stage.frames(movie(shot(audio(source), audiogram(fade_in=0.8))))[:, H // 2, W // 2, 0]
    assert faded[0] < 10 and np.all(np.diff(faded[:20]) > 0)
    upright = stage.frames(movie(shot(audio(source), audiogram(rotate={"angle": 90}))))[10]
    assert near(upright[H // 2].max(axis=1).sum() / 255, expected(0.5, 5), 2)
    zoomed = heights(stage.frames(movie(shot(audio(source), audiogram(zoom=10)))))
    assert near(zoomed[-3], expected(0.5, 5) * (1 + 22 / 24), 4)


def test_a_moved_scene_is_the_same_and_a_changed_volume_another(stage: Stage) -> None:
    def segments(*scenes: Document) -> list[int]:
        report = stage.render(movie(*scenes)).report
        return [scene.segments["miss"] for scene in report.scenes]

    def talk(volume: float) -> Document:
        return shot(audio(sine(stage, 0.31), volume=volume), audiogram(color="#123456"))

    blank = shot(background_color="#123457", duration=0.7)
    assert segments(talk(1)) == [1]
    assert segments(blank, talk(1)) == [1, 0]
    assert segments(blank, talk(0.9)) == [0, 1]


@pytest.mark.parametrize("fps", [1, 29])
def test_boxes_and_clocks_of_all_kinds_are_drawn(stage: Stage, fps: int) -> None:
    sizes = [(1, 2), (3, 3), (8192, 9), (9, 8192)]
    waves = [audiogram(width=w, height=h, y=(H - h) // 2) for w, h in sizes]
    scenes = [shot(audio(sine(stage, 0.5, 2)), wave, duration=2) for wave in waves]
    seen = stage.frames(movie(*scenes, fps=fps))
    assert len(seen) == 2 * fps * len(sizes)
    for size, last in zip(sizes, seen[2 * fps - 1 :: 2 * fps], strict=True):
        assert last.max() > 120, size
