"""Errors that nobody caught are told without what is secret in URLs, by real processes."""

from __future__ import annotations

import subprocess
import sys

import pytest

SECRET = "canaryXq7Zz9"
BEGINNING = f"""
import sys, threading
from resplice.adapters.bare_logs import keep_bare
from resplice.errors import SourceMissing
keep_bare()
error = SourceMissing("https://me:{SECRET}@x.example/a.png?X-Amz-Signature={SECRET}", "404")
def throw():
    raise error
"""
THROWN = {
    "here": "throw()",
    "in a thread": "threading.Thread(target=throw, name='fetch').start()",
    "while an object goes": "Gone = type('Gone', (), {'__del__': lambda self: throw()})\nGone()",
    "as a cause": "try:\n    throw()\nexcept Exception as cause:\n    raise KeyError(1) from cause",
}


def said(program: str) -> tuple[int, str]:
    command = [sys.executable, "-c", BEGINNING + program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout == ""
    return done.returncode, done.stderr


@pytest.mark.parametrize("where", THROWN)
def test_what_nobody_caught_is_told_without_secrets(where: str) -> None:
    code, told = said(THROWN[where])
    assert SECRET not in told
    assert "Traceback (most recent call last):" in told and "in throw" in told
    assert "SourceMissing: Failed to download 'https://x.example/a.png?…" in told
    assert code == (1 if where in ("here", "as a cause") else 0)
    assert ("Exception in thread fetch" in told) == (where == "in a thread")
    assert ("Exception ignored in" in told) == (where == "while an object goes")


def test_a_thread_that_ends_the_usual_way_says_nothing() -> None:
    assert said("threading.Thread(target=sys.exit).start()") == (0, "")


def test_who_has_other_words_keeps_them() -> None:
    own = "sys.excepthook = lambda *error: print('ours', file=sys.stderr)\nkeep_bare()\nthrow()"
    assert said(own) == (1, "ours\n")
