"""One SQLite file, safe over threads and processes: its tables, its connections, its errors.

Every change is a conditional statement, which decides for those that are run with it, so no two
callers can both succeed. The file must
be on a local file system.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from resplice.errors import StorageError
from resplice.ports.projects import TERMINAL

BUSY_TIMEOUT_SECONDS = 30.0
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
    result TEXT NOT NULL,
    deleted_at_ms INTEGER,
    due_ms INTEGER
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
CREATE TABLE IF NOT EXISTS tallies (
    owner TEXT,
    day_ms INTEGER,
    name TEXT,
    total INTEGER NOT NULL,
    PRIMARY KEY (owner, day_ms, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS forgotten (
    key TEXT PRIMARY KEY,
    at_ms INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS forgotten_by_time ON forgotten (at_ms);
CREATE TABLE IF NOT EXISTS api_keys (
    digest TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER,
    owner TEXT NOT NULL DEFAULT 'self',
    bounds TEXT
);
CREATE TABLE IF NOT EXISTS connections (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    settings TEXT NOT NULL,
    usual INTEGER NOT NULL,
    sealed BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS templates (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    tags TEXT NOT NULL,
    movie TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    ai_prompt TEXT,
    shared INTEGER NOT NULL,
    width INTEGER,
    height INTEGER
);
CREATE INDEX IF NOT EXISTS templates_by_owner ON templates (owner, updated_at_ms);
CREATE TABLE IF NOT EXISTS counters (
    owner TEXT,
    name TEXT,
    window_ms INTEGER,
    total INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    PRIMARY KEY (owner, name, window_ms)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS idempotency (
    owner TEXT,
    key TEXT,
    project_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    until_ms INTEGER NOT NULL,
    PRIMARY KEY (owner, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS idempotency_until ON idempotency (until_ms);
CREATE TABLE IF NOT EXISTS bulks (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    rows TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS progress (
    project_id TEXT PRIMARY KEY,
    planned INTEGER,
    done INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file_users (
    movie TEXT,
    project_id TEXT,
    files TEXT NOT NULL,
    PRIMARY KEY (movie, project_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
    project_id TEXT PRIMARY KEY,
    since_ms INTEGER NOT NULL,
    due_ms INTEGER,
    deliveries TEXT NOT NULL,
    holder TEXT
);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due_ms, project_id) WHERE due_ms IS NOT NULL;
CREATE TABLE IF NOT EXISTS media (
    owner TEXT,
    path TEXT,
    folder TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (owner, path)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS media_tokens (
    owner TEXT PRIMARY KEY,
    token TEXT NOT NULL
);
"""
"""A released lease stays as a row without a holder: its fence must go on rising. In older files
the index of what is unfinished begins with the owner, which is as good."""
ADDED = (
    ("api_keys", "owner", "TEXT NOT NULL DEFAULT 'self'"),
    ("api_keys", "bounds", "TEXT"),
    ("projects", "deleted_at_ms", "INTEGER"),
    ("projects", "due_ms", "INTEGER"),
)
"""(table, column, what it holds): those that files of earlier versions lack."""
OF_ADDED = f"""
CREATE INDEX IF NOT EXISTS projects_due ON projects (due_ms, created_at_ms, id, status)
    WHERE {UNFINISHED};
"""
"""Indexes of such columns."""
Statement = tuple[str, dict[str, Any] | tuple[Any, ...]]
"""SQL and its values."""


class SqliteFile:
    """Every method raises StorageError when the file cannot be used."""

    def __init__(self, path: Path, *, lasting: bool = True) -> None:
        """lasting: a change is on the disk when its call returns; else a power cut may undo the
        last ones, which then cost no wait for the disk.
        """
        self._path, self._threads = path, threading.local()
        self._synchronous = "FULL" if lasting else "NORMAL"
        try:
            path.parent.mkdir(0o700, parents=True, exist_ok=True)
            with suppress(FileExistsError):  # What SQLite makes beside it is as open as it is.
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            self._create()
        except (OSError, sqlite3.Error) as error:
            raise StorageError(f"cannot use {path}: {error}") from error

    def rows(
        self, sql: str, values: dict[str, Any] | tuple[Any, ...] = ()
    ) -> list[tuple[Any, ...]]:
        """Run one statement to its end: it is a transaction of its own."""
        try:
            return self._connection().execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise StorageError(f"cannot use {self._path}: {error}") from error

    def together(self, first: Statement, *others: Statement) -> list[tuple[Any, ...]]:
        """What the first gives; the others are run when that is something. All of them, or none,
        whenever a process dies.
        """
        connection = self._connection()
        try:
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                found = connection.execute(*first).fetchall()
                for statement in others if found else ():
                    connection.execute(*statement)
        except sqlite3.Error as error:
            raise StorageError(f"cannot use {self._path}: {error}") from error
        return found

    def _connection(self) -> sqlite3.Connection:
        """This thread's. One from before a fork is neither used nor closed: SQLite forbids both."""
        own: dict[int, sqlite3.Connection] = vars(self._threads).setdefault("by_process", {})
        if os.getpid() not in own:
            own[os.getpid()] = self._connect()
        return own[os.getpid()]

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
        connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        return connection

    def _create(self) -> None:
        """One process at a time: SQLite does not wait when two switch a file to WAL."""
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            self._connection().executescript(SCHEMA)
            for table, column, kind in ADDED:
                there = {row[1] for row in self.rows(f"PRAGMA table_info({table})")}
                if column not in there:
                    self.rows(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
            self._connection().executescript(OF_ADDED)
        finally:
            fcntl.flock(folder, fcntl.LOCK_UN)
            os.close(folder)
