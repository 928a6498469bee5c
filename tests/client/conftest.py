"""A client before a server that says what a test has written down."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from resplice.client import Client
from scripted_api import ScriptedApi, scripted


@pytest.fixture
def api() -> Iterator[ScriptedApi]:
    with scripted() as server:
        yield server


@pytest.fixture
def paused() -> list[float]:
    """How long the client would have waited, pause after pause."""
    return []


@pytest.fixture
def client(api: ScriptedApi, paused: list[float]) -> Client:
    return Client(api.url, "sesame", sleep=paused.append)
