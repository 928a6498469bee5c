"""Facts that stand in for what is not made yet: every kind of task has a row."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.assumed import ASSUMED, OF_MEDIUM, assumed
from resplice.core.facts import AnimationFacts, MediaFacts, SpeechFacts
from resplice.core.tasks import (
    TASKS,
    AnimateTask,
    FetchTask,
    GenerateTask,
    PaintTask,
    SpeakTask,
    WebPageTask,
)

DIGEST = "d" * 64


def test_every_kind_of_task_has_a_row() -> None:
    assert set(ASSUMED) == {kind.type for kind in TASKS.values()}


@pytest.mark.parametrize("medium", [*OF_MEDIUM, "html", ""])
def test_what_is_behind_an_address_is_what_is_wanted(medium: str) -> None:
    facts = assumed(FetchTask("https://a.example"), medium, DIGEST)
    assert isinstance(facts, MediaFacts) and facts.digest == DIGEST
    assert facts.kind == OF_MEDIUM.get(medium, ("image",))[0]
    assert (facts.duration_us is None) == (facts.kind in ("image", "font"))


def test_a_longer_text_is_spoken_longer() -> None:
    short, long = (
        assumed(SpeakTask("espeak", "en", "", "en", "words " * n), "", DIGEST) for n in (1, 100)
    )
    assert isinstance(short, SpeechFacts) and isinstance(long, SpeechFacts)
    assert short.duration_us == 1_000_000 and (long.duration_us or 0) > 30_000_000


@pytest.mark.parametrize(
    ("task", "size"),
    [
        (PaintTask(640, 360, "<p>"), (640, 360)),
        (AnimateTask(64, 36, "<p>", 25), (64, 36)),
        (WebPageTask(100, 50, density=2), (200, 100)),
        (WebPageTask(100, 50, frames=30, fps=25), (100, 50)),
        (GenerateTask("image", "fal", "m", "a cat", "squared", 512, 512), (512, 512)),
        (GenerateTask("video", "fal", "m", "a cat", "squared", 512, 512, 7), (512, 512)),
    ],
)
def test_pictures_have_the_size_that_is_asked_for(task: Any, size: tuple[int, int]) -> None:
    facts = assumed(task, "", DIGEST)
    assert isinstance(facts, MediaFacts) and (facts.width, facts.height) == size
    assert isinstance(facts, AnimationFacts) == (getattr(task, "fps", 0) > 0)
    assert facts.duration_us == (7_000_000 if getattr(task, "kind", "") == "video" else None)
