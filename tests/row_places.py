"""Where rows are kept, for tests of all that keep rows: a new SQLite file, or a new table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import cloud
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.adapters.sqlite.file import SqliteFile

T = TypeVar("T")


@dataclass(frozen=True)
class SqlitePlace:
    path: Path

    def open(self, sqlite: Callable[[SqliteFile], T], dynamodb: Callable[[DynamoTable], T]) -> T:
        """What is kept here, opened again each time, as another process would."""
        return sqlite(SqliteFile(self.path))


@dataclass(frozen=True)
class DynamoPlace:
    table: str

    def open(self, sqlite: Callable[[SqliteFile], T], dynamodb: Callable[[DynamoTable], T]) -> T:
        """What is kept here, opened again each time, as another process would."""
        return dynamodb(DynamoTable(cloud.client("dynamodb"), self.table))


Place = SqlitePlace | DynamoPlace
