"""Connections in SQLite: a row each, its secret encrypted and bound to the row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from resplice.adapters.sqlite.file import SqliteFile
from resplice.adapters.sqlite.sealing import Sealing
from resplice.core.providers import Connection
from resplice.errors import NotFound
from resplice.ports.connections import Secret


class SqliteConnections:
    """Implements ports.connections.Connections. Raises StorageError."""

    def __init__(self, file: SqliteFile, sealing: Sealing) -> None:
        self._file, self._sealing = file, sealing

    def add(self, connection: Connection, secret: Mapping[str, str]) -> None:
        others = "SELECT id FROM connections WHERE id != ? LIMIT 1"
        first = not self._file.rows(others, (connection.id,))
        settings = json.dumps(connection.settings)
        bound_to = _bound_to(connection.id, connection.kind, settings)
        sealed = self._sealing.seal(json.dumps(dict(secret)).encode(), bound_to, first=first)
        self._file.rows(
            "INSERT OR REPLACE INTO connections (id, kind, settings, usual, sealed) "
            "VALUES (?, ?, ?, ?, ?)",
            (connection.id, connection.kind, settings, connection.default, sealed),
        )

    def list(self) -> Sequence[Connection]:
        rows = self._file.rows("SELECT id, kind, settings, usual FROM connections ORDER BY id")
        return [
            Connection(id, kind, tuple(map(tuple, json.loads(settings))), bool(usual))
            for id, kind, settings, usual in rows
        ]

    def secret(self, id: str) -> Secret:
        found = "SELECT kind, settings, sealed FROM connections WHERE id = ?"
        for kind, settings, sealed in self._file.rows(found, (id,)):
            opened = self._sealing.open(sealed, _bound_to(id, kind, settings))
            return Secret(json.loads(opened))
        raise NotFound(f"there is no connection {id}")

    def remove(self, id: str) -> bool:
        gone = "DELETE FROM connections WHERE id = ? RETURNING id"
        return bool(self._file.rows(gone, (id,)))


def _bound_to(id: str, kind: str, settings: str) -> bytes:
    """No row's secret can be sent where another row, or an edited one, says."""
    return json.dumps([id, kind, settings]).encode()
