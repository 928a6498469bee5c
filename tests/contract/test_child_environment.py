"""What programs that run beside us inherit: what Python needs to start, and nothing secret."""

from __future__ import annotations

import os

import pytest
from resplice.adapters.processes.environment import INHERITED, environment


def test_only_what_python_needs_is_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*os.environ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/var/lang/lib")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    assert environment(PYTHONPATH="/opt") == {
        "LD_LIBRARY_PATH": "/var/lang/lib",
        "PYTHONPATH": "/opt",
    }


def test_what_is_given_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in INHERITED:
        monkeypatch.setenv(name, "ours")
    assert environment(PATH="/bin")["PATH"] == "/bin"
