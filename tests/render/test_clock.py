"""The movie's clock in finished files: what lies over the movie stays in step with its scenes."""

from __future__ import annotations

import numpy as np
import pytest
from footage import RATE
from stage import Document, Stage, audio, image, near, shot

FPS = 25
STARTS_S = [1.5 * number for number in range(6)]
"""Six scenes of 2 s, each with half a second of its own under the one that follows."""
FLASH_S, SCENE_CLICK_S, MOVIE_CLICK_S = 1.0, 0.7, 1.1
WHITE = (255, 255, 255)


def half_second_fades(stage: Stage) -> Document:
    """Flashes at the top from each scene, at the bottom from the movie, at the same seconds."""
    small = stage.footage.colour(*WHITE, (20, 20))
    once = {"duration": 1 / FPS}
    click = audio(stage.footage.clicks((SCENE_CLICK_S,), 2))
    scene = shot(
        image(small, start=FLASH_S, **once), click, duration=2, transition={"duration": 0.5}
    )
    clicks = stage.footage.clicks([start_s + MOVIE_CLICK_S for start_s in STARTS_S], 9.5)
    over = [image(small, y=30, start=start_s + FLASH_S, **once) for start_s in STARTS_S]
    own = {"elements": [*over, audio(clicks)]}
    return {"width": 64, "height": 50, "fps": FPS, "scenes": [scene] * 6, **own}


def test_half_second_transitions_keep_what_lies_over_them_in_step(stage: Stage) -> None:
    document = half_second_fades(stage)
    seen = stage.frames(document)
    assert len(seen) == 238, "nine seconds and a half"
    levels = seen[:, [5, 35], 5, 1]
    from_scenes, from_movie = (list(np.flatnonzero(levels[:, side] > 128)) for side in (0, 1))
    exact = np.array([(start_s + FLASH_S) * FPS for start_s in STARTS_S])
    assert near(from_scenes, exact, 0.5)
    assert from_scenes == from_movie


def test_half_second_transitions_keep_sound_in_step(stage: Stage) -> None:
    loud = np.abs(stage.samples(half_second_fades(stage))[:, 0]) > 0.2
    firsts = [at for at in np.flatnonzero(loud) if not loud[max(0, at - RATE // 50) : at].any()]
    heard_s = np.array(firsts).reshape(6, 2) / RATE
    assert near(heard_s[:, 1], np.array(STARTS_S) + MOVIE_CLICK_S, 0.002)
    assert near(heard_s[:, 0], np.array(STARTS_S) + SCENE_CLICK_S, 0.5 / FPS + 0.002)


def test_a_movie_of_very_many_half_seconds_is_as_long_as_their_sum(stage: Stage) -> None:
    scenes = [shot(duration=2, transition={"duration": 0.5})] * 45
    document = {"width": 64, "height": 50, "fps": FPS, "quality": "low", "scenes": scenes}
    facts = stage.render(document).stored.facts
    assert (facts["frames"], facts["duration"]) == (68 * FPS, pytest.approx(68))
