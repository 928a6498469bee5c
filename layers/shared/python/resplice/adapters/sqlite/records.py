"""Records in one SQLite file, safe over threads and processes.

Every change is a single conditional statement, so no two callers can both succeed. The file must
be on a local file system.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from resplice.adapters.project_changes import written_changes
from resplice.errors import StorageError
from resplice.ports import TERMINAL, ApiKey, Facts, Lease, Project, ProjectStatus

BUSY_TIMEOUT_SECONDS = 30.0
NAMES = tuple(field.name for field in fields(Project))
COLUMNS = ", ".join(NAMES)
KEY_COLUMNS = ", ".join(field.name for field in fields(ApiKey))
UNFINISHED = f"status NOT IN ({', '.join(repr(status) for status in sorted(TERMINAL))})"
SCHEMA = f"""
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS projects (
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
CREATE INDEX IF NOT EXISTS projects_by_owner ON projects (owner, created_at_ms);
CREATE INDEX IF NOT EXISTS projects_unfinished ON projects (created_at_ms, id, status)
    WHERE {UNFINISHED};
CREATE TABLE IF NOT EXISTS leases (
    key TEXT PRIMARY KEY,
    holder TEXT,
    fence INTEGER NOT NULL,
    until_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS waiters (
    key TEXT,
    project_id TEXT,
    PRIMARY KEY (key, project_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pointers (
    key TEXT PRIMARY KEY,
    facts TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS api_keys (
    digest TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER
);
"""
"""A released lease stays as a row without a holder: its fence must go on rising. In older files
the index of what is unfinished begins with the owner, which is as good."""


class SqliteRecords:
    """Implements ports.Records. Raises StorageError when the file cannot be used."""

    def __init__(self, path: Path) -> None:
        self._path, self._threads = path, threading.local()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._create()
        except (OSError, sqlite3.Error) as error:
            raise StorageError(f"cannot use {path}: {error}") from error

    def add_project(self, project: Project) -> None:
        values = {**vars(project), "result": json.dumps(dict(project.result))}
        named = ", ".join(f":{name}" for name in values)
        added = self._rows(
            f"INSERT INTO projects ({COLUMNS}) VALUES ({named}) "
            "ON CONFLICT (id) DO NOTHING RETURNING id",
            values,
        )
        if not added:
            raise StorageError(f"the project id {project.id} is taken")

    def project(self, project_id: str) -> Project | None:
        rows = self._rows(f"SELECT {COLUMNS} FROM projects WHERE id = ?", (project_id,))
        return _project(rows[0]) if rows else None

    def advance(self, project_id: str, status: ProjectStatus, **changes: Any) -> bool:
        """changes: message, ended_at_ms, movie_key, result. Raises TypeError for others."""
        written = written_changes(changes)
        assigned = ", ".join(f"{name} = :{name}" for name in ("status", *written))
        moved = self._rows(
            f"UPDATE projects SET {assigned} WHERE id = :id AND {UNFINISHED} RETURNING id",
            {**written, "id": project_id, "status": status},
        )
        return bool(moved)

    def projects(
        self,
        owner: str,
        since_ms: int,
        until_ms: int,
        limit: int,
        before: tuple[int, str] | None = None,
    ) -> Sequence[Project]:
        rows = self._rows(
            f"SELECT {COLUMNS} FROM projects "
            "WHERE owner = ? AND created_at_ms >= ? AND created_at_ms < ? "
            "AND (created_at_ms, id) < (?, ?) ORDER BY created_at_ms DESC, id DESC LIMIT ?",
            (owner, since_ms, until_ms, *(before or (until_ms, "")), limit),
        )
        return [_project(row) for row in rows]

    def unfinished(self) -> Sequence[str]:
        rows = self._rows(f"SELECT id FROM projects WHERE {UNFINISHED} ORDER BY created_at_ms, id")
        return [project_id for (project_id,) in rows]

    def point(self, key: str, facts: Facts) -> None:
        self._rows("INSERT OR REPLACE INTO pointers VALUES (?, ?)", (key, json.dumps(dict(facts))))

    def pointer(self, key: str) -> Facts | None:
        rows = self._rows("SELECT facts FROM pointers WHERE key = ?", (key,))
        facts: Facts | None = json.loads(rows[0][0]) if rows else None
        return facts

    def claim(self, key: str, holder: str, now_ms: int, lease_ms: int) -> Lease | None:
        rows = self._rows(
            "INSERT INTO leases VALUES (:key, :holder, 1, :until_ms) "
            "ON CONFLICT (key) DO UPDATE "
            "SET holder = :holder, fence = fence + 1, until_ms = :until_ms "
            "WHERE holder IS NULL OR until_ms <= :now_ms RETURNING fence",
            {"key": key, "holder": holder, "until_ms": now_ms + lease_ms, "now_ms": now_ms},
        )
        return Lease(key, holder, rows[0][0], now_ms + lease_ms) if rows else None

    def renew(self, lease: Lease, now_ms: int, lease_ms: int) -> Lease | None:
        rows = self._rows(
            "UPDATE leases SET until_ms = MAX(until_ms, :renewed_ms) "
            "WHERE key = :key AND holder = :holder AND fence = :fence RETURNING until_ms",
            {**vars(lease), "renewed_ms": now_ms + lease_ms},
        )
        return replace(lease, until_ms=rows[0][0]) if rows else None

    def release(self, lease: Lease) -> bool:
        rows = self._rows(
            "UPDATE leases SET holder = NULL "
            "WHERE key = :key AND holder = :holder AND fence = :fence RETURNING key",
            vars(lease),
        )
        return bool(rows)

    def held(self, key: str) -> Lease | None:
        rows = self._rows(
            "SELECT key, holder, fence, until_ms FROM leases WHERE key = ? AND holder IS NOT NULL",
            (key,),
        )
        return Lease(*rows[0]) if rows else None

    def wait(self, key: str, project_id: str) -> None:
        self._rows("INSERT OR IGNORE INTO waiters VALUES (?, ?)", (key, project_id))

    def waiting(self, key: str) -> Sequence[str]:
        rows = self._rows(
            "SELECT project_id FROM waiters WHERE key = ? ORDER BY project_id", (key,)
        )
        return [project_id for (project_id,) in rows]

    def stop_waiting(self, key: str, project_id: str) -> None:
        self._rows("DELETE FROM waiters WHERE key = ? AND project_id = ?", (key, project_id))

    def add_key(self, key: ApiKey) -> None:
        """Raises StorageError when there is one of this digest."""
        added = self._rows(
            f"INSERT INTO api_keys ({KEY_COLUMNS}) "
            "VALUES (:digest, :name, :role, :created_at_ms, :expires_at_ms) "
            "ON CONFLICT (digest) DO NOTHING RETURNING digest",
            vars(key),
        )
        if not added:
            raise StorageError(f"the key {key.digest} is there already")

    def key(self, digest: str) -> ApiKey | None:
        rows = self._rows(f"SELECT {KEY_COLUMNS} FROM api_keys WHERE digest = ?", (digest,))
        return ApiKey(*rows[0]) if rows else None

    def keys(self) -> Sequence[ApiKey]:
        ordered = f"SELECT {KEY_COLUMNS} FROM api_keys ORDER BY created_at_ms, digest"
        return [ApiKey(*row) for row in self._rows(ordered)]

    def remove_key(self, digest: str) -> bool:
        return bool(self._rows("DELETE FROM api_keys WHERE digest = ? RETURNING digest", (digest,)))

    def _rows(
        self, sql: str, values: dict[str, Any] | tuple[Any, ...] = ()
    ) -> list[tuple[Any, ...]]:
        """Run one statement to its end: it is a transaction of its own."""
        try:
            return self._connection().execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise StorageError(f"cannot use {self._path}: {error}") from error

    def _connection(self) -> sqlite3.Connection:
        """This thread's. One from before a fork is neither used nor closed: SQLite forbids both."""
        own: dict[int, sqlite3.Connection] = vars(self._threads).setdefault("by_process", {})
        if os.getpid() not in own:
            own[os.getpid()] = self._connect()
        return own[os.getpid()]

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    def _create(self) -> None:
        """One process at a time: SQLite does not wait when two switch a file to WAL."""
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            self._connection().executescript(SCHEMA)
        finally:
            fcntl.flock(folder, fcntl.LOCK_UN)
            os.close(folder)


def _project(row: tuple[Any, ...]) -> Project:
    columns = dict(zip(NAMES, row, strict=True))
    return Project(**{**columns, "result": json.loads(columns["result"])})
