"""The simulation of many movies at once: it loses none, and keeps the limits that it tells of."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resplice.adapters.sqlite.file import SqliteFile
from resplice.adapters.sqlite.leases import SqliteLeases
from resplice.wiring.local import local

from benchmarks import prices
from benchmarks.simulation import measured, records, stage
from benchmarks.simulation.account import EPOCH_MS, Account
from benchmarks.simulation.patterns import PATTERNS, Pattern, Result, accepting, body_of, play
from benchmarks.simulation.quotas import Bucket, Quotas, Rate, Window, quotas_of
from benchmarks.simulation.stage import Movie, Stage
from infra.rows import ROWS

README = measured.README.read_text()
WORK = measured.measured(README)
ROOMY = replace(quotas_of(1_000), api=Rate(10_000, 10_000))
TINY = measured.Work(
    {"element": 1, "paint": 0, "scene": 2},
    {"api": 1, "prepare": 2, "element": 3, "plan": 4, "scene": 5, "movie": 6, "finish": 7},
    rest_dollars=0.0,
    again_dollars=0.0,
)
Play = Callable[[Quotas, list[Movie]], Stage]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    with local(tmp_path_factory.mktemp("local")) as ports:
        accepted = accepting(ports)

        def play(quotas: Quotas, movies: list[Movie]) -> Stage:
            stage = Stage(Account(quotas), ports, accepted)
            stage.play(movies)
            return stage

        yield play


def asked(numbers: list[int], apart_s: float = 0.0, work: measured.Work = WORK) -> list[Movie]:
    """Movies by what tells them apart."""
    return [Movie(body_of(n, scenes=1), work, i * apart_s) for i, n in enumerate(numbers)]


def waits_s(stage: Stage) -> list[float]:
    ended = [stage.projects.rows[str(movie.project)].ended_at_ms or 0 for movie in stage.movies]
    pairs = zip(ended, stage.movies, strict=True)
    return [(at_ms - EPOCH_MS) / 1000 - movie.arrived_s for at_ms, movie in pairs]


def statuses(stage: Stage) -> Counter[str]:
    return Counter(stage.projects.rows[str(movie.project)].status for movie in stage.movies)


def most_at_once(log: list[tuple[str, float, float]]) -> int:
    """Ends before beginnings of the same moment."""
    changes = sorted([(at, 1) for _, at, _ in log] + [(at, -1) for _, _, at in log])
    return max(accumulate(change for _, change in changes))


def keeps(granted_s: list[float], rate: Rate) -> bool:
    """In no stretch of time there were more than the bucket holds and what flowed in meanwhile."""
    level, last_s = rate.size, 0.0
    for at_s in sorted(granted_s):
        level = min(rate.size, level + (at_s - last_s) * rate.per_s) - 1
        last_s = at_s
        if level < -1e-6:
            return False
    return True


def buckets(account: Account) -> list[Bucket]:
    return [account.api, account.starts, account.moves, *account.new.values()]


def test_one_movie_is_what_the_readme_says(played: Play) -> None:
    only = played(ROOMY, asked([1]))
    pattern = Pattern("one", 1, 0.0)
    together = dict(measured._tables(README))[measured.WHOLE][0][6]
    told = float(together.split()[0]) / 100
    assert Result(pattern, only).dollars() == pytest.approx(told, rel=0.05)


def test_a_movie_is_fanned_out_or_made_in_the_lane(played: Play) -> None:
    """By the tables of `make cost`: the second one says what the lane leaves to others."""
    fanned_out = replace(WORK, lane=None)
    assert WORK.lane is not None and {*WORK.lane} == {"paint", "scene"}
    # Begin, 2 Prepare, 2 Any, Map, 5 Which and their calls, Plan, Any, Map, 14 Scene, Movie, Finish
    assert played(ROOMY, asked([1], work=fanned_out)).account.transitions == 35
    fast = replace(
        WORK, seconds={**WORK.seconds, "lane": 6.0}, lane={"paint": (1, 0.9), "scene": (14, 3.0)}
    )
    only = played(ROOMY, asked([1], work=fast))
    assert only.account.transitions == 3 and statuses(only) == {"done": 1}
    assert 6 < waits_s(only)[0] < 6.5
    calls = Counter(function for function, _, _ in only.account.log)
    assert calls == {"api": 1, "lane": 1, "paint": 1, "scene": 14, "finish": 1}
    alone = played(replace(ROOMY, concurrency=1), asked([1], work=fast))
    assert statuses(alone) == {"done": 1} and most_at_once(alone.account.log) == 1
    assert waits_s(alone)[0] > 6 + 14 * 3.0
    long = played(ROOMY, asked([1], work=fast.longer(180, 80)))
    assert statuses(long) == {"done": 1} and long.account.transitions > 1_000


def test_a_tiny_movie_by_hand(played: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((records, "TABLE_S"), (records, "OTHER_S"), (stage, "OTHER_S")):
        monkeypatch.setattr(module, name, 0.0)
    wide = played(ROOMY, asked([1], work=TINY))
    # api, prepare, element, prepare, plan, both scenes beside each other, movie, finish
    assert waits_s(wide) == [1 + 2 + 3 + 2 + 4 + 5 + 6 + 7]
    narrow = played(replace(ROOMY, at_once=1), asked([1], work=TINY))
    assert waits_s(narrow) == [1 + 2 + 3 + 2 + 4 + 5 + 5 + 6 + 7]
    # Begin, Prepare, Any, Map, Which, Element, Prepare, Any, Plan, Any, Map, 2 Scene, Movie, Finish
    assert wide.account.transitions == narrow.account.transitions == 15
    seconds = {**TINY.seconds, "prepare": 4, "scene": 10}
    calls = {**dict.fromkeys(seconds, 1), "prepare": 2, "scene": 2}
    billed = sum(
        prices.function_dollars(s, ROWS[name].memory_mb, ROWS[name].tmp_mb)
        + (calls[name] - 1) * prices.LAMBDA_REQUEST
        for name, s in seconds.items()
    )
    assert wide.account.dollars == pytest.approx(billed)


def test_one_function_at_a_time_takes_turns(played: Play) -> None:
    """Throttled tasks ask again; what waited is not lost, and nothing runs beside anything."""
    quotas = replace(ROOMY, concurrency=1)
    only = played(quotas, asked([1, 2], work=TINY))
    assert statuses(only) == {"done": 2}
    assert most_at_once(only.account.log) == only.account.most_running == 1
    assert only.account.tries > 0
    assert only.account.transitions == 2 * 15 + only.account.tries - asked_at_the_door(only)


def test_executions_that_may_not_start_yet_wait(played: Play) -> None:
    quick, slow = (
        played(replace(ROOMY, starts=starts), asked(list(range(6))))
        for starts in (ROOMY.starts, Rate(2, 1))
    )
    late_s = [max(waits_s(each)) for each in (quick, slow)]
    assert late_s[1] - late_s[0] == pytest.approx(4, abs=0.2)
    assert slow.account.starts.meter.times == 4


def test_a_prefix_of_the_bucket_takes_so_much_a_second(played: Play) -> None:
    """Of 40 movies at once 17 pieces each are named in the second of their plans."""
    work = replace(WORK, lane=None)
    narrow = played(replace(ROOMY, puts=100), asked(list(range(40)), work=work))
    roomy = played(ROOMY, asked(list(range(40)), work=work))
    assert narrow.account.puts.peak() == (100, "runs") and roomy.account.puts.peak()[0] > 400
    assert max(waits_s(narrow)) > max(waits_s(roomy)) + 5


def asked_at_the_door(stage: Stage) -> int:
    """Of the tries for which no function was free: those of clients, not of the state machine."""
    return len(stage.account.api.granted_s) - len(stage.movies)


@pytest.mark.parametrize("concurrency", [1_000, 10])
@pytest.mark.parametrize("seed", range(3))
def test_every_movie_ends_once_and_no_limit_is_passed(
    played: Play, concurrency: int, seed: int
) -> None:
    """Half of them are like others, some come at once."""
    account = Account(quotas_of(concurrency), seed)
    numbers = [account.random.choice([0, 1, 2, 100 + n]) for n in range(120)]
    quotas = quotas_of(concurrency)
    played_out = played(quotas, asked(numbers, apart_s=(0.0, 0.05, 1.0)[seed]))
    ends, seen = played_out.projects.ends, {movie.project for movie in played_out.movies}
    assert len(seen) == len(numbers) and set(ends) == seen and set(ends.values()) == {1}
    assert statuses(played_out) == {"done": len(numbers)}
    assert set(played_out.rendered.values()) == {1}
    assert len(played_out.rendered) == len(set(numbers))
    account = played_out.account
    assert most_at_once(account.log) <= quotas.concurrency
    assert all(keeps(bucket.granted_s, bucket.rate) for bucket in buckets(account))
    api = [at_s for function, at_s, _ in account.log if function == "api"]
    assert keeps(api, quotas.api)
    for window in (account.reads, account.writes, account.gets, account.puts):
        assert window.peak()[0] <= window.most


def test_equal_movies_in_a_burst_render_once_though_finish_dies(
    played: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More wait for it than one call can end in its time, which is short here: others go on where
    it died.
    """
    monkeypatch.setitem(ROWS, "finish", replace(ROWS["finish"], timeout_s=60))
    burst = played(ROOMY, asked([7] * 3_000))
    assert sum(burst.rendered.values()) == 1 and burst.account.died["finish"] >= 1
    assert statuses(burst) == {"done": 3_000} and set(burst.projects.ends.values()) == {1}
    assert burst.account.writes.peak()[0] <= burst.account.writes.most
    assert burst.account.writes.meter.times > 0, "it should have come to the limit"


def test_what_does_not_come_to_its_turn_times_out_once(played: Play) -> None:
    slow = replace(WORK, seconds={**WORK.seconds, "scene": 600})
    crowd = played(quotas_of(10), asked(list(range(12)), work=slow))
    ends = statuses(crowd)
    assert ends["timeout"] > 0 and ends.total() == 12
    assert set(crowd.projects.ends.values()) == {1} and not crowd.projects.open
    assert max(waits_s(crowd)) < 2 * 3600


def test_a_sweep_asks_for_an_execution_again_only_when_it_is_due(played: Play) -> None:
    """After a minute, and at each fifth."""
    crowd = played(quotas_of(10), asked(list(range(150))))
    assert statuses(crowd) == {"done": 150}
    for movie, wait_s in zip(crowd.movies, waits_s(crowd), strict=True):
        assert crowd.asked_again[str(movie.project)] <= 1 + wait_s // 300
    assert crowd.asked_again.total() > 20


def test_a_movie_that_is_refused_is_told_of(played: Play) -> None:
    document = json.loads(body_of(1, scenes=1))
    too_many = json.dumps({**document, "scenes": document["scenes"] * 1_001}).encode()
    with pytest.raises(ValueError, match="not taken in: DocumentError"):
        played(ROOMY, [Movie(too_many, WORK, 0.0)])


def test_the_long_movie_of_the_patterns_is_one_that_is_taken(tmp_path: Path) -> None:
    row = next(pattern for pattern in PATTERNS if pattern.long_first)
    with local(tmp_path) as ports:
        result = play(replace(row, count=2), 1_000, WORK, ports, accepting(ports))
    long_s = result.long_s()
    assert result.ends() == {"done": 3} and long_s and long_s > 10 * result.waits_s()[-1]


MOMENTS = st.lists(st.tuples(st.floats(0, 4), st.integers(1, 10)), max_size=60)


@given(MOMENTS)
def test_a_window_gives_no_second_more_than_it_has(asked: list[tuple[float, int]]) -> None:
    window, used = Window(10.0), Counter[int]()
    for at_s, units in asked:
        when_s = window.at("key", at_s, units)
        assert when_s >= at_s
        used[int(when_s)] += units
    assert all(units <= 10 for units in used.values())
    assert used.total() == sum(units for _, units in asked)


@given(st.lists(st.floats(0, 1), max_size=60))
def test_a_bucket_gives_no_more_than_flows_in(pauses_s: list[float]) -> None:
    bucket, last_s = Bucket(Rate(3, 5)), 0.0
    for at_s in accumulate(pauses_s):
        granted_s = at_s + bucket.reserve(at_s)
        assert granted_s >= last_s
        last_s = granted_s
    assert keeps(bucket.granted_s, bucket.rate)


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "renew", "release", "held", "wait", "waiting", "stop_waiting"]),
        *(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(0, 3)),
    ),
    max_size=30,
)


@given(OPERATIONS)
def test_leases_in_memory_are_like_those_in_a_file(
    tmp_path_factory: pytest.TempPathFactory, operations: list[tuple[str, str, str, int]]
) -> None:
    file = SqliteFile(tmp_path_factory.mktemp("leases") / "records.sqlite")
    mine, theirs = records.MemoryLeases(records.Asked(Account(ROOMY))), SqliteLeases(file)
    for now_ms, (operation, key, project, ms) in enumerate(operations):
        held, same = mine.held(key), theirs.held(key)
        assert held == same
        match operation:
            case "claim":
                assert mine.claim(key, project, now_ms, ms) == theirs.claim(
                    key, project, now_ms, ms
                )
            case "renew" if held and same:
                assert mine.renew(held, now_ms, ms) == theirs.renew(same, now_ms, ms)
            case "release" if held and same:
                assert mine.release(held) == theirs.release(same)
            case "wait":
                mine.wait(key, project), theirs.wait(key, project)
            case "stop_waiting":
                mine.stop_waiting(key, project), theirs.stop_waiting(key, project)
        assert list(mine.waiting(key)) == list(theirs.waiting(key))
