"""Pictures and clips are generated once: jobs are taken up again, and those that fail forgotten."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from far_apart import Died, emptied
from paid import KEY, PAINTERS, Gallery, connect, doomed, gallery, made, revived
from provider_servers.generating import HTML, ProviderServer, Reply, half
from resplice.core.tasks import GenerateTask
from resplice.errors import ProviderBusy, ProviderError, ProviderLost, ProviderRefused
from resplice.ports import Ports
from studio import movie, resplice, written
from web_server import Server

MAX_CALLS = 40
OWN_NAMES = {
    "openai": "gpt-image-2",
    "replicate": "black-forest-labs/flux-schnell",
    "fal": "fal-ai/flux/schnell",
    "black-forest-labs": "flux-pro-1.1",
}
ENDS = {"replicate": "nsfw", "fal": "moderated", "black-forest-labs": "moderated"}
"""How a job of each ends that its content policy is against."""
JOBS = tuple(ENDS)


@dataclass
class Desk:
    gallery: Gallery
    folder: Path
    count: int = 0

    @property
    def server(self) -> ProviderServer:
        return self.gallery.server

    @property
    def web(self) -> Server:
        return self.gallery.web

    def place(self) -> Ports:
        """An empty store; the provider works as it should."""
        self.count += 1
        self.server.mode, self.server.pending = "made", 0
        self.server.made = self.web.url("/made.png")
        self.gallery.asked()
        ports = emptied(self.gallery.lab.ports, self.folder / str(self.count))
        connect(ports.connections, self.gallery.provider, self.server.url())
        return ports

    def task(self, **changed: Any) -> GenerateTask:
        provider = self.gallery.provider
        sides = (1536, 1024) if provider == "openai" else (1344, 768)
        task = GenerateTask(
            *("image", provider, OWN_NAMES[provider], "a boat", "horizontal", *sides),
            options=(("endpoint", self.server.url()),),
            connection=provider,
        )
        return replace(task, **changed)


@pytest.fixture(scope="module", params=list(PAINTERS))
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("desk")
    with gallery(folder / "data", request.param) as opened:
        yield Desk(opened, folder)


def test_whoever_dies_where_ever_no_job_is_started_again(desk: Desk) -> None:
    """But one whose name was not stored yet, or a picture that came at once and was not."""
    right = None
    for n in range(MAX_CALLS):
        ports = desk.place()
        mortal, fate = doomed(ports, n)
        try:
            made(desk.task(), mortal, "first")
        except Died:
            pass
        else:
            assert right and n == (5 if desk.gallery.provider == "openai" else 8), fate.calls
            return
        outcome = made(desk.task(), revived(ports), "second")
        right = right or outcome.facts
        assert outcome.facts == right
        after = fate.calls[fate.calls.index("start") :] if "start" in fate.calls else []
        assert desk.gallery.asked() == 1 + (bool(after) and "point" not in after), fate.calls
    raise AssertionError("it never came to its end")


@pytest.mark.parametrize("desk", JOBS, indirect=True)
def test_a_job_that_failed_is_no_answer_for_the_next_who_asks(desk: Desk) -> None:
    ports = desk.place()
    desk.server.mode = ENDS[desk.gallery.provider]
    for run in ("one", "two"):
        with pytest.raises(ProviderRefused):
            made(desk.task(), ports, run)
    assert desk.gallery.asked() == 2
    desk.server.mode = "made"
    made(desk.task(), ports, "three")
    made(desk.task(), ports, "four")
    assert desk.gallery.asked() == 1


@pytest.mark.parametrize("desk", JOBS, indirect=True)
@pytest.mark.parametrize("found", ["page", "gone", "sound"])
def test_what_is_no_picture_is_forgotten(desk: Desk, found: str) -> None:
    ports = desk.place()
    page = b"<!doctype html><title>Come back later</title>"
    answers = {"page": (200, page), "gone": (404, b""), "sound": (200, b"ID3\x04" + bytes(500))}
    desk.web.answers["/bad"] = lambda to: to.give(*answers[found])
    desk.server.made = desk.web.url("/bad")
    with pytest.raises(ProviderLost):
        made(desk.task(), ports, "one")
    desk.server.made = desk.web.url("/made.png")
    made(desk.task(), ports, "two")
    assert desk.gallery.asked() == 2


@pytest.mark.parametrize("desk", JOBS, indirect=True)
def test_what_cannot_be_downloaded_now_is_downloaded_later(desk: Desk) -> None:
    ports = desk.place()
    answer, desk.web.answers["/made.png"] = desk.web.answers["/made.png"], lambda to: to.give(503)
    with pytest.raises(ProviderBusy, match="cannot be downloaded now"):
        made(desk.task(), ports, "one")
    desk.web.answers["/made.png"] = answer
    made(desk.task(), ports, "two")
    assert desk.gallery.asked() == 1


@pytest.mark.parametrize("desk", JOBS, indirect=True)
def test_a_job_of_another_run_that_is_gone_is_asked_for_anew(desk: Desk) -> None:
    """It was done while nobody looked, and the provider has removed it since."""
    ports = desk.place()
    mortal, fate = doomed(ports, 3)
    with pytest.raises(Died):
        made(desk.task(), mortal, "first")
    assert fate.calls[-1] == "point"
    gone = {"detail": "The requested resource could not be found."}
    desk.server.instead.append(Reply(404, gone))
    made(desk.task(), revived(ports), "second")
    assert desk.gallery.asked() == 2


def test_a_picture_for_a_clip_is_said_and_kept_nowhere(desk: Desk) -> None:
    ports = desk.place()
    model = {"replicate": "kwaivgi/kling-v1.6-standard"}.get(desk.gallery.provider)
    clip = desk.task(kind="video", seconds=5.0, **({"model": model} if model else {}))
    with pytest.raises(ProviderError) as caught:
        made(clip, ports, "one")
    assert KEY not in str(caught.value)
    assert [*ports.objects.list("elements/")] == []


@pytest.mark.parametrize("instead", [half, HTML], ids=["half", "page"])
def test_an_answer_that_is_none_leaves_nothing(desk: Desk, instead: Any) -> None:
    ports = desk.place()
    desk.server.instead.append(instead)
    with pytest.raises(ProviderLost, match=r"may have been paid for|no JSON"):
        made(desk.task(), ports, "one")
    assert [*ports.objects.list("elements/")] == []
    made(desk.task(), ports, "two")
    assert desk.gallery.asked() == 2


def test_a_process_that_is_killed_while_it_waits_leaves_its_job_to_the_next(tmp_path: Path) -> None:
    with gallery(tmp_path / "data", "replicate") as desk:
        desk.server.mode, waiting = "never", threading.Event()
        file = written(tmp_path / "m.json", movie({"duration": 0.2, "elements": [desk.image()]}))
        opened = f"127.0.0.1:{desk.web.server_port}"
        words = ("render", file, "-o", tmp_path / "m.mp4", "--data", tmp_path / "data")
        words = (*words, "--allow-source", opened, "--quiet")
        code = (
            "from resplice.steps import leasing; from resplice.wiring import local; "
            "from dataclasses import replace; leasing.ALONE_MS = 600; "
            "local.PATIENCE = replace(local.PATIENCE, start_ms=300, lease_ms=600); "
            "from resplice.cli.main import main; raise SystemExit(main())"
        )
        with subprocess.Popen([sys.executable, "-c", code, *map(str, words)]) as process:
            for _ in range(600):
                if any(each.method == "GET" for each in desk.server.seen):
                    break
                waiting.wait(0.1)
            os.kill(process.pid, signal.SIGKILL)
        desk.server.mode, desk.server.pending = "made", 0
        done = resplice(*words)
        assert done.returncode == 0, done.stderr
        assert desk.asked() == 1
