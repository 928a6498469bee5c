"""Pages that move, in the plan: what moves and what stays apart, and equal pictures equal tasks."""

from __future__ import annotations

from typing import Any

from resplice.core.composition import Layer
from resplice.core.facts import AnimationFacts
from resplice.core.plan import plan
from resplice.core.schema.validation import validate
from resplice.core.timeline import timeline

TITLE = {"type": "text", "style": "005", "text": "Hi"}
FPS = 25


def layers(
    title: dict[str, Any], scene: dict[str, Any], frames: int, loop_from: int | None = None
) -> list[Layer]:
    """All layers of a movie of one scene with that title, whose page moves so."""
    document = {"fps": FPS, "scenes": [{"elements": [{**TITLE, **title}], **scene}]}
    facts = AnimationFacts("a" * 64, 9, "video", "apng", 40, 20, has_alpha=True)
    moving = AnimationFacts(**{**vars(facts), "frames": frames, "loop_from": loop_from})
    movie = validate(document)
    cut = plan(timeline(movie, {("scenes", 0, "elements", 0): moving}), "low")
    return [layer for segment in cut.segments for layer in segment.task.layers()]


def shown(found: list[Layer]) -> list[tuple[int, int, int | None]]:
    """(first frame, end, the frame of the page that is seen at first; None when it stays)."""
    return [
        (layer.first, layer.end, layer.clip.skip_frames if layer.clip else None) for layer in found
    ]


def test_what_moves_and_what_stays_are_apart() -> None:
    assert shown(layers({}, {"duration": 4}, frames=44)) == [(0, 43, 0), (43, 100, None)]


def test_it_counts_from_the_elements_own_start() -> None:
    found = layers({"start": 1}, {"duration": 4}, frames=44)
    assert shown(found) == [(25, 68, 0), (68, 100, None)]


def test_a_scene_that_ends_first_cuts_it() -> None:
    assert shown(layers({}, {"duration": 1}, frames=44)) == [(0, 25, 0)]


def test_a_segment_goes_on_where_the_one_before_stopped() -> None:
    found = layers({"start": 9}, {"duration": 15}, frames=100)
    assert shown(found) == [(0, 25, 0), (0, 74, 25), (74, 125, None)]


def test_what_begins_again_is_seen_round_after_round() -> None:
    """Rounds are apart, since what loops is held in memory."""
    found = layers({}, {"duration": 12}, frames=120, loop_from=20)
    assert shown(found) == [(0, 120, 0), (120, 220, 20), (220, 250, 20), (0, 50, 50)]


def test_many_short_rounds_are_one_loop() -> None:
    found = layers({}, {"duration": 25}, frames=50, loop_from=20)
    assert shown(found) == [(0, 250, 0), (0, 250, 40), (0, 125, 20)]
