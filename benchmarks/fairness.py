"""The server: how long a small movie takes beside others that are slow, or large."""

from __future__ import annotations

import http.client
import itertools
import json
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.rendering import Bench

ROUNDS = 7
SOURCES = 8
PAUSE_SECONDS = 0.02
TOTAL_BYTES = 1 << 30
SCENES = 500

Document = dict[str, Any]


def beside_others(bench: Bench) -> None:
    """Each time a small movie alone, and then beside another movie, in turns."""
    photo = (bench.media / "still.jpg").read_bytes()
    for what, other in (
        (f"{SOURCES} sources that trickle", trickling),
        (f"{SCENES} scenes to render", many_scenes),
        (f"{SCENES} texts to paint", many_texts),
    ):
        alone_s, beside_s = list[float](), list[float]()
        for number in range(ROUNDS):
            with sources(photo) as host, served(bench, f"{other.__name__}-{number}", host) as api:
                api.render(small(host))
                alone_s.append(api.render(small(host)))
                api.post(other(host))
                time.sleep(1)
                beside_s.append(api.render(small(host)))
        alone, beside = statistics.median(alone_s), statistics.median(beside_s)
        seconds = f"{alone:.2f} s alone, {beside:.2f} s beside it"
        bench.tell(f"a small movie beside one of {what}", f"{beside / alone:.2f} x ({seconds})")


_numbers = itertools.count()


def small(host: str) -> Document:
    """A source, a text, and no cache that helps."""
    number = next(_numbers)
    picture = {"type": "image", "src": f"http://{host}/photo?{number}"}
    text = {"type": "text", "text": f"Number {number}"}
    return {"resolution": "hd", "scenes": [{"duration": 3, "elements": [picture, text]}]}


def trickling(host: str) -> Document:
    sources = [{"type": "image", "src": f"http://{host}/slow?{n}"} for n in range(SOURCES)]
    return {"resolution": "hd", "scenes": [{"duration": 3, "elements": sources}]}


def many_scenes(host: str) -> Document:
    scenes = [{"duration": 2, "background-color": f"#{n:06x}"} for n in range(SCENES)]
    return {"resolution": "hd", "scenes": scenes}


def many_texts(host: str) -> Document:
    texts = [{"type": "text", "text": f"Word {number}"} for number in range(SCENES)]
    scenes = [{"duration": 1, "elements": [text]} for text in texts]
    return {"resolution": "hd", "scenes": scenes}


@dataclass
class Api:
    """Calls on a server, one after the other."""

    address: str
    waits: threading.Event = field(default_factory=threading.Event)

    def post(self, document: Document) -> str:
        return str(self._told("POST", "/v2/movies", json.dumps(document))["project"])

    def render(self, document: Document) -> float:
        """Seconds until the movie is done."""
        started = time.monotonic()
        project = self.post(document)
        while (movie := self._movie(project))["status"] in ("pending", "running"):
            self.waits.wait(0.01)
        if movie["status"] != "done":
            raise SystemExit(f"failed: {movie['message']}")
        return time.monotonic() - started

    def _movie(self, project: str) -> Document:
        return dict(self._told("GET", f"/v2/movies?project={project}&format=simple")["movie"])

    def _told(self, method: str, path: str, body: str | None = None) -> Document:
        connection = http.client.HTTPConnection(self.address)
        connection.request(method, path, body)
        return dict(json.loads(connection.getresponse().read()))


@contextmanager
def served(bench: Bench, name: str, host: str) -> Iterator[Api]:
    command = [str(Path(sys.executable).with_name("resplice")), "serve", "--port", "0"]
    more = ["--data", str(bench.work / name), "--allow-source", host]
    with subprocess.Popen([*command, *more], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            line = next(line for line in server.stdout if "http://" in line)
            yield Api(re.findall(r"http://([\w.]+:\d+)", line)[0])
        finally:
            server.kill()


@contextmanager
def sources(photo: bytes) -> Iterator[str]:
    """A web server whose /slow sends a few bytes at a time."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_slow = self.path.startswith("/slow")
            self.send_response(200)
            self.send_header("Content-Length", str(TOTAL_BYTES if is_slow else len(photo)))
            self.end_headers()
            with suppress(OSError):
                self._trickle() if is_slow else self.wfile.write(photo)

        def _trickle(self) -> None:
            while not over.wait(PAUSE_SECONDS):
                self.wfile.write(b"slow")

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            over.set()
            server.shutdown()
