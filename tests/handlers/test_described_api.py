"""Whatever is sent to the API as `/openapi.json` describes it, or nearly so, is answered so.

schemathesis makes the requests, from the description alone.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import served

CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_schema_conformance", "unsupported_method"),
)
EXAMPLES = 8
"""For each operation and phase."""


def test_no_request_has_an_answer_that_is_not_described(tmp_path: Path) -> None:
    with served.running(tmp_path / "data", "--api-key", served.KEY) as server:
        described = f"http://127.0.0.1:{server.port}/openapi.json"
        words = [
            *(sys.executable, "-m", "schemathesis.cli", "run", described, "--seed", "1"),
            *("-H", f"x-api-key: {served.KEY}", "--checks", ",".join(CHECKS)),
            *("--max-examples", str(EXAMPLES), "--generation-database", "none", "--no-color"),
        ]
        done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, timeout=300)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "server_error" not in done.stdout and "No tests" not in done.stdout
