"""The server: how long a POST takes that the movie cache answers."""

from __future__ import annotations

import http.client
import json
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.rendering import Bench

POSTS = 100
MOVIE = {"width": 64, "height": 64, "scenes": [{"duration": 1, "background-color": "#336699"}]}


def hits(bench: Bench) -> None:
    """The same small movie, posted again and again over one connection."""
    command = [str(Path(sys.executable).with_name("resplice")), "serve", "--port", "0"]
    data = ["--data", str(bench.work / "serve")]
    with subprocess.Popen([*command, *data], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            line = next(line for line in server.stdout if "http://" in line)
            address = re.findall(r"http://([\w.]+:\d+)", line)[0]
            connection = http.client.HTTPConnection(address)
            while _post(connection)[1] != "done":
                time.sleep(0.1)
            times_ms = sorted(_post(connection)[0] for _ in range(POSTS))
        finally:
            server.terminate()
    middle, late = statistics.median(times_ms), times_ms[int(POSTS * 0.95)]
    bench.tell("POST of a movie that is there", f"{middle:.1f} ms p50, {late:.1f} ms p95")


def _post(connection: http.client.HTTPConnection) -> tuple[float, str]:
    """Milliseconds of the POST alone, and the status that the first poll gives."""
    started = time.monotonic()
    connection.request(
        "POST", "/v2/movies", json.dumps(MOVIE), {"Content-Type": "application/json"}
    )
    project = json.loads(connection.getresponse().read())["project"]
    took_ms = (time.monotonic() - started) * 1000
    connection.request("GET", f"/v2/movies?project={project}")
    return took_ms, json.loads(connection.getresponse().read())["movie"]["status"]
