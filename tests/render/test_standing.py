"""What stands still is in the film as long as it should be, and is kept apart from what moves."""

from __future__ import annotations

from typing import Any

import numpy as np
from footage import Footage
from stage import Document, Stage, image, near, shot

FPS = 10
RED, GREEN, BLACK = (255, 0, 0), (0, 128, 0), (0, 0, 0)


def slide(footage: Footage, **more: Any) -> Document:
    """7 s: green with a red patch, which comes at 0.5 s in half a second and goes so."""
    patch = image(footage.colour(*RED, (20, 20)), x=20, y=20, start=0.5, **more)
    return shot(image(footage.colour(*GREEN, (64, 50))), patch, duration=7)


def film(*scenes: Document) -> Document:
    return {"width": 64, "height": 50, "fps": FPS, "scenes": list(scenes)}


def test_every_frame_is_in_its_place(stage: Stage) -> None:
    """Fades before and after, and a transition, which is cut off what stands."""
    fades = {"fade-in": 0.5, "fade-out": 0.5}
    enters = {"transition": {"style": "wipeleft", "duration": 0.5}}
    frames = stage.frames(film(slide(stage.footage, **fades), {"duration": 6, **enters}))
    assert len(frames) == 125
    patch = frames[:, 30, 30]
    assert all(near(seen, GREEN, 6) for seen in patch[:5]), "it is not there yet"
    risen = patch[5:10, 0]
    assert list(risen) == sorted(set(risen)), "each frame of the fade is another one"
    assert all(near(seen, RED, 6) for seen in patch[10:65])
    fallen = patch[65:70, 0]
    assert list(fallen) == sorted(set(fallen), reverse=True)
    assert all(near(seen, BLACK, 6) for seen in patch[70:])


def test_what_stands_is_one_picture_all_the_time(stage: Stage) -> None:
    frames = stage.frames(film(slide(stage.footage)))
    assert len(frames) == 70 and not near(frames[4, 30, 30], RED, 6)
    assert all(np.array_equal(frames[5], frame) for frame in frames[5:])


def test_an_edit_leaves_what_stands_before_and_after_it_alone(stage: Stage) -> None:
    caption = image(stage.footage.colour(*RED, (24, 24)), x=20, y=20, start=8, duration=4)
    ground = image(stage.footage.colour(*GREEN, (62, 48)))
    long = film(shot(ground, caption, duration=20))
    edited = film(shot(ground, caption | {"x": 30}, duration=20))
    (before,) = stage.render(long).report.scenes
    (after,) = stage.render(edited).report.scenes
    assert before.segments == {"hit": 0, "miss": 2}, "the ground is the same before and after"
    assert after.segments == {"hit": 1, "miss": 1}


def test_how_long_a_picture_stands_makes_none_anew(stage: Stage) -> None:
    slides = [shot(image(stage.footage.colour(*colour, (64, 50)))) for colour in (RED, GREEN)]
    stage.render(film(slides[0] | {"duration": 2}, slides[1] | {"duration": 2}))
    frames = stage.frames(film(slides[1] | {"duration": 0.1}, slides[0] | {"duration": 7.5}))
    assert len(frames) == 76
    assert near(frames[0, 30, 30], GREEN, 6) and near(frames[75, 30, 30], RED, 6)
    report = stage.render(film(slides[0] | {"duration": 9})).report
    assert [scene.result for scene in report.scenes] == ["hit"]
