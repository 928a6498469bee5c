"""List prices: what work costs, sums of it, and how it is written."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from resplice.core.prices import (
    PRICES,
    RUNS_HERE,
    SOURCES,
    Cost,
    Total,
    Unit,
    billed_characters,
    cost,
    dollars,
    total,
)
from resplice.core.providers import PROVIDERS


@pytest.mark.parametrize(
    ("provider", "model", "unit", "units", "micro"),
    [
        ("polly", "", "characters", 1_000_000, 16_000_000),
        ("polly", "standard", "characters", 200, 800),
        ("polly", "generative", "characters", 1, 30),
        ("azure", "neural-hd", "characters", 1_000, 22_000),
        ("elevenlabs", "eleven_flash_v2_5", "characters", 1_000, 40_000),
        ("elevenlabs", "scribe_v2", "seconds", 3600, 220_000),
        ("elevenlabs", "scribe_v2", "seconds", 1, 62),
        ("amazon-transcribe", "", "seconds", 60, 24_000),
        ("openai", "whisper-1", "seconds", 60, 6_000),
        ("black-forest-labs", "flux-pro-1.1", "pictures", 3, 120_000),
    ],
)
def test_work_costs_what_the_list_says(
    provider: str, model: str, unit: Unit, units: int, micro: int
) -> None:
    assert cost(provider, model, unit, units) == Cost(provider, unit, units, micro)


@pytest.mark.parametrize(("seconds", "billed"), [(0.5, 15), (15, 15), (15.01, 16), (59.5, 60)])
def test_a_short_request_is_billed_for_its_minimum(seconds: float, billed: int) -> None:
    assert cost("amazon-transcribe", "", "seconds", seconds).micro_usd == billed * 400


@pytest.mark.parametrize(("megapixels", "micro"), [(0.25, 30_000), (1, 30_000), (1.98, 45_000)])
def test_a_larger_picture_costs_more(megapixels: float, micro: int) -> None:
    asked = cost("black-forest-labs", "flux-2-pro", "pictures", 1, megapixels)
    assert asked.micro_usd == micro


def test_a_clip_costs_by_its_seconds() -> None:
    model = "fal-ai/bytedance/seedance/v1.5/pro/text-to-video"
    five_seconds_of_720p = cost("fal", model, "seconds", 5, 0.88).micro_usd
    assert five_seconds_of_720p == 259_200


def test_what_is_not_on_the_list_has_no_price() -> None:
    assert cost("openai", "gpt-image-9", "pictures", 1).micro_usd is None
    assert cost("nobody", "", "characters", 1).micro_usd is None
    assert cost("polly", "", "seconds", 1).micro_usd is None
    assert cost("black-forest-labs", "flux-2-max", "pictures", 1, 2).micro_usd is None
    assert cost("black-forest-labs", "flux-2-max", "pictures", 1, 1).micro_usd == 70_000


@pytest.mark.parametrize("provider", sorted(RUNS_HERE))
def test_what_runs_here_costs_nothing(provider: str) -> None:
    assert cost(provider, "whatever", "characters", 10_000).micro_usd == 0


@pytest.mark.parametrize(
    ("provider", "text", "billed"),
    [
        ("azure", "Hello", 5),
        ("azure", "你好!", 5),
        ("azure", "日本の", 5),
        ("azure", "한국어", 3),
        ("azure", "𠀀", 2),
        ("polly", "你好!", 6),
        ("azure", "", 0),
    ],
)
def test_characters_are_counted_as_they_are_billed(provider: str, text: str, billed: int) -> None:
    assert billed_characters(provider, text) == billed


def test_nothing_costs_nothing() -> None:
    assert cost("polly", "neural", "characters", 0).micro_usd == 0
    assert total([]) == Total(0, 0)


def test_a_sum_is_exact_and_counts_what_has_no_price() -> None:
    parts = [cost("polly", "neural", "characters", 1) for _ in range(10_000)]
    assert total(parts) == Total(160_000, 0)
    assert total([*parts, cost("fal", "unheard-of", "pictures", 1)]) == Total(160_000, 1)


@pytest.mark.parametrize(
    ("micro", "text"),
    [
        (0, "$0.00"),
        (1, "$0.0001"),
        (3_200, "$0.0032"),
        (3_250, "$0.0033"),
        (50_000, "$0.05"),
        (120_000, "$0.12"),
        (123_000, "$0.123"),
        (999_990, "$1.00"),
        (1_234_567, "$1.23"),
        (12_400_000, "$12.40"),
        (1_000_000_000_000, "$1000000.00"),
        (-3_200, "-$0.0032"),
    ],
)
def test_dollars_are_written_as_people_read_them(micro: int, text: str) -> None:
    assert dollars(micro) == text


def test_every_row_is_of_a_known_provider_that_asks_for_money() -> None:
    assert {provider for provider, _, _ in PRICES} <= set(PROVIDERS) - RUNS_HERE
    assert set(PROVIDERS) >= RUNS_HERE
    assert all(price.per > Fraction(0) for price in PRICES.values())


def test_every_price_has_a_source_and_a_day() -> None:
    assert {price.source for price in PRICES.values()} == set(SOURCES.values())
    for source in SOURCES.values():
        assert source.address.startswith("https://")
        assert re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", source.read)


def test_no_row_is_there_twice() -> None:
    from resplice.core import prices

    assert len(PRICES) == len(prices._ROWS.strip().splitlines())
