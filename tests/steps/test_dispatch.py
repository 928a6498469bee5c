"""Element tasks are dispatched in rounds: each once, texts together, fonts before their texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from far_apart import FarApart, emptied
from resplice.errors import Ended
from resplice.ports import Ports
from resplice.steps.execution import beginning, dispatch
from resplice.steps.execution.record import record_failed
from resplice.steps.pipeline.accept import Accepted, accept
from resplice.steps.pipeline.element import Batch, batch_name
from resplice.steps.pointing import point
from studio import Studio, asked, give, movie, picture, still, studio
from web_server import Server, serving

FONTS = Path(__file__).parents[2] / "layers/fonts/node_modules/@fontsource"


@dataclass
class Desk:
    ports: Ports
    server: Server
    folder: Path
    count: int = 0

    def place(self) -> Ports:
        self.count += 1
        return emptied(self.ports, self.folder / str(self.count))

    def far(self) -> FarApart:
        return FarApart(self.place())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with serving() as server, studio(folder / "data", server) as lab:
        give(server, "/red.png", picture("red"))
        give(
            server, "/anton.woff2", next(FONTS.glob("anton/files/*-latin-400*.woff2")).read_bytes()
        )
        server.answers["/none.woff2"] = lambda to: to.give(404)
        yield Desk(lab.ports, server, folder)


def text(words: str, **settings: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, "width": 60, "height": 30, "settings": settings}


def dispatched(far: FarApart, *elements: dict[str, Any]) -> tuple[dict[str, Any], list[Batch]]:
    """The first state for a scene of the elements, and what lies behind its tasks."""
    project = far.post(movie({"duration": 0.1, "elements": list(elements)}))
    state = beginning.prepare(project, 0, 0, far.ports)
    names = [batch_name(state["round"], task["index"]) for task in state["tasks"]]
    return state, [far.ports.checkpoints.load(project, name, Batch) for name in names]


def test_paintings_go_together_and_downloads_alone(desk: Desk) -> None:
    url = desk.server.url("/red.png")
    pictures = [{"type": "image", "src": f"{url}?{number}"} for number in range(3)]
    state, batches = dispatched(desk.far(), *map(text, "abcdefghijklmnopqrstuvwxy"), *pictures)
    assert [task["function"] for task in state["tasks"]] == ["element"] * 3 + ["paint"] * 3
    assert [len(batch.tasks) for batch in batches] == [1, 1, 1, 12, 12, 1]


def test_equal_tasks_are_one_batch(desk: Desk) -> None:
    image = {"type": "image", "src": desk.server.url("/red.png")}
    state, batches = dispatched(desk.far(), *[image] * 5, *[text("a")] * 30)
    assert state["count"] == 2
    assert [len(batch.tasks) for batch in batches] == [5, 30]


def test_a_text_waits_for_its_font(desk: Desk) -> None:
    url = desk.server.url("/anton.woff2")
    scene = {"duration": 0.1, "elements": [text("Ann", **{"font-url": url}), text("Bob")]}
    far, alone = desk.far(), Studio(desk.place())
    asked(desk.server)
    told = far.made(movie(scene))
    assert asked(desk.server) == ["/anton.woff2"]
    rounds = [state["tasks"] for state in far.states if "round" in state]
    assert [[task["function"] for task in tasks] for tasks in rounds] == [
        *(["element", "paint"], ["paint"], []),
    ]
    assert far.movie_key(told["project"]) == alone.render(movie(scene)).stored.key


def test_failures_of_all_rounds_are_told(desk: Desk) -> None:
    url = desk.server.url
    texts = [
        text("Ann", **{"font-url": url("/anton.woff2")}),
        text("Bob", **{"font-url": url("/none.woff2")}),
        {"type": "image", "src": url("/red.png")},
    ]
    far = desk.far()
    far.lost = lambda number, index: number == 2
    told = far.made(movie({"duration": 0.1, "elements": texts}))
    assert told["status"] == "error"
    first, second = told["message"].splitlines()
    assert first == "Scene #1, element #1: could not be made in time"
    assert second.startswith("Scene #1, element #2: ")
    assert second.endswith("(404)")


def test_two_runs_that_force_the_same_element_both_end_well(desk: Desk) -> None:
    """One makes it again after the other has, which then finds that it is not its own."""
    far = desk.far()
    elements = [{**text("Ann"), "cache": False}]
    image = {"type": "image", "src": desk.server.url("/red.png")}
    elements += [image, {**image, "cache": False}]
    document = movie({"duration": 0.1, "elements": elements})
    first, second = far.post(document), far.post(document)
    steps: list[str] = []

    def before(step: str) -> None:
        steps.append(step)
        if steps.count("prepare") == 2 and step == "prepare":
            FarApart(far.ports, executions=far.executions).play(second)

    far.before = before
    asked(desk.server)
    far.play(first)
    for project in (first, second):
        told = far.told(project)
        assert told["status"] == "done", told["message"]
        assert [each["result"] for each in told["cache"]["elements"]] == ["bypass"] * 3
    assert asked(desk.server) == ["/red.png"] * 2


def test_a_forced_batch_without_a_result_is_not_made_of_an_old_one(desk: Desk) -> None:
    far = desk.far()
    document = movie(still(desk.server.url("/red.png"), 0.1))
    assert far.made(document)["status"] == "done"
    document["scenes"][0]["elements"][0]["cache"] = False
    far.lost = lambda number, index: True
    assert far.made(document)["message"] == "Scene #1, element #1: could not be made in time"


def test_a_run_that_begins_again_counts_its_rounds_apart(desk: Desk) -> None:
    """What was left of the time before is not taken for its own."""
    far = desk.far()
    project = far.post(movie(still(desk.server.url("/red.png"), 0.1)))
    first = beginning.prepare(project, 0, 0, far.ports)
    again = beginning.prepare(project, 0, 0, far.ports)
    assert first == again
    healed = beginning.prepare(project, 1, 0, far.ports)
    assert healed["round"] not in (first["round"], first["round"] + 1)
    assert healed["count"] == 1


def test_an_execution_of_a_project_that_has_ended_stops(desk: Desk) -> None:
    far = desk.far()
    project = far.post(movie(still(desk.server.url("/red.png"), 0.1)))
    stored = far.ports.projects.get(project)
    assert stored
    record_failed(stored, "timeout", "", far.ports)
    with pytest.raises(Ended):
        beginning.prepare(project, 0, 0, far.ports)
    with pytest.raises(Ended):
        beginning.prepare("A" * 16, 0, 0, far.ports)
    assert list(far.ports.objects.list("runs/")) == []


def test_what_was_accepted_is_there_for_all_steps(desk: Desk) -> None:
    far = desk.far()
    document = movie({"duration": 0.1, "elements": [text("größe \u2028 \U0001f600")]})
    project = far.post(document)
    beginning.prepare(project, 0, 0, far.ports)
    left = far.ports.checkpoints.load(project, dispatch.ACCEPTED, Accepted)
    assert left == accept(document, far.ports.tools, far.ports.offers)


def test_a_source_that_tells_no_version_is_asked_once_a_submit(desk: Desk) -> None:
    body = picture("plum")
    desk.server.answers["/plain.png"] = lambda to: to.give(200, body)
    source = desk.server.url("/plain.png")
    far = FarApart(desk.place())
    far.play(far.post(movie(still(source))))
    asked(desk.server)
    twice = FarApart(far.ports, times=2)
    project = twice.post({**movie(still(source)), "cache": False})
    twice.play(project)
    assert twice.told(project)["status"] == "done"
    assert asked(desk.server) == ["/plain.png"]


def test_a_forced_element_is_of_its_own_download_whoever_ends_last(desk: Desk) -> None:
    """One began to download before the source changed, and ends after the other has."""
    far, url = desk.far(), desk.server.url("/changing.png")
    bodies = [picture("red"), picture("green")]
    now = [bodies[1]]
    desk.server.answers["/changing.png"] = lambda to: to.give(200, now[0])
    document = movie({"duration": 0.1, "elements": [{"type": "image", "src": url, "cache": False}]})
    slow, quick = far.post(document), far.post(document)
    steps: list[str] = []

    def before(step: str) -> None:
        steps.append(step)
        if step == "prepare" and steps.count("prepare") == 2:
            now[0] = bodies[0]
            FarApart(far.ports, executions=far.executions).play(slow)
            now[0] = bodies[1]

    far.before = before
    far.play(quick)
    right = desk.far().made(document)
    assert far.told(quick)["url"] == right["url"] != far.told(slow)["url"]


def test_a_font_that_another_run_makes_anew_changes_nothing_in_a_run_that_goes_on(
    desk: Desk,
) -> None:
    far, url = desk.far(), desk.server.url("/changing.woff2")
    files = [next(FONTS.glob(f"{name}/files/*-latin-400*.woff2")) for name in ("anton", "lobster")]
    now = [files[0].read_bytes()]
    desk.server.answers["/changing.woff2"] = lambda to: to.give(200, now[0])
    document = movie({"duration": 0.1, "elements": [text("Ann", **{"font-url": url})]})
    forced = {**text("Bob", **{"font-url": url}), "cache": False}
    project = far.post(document)
    other = far.post(movie({"duration": 0.1, "elements": [forced]}))
    steps: list[str] = []

    def before(step: str) -> None:
        steps.append(step)
        if step == "prepare" and steps.count("prepare") == 3:
            now[0] = files[1].read_bytes()
            FarApart(far.ports, executions=far.executions).play(other)

    far.before = before
    far.play(project)
    assert far.told(project)["status"] == "done", far.told(project)["message"]


def test_a_key_never_leads_back_to_what_is_older(desk: Desk) -> None:
    ports = desk.place()
    for as_of_ms, digest in ((5, "first"), (9, "newest"), (7, "late"), (9, "newest again")):
        point("elements/fetch/a", {"digest": digest}, as_of_ms, ports)
    assert ports.cache_index.pointer("elements/fetch/a") == {
        "digest": "newest again",
        "as_of_ms": 9,
    }


def test_a_source_with_a_new_tag_and_the_same_bytes_is_known_by_it(desk: Desk) -> None:
    body, tags = picture("navy"), ["one", "two"]
    far, url = desk.far(), desk.server.url("/tagged.png")

    def answer(to: Any) -> None:
        known = to.headers.get("If-None-Match") == tags[0]
        to.give(304 if known else 200, b"" if known else body, ETag=tags[0])

    desk.server.answers["/tagged.png"] = answer
    fresh = {**movie(still(url)), "cache": False}
    assert far.made(fresh)["status"] == "done"
    tags.pop(0)
    asked(desk.server)
    for _ in range(2):
        told = far.made(fresh)
        assert [each["result"] for each in told["cache"]["elements"]] == ["hit"]
    assert asked(desk.server) == ["/tagged.png?"] * 2
    pointer = far.ports.cache_index.pointer(told["cache"]["elements"][0]["key"])
    assert pointer and pointer["etag"] == "two"
