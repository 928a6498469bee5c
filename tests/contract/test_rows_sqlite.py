"""What is kept in a SQLite file, beyond the contracts: processes, forks, damage, older files."""

from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from resplice.adapters.sqlite.agenda import SqliteAgenda
from resplice.adapters.sqlite.api_keys import SqliteApiKeys
from resplice.adapters.sqlite.cache_index import SqliteCacheIndex
from resplice.adapters.sqlite.file import SqliteFile
from resplice.adapters.sqlite.leases import SqliteLeases
from resplice.adapters.sqlite.projects import SqliteProjects
from resplice.adapters.system_clock import SystemClock
from resplice.core.quotas import Bounds
from resplice.errors import StorageError
from resplice.ports.api_keys import ApiKey
from resplice.ports.projects import Ending, Project

PROJECT = Project("p1", "owner", '{"scenes": []}', 1_000)
OLDER_SCHEMA = """
CREATE TABLE projects (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    document TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    ended_at_ms INTEGER,
    movie_key TEXT,
    result TEXT NOT NULL
);
CREATE INDEX projects_by_owner ON projects (owner, created_at_ms);
CREATE INDEX projects_unfinished ON projects (owner, created_at_ms, id, status)
    WHERE status NOT IN ('done', 'error', 'timeout');
CREATE TABLE leases (
    key TEXT PRIMARY KEY,
    holder TEXT,
    fence INTEGER NOT NULL,
    until_ms INTEGER NOT NULL
);
INSERT INTO projects VALUES ('p1', 'owner', '{}', 9, 'running', '', NULL, NULL, '{}');
INSERT INTO leases VALUES ('key', 'holder', 7, 100);
"""

CLAIMERS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from resplice.adapters.sqlite.file import SqliteFile
from resplice.adapters.sqlite.leases import SqliteLeases
sys.stdin.readline()
leases = SqliteLeases(SqliteFile(Path(sys.argv[1])))
with ThreadPoolExecutor(10) as pool:
    claimed = list(pool.map(lambda n: leases.claim("key", str(n), 0, 9), range(10)))
for n in range(20):
    while not (lease := leases.claim("counted", sys.argv[2], 0, 9)):
        pass
    value = int(Path(sys.argv[3]).read_text())
    Path(sys.argv[3]).write_text(str(value + 1))
    assert leases.release(lease)
print(10 - claimed.count(None))
"""


def test_processes_that_open_and_claim_at_once(tmp_path: Path) -> None:
    """Three processes, ten threads each; and a lease keeps a counter from losing an addition."""
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
        for n in range(3)
    ]
    for claimer in claimers:
        assert claimer.stdin
        claimer.stdin.write("go\n")
        claimer.stdin.flush()
    won = [int(claimer.communicate(timeout=60)[0]) for claimer in claimers]
    assert sum(won) == 1
    assert counter.read_text() == "60"


def _claim_and_leave(file: SqliteFile) -> None:
    assert SqliteLeases(file).claim("child", "child", 0, 10)
    assert SqliteProjects(file).get("p1") == PROJECT


def test_a_forked_process_uses_a_connection_of_its_own(tmp_path: Path) -> None:
    file = SqliteFile(tmp_path / "records.sqlite")
    SqliteProjects(file).add(PROJECT)
    child = multiprocessing.get_context("fork").Process(target=_claim_and_leave, args=(file,))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    assert SqliteLeases(file).claim("child", "parent", 0, 10) is None
    assert SqliteProjects(file).advance("p1", "on")


def test_projects_survive_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite"
    program = f"""
from pathlib import Path
from resplice.adapters.sqlite.file import SqliteFile
from resplice.adapters.sqlite.projects import SqliteProjects
from resplice.ports.projects import Project
projects = SqliteProjects(SqliteFile(Path({str(path)!r})))
for n in range(1_000_000):
    projects.add(Project(str(n), "owner", "{{}}", n))
    print(n, flush=True)
"""
    writer = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert writer.stdout
    for _ in range(20):
        last = int(writer.stdout.readline())
    writer.kill()
    last = max([last, *map(int, writer.communicate()[0].split())])
    kept = SqliteProjects(SqliteFile(path)).list("owner", 0, 1_000_000, 1_000_000)
    assert {project.created_at_ms for project in kept} >= set(range(last + 1))


def test_what_is_unfinished_is_found_without_reading_documents(tmp_path: Path) -> None:
    file = SqliteFile(tmp_path / "records.sqlite")
    said: list[str] = []
    file._connection().set_trace_callback(said.append)
    SqliteProjects(file).unfinished()
    plan = file._connection().execute(f"EXPLAIN QUERY PLAN {said[0]}").fetchall()
    assert "COVERING INDEX projects_unfinished" in str(plan) and len(plan) == 1


def test_of_what_is_open_only_what_is_due_is_read(tmp_path: Path) -> None:
    """The index is sorted by time: counted are the steps of SQLite's machine, some for each row."""
    file, steps = SqliteFile(tmp_path / "records.sqlite"), Counter[int]()
    projects, agenda = SqliteProjects(file), SqliteAgenda(file)
    for n in range(80):
        projects.add(Project(f"p{n:02d}", "owner", "{}", n if n < 40 else 1_000 + n))
    for n in range(40, 80):
        assert agenda.postpone(f"p{n:02d}", n)
    found = {}
    for before_ms in (0, 3, 40, 43, 80):
        file._connection().set_progress_handler(lambda at=before_ms: steps.update([at]), 1)
        found[before_ms] = len(agenda.due(before_ms, 0))
    file._connection().set_progress_handler(None, 0)
    assert found == {0: 0, 3: 3, 40: 40, 43: 43, 80: 80}
    a_row = (steps[40] - steps[0]) / 40
    assert a_row >= 1 and steps[3] - steps[0] < 6 * a_row
    assert steps[43] - steps[40] < (steps[80] - steps[40]) / 2


def test_it_is_a_durable_write_ahead_log(tmp_path: Path) -> None:
    file = SqliteFile(tmp_path / "records.sqlite")
    with sqlite3.connect(tmp_path / "records.sqlite") as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    full = 2
    assert file._connection().execute("PRAGMA synchronous").fetchone() == (full,)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageError, match="records"):
        SqliteFile(path)


def test_the_clock_is_the_time_in_milliseconds() -> None:
    assert abs(SystemClock().now_ms() - time.time() * 1000) < 1_000


def test_a_file_from_before_pointers_and_keys_is_used_on(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "records.sqlite") as plain:
        plain.executescript(OLDER_SCHEMA)
    file = SqliteFile(tmp_path / "records.sqlite")
    projects, leases, index = SqliteProjects(file), SqliteLeases(file), SqliteCacheIndex(file)
    assert list(projects.unfinished()) == ["p1"]
    taken = leases.claim("key", "next", 100, 50)
    assert taken and taken.fence == 8
    leases.wait("key", "p1")
    index.point("movies/a", {"object": "movies/b"})
    assert list(leases.waiting("key")) == ["p1"]
    assert index.pointer("movies/a") == {"object": "movies/b"}
    assert list(SqliteApiKeys(file).list()) == []
    assert list(SqliteAgenda(file).due(100, 50)) == ["p1"]
    assert projects.end("p1", Ending("done", "", 10)) and not projects.unfinished()


def test_keys_from_before_owners_and_bounds_are_good_for_what_they_were(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "records.sqlite") as plain:
        plain.executescript(
            "CREATE TABLE api_keys (digest TEXT PRIMARY KEY, name TEXT NOT NULL,"
            " role TEXT NOT NULL, created_at_ms INTEGER NOT NULL, expires_at_ms INTEGER);"
            "INSERT INTO api_keys VALUES ('d1', 'one', 'render', 7, NULL);"
        )
    keys = SqliteApiKeys(SqliteFile(tmp_path / "records.sqlite"))
    assert keys.get("d1") == ApiKey("d1", "one", "render", 7)
    later = ApiKey("d2", "two", "render", 8, bounds=Bounds(movies=1))
    keys.add(later)
    assert list(keys.list()) == [ApiKey("d1", "one", "render", 7), later]
