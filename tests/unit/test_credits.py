"""What a movie consumed: seconds by their size, providers by their models, nothing for a hit."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.credits import consumed


def report(result: str = "miss", *elements: dict[str, Any]) -> dict[str, Any]:
    return {"movie": {"result": result, "key": "movies/a"}, "elements": list(elements)}


def voice(key: str, units: float, usd: float | None, result: str = "miss") -> dict[str, Any]:
    named = {"provider": "elevenlabs", "model": "", "unit": "characters"}
    return {"key": key, "result": result, "cost": {**named, "units": units, "usd": usd}}


@pytest.mark.parametrize(
    ("seconds", "size", "credits"),
    [
        (10, (1920, 1080), 10),
        (10, (1080, 1920), 10),
        (10.4, (640, 360), 10),
        (0.2, (64, 64), 1),
        (10, (1920, 1082), 40),
        (10, (3840, 2160), 40),
    ],
)
def test_a_second_is_a_credit_and_four_above_full_hd(
    seconds: float, size: tuple[int, int], credits: int
) -> None:
    (item,) = consumed(report(), seconds, *size)
    assert item == {"type": "render", "credits": credits, "seconds": seconds}


@pytest.mark.parametrize(
    ("result", "credits"), [("miss", 5), ("bypass", 5), ("hit", 0), ("joined", 0)]
)
def test_what_was_rendered_for_another_is_free(result: str, credits: int) -> None:
    (item,) = consumed(report(result), 5, 640, 360)
    assert item["credits"] == credits


def test_what_providers_were_paid_is_told_by_model_each_piece_of_work_once() -> None:
    told = report(
        *("miss", voice("a", 100, 0.008), voice("a", 100, 0.008), voice("b", 50, 0.004)),
        *(voice("c", 7, 0.1, result="hit"), {"key": "d", "result": "miss"}),
    )
    _, item = consumed(told, 5, 640, 360)
    assert item == {
        **{"type": "provider", "credits": 0, "provider": "elevenlabs", "model": ""},
        **{"unit": "characters", "units": 150, "usd": 0.012},
    }


def test_a_price_that_nobody_knows_makes_the_sum_unknown() -> None:
    _, item = consumed(report("miss", voice("a", 1, None), voice("b", 1, 0.1)), 5, 640, 360)
    assert item["units"] == 2 and item["usd"] is None
