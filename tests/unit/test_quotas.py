"""Quotas as they are said."""

from __future__ import annotations

from typing import Any

import pytest
from resplice.core.quotas import UNLIMITED, Quota, quotas_of


def test_nothing_said_is_no_limit() -> None:
    assert quotas_of({}) == UNLIMITED and UNLIMITED.of("anybody") == Quota()


def test_an_owners_own_row_says_what_differs() -> None:
    said = {
        "requests-per-second": 5,
        "seconds-per-day": 60,
        "owners": {"acme": {"seconds-per-day": 600}, "free": {"seconds-per-day": None}},
    }
    quotas = quotas_of(said)
    assert quotas.of("self") == Quota(requests_per_second=5, seconds_per_day=60)
    assert quotas.of("acme") == Quota(requests_per_second=5, seconds_per_day=600)
    assert quotas.of("free") == Quota(requests_per_second=5)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ([], "a JSON object"),
        ({"second-per-day": 1}, "there is no quota 'second-per-day'; there are requests-per-sec"),
        ({"seconds-per-day": "9"}, "seconds-per-day is a whole number"),
        ({"seconds-per-day": True}, "seconds-per-day is a whole number"),
        ({"movies-in-flight": -1}, "movies-in-flight is a whole number"),
        ({"owners": []}, "owners is an object"),
        ({"owners": {"A b": {}}}, "owners is an object"),
        ({"owners": {"a": 1}}, "a quota is an object"),
    ],
)
def test_what_is_no_quota_is_said(said: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        quotas_of(said)
