"""The report as JSON: all that is counted, warnings only if there are any."""

from __future__ import annotations

import json

import pytest
from resplice.core.report import (
    ElementReport,
    Report,
    Result,
    SceneReport,
    TransitionReport,
    overall,
    share_reused,
)

FULL = Report(
    "miss",
    "movies/a",
    (SceneReport(1, "miss", "scenes/b", "new", {"hit": 1, "miss": 2}),),
    (TransitionReport(2, "hit"),),
    (ElementReport("scenes[0].elements[0]", "image", "bypass", "elements/c"),),
    {"elements": 12},
    ("a glyph is missing",),
    rendered_ms=30,
    saved_ms=4,
)


def test_a_report_tells_all_as_json() -> None:
    told = json.loads(json.dumps(FULL.as_json()))
    assert told == {
        "movie": {"result": "miss", "key": "movies/a"},
        "scenes": [
            {
                **{"scene": 1, "result": "miss", "key": "scenes/b", "reason": "new"},
                "segments": {"hit": 1, "miss": 2},
            }
        ],
        "transitions": [{"into_scene": 2, "result": "hit"}],
        "elements": [
            {
                **{"path": "scenes[0].elements[0]", "type": "image", "result": "bypass"},
                "key": "elements/c",
            }
        ],
        "timings_ms": {"elements": 12},
        "rendered_ms": 30,
        "saved_ms": 4,
        "warnings": ["a glyph is missing"],
    }


def test_without_warnings_none_are_told_of() -> None:
    assert "warnings" not in Report("hit", "movies/a").as_json()


@pytest.mark.parametrize(
    ("results", "word"),
    [
        ([], "hit"),
        (["hit", "hit"], "hit"),
        (["hit", "miss"], "miss"),
        (["miss", "bypass", "hit"], "bypass"),
    ],
)
def test_several_results_are_one_word(results: list[Result], word: Result) -> None:
    assert overall(results) == word


@pytest.mark.parametrize(
    ("report", "share"),
    [
        (FULL, 4 / 34),
        (Report("hit", "movies/a"), 1.0),
        (Report("joined", "movies/a", rendered_ms=30), 1.0),
        (Report(None, "movies/a"), 0.0),
    ],
)
def test_the_share_that_was_reused(report: Report, share: float) -> None:
    assert share_reused(report.as_json()) == share
