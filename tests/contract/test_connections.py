"""What all that keep connections must do, and what must be seen of their secrets: nothing."""

from __future__ import annotations

import logging
import os
import pickle
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cloud
import pytest
from resplice.adapters.dynamodb.connections import DynamoConnections
from resplice.adapters.secrets_manager.secrets import SecretsManager
from resplice.adapters.sqlite.connections import SqliteConnections
from resplice.adapters.sqlite.sealing import Sealing
from resplice.core.providers import Connection
from resplice.errors import NotFound
from resplice.ports.connections import Connections
from resplice.wiring.providers import offers_of
from row_places import Place

Make = Callable[[], Connections]
HIDDEN = "sk-qK7hidden9"
MINE = Connection("my-elevenlabs-apikey", "elevenlabs", default=True)
SETTINGS = (("region", "westeurope"), ("endpoint", "https://a.example/é"))
AZURE = Connection("Azure_2.x", "azure", SETTINGS)


@pytest.fixture
def make(place: Place, tmp_path: Path) -> Make:
    prefix = f"{uuid.uuid4().hex}/connections/"
    secrets = SecretsManager(cloud.client("secretsmanager"), prefix)
    return lambda: place.open(
        lambda file: SqliteConnections(file, Sealing(tmp_path / "connections.key")),
        lambda table: DynamoConnections(table, secrets),
    )


@pytest.fixture
def connections(make: Make) -> Connections:
    return make()


def test_connections_are_kept_listed_replaced_and_removed(
    connections: Connections, make: Make
) -> None:
    assert list(connections.list()) == [] and not connections.remove(MINE.id)
    connections.add(MINE, {"key": HIDDEN})
    connections.add(AZURE, {"key": "azure's", "other": "é\n"})
    assert list(make().list()) == [AZURE, MINE]
    assert make().secret(MINE.id) == {"key": HIDDEN}
    assert make().secret(AZURE.id) == {"key": "azure's", "other": "é\n"}

    other = replace(MINE, kind="replicate", default=False)
    connections.add(other, {"key": "another"})
    assert list(make().list()) == [AZURE, other]
    assert make().secret(MINE.id) == {"key": "another"}

    assert connections.remove(MINE.id) and not make().remove(MINE.id)
    assert list(make().list()) == [AZURE]
    with pytest.raises(NotFound, match=MINE.id):
        make().secret(MINE.id)
    make().add(MINE, {"key": "again"})
    assert connections.secret(MINE.id) == {"key": "again"}


@pytest.mark.parametrize("id", ["nobody", "", "a/b", "../connections", "my-elevenlabs", "é", "*"])
def test_what_is_no_connection_has_no_secret(connections: Connections, id: str) -> None:
    connections.add(MINE, {"key": HIDDEN})
    with pytest.raises(NotFound):
        connections.secret(id)


def test_a_secret_shows_itself_to_nobody(
    connections: Connections, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    connections.add(MINE, {"key": HIDDEN})
    connections.add(MINE, {"key": HIDDEN})
    secret = connections.secret(MINE.id)
    assert secret["key"] == HIDDEN
    shown = [f"{secret} {secret!r} {[secret]} {connections!r} {connections.list()}"]
    shown += [repr(vars(connections)), str(dict(os.environ))]
    with pytest.raises(TypeError, match="stays in the process"):
        pickle.dumps([secret])
    connections.remove(MINE.id)
    with pytest.raises(NotFound) as missing:
        connections.secret(MINE.id)
    printed = capfd.readouterr()
    shown += [repr(missing.value), caplog.text, printed.out, printed.err]
    assert HIDDEN not in "".join(shown)
    assert "Secret(key)" in shown[0]


def test_a_connection_of_a_kind_that_is_not_known_is_not_offered(connections: Connections) -> None:
    """A newer version of ours entered it, before a rollback."""
    known = Connection("mine", "fal", default=True)
    connections.add(known, {"key": "secret"})
    connections.add(Connection("newer", "unheard-of", default=True), {"key": "secret"})
    now = offers_of(connections, ())("self")
    assert now.connections == (known,)
    assert [each.provider for each in now.by_default("generators")] == ["fal"]
