"""What is counted of a report, and what sums say."""

from __future__ import annotations

from resplice.core.prices import Total
from resplice.core.report import ElementReport, Report, SceneReport
from resplice.core.tallies import amounts_of, told, told_text


def scene(result: str) -> SceneReport:
    return SceneReport(1, result, "k", "", {})  # type: ignore[arg-type]


def element(result: str) -> ElementReport:
    return ElementReport("elements[0]", "text", result, "k")  # type: ignore[arg-type]


def test_a_render_is_counted_by_layer_and_result() -> None:
    report = Report(
        *("miss", "movies/a", (scene("hit"), scene("hit"), scene("miss")), ()),
        (element("hit"), element("bypass")),
        rendered_ms=40,
        saved_ms=0,
        spent=Total(1_500, 0),
    )
    assert amounts_of(report) == {
        **{"movies_miss": 1, "scenes_hit": 2, "scenes_miss": 1},
        **{"elements_hit": 1, "elements_bypass": 1, "rendered_ms": 40, "spent_micro_usd": 1_500},
    }


def test_a_hit_is_little_to_count() -> None:
    assert amounts_of(Report("hit", "movies/a", saved_ms=70)) == {"movies_hit": 1, "saved_ms": 70}


def test_sums_for_people() -> None:
    said = told(
        {
            "movies_hit": 2,
            "movies_joined": 1,
            "movies_miss": 1,
            "saved_ms": 1_500,
            "saved_micro_usd": 5,
        }
    )
    assert said["hits"]["movies"] == {"hit": 2, "miss": 1, "bypass": 0, "joined": 1, "rate": 0.75}
    assert said["hits"]["scenes"]["rate"] is None
    assert said["saved_seconds"] == 1.5 and said["rendered_seconds"] == 0
    assert said["saved_usd"] == 0.000005 and said["spent_usd"] == 0


def test_sums_in_lines() -> None:
    lines = [*told_text(told({"movies_hit": 3, "movies_miss": 1, "saved_ms": 61_000}), 7)]
    assert lines == [
        "in the last 7 days",
        "movies          3 of 4 from the cache, 75%",
        "scenes          0 of 0 from the cache",
        "elements        0 of 0 from the cache",
        "saved     61.0 s of work, and rendered 0.0 s",
        "paid      $0.00, and $0.00 not again",
    ]
