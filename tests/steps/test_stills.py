"""Of a movie a picture is made, by the steps that make movies: whoever dies, whatever is paid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from dying import Fate, die, fated
from far_apart import BASE_URL, OWNER, FarApart, MovedClock, dangling, emptied
from paid import account, connect
from resplice.core.wanted_stills import Stills
from resplice.ports.projects import Project
from resplice.steps import projects
from resplice.steps.deleting import delete
from resplice.steps.execution.record import STILL_MADE
from resplice.steps.stills_of_projects import ATTEMPTS, TOLD_MS, still_of
from resplice.wiring.providers import offers_of
from studio import clip, give, movie, studio
from web_server import serving

MAX_CHANGES = 200
AT = Stills((0.25,))
Document = dict[str, Any]
Far = Callable[[], FarApart]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Far, Document]]:
    """(services with nothing in any cache, a movie whose length only its clip tells)."""
    folder, numbers = tmp_path_factory.mktemp("desk"), count()
    with serving() as web, studio(folder / "data", web) as lab:
        card = give(web, "/card.mp4", clip(folder / "card.mp4", 0.5).read_bytes())
        hook = {"type": "webhook", "endpoint": web.url("/hook")}
        document = movie(
            {"elements": [{"type": "video", "src": card}]}, exports=[{"destinations": [hook]}]
        )
        yield lambda: FarApart(emptied(lab.ports, folder / str(next(numbers)))), document


def files(far: FarApart) -> list[str]:
    return [each.key for each in far.ports.objects.list("movies/")]


def test_one_that_dies_after_any_change_ends_as_any_other(desk: tuple[Far, Document]) -> None:
    new, document = desk
    seen, wanted = set[str](), Stills(sheet=(2, 1))
    for n in range(MAX_CHANGES):
        far, fate = new(), Fate(n, die)
        project = far.post(document, stills=wanted)
        fated(far, fate).play_all()
        told = far.told(project)
        assert (told["status"], told["message"], told["progress"]) == ("done", STILL_MADE, 100)
        assert [told["url"]] == [f"{BASE_URL}/{key}" for key in files(far)]
        assert told["url"].endswith(".png") and told["thumbnail"] is None
        assert dangling(far, f"project/{project}") == []
        assert list(far.ports.objects.list("scenes/segment/")) == []
        assert far.ports.outbox.due(1 << 60, 9) == [], "nobody is told of it"
        seen.add(told["url"])
        if n and not fate.came:
            break
    assert len(seen) == 1, "the same picture has the same name"


def test_it_is_no_movie_and_the_movie_is_no_still(desk: tuple[Far, Document]) -> None:
    """Each is made of what the other left in the cache, and found by nobody who asks for it."""
    new, document = desk
    far = new()
    rendered = far.made(document)
    still = far.post(document, stills=AT)
    far.play_all()
    told = far.told(still)
    assert told["url"] != rendered["url"] and told["cache"]["movie"]["result"] is None
    assert {each["result"] for each in told["cache"]["elements"]} == {"hit"}
    assert far.made(document)["cache"]["movie"]["result"] == "hit"
    assert (told["width"], told["height"], told["duration"]) == (64, 50, 0)


def test_its_file_goes_with_the_last_project_that_shows_it(desk: tuple[Far, Document]) -> None:
    new, document = desk
    far = new()
    first, second = (far.post(document, stills=AT) for _ in range(2))
    far.play_all()
    assert far.executions.started == [first, second]
    (file,) = files(far)
    delete(first, OWNER, far.coalescer)
    assert files(far) == [file] and far.told(first)["url"] is None
    delete(second, OWNER, far.coalescer)
    assert files(far) == []


def test_a_time_after_the_end_fails_it(desk: tuple[Far, Document]) -> None:
    new, document = desk
    far = new()
    project = far.post(document, stills=Stills((1.0,)))
    far.play_all()
    told = far.told(project)
    assert (told["status"], told["url"]) == ("error", None)
    assert told["message"] == (
        "There is no frame at 1 s: the movie is 1 s long, and its last frame is at 0.9 s"
    )


def test_a_failure_is_told_for_a_while_and_then_tried_again(desk: tuple[Far, Document]) -> None:
    new, document = desk
    far, late = new(), Stills((1.0,))
    clock = far.ports.clock
    assert isinstance(clock, MovedClock)
    made = far.post(document)

    def asked() -> str:
        found = still_of(made, late, OWNER, far.ports, posted).id
        far.play_all()
        return found

    def posted(sent: bytes, project: str) -> str:
        return projects.submit(sent, far.coalescer, OWNER, project_id=project, stills=late)

    first = asked()
    assert asked() == first, "it is told"
    clock.ahead_ms += TOLD_MS + 1000
    second = asked()
    assert second != first, "it is tried again"
    clock.ahead_ms += TOLD_MS + 1000
    assert asked() == second, "each time it is told for longer"
    deleted = set[str]()
    for _ in range(2 * ATTEMPTS):
        deleted.add(found := asked())
        delete(found, OWNER, far.coalescer)
    assert len(deleted) == ATTEMPTS - 1, "who deletes it each time has an end of it"


def test_who_asks_again_reads_no_document(
    desk: tuple[Far, Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    new, document = desk
    far, read = new(), list[str]()
    made, get = far.post(document), far.ports.projects.get

    def noted(project: str) -> Project | None:
        read.append(project)
        return get(project)

    def posted(sent: bytes, project: str) -> str:
        return projects.submit(sent, far.coalescer, OWNER, project_id=project, stills=AT)

    monkeypatch.setattr(far.ports.projects, "get", noted)
    first = still_of(made, AT, OWNER, far.ports, posted)
    assert read == [made]
    assert still_of(made, AT, OWNER, far.ports, posted) == first and read == [made]


def test_nobody_is_paid_for_it_unless_that_is_said(tmp_path: Path) -> None:
    with account(tmp_path / "data", "elevenlabs") as desk:
        ports = emptied(desk.lab.ports, tmp_path / "far")
        connect(ports.connections, "elevenlabs", desk.server.url())
        far = FarApart(replace(ports, offered=offers_of(ports.connections, ())))
        document = movie({"elements": [desk.line("This is said once.")]})
        refused = far.post(document, stills=AT)
        far.play_all()
        assert far.told(refused)["message"].startswith("At most $0.00 may be paid for this movie")
        assert desk.server.asked == []
        paying = far.post(document, stills=replace(AT, pays=True))
        far.play_all()
        assert far.told(paying)["status"] == "done" and desk.characters() == 18
        spared = far.post(document, stills=AT)
        far.play_all()
        assert far.told(spared)["status"] == "done" and desk.characters() == 0
