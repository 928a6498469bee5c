"""Connections on AWS: what may be seen in DynamoDB, so that one query lists it; secrets elsewhere.

A secret is written before its row and goes after it: whoever finds a connection finds its secret,
whenever a process dies. What is left of one that died is mended by doing it again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Protocol

from resplice.adapters.dynamodb.table import DynamoTable, Item, removing
from resplice.core.providers import Connection
from resplice.errors import NotFound
from resplice.ports.connections import Secret

PK = "connections"


class Secrets(Protocol):
    """By a connection's id. Raises StorageError."""

    def put(self, id: str, secret: Mapping[str, str]) -> None: ...
    def get(self, id: str) -> Secret | None: ...
    def remove(self, id: str) -> None: ...


class DynamoConnections:
    """Implements ports.connections.Connections. Raises StorageError."""

    def __init__(self, table: DynamoTable, secrets: Secrets) -> None:
        self._table, self._secrets = table, secrets

    def add(self, connection: Connection, secret: Mapping[str, str]) -> None:
        self._secrets.put(connection.id, secret)
        self._table.put(_row(connection))

    def list(self) -> Sequence[Connection]:
        return [_connection(row) for row in self._table.query("#pk = :pk", {"pk": PK})]

    def secret(self, id: str) -> Secret:
        """Only the secret is asked for: who may read it need not reach the table."""
        found = self._secrets.get(id)
        if found is None:
            raise NotFound(f"there is no connection {id}")
        return found

    def remove(self, id: str) -> bool:
        was_there = self._table.together([removing(PK, id)])
        self._secrets.remove(id)
        return was_there


def _row(connection: Connection) -> Item:
    settings, usual = json.dumps(connection.settings), int(connection.default)
    named = {"pk": PK, "sk": connection.id, "kind": connection.kind}
    return {**named, "settings": settings, "usual": usual}


def _connection(row: Item) -> Connection:
    settings = tuple(map(tuple, json.loads(row["settings"])))
    return Connection(row["sk"], row["kind"], settings, bool(row["usual"]))
