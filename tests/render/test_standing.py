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
    """A group of 21 frames and its copies; frames that are left over go to what was before."""
    frames = stage.frames(film(slide(stage.footage)))
    first, *copies = (frames[begin : begin + 21] for begin in (7, 28, 49))
    assert all(np.array_equal(first, copy) for copy in copies)
    assert np.abs(frames[5:] - frames[5]).max() <= 8


def test_an_edit_leaves_what_stands_before_and_after_it_alone(stage: Stage) -> None:
    caption = image(stage.footage.colour(*RED, (20, 20)), x=20, y=20, start=8, duration=4)
    ground = image(stage.footage.colour(*GREEN, (64, 50)))
    long = film(shot(ground, caption, duration=20))
    edited = film(shot(ground, caption | {"x": 30}, duration=20))
    (before,) = stage.render(long).report.scenes
    (after,) = stage.render(edited).report.scenes
    assert before.segments == {"hit": 0, "miss": 2}, "the ground is the same before and after"
    assert after.segments == {"hit": 1, "miss": 1}
