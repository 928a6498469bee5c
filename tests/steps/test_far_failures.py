"""What fails far apart is told in the words that one process has for it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from far_apart import FarApart, dangling, emptied
from resplice.adapters.confined import launching
from resplice.adapters.confined.launching import Launcher
from resplice.adapters.memory.checkpoints import MemoryCheckpoints
from resplice.core.filtergraph import Invocation
from resplice.errors import PaintError, RenderError, SandboxMissing, StorageError
from resplice.ports import Ports
from resplice.ports.browser import Browser, Painted, PaintPage
from resplice.ports.renderer import Renderer
from resplice.steps.execution import complete as completing
from resplice.steps.execution.coalesce import OVERDUE
from resplice.steps.execution.lane import is_verdict
from resplice.steps.execution.local import execute
from resplice.steps.execution.progress import Unwatched
from resplice.steps.pipeline.accept import accept
from resplice.wiring.aws_failures import shortened
from studio import asked, give, movie, picture, still, studio, tone
from web_server import Handler, Server, serving

from infra.states import RETRIED

BAD_WORD = "unpaintable"
SECRET = "/opt/bin/ffmpeg: all that it printed"


@dataclass(frozen=True)
class FussyBrowser:
    """Cannot paint pages with a certain word."""

    browser: Browser

    def paint(self, page: PaintPage) -> Painted:
        if BAD_WORD in page.html:
            raise PaintError("the text could not be painted in time")
        return self.browser.paint(page)


@dataclass(frozen=True)
class FailingRenderer:
    """Fails where the name of what it is to make begins so."""

    renderer: Renderer
    name: str
    error: Callable[[], Exception]

    def run(
        self, invocation: Invocation, into: Path, on_frames: Callable[[int], None] | None = None
    ) -> int:
        if into.name.startswith(self.name):
            raise self.error()
        return self.renderer.run(invocation, into, on_frames)

    def run_together(self, invocation: Invocation, into: Sequence[Path]) -> None:
        if into[0].name.startswith(self.name):
            raise self.error()
        self.renderer.run_together(invocation, into)


@dataclass
class Desk:
    ports: Ports
    server: Server
    folder: Path
    count: int = 0

    def far(self, **ports: Any) -> FarApart:
        self.count += 1
        return FarApart(replace(emptied(self.ports, self.folder / str(self.count)), **ports))

    def alone(self, document: dict[str, Any], **ports: Any) -> dict[str, Any]:
        """What one process tells of the document, in the end."""
        far = self.far(**ports)
        own = replace(far, ports=replace(far.ports, checkpoints=MemoryCheckpoints()))
        project = own.post(document)
        execute(project, own.coalescer, Unwatched())
        return far.told(project)

    def same(self, document: dict[str, Any], far: FarApart | None = None, **ports: Any) -> str:
        """The words of a project that fails, which are those of one process."""
        far = far or self.far(**ports)
        told = far.made(document)
        alone = self.alone(document, **ports)
        assert (told["status"], told["message"]) == ("error", alone["message"])
        assert alone["status"] == "error"
        assert not told["success"]
        assert told["url"] is None
        assert dangling(far, accept(document, far.ports.tools).key) == []
        return str(told["message"])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with serving() as server, studio(folder / "data") as lab:
        give(server, "/red.png", picture("red"))
        give(server, "/tone.wav", tone(440, 0.2))
        give(server, "/words.png", b"These are words, not a picture. " * 9)
        server.answers["/none.png"] = lambda to: to.give(404)
        server.answers["/busy.png"] = lambda to: to.give(503)
        browser: Any = FussyBrowser(lab.ports.browser)
        ports = replace(lab.ports, web=server.http(), browser=browser)
        yield Desk(ports, server, folder)


def image(source: str) -> dict[str, Any]:
    return {"type": "image", "src": source}


def test_all_that_fails_is_told_at_once_in_document_order(desk: Desk) -> None:
    url = desk.server.url
    bad_text = {"type": "text", "text": BAD_WORD, "width": 60, "height": 30}
    good_text = {"type": "text", "text": "Ann", "width": 60, "height": 30}
    document = movie(
        {"duration": 0.1, "elements": [good_text, image(url("/none.png")), bad_text]},
        {"duration": 0.1, "elements": [image(url("/red.png")), image("http://10.0.0.1/a.png")]},
        {"duration": 0.1, "elements": [image(url("/words.png")), image(url("/none.png"))]},
        {"duration": 0.1, "elements": [{**image(url("/red.png")), "mask": url("/busy.png")}]},
        {"duration": 0.1, "elements": [image(url("/tone.wav"))]},
        elements=[{"type": "audio", "src": url("/red.png")}],
    )
    lines = desk.same(document).splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        *("Scene #1, element #2", "Scene #1, element #3", "Scene #2, element #2"),
        *("Scene #3, element #1", "Scene #3, element #2", "Scene #4, element #1"),
        *("Scene #5, element #1", "Movie element #1"),
    ]
    endings = [
        "(404)",
        "in time",
        "(the address is not public: on one machine, --allow-source HOST:PORT opens it)",
        "plain text",
        "(404)",
        "(503)",
    ]
    assert all(line.endswith(end) for line, end in zip(lines[:6], endings, strict=True))


def test_one_failure_stops_no_other_element(desk: Desk) -> None:
    """When it is put right, all else is there."""
    url = desk.server.url
    broken = movie(still(url("/none.png"), 0.1), still(url("/red.png"), 0.1))
    far = desk.far()
    assert "(404)" in far.made(broken)["message"]
    asked(desk.server)
    assert far.made(movie(still(url("/red.png"), 0.1)))["status"] == "done"
    assert asked(desk.server) == []


def test_more_problems_than_words_are_counted(desk: Desk) -> None:
    url = desk.server.url("/none.png")
    long = [still(f"{url}?{'x' * 200}{number}", 0.1) for number in range(30)]
    message = desk.same(movie(*long))
    assert message.splitlines()[-1].startswith("and ")


def test_a_source_that_heals_is_tried_again(desk: Desk) -> None:
    """More often than one call of a step tries."""
    bad = [503] * 4

    def answer(to: Handler) -> None:
        status = bad.pop() if bad else 200
        to.give(status, b"" if status == 503 else picture("red"))

    desk.server.answers["/later.png"] = answer
    asked(desk.server)
    told = desk.far().made(movie(still(desk.server.url("/later.png"), 0.1)))
    assert told["status"] == "done"
    assert asked(desk.server) == ["/later.png"] * 5


def test_a_source_that_never_heals_is_told(desk: Desk) -> None:
    url = desk.server.url("/busy.png")
    far = desk.far()
    assert desk.same(movie(still(url, 0.1)), far) == (
        f"Scene #1, element #1: Failed to download '{url}' (503)"
    )
    desk.server.answers["/busy.png"] = lambda to: to.give(200, picture("red"))
    assert far.made(movie(still(url, 0.1)))["status"] == "done", "it is not kept"
    desk.server.answers["/busy.png"] = lambda to: to.give(503)


def test_a_batch_without_a_result_is_told(desk: Desk) -> None:
    url = desk.server.url
    far = desk.far()
    far.lost = lambda number, index: index == 1
    text = {"type": "text", "text": "Ann", "width": 60, "height": 30}
    document = movie(still(url("/red.png"), 0.1), still(url("/tone.wav"), 0.1))
    document["scenes"][1]["elements"][0]["type"] = "audio"
    document["scenes"][0]["elements"].append(text)
    told = far.made(document)
    assert (told["status"], told["message"]) == (
        "error",
        "Scene #2, element #1: could not be made in time",
    )
    far.lost = lambda number, index: False
    assert far.made(document)["status"] == "done"


def test_what_only_the_plan_finds_is_told(desk: Desk) -> None:
    layers = [{**image(desk.server.url("/red.png")), "x": number % 50} for number in range(301)]
    message = desk.same(movie({"duration": 0.1, "elements": layers}))
    assert message.startswith("Scene #1: ")
    assert "300" in message


@pytest.mark.parametrize("name", ["segment", "sound", "mix", "poster"])
def test_what_ffmpeg_printed_is_not_told(
    desk: Desk, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    failing: Any = FailingRenderer(
        desk.ports.renderer, name, lambda: RenderError("FFmpeg failed on a segment", SECRET)
    )
    document = movie(still(desk.server.url("/red.png"), 0.1))
    heard = {"type": "audio", "src": desk.server.url("/tone.wav"), "duration": -2}
    document["scenes"][0]["elements"].append(heard)
    document["elements"] = [heard]
    assert desk.same(document, renderer=failing) == "FFmpeg failed on a segment"


def test_a_fault_of_ours_is_told_as_one(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    failing: Any = FailingRenderer(
        desk.ports.renderer, "segment", lambda: ZeroDivisionError("at line 3 of /opt/python")
    )
    document = movie(still(desk.server.url("/red.png"), 0.1))
    assert desk.same(document, renderer=failing) == "Internal error"


def test_a_store_that_fails_once_is_no_failure(desk: Desk) -> None:
    fails = [StorageError("cannot reach the bucket")] * 2

    @dataclass(frozen=True)
    class Flaky(FailingRenderer):
        def run(self, *args: Any) -> int:
            if fails:
                raise fails.pop()
            return self.renderer.run(*args)

    flaky: Any = Flaky(desk.ports.renderer, "", RuntimeError)
    told = desk.far(renderer=flaky).made(movie(still(desk.server.url("/red.png"), 0.1)))
    assert told["status"] == "done"


@pytest.mark.parametrize(
    ("name", "is_fault"),
    [
        *((name, True) for name in ("States.Timeout", "Sandbox.Timedout", "Runtime.ExitError")),
        *((name, True) for name in ("Lambda.Unknown", "States.DataLimitExceeded")),
        *(
            (name, False)
            for name in ("KeyError", "DocumentError", "LimitReached", "SourceUnavailable")
        ),
        (completing.MANY_FAILED, False),
    ],
)
def test_what_no_function_lived_to_count_is_counted_at_the_end(name: str, is_fault: bool) -> None:
    assert completing.is_fault({"Error": name, "Cause": "{}"}) == is_fault


def test_where_a_sandbox_is_required_and_missing_the_project_says_what_is_missing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESPLICE_REQUIRE_SANDBOX", "1")
    document = movie(still(desk.server.url("/red.png"), 0.1))
    assert desk.far().made(document)["status"] == "done"
    fewer = Launcher(held=lambda walls: replace(walls, landlock=3))
    monkeypatch.setattr(launching, "LAUNCHER_OF_ALL", fewer)
    told = desk.far().made(document)
    fewer.close()
    assert told["status"] == "error" and told["message"].startswith("A sandbox is required for")
    assert "this machine lacks Landlock's rules for TCP (Linux 6.7)" in told["message"]
    assert "docs/sandbox.md" in told["message"]


def test_a_missing_sandbox_is_ours_and_no_other_try_heals_it() -> None:
    assert SandboxMissing.ours and SandboxMissing.__name__ not in RETRIED
    assert is_verdict(SandboxMissing), "the lane does not leave it to the workflow"


def test_one_of_many_tasks_that_lacked_a_sandbox_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the state machine tells only that one failed."""
    far = desk.far()
    project = far.post(movie(still(desk.server.url("/red.png"), 0.1)))
    fewer = Launcher(held=lambda walls: replace(walls, seccomp=False))
    monkeypatch.setattr(launching, "LAUNCHER_OF_ALL", fewer)
    monkeypatch.setenv("RESPLICE_REQUIRE_SANDBOX", "1")
    with pytest.raises(SandboxMissing), shortened(project, far.ports):
        raise AssertionError("it began")
    fewer.close()
    completing.fail_with(project, {"Error": completing.MANY_FAILED, "Cause": "{}"}, far.coalescer)
    assert "lacks seccomp" in far.told(project)["message"]


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        ({"Error": "States.Timeout"}, "timeout", OVERDUE),
        ({"Error": "Sandbox.Timedout", "Cause": '{"errorMessage": "x"}'}, "timeout", OVERDUE),
        ({"Error": "Runtime.ExitError", "Cause": '{"errorMessage": "137"}'}, "error", None),
        ({"Error": "KeyError", "Cause": '{"errorMessage": "x", "stackTrace": []}'}, "error", None),
        ({"Error": "RenderError", "Cause": "cut off in the mid"}, "error", None),
        ({"Error": "RenderError", "Cause": '{"errorMessage": "short"}'}, "error", "short"),
        ({"Error": "DocumentError", "Cause": '{"errorMessage": "first"}'}, "error", "first"),
        (
            {"Error": completing.MANY_FAILED, "Cause": "{}"},
            "error",
            "A scene could not be rendered",
        ),
        ({}, "error", None),
    ],
    ids=lambda value: str(value.get("Error")) if isinstance(value, dict) else "",
)
def test_errors_come_through_the_workflow_as_they_are(
    desk: Desk, error: dict[str, str], status: str, message: str | None
) -> None:
    far = desk.far()
    project = far.post(movie(still(desk.server.url("/red.png"), 0.1)))
    ended = completing.fail_with(project, error, far.coalescer)
    assert ended and ended.status == status
    told = far.told(project)
    assert (told["status"], told["message"]) == (status, message or "Internal error")
