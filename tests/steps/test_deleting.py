"""A movie is deleted while its like is posted, made, or deleted too: nobody loses a file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from coalescing import Desk, desk_in, ends
from dying import CHANGES, LOOKS, Fate, die, fated
from far_apart import BASE_URL, OWNER, Died, FarApart, emptied
from resplice.errors import NotFound
from resplice.steps.deleting import delete
from resplice.steps.execution import complete as completing
from resplice.steps.movie_files import remove

MAX_CALLS = 150
TOUCHES = CHANGES | LOOKS | {"users", "drop", "forget", "heads", "delete"}


@dataclass
class Kept:
    """What many turns begin with, in a folder each. key: of the file; first, second: projects that
    were made, the second of them known fresh, and not told of yet.
    """

    desk: Desk
    key: str
    first: str
    second: str

    def far(self) -> FarApart:
        self.desk.count += 1
        place = self.desk.folder / f"turn-{self.desk.count}"
        shutil.copytree(self.desk.folder / "made", place)
        return FarApart(emptied(self.desk.ports, place))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with desk_in(tmp_path_factory.mktemp("desk")) as desk:
        shutil.copytree(desk.folder / "warm", desk.folder / "made")
        far = FarApart(emptied(desk.ports, desk.folder / "made"))
        first = str(far.made(desk.document)["project"])
        second = far.post({**desk.document, "cache": False})
        far.render(second)
        key, users = far.movie_key(first), far.ports.file_users
        for other in {*users.users(key)} - {first}:  # The one that everything was warmed with.
            remove(other, key, far.ports)
        yield Kept(desk, key, first, second)


def removed(far: FarApart, project: str) -> int:
    return delete(project, OWNER, far.coalescer)


def shown(far: FarApart, project: str) -> bool:
    """What is told of it is true: it has a URL, and something is there."""
    told = far.told(project)
    assert told["status"] == "done", told
    return bool(far.ports.objects.head(str(told["url"]).removeprefix(f"{BASE_URL}/")))


def each_turn(turn: Callable[[int], bool]) -> None:
    """Call it with 1, 2, 3 … until it says that nothing was cut in on."""
    for n in range(1, MAX_CALLS):
        if not turn(n):
            assert n > 3
            return
    raise AssertionError("it never came to its end")


@pytest.mark.parametrize("early", [False, True])
@pytest.mark.parametrize("inside", ["delete", "post"])
def test_a_post_that_hits_while_the_movie_is_deleted_keeps_its_file(
    kept: Kept, inside: str, early: bool
) -> None:
    def turn(n: int) -> bool:
        far, first, came = kept.far(), kept.first, list[str]()
        if inside == "delete":
            fate = Fate(n, lambda: came.append(far.post(kept.desk.document)), TOUCHES, early)
            removed(fated(far, fate), first)
        else:
            fate = Fate(n, lambda: removed(far, first), TOUCHES, early)
            came.append(fated(far, fate).post(kept.desk.document))
        far.play_all()
        assert all(shown(far, project) for project in came), (n, fate.calls)
        assert far.told(first)["url"] is None or not fate.came
        key = kept.desk.key(kept.desk.document)
        assert not (far.ports.leases.held(key) or far.ports.leases.waiting(key))
        return fate.came

    each_turn(turn)


@pytest.mark.parametrize("inside", ["delete", "finish"])
def test_who_makes_it_anew_while_it_is_deleted_keeps_the_file(kept: Kept, inside: str) -> None:
    """The same bytes lie under the same key."""

    def turn(n: int) -> bool:
        far, first, second = kept.far(), kept.first, kept.second
        if inside == "delete":
            fate = Fate(n, lambda: finished(far, second), TOUCHES)
            removed(fated(far, fate), first)
        else:
            fate = Fate(n, lambda: removed(far, first), TOUCHES)
            finished(fated(far, fate), second)
        while not finished(far, second):
            far.render(second)
        removed(far, first)
        assert shown(far, second), (n, fate.calls)
        return fate.came

    each_turn(turn)


def finished(far: FarApart, project: str) -> bool:
    """The last step; False when a file is gone: the workflow begins anew then."""
    try:
        completing.complete(project, far.coalescer)
    except NotFound:
        return False
    return True


def test_of_two_that_delete_equal_movies_the_last_takes_the_file(kept: Kept) -> None:
    def turn(n: int) -> bool:
        far, first, key = kept.far(), kept.first, kept.key
        second = far.post(kept.desk.document)
        fate = Fate(n, lambda: quickly(far, second), TOUCHES - {"claim", "release", "held"})
        removed(fated(far, fate), first)
        removed(far, second)
        assert far.ports.objects.head(key) is None, (n, fate.calls)
        return fate.came

    each_turn(turn)


def quickly(far: FarApart, project: str) -> None:
    """As far as it comes while another one holds the lease."""
    far.ports.projects.delete(project, far.ports.clock.now_ms())


def test_one_that_died_while_it_deleted_is_gone_on_with(kept: Kept) -> None:
    def turn(n: int) -> bool:
        far, project, key = kept.far(), kept.first, kept.key
        fate = Fate(n, die, CHANGES | {"drop", "forget"})
        with suppress(Died):
            removed(fated(far, fate), project)
        lease = far.ports.leases.held(f"remove/{key}")
        if lease:
            far.ports.leases.release(lease)
        removed(far, project)
        assert far.ports.objects.head(key) is None, (n, fate.calls)
        assert far.told(project)["url"] is None
        return fate.came

    each_turn(turn)


def test_a_cancelled_movie_that_was_finished_all_the_same_leaves_nothing(kept: Kept) -> None:
    """A function that has begun goes on to its end, whatever becomes of its execution."""

    def turn(n: int) -> bool:
        far, project, key = kept.far(), kept.second, kept.key
        fate = Fate(n, lambda: unless_removing(far, project, key), TOUCHES)
        completing.complete(project, fated(far, fate).coalescer)
        removed(far, project)
        told = far.told(project)
        assert told["url"] is None and told["deleted_at"]
        assert told["status"] in ("done", "error")
        removed(far, kept.first)
        assert list(far.ports.objects.list("movies/")) == [], (n, fate.calls)
        later = far.post(kept.desk.document)
        assert ends(far, [later]) == ["pending"], (n, fate.calls)
        return fate.came

    each_turn(turn)


def unless_removing(far: FarApart, project: str, key: str) -> None:
    """Here it would wait for itself."""
    if not far.ports.leases.held(f"remove/{key}"):
        removed(far, project)
