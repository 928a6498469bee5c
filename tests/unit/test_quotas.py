"""Quotas as they are said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from resplice.core.owners import OWNER
from resplice.core.quotas import (
    UNBOUNDED,
    UNLIMITED,
    Bounds,
    KeyBounds,
    Quota,
    Quotas,
    bounds_of,
    quotas_of,
)


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


def test_what_all_have_together_is_no_owners_quota() -> None:
    together = {"movies-per-day": 3, "seconds-per-day": 60, "usd-per-day": 0.5}
    quotas = quotas_of({"seconds-per-day": 9, "together": together})
    assert quotas.together == Bounds(3, 60, 500_000)
    assert quotas.of("self") == Quota(seconds_per_day=9)
    assert bounds_of(quotas.together.as_json()) == quotas.together
    assert bounds_of({"usd-per-day": None}) == UNBOUNDED


def test_a_key_bounds_beside_all_others() -> None:
    """The key comes first: what it has not left is taken of nobody."""
    key = KeyBounds("ab", Bounds(movies=1, micro_usd=5))
    quotas = replace(quotas_of({"together": {"movies-per-day": 3, "seconds-per-day": 9}}), key=key)
    assert quotas.most("movies") == [("key/ab", 1), ("ALL", 3)]
    assert quotas.most("seconds") == [("ALL", 9)] and quotas.most("micro_usd") == [("key/ab", 5)]
    assert quotas.is_bounded and Quotas(key=key).is_bounded and not UNLIMITED.is_bounded
    assert UNLIMITED.most("movies") == []
    assert not OWNER.fullmatch("key/ab") and not OWNER.fullmatch("ALL")


def test_what_is_said_later_goes_before() -> None:
    assert Bounds(movies=0).over(Bounds(7, 8, 9)) == Bounds(0, 8, 9)


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
        ({"together": 5}, "together is an object of movies-per-day, seconds-per-day, usd-per-day"),
        ({"together": {"bytes-per-day": 5}}, "together has no 'bytes-per-day'; it has movies-per-"),
        ({"together": {"movies-per-day": 0.5}}, "movies-per-day is a whole number"),
        ({"together": {"usd-per-day": "5"}}, "usd-per-day is a number of dollars"),
        ({"together": {"usd-per-day": True}}, "usd-per-day is a number of dollars"),
        ({"together": {"usd-per-day": -0.1}}, "usd-per-day is a number of dollars"),
        ({"together": {"usd-per-day": float("nan")}}, "usd-per-day is a number of dollars"),
        ({"together": {"usd-per-day": float("inf")}}, "usd-per-day is a number of dollars"),
    ],
)
def test_what_is_no_quota_is_said(said: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        quotas_of(said)
