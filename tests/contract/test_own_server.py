"""A server that is started for one program goes when that does."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from resplice.adapters.processes.own_server import own_server
from resplice.client import ApiError, Client
from resplice.errors import RespliceError

OWNER = """
import sys, time
from resplice.adapters.processes.own_server import own_server
with own_server(["--data", sys.argv[1]]) as server:
    print(server.base_url, flush=True)
    time.sleep(60)
"""


def listens(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(url).port or 0)) == 0


def test_it_asks_for_its_key_and_ends_with_the_context(tmp_path: Path) -> None:
    with own_server(["--data", str(tmp_path)]) as server:
        assert Client(server.base_url, server.key).list().movies == []
        with pytest.raises(ApiError, match="Error: Invalid API Key"):
            Client(server.base_url, "guess").list()
        assert server.key not in repr(server)
    assert not listens(server.base_url)


def test_it_ends_when_its_owner_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OWNER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout
        url = owner.stdout.readline().strip()
        assert listens(url)
        owner.send_signal(signal.SIGKILL)
    deadline_s = time.monotonic() + 20
    while listens(url):
        assert time.monotonic() < deadline_s
        time.sleep(0.05)


def test_one_that_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(RespliceError, match="did not start"),
        own_server(["--data", str(tmp_path / "file")]),
    ):
        raise AssertionError("it started")
