"""`make smoke` against `resplice serve`: it passes there, and can fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from served import KEY, running

ROOT = Path(__file__).resolve().parents[2]


def smoke(*words: str, key: str = KEY) -> tuple[int, list[str]]:
    """Exit code, and the lines."""
    command = [sys.executable, "-m", "benchmarks.smoke", *words]
    environment = {**os.environ, "KEY": key}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=180, cwd=ROOT, env=environment
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, (done.stdout + done.stderr).splitlines()


def test_smoke_passes_and_can_fail(tmp_path: Path) -> None:
    with running(tmp_path, "--api-key", KEY) as served:
        url = f"http://127.0.0.1:{served.port}"
        code, lines = smoke(f"{url}/")
        assert code == 0 and len(lines) == 9 and all(line.startswith("ok ") for line in lines)
        code, lines = smoke(url, key="guess")
        assert (code, len(lines)) == (1, 1) and "Error: Invalid API Key" in lines[0]
        code, lines = smoke(f"{url}/movies")
        assert (code, len(lines)) == (1, 1) and lines[0].startswith("FAILED"), lines


def test_what_smoke_finds_open_fails(tmp_path: Path) -> None:
    """Whoever forgot the keys is told."""
    with running(tmp_path) as served:
        code, lines = smoke(f"http://127.0.0.1:{served.port}")
    assert code == 1 and lines[-1].startswith("FAILED") and "a wrong key is refused" in lines[-1]


def test_smoke_without_a_server_or_a_key() -> None:
    code, lines = smoke("http://127.0.0.1:9")
    assert (code, len(lines)) == (1, 1) and "no answer" in lines[0]
    code, lines = smoke("http://127.0.0.1:9", key="")
    assert code == 2 and "URL=" in lines[-1] and "KEY=" in lines[-1]
