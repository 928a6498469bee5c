"""What becomes of a delivery: pauses that grow, and an end of trying."""

from __future__ import annotations

import json

from resplice.core.exports.delivery import (
    GIVEN_UP_MS,
    LONGEST_MS,
    Delivery,
    as_stored,
    delivery_id,
    from_stored,
    next_ms,
)
from resplice.core.time_units import HOUR_MS

NEW = Delivery("p-1", "webhook", "https://h.example")
SINCE = 1_000_000


def test_ids_are_of_the_project_and_the_place() -> None:
    assert [delivery_id("abc", n) for n in range(2)] == ["abc-1", "abc-2"]


def test_pauses_double_up_to_four_hours_and_end_after_a_day() -> None:
    at_ms, each, pauses = SINCE, NEW, list[int]()
    while not each.is_over:
        each = each.failed("no", at_ms, SINCE, for_good=False)
        if each.again_ms:
            pauses.append(each.again_ms - at_ms)
            at_ms = each.again_ms
    seconds = [pause // 1000 for pause in pauses]
    assert seconds[:6] == [10, 10, 20, 40, 80, 160] and seconds[-1] == LONGEST_MS // 1000
    assert sorted(seconds) == seconds and 12 <= each.attempts <= 20
    assert GIVEN_UP_MS - LONGEST_MS <= at_ms - SINCE <= GIVEN_UP_MS
    assert (each.status, each.again_ms, each.last_error) == ("failed", None, "no")


def test_who_wants_to_be_left_alone_is_for_an_hour_at_most() -> None:
    for wanted_ms, pause_ms in ((60_000, 60_000), (1_000, 10_000), (9 * HOUR_MS, HOUR_MS)):
        each = NEW.failed("429", SINCE, SINCE, for_good=False, after_ms=wanted_ms)
        assert each.again_ms == SINCE + pause_ms


def test_an_arrival_forgets_what_failed_before() -> None:
    each = NEW.failed("no", 5, 5, for_good=False).arrived(9)
    assert (each.status, each.attempts, each.last_error) == ("delivered", 2, None)
    assert each.delivered_at_ms == 9 and each.again_ms is None and each.is_over


def test_what_will_never_arrive_is_not_tried_again() -> None:
    each = NEW.failed("410", 5, 5, for_good=True)
    assert each.is_over and not each.is_due(10**15)
    assert each.anew().is_due(0) and each.anew().attempts == 1


def test_when_to_go_on() -> None:
    waiting = NEW.failed("no", 50_000, 50_000, for_good=False)
    assert waiting.again_ms == 60_000 and not waiting.is_due(59_999) and waiting.is_due(60_000)
    skipped = NEW.skipped("nothing to send")
    assert next_ms([NEW.arrived(1), waiting, skipped], 7) == 60_000
    assert next_ms([NEW, waiting], 7) == 7 and next_ms([skipped, NEW.arrived(1)], 7) is None


def test_they_are_kept_as_json() -> None:
    each = (NEW, NEW.failed("é", 5, 5, for_good=False), NEW.arrived(3))
    assert from_stored(json.loads(json.dumps(as_stored(each)))) == each
