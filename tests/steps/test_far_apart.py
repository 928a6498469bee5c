"""A movie whose steps are far apart is the movie that one process makes, at no more work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from far_apart import FarApart, emptied
from resplice.ports.browser import Browser, Painted, PaintPage
from resplice.steps.pipeline.accept import accept
from studio import Studio, asked, clip, decoded, give, movie, picture, still, studio, tone
from web_server import Server, serving


class CountedBrowser:
    def __init__(self, browser: Browser) -> None:
        self._browser, self.painted = browser, 0

    def paint(self, page: PaintPage) -> Painted:
        self.painted += 1
        return self._browser.paint(page)


@dataclass
class Desk:
    """lab: of a folder whose renders are counted. document: a movie with everything."""

    lab: Studio
    browser: CountedBrowser
    server: Server
    document: dict[str, Any]

    def far(self, folder: Path, times: int = 1) -> FarApart:
        return FarApart(emptied(self.lab.ports, folder), times)

    def work(self) -> tuple[int, list[str], int]:
        """Runs of FFmpeg, requests, paintings since the last call."""
        painted, self.browser.painted = self.browser.painted, 0
        return self.lab.runs(), asked(self.server), painted


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with serving() as server, studio(folder / "data", server) as lab:
        for name in ("red", "green"):
            give(server, f"/{name}.png", picture(name))
        give(server, "/card.mp4", clip(folder / "card.mp4", 0.6).read_bytes())
        give(server, "/music.wav", tone(440, 0.4))
        browser = CountedBrowser(lab.ports.browser)
        lab.ports = replace(lab.ports, browser=browser)
        yield Desk(lab, browser, server, everything(server))


def everything(server: Server) -> dict[str, Any]:
    text = {"type": "text", "text": "Ann", "width": 60, "height": 30}
    card = {"type": "video", "src": server.url("/card.mp4")}
    first = still(server.url("/red.png"))
    first["elements"].append(text)
    second = {"elements": [card], "transition": {"duration": 0.2}}
    third = still(server.url("/green.png"), 0.3, zoom=2)
    third["elements"].append({**text, "start": 9})
    music = {"type": "audio", "src": server.url("/music.wav"), "duration": -2, "loop": -1}
    return movie(first, second, third, elements=[music])


def frames(far: FarApart, told: dict[str, Any]) -> str:
    with far.ports.objects.open(far.movie_key(told["project"])) as file:
        return decoded(file)


def without_times(report: dict[str, Any]) -> dict[str, Any]:
    """The report but for what a clock says."""
    return {n: v for n, v in report.items() if n not in ("timings_ms", "rendered_ms", "saved_ms")}


def test_the_movie_and_its_report_are_those_of_one_process(desk: Desk, tmp_path: Path) -> None:
    far = desk.far(tmp_path / "far")
    told = far.made(desk.document)
    alone = Studio(emptied(desk.lab.ports, tmp_path / "alone"))
    outcome = alone.render(desk.document)
    with alone.ports.objects.open(outcome.stored.key) as file:
        assert frames(far, told) == decoded(file)
    assert far.movie_key(told["project"]) == outcome.stored.key
    report = json.loads(json.dumps(outcome.report.as_json()))
    assert without_times(told["cache"]) == without_times(report)
    late = "begins at 9 s, but its scene is only 0.3 s long: it is never seen; "
    late += "let it begin earlier, or what it is in last longer [after-the-end]"
    assert report["warnings"] == [f"scenes[2].elements[1] {late}"]
    assert set(told["cache"]["timings_ms"]) == {"elements", "plan", "scenes", "movie"}
    facts = outcome.stored.facts
    names = ("duration", "size", "width", "height")
    assert [told[name] for name in names] == [facts[name] for name in names]


def test_steps_hand_on_numbers_and_names_only(desk: Desk, tmp_path: Path) -> None:
    far = desk.far(tmp_path / "far")
    url = desk.server.url("/red.png")
    scenes = [still(f"{url}?{number}", 0.1) for number in range(40)]
    assert far.made(movie(*scenes))["status"] == "done"
    assert max(state["count"] for state in far.states) == 40
    for state in far.states:
        told = json.dumps(state)
        assert len(told) < 8_000
        assert not any(word in told for word in ("http", "127.0.0.1", "png", "data:", "image"))
        names = {"project", "owner", "attempt", "round", "count", "tasks", "items"}
        assert set(state) <= names
        for task in state["tasks"]:
            assert set(task) <= {"index", "function"}
            assert task.get("function", "paint") in ("element", "paint")


def test_more_tasks_than_the_state_holds_are_read_from_a_file(desk: Desk, tmp_path: Path) -> None:
    far = desk.far(tmp_path / "far")
    url = desk.server.url("/red.png")
    layers = [{"type": "image", "src": f"{url}?{number}"} for number in range(41)]
    assert far.made(movie({"duration": 0.1, "elements": layers}))["status"] == "done"
    many = far.states[0]
    assert (many["count"], many["tasks"]) == (41, [])
    assert many["items"].startswith("runs/")


def test_steps_that_are_called_twice_do_their_work_once(desk: Desk, tmp_path: Path) -> None:
    desk.work()
    once, twice = desk.far(tmp_path / "once"), desk.far(tmp_path / "twice", times=2)
    first = once.made(desk.document)
    needed = desk.work()
    second = twice.made(desk.document)
    assert desk.work() == needed
    assert without_times(second["cache"]) == without_times(first["cache"])
    assert frames(twice, second) == frames(once, first)
    assert needed[1] == ["/card.mp4", "/green.png", "/music.wav", "/red.png"]
    assert needed[2] == 1


def test_a_movie_that_is_there_starts_nothing(desk: Desk, tmp_path: Path) -> None:
    far = desk.far(tmp_path / "far")
    first = far.made(desk.document)
    desk.work()
    project = far.post(desk.document)
    assert far.told(project)["status"] == "done"
    assert far.told(project)["url"] == first["url"]
    assert len(far.executions.started) == 1
    assert desk.work() == (0, [], 0)


def test_an_edit_makes_only_what_changed(desk: Desk, tmp_path: Path) -> None:
    far = desk.far(tmp_path / "far")
    far.made(desk.document)
    desk.work()
    edited = json.loads(json.dumps(desk.document))
    edited["scenes"][2]["duration"] = 0.4
    told = far.made(edited)
    assert told["status"] == "done", told["message"]
    assert [scene["result"] for scene in told["cache"]["scenes"]] == ["hit", "hit", "miss"]
    assert desk.work() == (2, [], 0), "a segment, and the mix, which is longer"


def test_a_forced_element_is_made_once_a_submit(desk: Desk, tmp_path: Path) -> None:
    far = desk.far(tmp_path / "far", times=2)
    far.made(desk.document)
    forced = json.loads(json.dumps(desk.document))
    forced["scenes"][0]["elements"][0]["cache"] = False
    forced["scenes"][0]["elements"][1]["cache"] = False
    desk.work()
    for _ in range(2):
        told = far.made(forced)
        assert told["status"] == "done", told["message"]
        assert [each["result"] for each in told["cache"]["scenes"]] == ["bypass", "hit", "hit"]
        # The scene, the transition out of it, the mix of what is fresh, and the stitch.
        assert desk.work() == (4, ["/red.png"], 1)


def test_a_forced_scene_is_made_once_a_submit(desk: Desk, tmp_path: Path) -> None:
    far = desk.far(tmp_path / "far", times=2)
    far.made(desk.document)
    forced = json.loads(json.dumps(desk.document))
    forced["scenes"][2]["cache"] = False
    desk.work()
    for _ in range(2):
        told = far.made(forced)
        assert told["status"] == "done", told["message"]
        assert [each["result"] for each in told["cache"]["scenes"]] == ["hit", "hit", "bypass"]
        assert desk.work() == (3, [], 0)


def test_a_forced_movie_is_made_once_a_submit(desk: Desk, tmp_path: Path) -> None:
    far = desk.far(tmp_path / "far", times=2)
    cold = far.made(desk.document)
    runs = desk.work()[0]
    forced = {**desk.document, "cache": False}
    for _ in range(2):
        told = far.made(forced)
        made, requests, painted = desk.work()
        assert made <= runs
        assert {scene["result"] for scene in told["cache"]["scenes"]} == {"bypass"}
        assert {path.rstrip("?") for path in requests} == {
            *("/card.mp4", "/green.png", "/music.wav", "/red.png")
        }
        assert all(path.endswith("?") for path in requests), "only whether they are current"
        assert painted == 0
        assert frames(far, told) == frames(far, cold)


def test_one_source_wanted_twice_is_new_everywhere_when_it_is_forced(
    desk: Desk, tmp_path: Path
) -> None:
    """As in one process: a source is not shown as it was and as it is in one movie."""
    url = desk.server.url("/turns.png")
    give(desk.server, "/turns.png", picture("red"))
    far = desk.far(tmp_path / "far")
    alone = Studio(emptied(desk.lab.ports, tmp_path / "alone"))
    document = movie(still(url), still(url, 0.7))
    far.made(document), alone.render(document)
    give(desk.server, "/turns.png", picture("blue"))
    desk.work()
    document["scenes"][1]["elements"][0]["cache"] = False
    told = far.made(document)
    assert desk.work()[1] == ["/turns.png"]
    outcome = alone.render(document)
    with alone.ports.objects.open(outcome.stored.key) as file:
        assert frames(far, told) == decoded(file)
    results = [each.result for each in outcome.report.elements]
    assert [each["result"] for each in told["cache"]["elements"]] == results


def test_the_key_of_the_movie_leads_to_the_last_one_made(desk: Desk, tmp_path: Path) -> None:
    far = desk.far(tmp_path / "far")
    told = far.made({**desk.document, "cache": False})
    key = accept(desk.document, far.ports.tools).key
    pointer = far.ports.cache_index.pointer(key)
    assert pointer and pointer["object"] == far.movie_key(told["project"])
