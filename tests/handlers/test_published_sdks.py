"""The SDKs that JSON2Video publishes, unmodified: for Node, by its one address; for Python.

Node's is told where that address is as a machine would be, by what resolves names and by whom it
trusts; its clock runs faster. The Python one says itself that its address may be set.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import json2video
import pytest
from elsewhere import elsewhere
from served import KEY, Served, running
from tls_front import TlsFront, fronted

ROOT = Path(__file__).resolve().parents[2]
HOST = "api.json2video.com"
RENDER = """
const {Movie, Scene} = require('json2video-sdk');
(async () => {
    const movie = new Movie();
    movie.setAPIKey(process.env.KEY);
    movie.set('quality', 'low'); movie.set('width', 64); movie.set('height', 50);
    movie.set('fps', 10); movie.set('comment', 'by the SDK');
    for (const color of ['#112233', '#332211']) {
        const scene = new Scene();
        scene.set('background_color', color); scene.set('duration', 1);
        scene.setTransition('fade', 0.5);
        movie.addScene(scene);
    }
    const looks = [], posted = await movie.render();
    const waited = posted.success ? await movie.waitToFinish(seen => looks.push(seen)) : null;
    console.log(JSON.stringify({posted, looks, waited, object: movie.getObject()}));
})();
"""
RENDER_TWICE = RENDER.replace("console.log", "await movie.render(); console.log")
RENDER_LARGE = RENDER.replace(
    "['#112233', '#332211']",
    "Array.from({length: 60}, (_, i) => '#' + (0x112233 + i).toString(16))",
)
LOOK = """
const {Movie, Scene} = require('json2video-sdk');
(async () => {
    const movie = new Movie(), scene = new Scene();
    movie.setAPIKey(process.env.KEY);
    const empty = await movie.render();
    scene.addElement({type: 'image', src: 'http://127.0.0.1:9/a.png'});
    movie.addScene(scene);
    await movie.render();
    let seen;
    do { seen = await movie.getStatus(); } while (seen.movie.status === 'pending' ||
        seen.movie.status === 'running');
    movie.object.project = 'AAAAAAAAAAAAAAAA';
    const unknown = await movie.getStatus();
    console.log(JSON.stringify({empty, seen, unknown}));
})();
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(tmp_path_factory.mktemp("served"), "--api-key", KEY) as server:
        yield server


@pytest.fixture(scope="module")
def front(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsFront]:
    with fronted(served.port, tmp_path_factory.mktemp("tls"), HOST) as made:
        yield made


def node(program: str, front: TlsFront, key: str = KEY) -> Any:
    """What the program prints, as JSON."""
    command, environment = elsewhere(program, HOST, front)
    environment["KEY"] = key
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, cwd=ROOT, env=environment
    )
    assert done.returncode == 0 and not done.stderr, done.stderr
    return json.loads(done.stdout)


def test_the_package_is_the_published_one() -> None:
    folder = ROOT / "node_modules/json2video-sdk"
    assert json.loads((folder / "package.json").read_text())["version"] == "2.0.0"
    assert f"https://{HOST}/v2/movies" in (folder / "index.js").read_text()


def test_node_creates_polls_and_finds_the_file(front: TlsFront) -> None:
    told = node(RENDER, front)
    posted, waited = told["posted"], told["waited"]
    assert posted["success"] is True and posted.keys() == {"success", "project", "timestamp"}
    movie = waited["movie"]
    assert movie["status"] == "done" and movie["project"] == posted["project"]
    assert movie["duration"] == 1.5 and told["looks"][-1] == waited
    assert told["object"]["project"] == posted["project"]
    with urllib.request.urlopen(movie["url"], timeout=30) as answer:
        assert answer.read()[4:8] == b"ftyp"


def test_node_may_render_the_same_object_again(front: TlsFront) -> None:
    """Its body has a `project` then."""
    told = node(RENDER_TWICE, front)
    assert told["waited"]["movie"]["status"] == "done"
    assert told["object"]["project"] != told["posted"]["project"]


def test_node_reads_the_status_of_a_large_movie(front: TlsFront, served: Served) -> None:
    """It takes the first piece of an answer for the whole. Others are told all."""
    movie = node(RENDER_LARGE, front)["waited"]["movie"]
    assert movie["status"] == "done" and movie["duration"] == 30.5
    assert movie["json"] and movie["cache"] is None
    assert len(served.poll(movie["project"])["cache"]["scenes"]) == 60


def test_node_is_told_what_is_wrong(front: TlsFront) -> None:
    told = node(LOOK, front)
    assert told["empty"]["success"] is False and told["empty"]["message"]
    movie = told["seen"]["movie"]
    assert movie["status"] == "error" and movie["message"].startswith("Scene #1, element #1: ")
    assert told["unknown"]["success"] is False and "AAAAAAAAAAAAAAAA" in told["unknown"]["message"]
    refused = node(RENDER, front, key="guess")["posted"]
    assert refused["message"] == "Error: Invalid API Key"


@pytest.fixture
def movie(served: Served, monkeypatch: pytest.MonkeyPatch) -> json2video.Movie:
    """Of the SDK for Python; its clock runs faster, too."""
    wait = json2video.client.time.sleep
    monkeypatch.setattr(json2video.client.time, "sleep", lambda s: wait(s / 50))
    made = json2video.Movie()
    made.api_url = f"http://127.0.0.1:{served.port}/v2/movies"
    made.set_api_key(KEY)
    return made


def test_python_creates_polls_and_finds_the_file(movie: json2video.Movie) -> None:
    scene = json2video.Scene()
    scene.set("duration", 1)
    scene.set("background_color", "#445566")
    for name, value in {"width": 64, "height": 50, "fps": 10, "id": "mine"}.items():
        movie.set(name, value)
    movie.add_scene(scene)
    posted = asyncio.run(movie.render())
    done = movie.wait_to_finish()
    assert posted["success"] and done["movie"]["project"] == posted["project"]
    assert (done["movie"]["status"], done["movie"]["id"]) == ("done", "mine")
    with urllib.request.urlopen(done["movie"]["url"], timeout=30) as answer:
        assert len(answer.read()) == done["movie"]["size"]


def test_python_is_refused_with_a_status(movie: json2video.Movie) -> None:
    movie.set_api_key("guess")
    refused = asyncio.run(movie.render())
    assert refused["success"] is False and "400" in refused["error"]
