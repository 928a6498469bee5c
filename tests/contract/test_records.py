"""What every keeper of records must do. A new adapter is one more param of `make`."""

from __future__ import annotations

import base64
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import cloud
import pytest
from resplice.adapters.dynamodb.records import DynamoRecords
from resplice.adapters.sqlite.records import SqliteRecords
from resplice.errors import StorageError
from resplice.ports import TERMINAL, ApiKey, Project, ProjectStatus, Records

Make = Callable[[], Records]
PROJECT = Project("p1", "owner", '{"scenes": []}', 1_000)


@pytest.fixture(params=["sqlite", "dynamodb"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Opens the same records again each time, as another process would."""
    if request.param == "sqlite":
        return lambda: SqliteRecords(tmp_path / "records.sqlite")
    table = cloud.new_table()
    return lambda: DynamoRecords(cloud.client.__wrapped__("dynamodb"), table)


@pytest.fixture
def records(make: Make) -> Records:
    return make()


def test_a_project_is_kept_whole(records: Records, make: Make) -> None:
    full = Project(
        *("p2", "owner", '{"é": "\u2028"}', 5, "done", "a\nmessage", 9, "movies/a"),
        result={"url": "x", "list": [1, {"a": None}]},
    )
    for project in (PROJECT, full):
        records.add_project(project)
        assert make().project(project.id) == project
    assert records.project("unknown") is None


def test_a_field_is_emptied(records: Records) -> None:
    records.add_project(replace(PROJECT, movie_key="movies/a", message="m", ended_at_ms=1))
    assert records.advance("p1", "running", movie_key=None, message="", ended_at_ms=None)
    assert records.project("p1") == replace(PROJECT, status="running")


def test_names_are_any_text(records: Records) -> None:
    for name in ("a#b", "project", "é 𝄞", "%", "a"):
        project = replace(PROJECT, id=name, owner=f"owner#{name}")
        records.add_project(project)
        assert records.project(name) == project
        assert list(records.projects(project.owner, 0, 9_999, 9)) == [project]
        lease = records.claim(name, name, 0, 9)
        records.wait(name, name)
        records.point(name, {"at": name})
        assert lease and records.held(name) == lease and records.waiting(name) == [name]
        assert records.pointer(name) == {"at": name}
    assert records.project("") is None


def test_a_large_document(records: Records) -> None:
    """Of the most that the API takes, and hardly to be compressed."""
    text = base64.b64encode(random.Random(1).randbytes(4_500_000)).decode()
    project = replace(PROJECT, document=text)
    records.add_project(project)
    records.add_project(replace(PROJECT, id="p2", created_at_ms=2_000))
    assert records.project("p1") == project
    assert [each.id for each in records.projects("owner", 0, 9_999, 9)] == ["p2", "p1"]
    assert records.projects("owner", 0, 1_001, 1) == [project]


def test_a_report_of_many_scenes_is_kept(records: Records) -> None:
    scenes = [{"scene": n, "result": "miss", "key": f"{n:064x}" * 3} for n in range(2_000)]
    records.add_project(PROJECT)
    assert records.advance("p1", "done", result={"scenes": scenes})
    kept = records.project("p1")
    assert kept and kept.result == {"scenes": scenes}


def noise(seed: int, size_bytes: int) -> str:
    """Text that hardly anything compresses."""
    return base64.b64encode(random.Random(seed).randbytes(size_bytes)).decode()


def test_a_report_of_ten_thousand_elements_is_kept(records: Records, make: Make) -> None:
    element = {"path": "scenes[0].elements[0]", "type": "text", "result": "miss"}
    keys = [noise(n, 48) for n in range(10_000)]
    report = {"elements": [{**element, "key": f"elements/paint/{key}"} for key in keys]}
    records.add_project(PROJECT)
    assert records.advance("p1", "done", result={"report": report})
    for found in (make().project("p1"), *make().projects("owner", 0, 9_999, 9)):
        assert found == replace(PROJECT, status="done", result={"report": report})


def test_a_result_may_be_large_from_the_start_and_then_be_another(records: Records) -> None:
    large, larger = {"client-data": noise(1, 600_000)}, {"client-data": noise(2, 900_000)}
    records.add_project(replace(PROJECT, result=large))
    assert records.project("p1") == replace(PROJECT, result=large)
    assert records.advance("p1", "running", message="Rendering")
    running = replace(PROJECT, status="running", message="Rendering")
    assert records.project("p1") == replace(running, result=large)
    for result in (larger, {"small": 1}, large, {}, larger):
        assert records.advance("p1", "running", result=result)
        assert records.project("p1") == replace(running, result=result)
        assert list(records.projects("owner", 0, 9_999, 9)) == [replace(running, result=result)]


def test_of_two_large_ends_one_is_kept_whole(records: Records, make: Make) -> None:
    results = [{"report": noise(n, 500_000)} for n in range(4)]
    records.add_project(replace(PROJECT, result={"report": noise(9, 500_000)}))
    keepers = [make() for _ in results]
    with ThreadPoolExecutor(4) as pool:
        ended = list(
            pool.map(lambda n: keepers[n].advance("p1", "done", result=results[n]), range(4))
        )
    assert sum(ended) == 1
    assert not records.advance("p1", "error", result={"report": noise(8, 500_000)})
    kept = records.project("p1")
    assert kept == replace(PROJECT, status="done", result=results[ended.index(True)])


def test_an_id_is_taken_once(records: Records) -> None:
    records.add_project(PROJECT)
    with pytest.raises(StorageError, match="p1"):
        records.add_project(replace(PROJECT, owner="other"))
    assert records.project("p1") == PROJECT


def test_an_id_is_taken_once_in_a_race(records: Records, make: Make) -> None:
    keepers = [make() for _ in range(8)]

    def add(n: int) -> bool:
        try:
            keepers[n].add_project(replace(PROJECT, document=f"document {n}"))
        except StorageError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(add, range(8)))
    assert sum(added) == 1
    assert records.project("p1") == replace(PROJECT, document=f"document {added.index(True)}")


def test_a_project_moves_on_with_other_fields(records: Records) -> None:
    records.add_project(PROJECT)
    assert records.advance("p1", "running", message="painting")
    assert records.advance(
        "p1", "done", ended_at_ms=2_000, movie_key="movies/a", result={"frames": 5}
    )
    assert records.project("p1") == replace(
        PROJECT,
        status="done",
        message="painting",
        ended_at_ms=2_000,
        movie_key="movies/a",
        result={"frames": 5},
    )


@pytest.mark.parametrize("end", sorted(TERMINAL))
@pytest.mark.parametrize("then", ["pending", "running", "done", "error", "timeout"])
def test_an_end_is_final(records: Records, end: ProjectStatus, then: ProjectStatus) -> None:
    records.add_project(PROJECT)
    assert records.advance("p1", end, message="first")
    assert not records.advance("p1", then, message="second")
    assert records.project("p1") == replace(PROJECT, status=end, message="first")


def test_only_what_may_change_changes(records: Records) -> None:
    records.add_project(PROJECT)
    assert not records.advance("unknown", "done")
    for field in ("id", "owner", "document", "created_at_ms", "status = 'x' --"):
        with pytest.raises(TypeError):
            records.advance("p1", "done", **{field: "x"})
    assert records.project("p1") == PROJECT


def test_an_end_is_reached_once_in_a_race(records: Records, make: Make) -> None:
    records.add_project(PROJECT)
    keepers = [make() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        ends = list(
            pool.map(lambda n: keepers[n % 8].advance("p1", "done", message=str(n)), range(50))
        )
    project = records.project("p1")
    assert sum(ends) == 1
    assert project and ends[int(project.message)]


def test_projects_of_an_owner_by_time(records: Records) -> None:
    for n in (1, 3, 2, 4):
        records.add_project(replace(PROJECT, id=f"p{n}", created_at_ms=n))
    records.add_project(replace(PROJECT, id="else", owner="else", created_at_ms=2))
    assert [project.id for project in records.projects("owner", 2, 4, 9)] == ["p3", "p2"]
    assert list(records.projects("nobody", 0, 10, 9)) == []


def test_times_at_the_ends_of_the_world(records: Records) -> None:
    records.add_project(PROJECT)
    assert [project.id for project in records.projects("owner", -5, 10**15, 9)] == ["p1"]
    for since_ms, until_ms, limit in ((-9, -5, 9), (2_000, 1, 9), (0, 0, 9), (0, 9_999, 0)):
        assert list(records.projects("owner", since_ms, until_ms, limit)) == []
    assert list(records.projects("owner", 500, 9_999, 9, before=(400, "x"))) == []


def test_projects_page_by_page(records: Records) -> None:
    for name, created_at_ms in (("a", 1), ("b", 2), ("c", 2), ("d", 2), ("e", 3), ("f", 9)):
        records.add_project(replace(PROJECT, id=name, created_at_ms=created_at_ms))

    def page(before: tuple[int, str] | None, until_ms: int = 9) -> str:
        found = records.projects("owner", 1, until_ms, 2, before)
        return "".join(project.id for project in found)

    assert [page(None), page((2, "d")), page((2, "b")), page((1, "a"))] == ["ed", "cb", "a", ""]
    assert page((2, "c"), until_ms=2) == "a" and page((99, "z")) == "ed"


def test_what_is_unfinished(records: Records) -> None:
    for name, created_at_ms, status in (
        *(("late", 9, "pending"), ("begun", 5, "running"), ("early", 1, "pending")),
        *(("over", 2, "done"), ("failed", 3, "error"), ("slow", 4, "timeout")),
    ):
        records.add_project(replace(PROJECT, id=name, created_at_ms=created_at_ms))
        assert records.advance(name, status)  # type: ignore[arg-type]
    records.add_project(replace(PROJECT, id="else", owner="else", created_at_ms=6))
    records.add_project(replace(PROJECT, id="ended", status="done"))
    assert list(records.unfinished()) == ["early", "begun", "else", "late"]


def test_a_lease_has_one_holder_until_it_ends(records: Records) -> None:
    lease = records.claim("key", "a", now_ms=100, lease_ms=50)
    assert lease and (lease.key, lease.holder, lease.until_ms) == ("key", "a", 150)
    assert records.claim("key", "b", now_ms=149, lease_ms=50) is None
    assert records.claim("key", "a", now_ms=149, lease_ms=50) is None
    assert records.claim("other", "b", now_ms=149, lease_ms=50)
    taken = records.claim("key", "b", now_ms=150, lease_ms=50)
    assert taken and (taken.holder, taken.until_ms) == ("b", 200)
    assert taken.fence > lease.fence


def test_renewal(records: Records) -> None:
    lease = records.claim("key", "a", 100, 50)
    assert lease
    renewed = records.renew(lease, now_ms=140, lease_ms=50)
    assert renewed == replace(lease, until_ms=190)
    assert records.claim("key", "b", 189, 50) is None
    assert records.renew(lease, now_ms=100, lease_ms=50) == renewed, "never shorter"
    late = records.renew(lease, now_ms=500, lease_ms=50)
    assert late and late.until_ms == 550, "expired, but nobody took it"
    assert records.claim("key", "b", 550, 50)
    assert records.renew(late, 551, 50) is None


def test_release(records: Records) -> None:
    lease = records.claim("key", "a", 100, 50)
    assert lease
    assert not records.release(replace(lease, holder="b"))
    assert not records.release(replace(lease, fence=lease.fence + 1))
    assert records.claim("key", "b", 101, 50) is None
    assert records.release(lease)
    assert not records.release(lease)
    assert records.renew(lease, 101, 50) is None


def test_the_fence_rises_also_after_release(records: Records, make: Make) -> None:
    fences = []
    for n in range(5):
        lease = make().claim("key", "a", n, 1_000)
        assert lease
        fences.append(lease.fence)
        assert records.release(lease)
    assert fences == sorted(set(fences))


def test_an_old_holder_cannot_release_for_the_new_one(records: Records) -> None:
    old = records.claim("key", "a", 0, 10)
    new = records.claim("key", "a", 10, 10)
    assert old and new
    assert not records.release(old)
    assert records.renew(old, 11, 10) is None
    assert records.claim("key", "b", 19, 10) is None
    assert records.release(new)


def test_clocks_apart_both_hold_but_only_the_last_has_it(records: Records) -> None:
    """The clock of whoever comes second is five minutes ahead."""
    behind_ms, ahead_ms, lease_ms = 1_000_000, 1_300_000, 60_000
    old = records.claim("key", "behind", behind_ms, lease_ms)
    new = records.claim("key", "ahead", ahead_ms, lease_ms)
    assert old and new and old.until_ms > behind_ms and new.fence > old.fence
    assert records.held("key") == new
    assert records.renew(old, behind_ms + 1, lease_ms) is None
    assert not records.release(old)
    assert records.renew(new, ahead_ms + 1, lease_ms) and records.release(new)


def test_who_holds_a_lease(records: Records, make: Make) -> None:
    assert records.held("key") is None
    lease = records.claim("key", "a", 100, 50)
    assert lease and make().held("key") == lease
    renewed = records.renew(lease, 1_000, 50)
    assert records.held("key") == renewed != lease
    assert records.release(lease), "whatever until when it is held"
    assert records.held("key") is None
    again = records.claim("key", "b", 0, 50)
    assert again and records.held("key") == again


def test_who_waits(records: Records, make: Make) -> None:
    assert list(records.waiting("key")) == []
    for name in ("c", "a", "b", "a"):
        make().wait("key", name)
    records.wait("key2", "other")
    assert records.claim("key", "a", 0, 9)
    assert list(records.waiting("key")) == ["a", "b", "c"]
    records.stop_waiting("key", "b")
    records.stop_waiting("key", "unknown")
    assert list(make().waiting("key")) == ["a", "c"]
    assert list(records.waiting("key2")) == ["other"]


def test_pointers(records: Records, make: Make) -> None:
    assert records.pointer("movies/a") is None
    for facts in ({"object": "movies/b", "nested": [1, 2.5, None, "é"]}, {}):
        records.point("movies/a", facts)
        assert make().pointer("movies/a") == facts
    assert records.pointer("movies") is None


def test_api_keys(records: Records, make: Make) -> None:
    assert records.key("d1") is None and list(records.keys()) == []
    late = ApiKey("d1", "late", "render", 2_000, expires_at_ms=9_000)
    first, second = ApiKey("d2", "", "admin", 1_000), ApiKey("d3", "é", "viewer", 1_000)
    for key in (late, second, first):
        records.add_key(key)
        assert make().key(key.digest) == key
    assert list(records.keys()) == [first, second, late]
    with pytest.raises(StorageError, match="d2"):
        records.add_key(replace(late, digest="d2"))
    assert records.remove_key("d2") and not records.remove_key("d2")
    assert make().key("d2") is None
    assert list(make().keys()) == [second, late]


def test_sixteen_threads_claim_and_one_gets_it(make: Make) -> None:
    keepers = [make() for _ in range(16)]
    barrier = threading.Barrier(16)

    def claim(n: int) -> object:
        barrier.wait()
        return keepers[n].claim("key", str(n), 0, 1_000)

    with ThreadPoolExecutor(16) as pool:
        leases = [lease for lease in pool.map(claim, range(16)) if lease]
    assert leases == [keepers[0].held("key")]


def test_none_that_waits_is_overlooked(make: Make) -> None:
    """Who waits says so before it looks at the lease; who leaves gives it up before it looks."""
    keepers = [make() for _ in range(8)]
    for n in range(5):
        lease = keepers[0].claim(f"key{n}", "leader", 0, 1_000)
        assert lease

        def come(name: int, n: int = n) -> bool:
            keepers[name].wait(f"key{n}", str(name))
            return keepers[name].held(f"key{n}") is None

        with ThreadPoolExecutor(8) as pool:
            came = [pool.submit(come, name) for name in range(1, 8)]
            assert keepers[0].release(lease)
            seen = set(keepers[0].waiting(f"key{n}"))
        for name, later in enumerate(came, 1):
            assert str(name) in seen or later.result()
