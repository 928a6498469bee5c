"""`make smoke URL=… KEY=…`: whether a server or a deployed stack does what it should, in a minute.

Small movies through the API, as a client sees it: nothing but HTTP, and FFmpeg on what comes back.
One line for each check; at the first that fails, what was seen, and exit code 1.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import urllib3

WITHIN_SECONDS = 180.0
LISTED_WITHIN_SECONDS = 15.0
POLL_SECONDS = 0.5
FRAMES = 26
"""Three scenes of 1 s at 10 fps, two of which share 0.4 s."""
HEAVY_FPS, HEAVY_SECONDS = 2, 9
HEAVY_BYTES = 13 << 20
"""More than a movie that passes through memory as a whole."""
NOWHERE = "https://no-such-host.invalid/picture.png"

Json = dict[str, Any]


class Failed(Exception):
    """A check failed. The message is what was seen."""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.smoke", description=__doc__)
    parser.add_argument("url", help="https://… of the API, without /v2")
    parser.add_argument("--within", type=float, default=WITHIN_SECONDS, metavar="SECONDS")
    options = parser.parse_args(argv)
    key = os.environ.get("KEY")
    if not (key and options.url.startswith(("https://", "http://"))):
        parser.error("say where, from https:// or http:// on, and with which key: URL=… KEY=…")
    smoke = Smoke(Client(options.url.rstrip("/").removesuffix("/v2"), key), options.within)
    return 0 if all(passed(name, check) for name, check in smoke.checks()) else 1


def passed(name: str, check: Callable[[], None]) -> bool:
    started, seen = time.monotonic(), ""
    try:
        check()
    except Failed as failed:
        seen = str(failed)
    except urllib3.exceptions.HTTPError as error:
        seen = f"no answer: {error}"
    seconds = f"{time.monotonic() - started:6.2f} s"
    print(f"FAILED {seconds}  {name}: {seen}" if seen else f"ok     {seconds}  {name}", flush=True)
    return not seen


@dataclass(frozen=True)
class Client:
    """Calls on the API. Every answer is JSON, or the check fails."""

    base_url: str
    key: str
    pool: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(timeout=60, retries=False)
    )

    def call(
        self, method: str, query: str = "", body: Any = None, key: str | None = None
    ) -> tuple[int, Json]:
        headers = {"x-api-key": key or self.key, "content-type": "application/json"}
        sent = None if body is None else json.dumps(body).encode()
        url = f"{self.base_url}/v2/movies{query}"
        answer = self.pool.request(method, url, body=sent, headers=headers)
        try:
            return answer.status, dict(json.loads(answer.data))
        except ValueError:
            raise Failed(f"{answer.status} and no JSON: {answer.data[:300]!r}") from None

    def post(self, document: Json) -> str:
        status, answer = self.call("POST", body=document)
        need(status == 200 and answer.get("success") is True, status, answer)
        return str(answer.get("project"))

    def movie(self, project: str) -> Json:
        status, answer = self.call("GET", f"?project={project}&format=simple")
        need(status == 200 and isinstance(answer.get("movie"), dict), status, answer)
        return dict(answer["movie"])


class Smoke:
    """The checks, in order: later ones build on what earlier ones made."""

    def __init__(self, client: Client, within_s: float) -> None:
        self._client, self._within_s = client, within_s
        self._document = document()
        self._projects: list[str] = []
        self._made: Json = {}

    def checks(self) -> Sequence[tuple[str, Callable[[], None]]]:
        return (
            ("a movie with texts and a transition is rendered", self._renders),
            ("it is a whole MP4 with every frame", self._downloads),
            ("the same again is done at the first poll", self._hits),
            ("with one scene edited, only that one is rendered", self._edits),
            ("a wrong document is refused, with the path", self._refuses),
            ("a source that is nowhere ends its project with an error", self._fails),
            ("the movies are listed", self._lists),
            ("a wrong key is refused", self._guards),
            ("a movie of many megabytes is put together", self._weighs),
        )

    def _renders(self) -> None:
        self._made = movie = self._ended(self._posted(self._document))
        need(movie.get("status") == "done" and movie.get("duration") == FRAMES / 10, movie)
        need(result(movie) == "miss", movie)

    def _downloads(self) -> None:
        answer = self._client.pool.request("GET", self._made["url"])
        size, kind = len(answer.data), answer.headers.get("content-type")
        seen = (answer.status, kind, size, answer.data[:12])
        need(answer.status == 200 and kind == "video/mp4", *seen)
        need(size == self._made["size"] and answer.data[4:8] == b"ftyp", *seen)
        need(frames(answer.data) == FRAMES, frames(answer.data), "frames")

    def _hits(self) -> None:
        movie = self._client.movie(self._posted(self._document))
        need(movie.get("status") == "done" and result(movie) == "hit", movie)
        need(movie["url"] == self._made["url"], movie)

    def _edits(self) -> None:
        edited = {**self._document, "scenes": [scene(), *self._document["scenes"][1:]]}
        movie = self._ended(self._posted(edited))
        need(movie.get("status") == "done", movie)
        report = movie["cache"]
        rendered = [each["scene"] for each in report["scenes"] if each["result"] != "hit"]
        need(rendered == [1] and report["transitions"][0]["result"] == "hit", report)

    def _refuses(self) -> None:
        wrong = {**self._document, "scenes": [{"duration": "long"}]}
        status, answer = self._client.call("POST", body=wrong)
        paths = [each.get("path") for each in answer.get("errors", ())]
        need(status == 400 and paths == ["scenes[0].duration"], status, answer)

    def _fails(self) -> None:
        gone = {"duration": 1, "elements": [{"type": "image", "src": NOWHERE}]}
        movie = self._ended(self._posted({**self._document, "scenes": [gone]}))
        words = f"Scene #1, element #1: Failed to download '{NOWHERE}' ("
        need(movie.get("status") == "error" and movie.get("success") is False, movie)
        need(movie["message"].startswith(words), movie)

    def _lists(self) -> None:
        """A list may be a moment behind."""
        deadline = time.monotonic() + LISTED_WITHIN_SECONDS
        while True:
            status, answer = self._client.call("GET")
            need(status == 200 and "movies" in answer, status, answer)
            listed = {each["project"] for each in answer["movies"]}
            if listed.issuperset(self._projects):
                return
            missing = sorted(set(self._projects) - listed)
            need(time.monotonic() < deadline, "not listed:", missing)
            time.sleep(POLL_SECONDS)

    def _guards(self) -> None:
        for method, body in (("GET", None), ("POST", self._document)):
            status, answer = self._client.call(method, "", body, key=secrets.token_hex(20))
            refused = answer.get("message") == "Error: Invalid API Key"
            need(status == 400 and refused, method, status, answer)

    def _weighs(self) -> None:
        """Where it is so large that S3 copies its pieces by itself."""
        self._made = movie = self._ended(self._posted(heavy()))
        need(movie.get("status") == "done" and movie.get("size", 0) > HEAVY_BYTES, movie)
        answer = self._client.pool.request("GET", movie["url"])
        need(len(answer.data) == movie["size"], answer.status, len(answer.data), movie)
        seen = frames(answer.data)
        need(seen == HEAVY_SECONDS * HEAVY_FPS, seen, "frames")

    def _posted(self, document: Json) -> str:
        project = self._client.post(document)
        self._projects.append(project)
        return project

    def _ended(self, project: str) -> Json:
        deadline = time.monotonic() + self._within_s
        while (movie := self._client.movie(project)).get("ended_at") is None:
            need(time.monotonic() < deadline, "not finished in time:", movie)
            time.sleep(POLL_SECONDS)
        return movie


def document() -> Json:
    """A movie that nobody made before: its words are by chance."""
    fade = {"transition": {"style": "fade", "duration": 0.4}}
    scenes = [scene(), scene(), {**scene(), **fade}]
    return {"width": 320, "height": 180, "fps": 10, "quality": "low", "scenes": scenes}


def heavy() -> Json:
    """A few frames of noise that moves, which nothing makes small: one piece of them."""
    noise = (
        "<svg width='1920' height='1080'><filter id='n'><feTurbulence type='fractalNoise' "
        f"baseFrequency='.9' seed='{secrets.randbelow(1000)}' numOctaves='4'/></filter>"
        "<rect width='100%' height='100%' filter='url(#n)'/></svg>"
    )
    page = {"type": "html", "html": noise, "zoom": 4, "pan": "right"}
    shape = {"width": 1920, "height": 1080, "fps": HEAVY_FPS, "quality": "high"}
    return {**shape, "scenes": [{"duration": HEAVY_SECONDS, "elements": [page]}]}


def scene() -> Json:
    words = {"type": "text", "text": secrets.token_hex(4), "settings": {"font-size": "32px"}}
    return {"duration": 1, "background-color": "#204060", "elements": [words]}


def result(movie: Json) -> Any:
    """What the cache report says of the movie as a whole."""
    return ((movie.get("cache") or {}).get("movie") or {}).get("result")


def frames(mp4: bytes) -> int:
    """How many frames FFmpeg decodes. Raises Failed when it complains."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "movie.mp4"
        file.write_bytes(mp4)
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-i", str(file)]
        command += ["-map", "0:v", "-f", "framemd5", "-"]
        done = subprocess.run(command, capture_output=True, text=True)
    need(done.returncode == 0 and not done.stderr, done.stderr)
    return sum(not line.startswith("#") for line in done.stdout.splitlines())


def need(holds: bool, *seen: Any) -> None:
    if not holds:
        raise Failed(" ".join(each if isinstance(each, str) else repr(each) for each in seen))


if __name__ == "__main__":
    sys.exit(main())
