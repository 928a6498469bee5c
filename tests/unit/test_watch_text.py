"""What is said of a save, in a line."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.cli.watch_text import save_text
from resplice.core.report import ElementReport, Report, Result, SceneReport, TransitionReport


def report(scenes: list[Result], elements: list[Result], **more: Any) -> Report:
    """Each element is there twice, as one that two scenes share."""
    return Report(
        "miss",
        "key",
        scenes=tuple(SceneReport(n + 1, each, f"s{n}", "", {}) for n, each in enumerate(scenes)),
        elements=tuple(ElementReport("p", "text", each, f"e{n}") for n, each in enumerate(elements))
        * 2,
        **more,
    )


@pytest.mark.parametrize(
    ("changes", "made", "line"),
    [
        (
            None,
            report(["miss"], ["miss"]),
            "the first film: rendered 1 of 1 scene, made 1 element, reused nothing, 1.2 s",
        ),
        (
            ["scenes[0].elements[1].text changed"],
            report(["miss", "hit", "hit"], ["miss", "hit"]),
            "scenes[0].elements[1].text changed: rendered 1 of 3 scenes, made 1 element, "
            "reused 2 scenes and 1 element, 1.2 s",
        ),
        (
            list("abcde"),
            report(["bypass"], ["hit"], transitions=(TransitionReport(1, "miss"),)),
            "a; b; c; and 2 more: rendered 1 of 1 scene, 1 transition, reused 1 element, 1.2 s",
        ),
        (
            [],
            Report("hit", "key"),
            "nothing changed that is seen or heard: the whole film was there, 1.2 s",
        ),
    ],
)
def test_a_save_in_a_line(changes: list[str] | None, made: Report, line: str) -> None:
    assert save_text(changes, made, 1.23) == line
