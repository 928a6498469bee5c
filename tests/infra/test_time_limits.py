"""A function outlives the provider that it waits for: what was paid for is stored."""

from __future__ import annotations

import pytest
from resplice.adapters.chromium.browser import PAINT_SECONDS
from resplice.adapters.chromium.frames import MAX_FRAMES
from resplice.adapters.chromium.page_painter import FRAME_SECONDS
from resplice.adapters.providers import amazon_transcribe, bedrock, handshake, http, openai_images
from resplice.steps.makers import MAKERS, generate
from resplice.wiring.aws import FETCH_SECONDS

from infra.rows import ROWS

ONE_ANSWER = http.CONNECT_SECONDS + handshake.HEAD_SECONDS + http.WHOLE_SECONDS
RESERVE_SECONDS = 30
"""For our own work before and after."""


@pytest.mark.parametrize(
    ("function", "seconds"),
    [
        ("speak", ONE_ANSWER + 2 * http.READ_SECONDS),
        ("transcribe", ONE_ANSWER + http.LONGEST_READ_SECONDS),
        ("transcribe", amazon_transcribe.PATIENCE_SECONDS),
        ("generate", generate.WAIT_SECONDS + http.CONNECT_SECONDS + FETCH_SECONDS),
        ("generate", ONE_ANSWER + openai_images.READ_SECONDS),
        ("generate", bedrock.CONNECT_SECONDS + bedrock.READ_SECONDS),
    ],
)
def test_a_function_outlives_its_provider(function: str, seconds: float) -> None:
    assert seconds + RESERVE_SECONDS <= ROWS[function].timeout_s


def test_the_function_that_paints_outlives_a_batch_of_long_animations() -> None:
    shot_twice = 2 * MAX_FRAMES * FRAME_SECONDS
    one = PAINT_SECONDS + shot_twice
    assert MAKERS["animate"].max_batch * one + RESERVE_SECONDS <= ROWS["paint"].timeout_s


def test_work_that_takes_long_is_waited_for_and_not_for_ever() -> None:
    asking = http.Asking("Somebody")
    assert asking.patient(100).read_s == http.READ_SECONDS + 100
    assert asking.patient(10**6).read_s == http.LONGEST_READ_SECONDS
