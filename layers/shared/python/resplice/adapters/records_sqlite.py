"""Records in one SQLite file: projects and leases, safe over threads and processes.

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

from resplice.errors import StorageError
from resplice.ports import TERMINAL, Lease, Project, ProjectStatus

BUSY_TIMEOUT_SECONDS = 30.0
NAMES = tuple(field.name for field in fields(Project))
COLUMNS = ", ".join(NAMES)
CHANGEABLE = frozenset({"message", "ended_at_ms", "movie_key", "result"})
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
CREATE INDEX IF NOT EXISTS projects_unfinished ON projects (owner, created_at_ms, id, status)
    WHERE {UNFINISHED};
CREATE TABLE IF NOT EXISTS leases (
    key TEXT PRIMARY KEY,
    holder TEXT,
    fence INTEGER NOT NULL,
    until_ms INTEGER NOT NULL
);
"""
"""A released lease stays as a row without a holder: its fence must go on rising."""


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
        if unknown := changes.keys() - CHANGEABLE:
            raise TypeError(f"a project's {', '.join(sorted(unknown))} cannot change")
        if "result" in changes:
            changes["result"] = json.dumps(dict(changes["result"]))
        assigned = ", ".join(f"{name} = :{name}" for name in ("status", *changes))
        moved = self._rows(
            f"UPDATE projects SET {assigned} WHERE id = :id AND {UNFINISHED} RETURNING id",
            {**changes, "id": project_id, "status": status},
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

    def unfinished(self, owner: str) -> Sequence[str]:
        rows = self._rows(
            f"SELECT id FROM projects WHERE owner = ? AND {UNFINISHED} ORDER BY created_at_ms, id",
            (owner,),
        )
        return [project_id for (project_id,) in rows]

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

    def _rows(self, sql: str, values: dict[str, Any] | tuple[Any, ...]) -> list[tuple[Any, ...]]:
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
