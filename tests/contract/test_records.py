"""What every keeper of records must do. A new adapter is one more param of `make`."""

from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from resplice.adapters.records_sqlite import SqliteRecords
from resplice.adapters.system_clock import SystemClock
from resplice.errors import StorageError
from resplice.ports import TERMINAL, Project, ProjectStatus, Records

Make = Callable[[], Records]
PROJECT = Project("p1", "owner", '{"scenes": []}', 1_000)


@pytest.fixture(params=["sqlite"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Opens the same records again each time, as another process would."""
    makers: dict[str, Make] = {"sqlite": lambda: SqliteRecords(tmp_path / "records.sqlite")}
    return makers[request.param]


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


def test_an_id_is_taken_once(records: Records) -> None:
    records.add_project(PROJECT)
    with pytest.raises(StorageError, match="p1"):
        records.add_project(replace(PROJECT, owner="other"))
    assert records.project("p1") == PROJECT


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


def test_an_end_is_reached_once_in_a_race(records: Records) -> None:
    records.add_project(PROJECT)
    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(lambda n: records.advance("p1", "done", message=str(n)), range(50)))
    project = records.project("p1")
    assert sum(ends) == 1
    assert project and ends[int(project.message)]


def test_projects_of_an_owner_by_time(records: Records) -> None:
    for n in (1, 3, 2, 4):
        records.add_project(replace(PROJECT, id=f"p{n}", created_at_ms=n))
    records.add_project(replace(PROJECT, id="else", owner="else", created_at_ms=2))
    assert [project.id for project in records.projects("owner", 2, 4, 9)] == ["p3", "p2"]
    assert list(records.projects("nobody", 0, 10, 9)) == []


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
    records.add_project(replace(PROJECT, id="else", owner="else"))
    assert list(records.unfinished("owner")) == ["early", "begun", "late"]
    assert list(records.unfinished("nobody")) == []


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


def test_fifty_threads_claim_and_one_gets_it(make: Make) -> None:
    keepers = [make() for _ in range(5)]
    barrier = threading.Barrier(50)

    def claim(n: int) -> object:
        barrier.wait()
        return keepers[n % 5].claim("key", str(n), 0, 1_000)

    with ThreadPoolExecutor(50) as pool:
        leases = [lease for lease in pool.map(claim, range(50)) if lease]
    assert len(leases) == 1


# SQLite's own: processes, forks, damage.

CLAIMERS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from resplice.adapters.records_sqlite import SqliteRecords
sys.stdin.readline()
records = SqliteRecords(Path(sys.argv[1]))
with ThreadPoolExecutor(10) as pool:
    leases = list(pool.map(lambda n: records.claim("key", str(n), 0, 9), range(10)))
for n in range(20):
    while not (lease := records.claim("counted", sys.argv[2], 0, 9)):
        pass
    value = int(Path(sys.argv[3]).read_text())
    Path(sys.argv[3]).write_text(str(value + 1))
    assert records.release(lease)
print(10 - leases.count(None))
"""


def test_processes_that_open_and_claim_at_once(tmp_path: Path) -> None:
    """Five processes, ten threads each; and a lease keeps a counter from losing an addition."""
    counter = tmp_path / "counter"
    counter.write_text("0")
    arguments = [sys.executable, "-c", CLAIMERS, str(tmp_path / "records.sqlite")]
    claimers = [
        subprocess.Popen(
            [*arguments, str(n), str(counter)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(5)
    ]
    for claimer in claimers:
        assert claimer.stdin
        claimer.stdin.write("go\n")
        claimer.stdin.flush()
    won = [int(claimer.communicate(timeout=60)[0]) for claimer in claimers]
    assert sum(won) == 1
    assert counter.read_text() == "100"


def _claim_and_leave(records: SqliteRecords) -> None:
    assert records.claim("child", "child", 0, 10)
    assert records.project("p1") == PROJECT


def test_a_forked_process_uses_a_connection_of_its_own(tmp_path: Path) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite")
    records.add_project(PROJECT)
    child = multiprocessing.get_context("fork").Process(target=_claim_and_leave, args=(records,))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    assert records.claim("child", "parent", 0, 10) is None
    assert records.advance("p1", "done")


def test_projects_survive_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite"
    program = f"""
from pathlib import Path
from resplice.adapters.records_sqlite import SqliteRecords
from resplice.ports import Project
records = SqliteRecords(Path({str(path)!r}))
for n in range(1_000_000):
    records.add_project(Project(str(n), "owner", "{{}}", n))
    print(n, flush=True)
"""
    writer = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert writer.stdout
    for _ in range(20):
        last = int(writer.stdout.readline())
    writer.kill()
    last = max([last, *map(int, writer.communicate()[0].split())])
    kept = SqliteRecords(path).projects("owner", 0, 1_000_000, 1_000_000)
    assert {project.created_at_ms for project in kept} >= set(range(last + 1))


def test_what_is_unfinished_is_found_without_reading_documents(tmp_path: Path) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite")
    said: list[str] = []
    records._connection().set_trace_callback(said.append)
    records.unfinished("owner")
    plan = records._connection().execute(f"EXPLAIN QUERY PLAN {said[0]}").fetchall()
    assert "COVERING INDEX projects_unfinished" in str(plan) and len(plan) == 1


def test_it_is_a_durable_write_ahead_log(tmp_path: Path) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite")
    with sqlite3.connect(tmp_path / "records.sqlite") as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    full = 2
    assert records._connection().execute("PRAGMA synchronous").fetchone() == (full,)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageError, match="records"):
        SqliteRecords(path)


def test_the_clock_is_the_time_in_milliseconds() -> None:
    assert abs(SystemClock().now_ms() - time.time() * 1000) < 1_000
