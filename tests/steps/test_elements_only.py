"""Of a movie only the elements are made: nothing is rendered, whoever else renders it or dies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from dying import Fate, die, fated
from far_apart import OWNER, FarApart, dangling, emptied
from paid import account, connect
from resplice.core.report import ElementReport, Report, SceneReport
from resplice.core.tallies import amounts_of
from resplice.ports import Ports
from resplice.steps import cache_report
from resplice.steps.execution.record import ELEMENTS_MADE
from resplice.wiring.providers import offers_of
from studio import clip, give, movie, studio, tone
from web_server import serving

MAX_CHANGES = 200


@dataclass
class Desk:
    """document: a movie whose length only its elements tell."""

    ports: Ports
    folder: Path
    document: dict[str, Any]
    count: int = 0

    def far(self) -> FarApart:
        self.count += 1
        return FarApart(emptied(self.ports, self.folder / str(self.count)))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with serving() as web, studio(folder / "data", web) as lab:
        card = give(web, "/card.mp4", clip(folder / "card.mp4", 0.3).read_bytes())
        sound = give(web, "/a.wav", tone(440, 0.2))
        text = {"type": "text", "text": "Ann", "width": 60, "height": 30, "duration": -2}
        document = movie(
            {"elements": [{"type": "video", "src": card}, text]},
            {"elements": [{"type": "audio", "src": sound}]},
            exports=[{"destinations": [{"type": "webhook", "endpoint": web.url("/hook")}]}],
        )
        yield Desk(lab.ports, folder, document)


def test_one_that_dies_after_any_change_ends_as_any_other(desk: Desk) -> None:
    document, needed = {**desk.document, "scenes": desk.document["scenes"][1:]}, Fate(0, die)
    for n in range(MAX_CHANGES):
        far, fate = desk.far(), Fate(n, die)
        project = far.post(document, elements_only=True)
        fated(far, fate).play_all()
        needed = needed if n else fate
        told = far.told(project)
        assert (told["status"], told["message"], told["progress"]) == ("done", ELEMENTS_MADE, 100)
        assert told["url"] is told["duration"] is None and told["consumed_credits"] == []
        assert far.executions.started == [project]
        assert dangling(far, f"project/{project}") == [] and "run" not in fate.done
        assert 0 <= fate.done.count("fetch") - needed.done.count("fetch") <= 1
        if n and not fate.came:
            break
    made = far.made(document)
    assert {each["result"] for each in made["cache"]["elements"]} == {"hit"}
    assert [each["result"] for each in made["cache"]["scenes"]] == ["miss"]


def test_what_it_tells_is_of_elements(desk: Desk) -> None:
    far = desk.far()
    project = far.post(desk.document, elements_only=True)
    seen = list[str]()
    far.before = lambda step: seen.append(f"{step}: {far.told(project)['message']}")
    far.play_all()
    assert seen[-3:] == ["plan: Preparing", "movie: Preparing", "finish: Preparing"]
    cache = far.told(project)["cache"]
    assert cache["movie"]["result"] is None and cache["scenes"] == cache["transitions"] == []
    assert [each["result"] for each in cache["elements"]].count("miss") >= 3
    assert set(cache["timings_ms"]) == {"elements", "plan"}
    assert far.ports.outbox.due(1 << 60, 9) == [], "nobody is told of it"
    assert list(far.ports.objects.list("scenes/")) == list(far.ports.objects.list("movies/")) == []


def test_who_renders_the_movie_neither_waits_for_it_nor_joins_it(desk: Desk) -> None:
    far = desk.far()
    first, rendered, second = (
        far.post(desk.document, elements_only=only) for only in (True, False, True)
    )
    assert far.executions.started == [first, rendered, second]
    far.play_all()
    assert [far.told(each)["url"] is None for each in (first, rendered, second)] == [
        *(True, False, True),
    ]
    hit = far.told(far.post(desk.document, elements_only=True))
    assert (hit["status"], hit["cache"]["movie"]["result"]) == ("done", "hit")
    assert hit["url"] == far.told(rendered)["url"] and far.executions.started[3:] == []


def test_no_later_render_is_compared_with_it(desk: Desk) -> None:
    far = desk.far()
    prepared = far.post(desk.document, elements_only=True)
    far.play_all()
    project = far.made({**desk.document, "project": prepared})["project"]
    told = cache_report.explanation(project, OWNER, far.ports)
    assert told.against is None and told.report
    assert {*told.report["movie"]["why"]} == {"not made before"}
    own = cache_report.explanation(prepared, OWNER, far.ports)
    assert own.report and "why" not in own.report["movie"]
    assert own.report["elements"][0]["why"] == ["not made before"]


def test_one_that_is_cancelled_ends_and_makes_no_more(desk: Desk) -> None:
    far = desk.far()
    project = far.post(desk.document, elements_only=True)
    stored = far.ports.projects.peek(project)
    assert stored
    far.before = lambda step: far.coalescer.cancel(stored, "Cancelled") if step == "plan" else None
    far.play_all()
    assert (far.told(project)["status"], far.told(project)["message"]) == ("error", "Cancelled")
    assert dangling(far, f"project/{project}") == []


def test_no_more_is_paid_than_may_be(tmp_path: Path) -> None:
    with account(tmp_path / "data", "elevenlabs") as desk:
        ports = emptied(desk.lab.ports, tmp_path / "far")
        connect(ports.connections, "elevenlabs", desk.server.url())
        far = FarApart(replace(ports, offered=offers_of(ports.connections, ())))
        document = movie({"elements": [desk.line("This is said once.")]})
        far.ports = replace(far.ports, max_cost_micro_usd=0)
        refused = far.post(document, elements_only=True)
        far.play_all()
        assert far.told(refused)["message"].startswith("At most $0.00 may be paid for this movie")
        assert desk.server.asked == []
        far.ports = replace(far.ports, max_cost_micro_usd=None)
        project = far.post(document, elements_only=True)
        far.play_all()
        told = far.told(project)
        assert told["status"] == "done" and told["cache"]["costs"]["spent_usd"] > 0
        assert far.made(document)["cache"]["costs"]["spent_usd"] == 0 and desk.characters() == 18


def test_it_is_counted_as_elements_and_no_movie() -> None:
    element = ElementReport("scenes[0].elements[0]", "voice", "miss", "elements/speak/1")
    scene = SceneReport(1, "miss", "", "", {})
    report = Report("miss", "movies/1", (scene,), elements=(element,), rendered_ms=5)
    assert amounts_of(report.of_elements()) == {"elements_miss": 1}
