"""Ends that are told: to real receivers, in order, again when they are down, and whoever dies."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import receivers
from dying import Fate, Fated, die
from far_apart import Died, MovedClock
from receivers import PASSWORD, USER
from resplice.core.addresses import AllowedSource
from resplice.core.exports.targets import Target
from resplice.core.providers import Connection
from resplice.core.time_units import HOUR_MS
from resplice.errors import Conflict, NotFound
from resplice.ports import Ports
from resplice.ports.projects import Ending, MovieFile, Project
from resplice.steps.deliver import rounds
from resplice.steps.deliver.replay import deliveries_of, replay
from resplice.steps.deliver.rounds import HOLD_MS, Deliverer
from resplice.wiring.local import local
from web_server import Server, serving

BASE_URL = "https://m.example"
KEY = "movies/one.mp4"
HIDDEN = "hunter2-hidden"


@dataclass
class Told:
    """Telling that only notes."""

    projects: list[str]

    def tell(self, project_id: str) -> None:
        self.projects.append(project_id)


@dataclass
class Desk:
    """A data folder, a web server beside it, and a clock that can be put forward."""

    ports: Ports
    web: Server
    folder: Path

    @property
    def clock(self) -> MovedClock:
        assert isinstance(self.ports.clock, MovedClock)
        return self.ports.clock

    def hook(self, path: str, **said: Any) -> Target:
        return Target("webhook", {"endpoint": self.web.url(path), **said})

    def ended(self, *exports: Target, status: Any = "done", name: str = "p1") -> Project:
        """A project that has just ended."""
        made = Project(name, "self", "{}", self.clock.now_ms() - 5_000, exports=exports)
        self.ports.projects.add(replace(made, caller_id="mine", client_data={"order": 1}))
        movie = MovieFile(KEY, 10.5, 11, 1920, 1080) if status == "done" else None
        self.ports.projects.end(name, Ending(status, "", self.clock.now_ms(), movie))
        return self.project(name)

    def project(self, name: str = "p1") -> Project:
        found = self.ports.projects.get(name)
        assert found
        return found

    def deliver(self, ports: Ports | None = None, name: str = "p1") -> None:
        Deliverer(ports or self.ports, BASE_URL).deliver(name)

    def states(self, name: str = "p1") -> list[str]:
        return [each.status for each in deliveries_of(self.project(name), self.ports)]

    def ids(self) -> list[str]:
        return [headers["X-Resplice-Delivery"] for _, headers, _ in self.web.told]

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.web.told]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


def desk_with(folder: Path, stack: ExitStack, *opened: int) -> Desk:
    web = stack.enter_context(serving())
    for path in ("/a", "/b", "/c"):
        web.answers[path] = lambda to: to.give(200)
    allowed = [AllowedSource("127.0.0.1", port) for port in (web.server_port, *opened)]
    ports = stack.enter_context(local(folder / "data", allowed=allowed))
    source = folder / "movie.mp4"
    source.write_bytes(b"movie bytes")
    ports.objects.put(KEY, source, {})
    return Desk(replace(ports, clock=MovedClock(ports.clock), telling=Told([])), web, folder)


@pytest.fixture
def desk(tmp_path: Path, stack: ExitStack) -> Desk:
    return desk_with(tmp_path, stack)


def test_the_end_of_a_movie_is_told_as_the_reference_and_the_guides_say(desk: Desk) -> None:
    desk.ended(desk.hook("/a"))
    desk.deliver()
    [(_, _, body)] = desk.web.told
    said = json.loads(body)
    movie = said.pop("movie")
    assert said == {
        "width": "1920",
        "height": "1080",
        "duration": "10.5",
        "size": "11",
        "url": f"{BASE_URL}/{KEY}",
        "project": "p1",
        "id": "mine",
        "client-data": {"order": 1},
        "success": True,
        "status": "done",
        "message": "",
    }
    assert movie["duration"] == 10.5 and movie["url"] == said["url"] and movie["status"] == "done"
    [delivery] = deliveries_of(desk.project(), desk.ports)
    assert (delivery.status, delivery.attempts, delivery.id) == ("delivered", 1, "p1-1")
    desk.deliver()
    assert len(desk.web.told) == 1


def test_a_failure_is_told_to_webhooks_alone(desk: Desk) -> None:
    account = {"host": "127.0.0.1", "username": "u", "password": HIDDEN}
    mail = Target("email", {"to": "ann@example.com"})
    desk.ended(desk.hook("/a"), Target("ftp", account), mail, status="error")
    desk.deliver()
    [(_, _, body)] = desk.web.told
    said = json.loads(body)
    assert (said["success"], said["status"], said["url"]) == (False, "error", "")
    assert said["movie"]["url"] is None
    assert desk.states() == ["delivered", "skipped", "skipped"]


def test_destinations_come_one_after_the_other(desk: Desk) -> None:
    """The second is not begun before the first has answered, even when it answers badly."""
    seen: list[str] = []

    def slow(to: Any) -> None:
        seen.append("a begins")
        threading.Event().wait(0.2)
        seen.append("a ends")
        to.give(500)

    desk.web.answers["/a"] = slow
    desk.web.answers["/b"] = lambda to: (seen.append("b"), to.give(200))
    desk.ended(desk.hook("/a"), desk.hook("/b"))
    desk.deliver()
    assert seen == ["a begins", "a ends", "b"]
    assert desk.states() == ["pending", "delivered"]


def test_a_receiver_that_is_down_for_an_hour_is_told_then(desk: Desk) -> None:
    desk.web.answers["/a"] = lambda to: to.give(503)
    desk.ended(desk.hook("/a"), desk.hook("/b"))
    desk.deliver()
    began_ms, tries = desk.clock.now_ms(), 1
    while desk.clock.now_ms() < began_ms + HOUR_MS:
        desk.clock.ahead_ms += 60_000
        if desk.ports.outbox.due(desk.clock.now_ms(), 9):
            tries += 1
            desk.deliver()
    [delivery, other] = deliveries_of(desk.project(), desk.ports)
    assert delivery.attempts == tries and 6 <= tries <= 12
    assert delivery.last_error == "answered 503" and other.attempts == 1
    desk.web.answers["/a"] = lambda to: to.give(200)
    desk.clock.ahead_ms += HOUR_MS
    desk.deliver()
    assert desk.states() == ["delivered", "delivered"]
    assert set(desk.ids()) == {"p1-1", "p1-2"} and desk.paths().count("/b") == 1


def test_after_a_day_it_is_given_up_and_can_be_asked_for(desk: Desk) -> None:
    desk.web.answers["/a"] = lambda to: to.give(500)
    desk.ended(desk.hook("/a"), desk.hook("/b"))
    for _ in range(40):
        desk.deliver()
        desk.clock.ahead_ms += HOUR_MS
    [failed, _] = deliveries_of(desk.project(), desk.ports)
    assert failed.status == "failed" and 6 < failed.attempts < 30
    assert desk.ports.outbox.due(desk.clock.now_ms(), 9) == []
    desk.web.answers["/a"] = lambda to: to.give(200)
    told = replay(desk.project(), desk.ports, everything=False)
    assert [each.status for each in told] == ["pending", "delivered"]
    assert isinstance(desk.ports.telling, Told) and desk.ports.telling.projects == ["p1"]
    desk.deliver()
    assert desk.states() == ["delivered", "delivered"]
    assert desk.ids().count("p1-2") == 1 and set(desk.ids()) == {"p1-1", "p1-2"}


def test_all_can_be_told_once_more_under_the_same_ids(desk: Desk) -> None:
    desk.ended(desk.hook("/a"), desk.hook("/b"))
    desk.deliver()
    replay(desk.project(), desk.ports, everything=False)
    desk.deliver()
    assert desk.ids() == ["p1-1", "p1-2"]
    replay(desk.project(), desk.ports, everything=True)
    desk.deliver()
    assert desk.ids() == ["p1-1", "p1-2"] * 2


def test_what_cannot_be_replayed_is_told(desk: Desk) -> None:
    with pytest.raises(NotFound, match="has no exports"):
        replay(desk.ended(name="none"), desk.ports, everything=True)
    open_ = Project("open", "self", "{}", 1, exports=(desk.hook("/a"),))
    desk.ports.projects.add(open_)
    with pytest.raises(Conflict, match="has not ended"):
        replay(open_, desk.ports, everything=True)
    desk.ended(desk.hook("/a"))
    now_ms = desk.clock.now_ms()
    assert desk.ports.outbox.claim("p1", "another", now_ms, now_ms + 9_000)
    with pytest.raises(Conflict, match="right now"):
        replay(desk.project(), desk.ports, everything=True)
    desk.deliver()
    assert desk.web.told == []


def test_one_round_has_an_end(desk: Desk) -> None:
    """What is not reached in its time is not lost: it comes with the next."""

    def late(to: Any) -> None:
        desk.clock.ahead_ms += 400_000
        to.give(500)

    desk.web.answers["/a"] = late
    desk.ended(desk.hook("/a"), desk.hook("/b"))
    desk.deliver()
    assert desk.paths() == ["/a"] and desk.states() == ["pending", "pending"]
    desk.deliver()
    assert desk.paths() == ["/a", "/b"]


def test_the_movie_arrives_by_ftp_under_the_name_that_macros_make(
    tmp_path: Path, stack: ExitStack
) -> None:
    received = tmp_path / "received"
    received.mkdir()
    server = stack.enter_context(receivers.ftp(received))
    desk = desk_with(tmp_path, stack, server.port)
    named = {"remote-path": "films/__yyyy__", "file": "__filename_without_extension__-x.mp4"}
    account = {"host": "127.0.0.1", "port": server.port, "username": USER, "password": PASSWORD}
    desk.ended(Target("ftp", {**account, **named}))
    desk.deliver()
    [path] = [each for each in received.rglob("*") if each.is_file()]
    assert path.read_bytes() == b"movie bytes"
    assert path.relative_to(received).as_posix()[:8] == "films/20"
    date, _, number = path.stem.removesuffix("-x").rpartition("-")
    assert len(date) == 10 and number.isdigit() and path.parent.name == date[:4]
    replay(desk.project(), desk.ports, everything=True)
    desk.deliver()
    assert [each for each in received.rglob("*") if each.is_file()] == [path]


def test_a_connection_holds_the_secret_and_says_where_it_goes(desk: Desk) -> None:
    settings = (("endpoint", desk.web.url("/a")), ("content-type", "json"))
    mine = Connection("mine", "webhook", settings)
    desk.ports.connections.add(mine, {"authorization": f"Bearer {HIDDEN}"})
    desk.ended(Target("", {}, "mine"))
    desk.deliver()
    [(_, headers, _)] = desk.web.told
    assert headers["Authorization"] == f"Bearer {HIDDEN}"
    [delivery] = deliveries_of(desk.project(), desk.ports)
    assert (delivery.kind, delivery.where) == ("webhook", desk.web.url("").rstrip("/")), (
        "its path may be a key"
    )
    assert desk.ports.connections.remove("mine")
    replay(desk.project(), desk.ports, everything=True)
    desk.deliver()
    [delivery] = deliveries_of(desk.project(), desk.ports)
    assert delivery.status == "pending" and "no connection 'mine'" in str(delivery.last_error)


def test_a_movie_whose_file_is_gone_is_not_sent(desk: Desk) -> None:
    desk.ports.objects.delete(KEY)
    account = {"host": "127.0.0.1", "username": "u", "password": HIDDEN}
    desk.ended(Target("ftp", account), desk.hook("/a"))
    desk.deliver()
    [gone, _] = deliveries_of(desk.project(), desk.ports)
    assert (gone.status, gone.last_error) == ("failed", "the movie's file is gone")
    assert desk.states()[1] == "delivered"


def test_a_movie_that_was_deleted_is_not_sent_and_has_no_address(desk: Desk) -> None:
    account = {"host": "127.0.0.1", "username": "u", "password": HIDDEN}
    project = desk.ended(Target("ftp", account), desk.hook("/a"))
    desk.ports.projects.delete(project.id, desk.clock.now_ms())
    desk.deliver()
    assert desk.states() == ["failed", "delivered"]
    [(_, _, body)] = desk.web.told
    said = json.loads(body)
    assert (said["url"], said["movie"]["url"], said["status"]) == ("", None, "done")


def test_a_mistake_of_ours_is_tried_again_and_quotes_nothing(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def send(self, parcel: Any, seconds: float) -> None:
            raise ValueError(HIDDEN)

    desk.ended(desk.hook("/a"))
    desk.deliver(replace(desk.ports, senders={"webhook": Broken()}))
    [delivery] = deliveries_of(desk.project(), desk.ports)
    assert (delivery.status, delivery.last_error) == ("pending", "Internal error")
    assert "p1-1: ValueError" in caplog.text and HIDDEN not in caplog.text


def test_a_sweep_hands_out_what_is_due(desk: Desk) -> None:
    for name in ("b", "a"):
        desk.ended(desk.hook("/a"), name=name)
    handed: list[str] = []
    assert rounds.sweep(desk.ports, handed.append) == 2 and sorted(handed) == ["a", "b"]
    desk.deliver(name="a")
    assert rounds.sweep(desk.ports, handed.append) == 1 and handed[2:] == ["b"]


CHANGES = frozenset(("end", "add", "claim", "hold", "keep", "release", "send"))


def test_whoever_dies_at_any_write_every_end_is_told_and_never_under_another_id(
    tmp_path: Path, stack: ExitStack
) -> None:
    desk = desk_with(tmp_path, stack)
    for n in range(1, 30):
        for early in (True, False):
            name, fate = f"dies{n}{early}", Fate(n, die, CHANGES, early)
            ports = with_fate(desk.ports, fate)
            desk.web.told.clear()
            try:
                Desk(ports, desk.web, desk.folder).ended(
                    desk.hook("/a"), desk.hook("/b"), name=name
                )
                desk.deliver(ports, name)
            except Died:
                pass
            if fate.came and desk.ports.projects.get(name) is None:
                continue  # It was not accepted.
            after = desk.project(name)
            if after.ended_at_ms is None:
                ended = Ending("error", "", desk.clock.now_ms())
                assert desk.ports.projects.end(name, ended)
            desk.clock.ahead_ms += HOLD_MS
            rounds.sweep(desk.ports, lambda each: desk.deliver(name=each))
            assert desk.states(name) == ["delivered", "delivered"]
            assert set(desk.ids()) == {f"{name}-1", f"{name}-2"} and len(desk.ids()) <= 3
            assert desk.ports.outbox.due(desk.clock.now_ms() + 10 * HOUR_MS, 9) == []
        if not fate.came:
            return
    raise AssertionError("it never came to its end")


def with_fate(ports: Ports, fate: Fate) -> Ports:
    fated: dict[str, Any] = {name: Fated(getattr(ports, name), fate) for name in PORTS}
    senders: Any = {name: Fated(sender, fate) for name, sender in ports.senders.items()}
    return replace(ports, **fated, senders=senders)


PORTS = ("projects", "outbox")
