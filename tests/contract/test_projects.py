"""What all that keep projects must do."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from resplice.adapters.dynamodb.projects import DynamoProjects
from resplice.adapters.sqlite.projects import SqliteProjects
from resplice.core.quotas import Bounds, KeyBounds
from resplice.core.wanted_stills import Stills
from resplice.errors import StorageError
from resplice.ports.objects import StoredFacts
from resplice.ports.projects import TERMINAL, Ending, MovieFile, Project, Projects, ProjectStatus
from row_places import Place

Make = Callable[[], Projects]


@pytest.fixture
def make(place: Place) -> Make:
    return lambda: place.open(SqliteProjects, DynamoProjects)


@pytest.fixture
def projects(make: Make) -> Projects:
    return make()


PROJECT = Project("p1", "owner", '{"scenes": []}', 1_000)
MOVIE = MovieFile("movies/a", 2.5, 10_000, 640, 360)
FULL = Project(
    *("p2", "owner", '{"é": "\u2028"}', 5, "movies/key", {"any": [None]}, [1, "é"]),
    *("done", "a\nmessage", 9, MOVIE, {"list": [1, {"a": None}]}),
)


def test_a_project_is_kept_whole(projects: Projects, make: Make) -> None:
    for project in (PROJECT, FULL):
        projects.add(project)
        assert make().get(project.id) == project
    assert projects.get("unknown") is None


def test_one_that_is_for_its_elements_ends_with_a_report_and_no_movie(
    projects: Projects, make: Make
) -> None:
    project = replace(PROJECT, elements_only=True, stills=Stills(sheet=(4, 3), pays=True))
    projects.add(project)
    assert make().peek("p1") == replace(project, document="")
    ending = Ending("done", "made", 2_000, report={"movie": {"result": None}})
    assert projects.end("p1", ending)
    assert make().get("p1") == ended(project, ending)


def test_the_bounds_of_the_key_that_it_was_posted_with_are_kept(
    projects: Projects, make: Make
) -> None:
    project = replace(PROJECT, bounded=KeyBounds("ab" * 32, Bounds(None, 0, 1_500_000)))
    projects.add(project)
    assert make().get("p1") == project
    assert projects.end("p1", ending({"a": 1}))
    assert make().get("p1") == ended(project, ending({"a": 1}))


def test_a_message_is_emptied(projects: Projects) -> None:
    projects.add(replace(PROJECT, message="m"))
    assert projects.advance("p1", "")
    assert projects.get("p1") == replace(PROJECT, status="running")


def test_names_are_any_text(projects: Projects) -> None:
    for name in ("a#b", "project", "é 𝄞", "%", "a"):
        project = replace(PROJECT, id=name, owner=f"owner#{name}")
        projects.add(project)
        assert projects.get(name) == project
        assert list(projects.list(project.owner, 0, 9_999, 9)) == [project]
    assert projects.get("") is None


def test_a_large_document(projects: Projects) -> None:
    """Of the most that the API takes, and hardly to be compressed."""
    text = base64.b64encode(random.Random(1).randbytes(4_500_000)).decode()
    project = replace(PROJECT, document=text)
    projects.add(project)
    projects.add(replace(PROJECT, id="p2", created_at_ms=2_000))
    assert projects.get("p1") == project
    assert [each.id for each in projects.list("owner", 0, 9_999, 9)] == ["p2", "p1"]
    assert projects.list("owner", 0, 1_001, 1) == [project]


def noise(seed: int, size_bytes: int) -> str:
    """Text that hardly anything compresses."""
    return base64.b64encode(random.Random(seed).randbytes(size_bytes)).decode()


def ending(report: StoredFacts | None = None, message: str = "") -> Ending:
    return Ending("done", message, 2_000, MOVIE, report)


def ended(project: Project, by: Ending) -> Project:
    return replace(project, **vars(by))


def test_who_peeks_sees_all_but_the_document(projects: Projects, make: Make) -> None:
    assert projects.peek("nobody") is None
    project = replace(PROJECT, id="peeked", document="{}" * 400_000, client_data={"a": 1})
    projects.add(project)
    assert projects.peek("peeked") == replace(project, document="")
    ending = Ending("done", "", 9, MovieFile("movies/a.mp4", 1.5, 10, 64, 50), {"scenes": [1]})
    assert projects.end("peeked", ending)
    whole = projects.get("peeked")
    assert whole and whole.document == project.document
    assert projects.peek("peeked") == replace(whole, document="")


def test_a_report_of_many_scenes_is_kept(projects: Projects) -> None:
    scenes = [{"scene": n, "result": "miss", "key": f"{n:064x}" * 3} for n in range(2_000)]
    projects.add(PROJECT)
    assert projects.end("p1", ending({"scenes": scenes}))
    assert projects.get("p1") == ended(PROJECT, ending({"scenes": scenes}))


def test_a_report_of_ten_thousand_elements_is_kept(projects: Projects, make: Make) -> None:
    element = {"path": "scenes[0].elements[0]", "type": "text", "result": "miss"}
    keys = [noise(n, 48) for n in range(10_000)]
    report = {"elements": [{**element, "key": f"elements/paint/{key}"} for key in keys]}
    projects.add(PROJECT)
    assert projects.end("p1", ending(report))
    for found in (make().get("p1"), *make().list("owner", 0, 9_999, 9)):
        assert found == ended(PROJECT, ending(report))


@pytest.mark.parametrize(
    "report",
    [None, {}, {"small": 1}, {"large": noise(2, 900_000)}],
    ids=["none", "empty", "small", "large"],
)
@pytest.mark.parametrize(
    "data", [{"small": 1}, {"large": noise(1, 600_000)}], ids=["small", "large"]
)
def test_what_is_the_callers_own_may_be_large_and_stays(
    projects: Projects, data: StoredFacts, report: StoredFacts | None
) -> None:
    own = replace(
        PROJECT, client_data=data, caller_id="own", movie_key="movies/key", submitted="{}é"
    )
    projects.add(own)
    assert projects.get("p1") == own
    assert projects.advance("p1", "Rendering")
    assert projects.get("p1") == replace(own, status="running", message="Rendering")
    assert projects.end("p1", ending(report))
    assert projects.get("p1") == ended(own, ending(report))
    assert list(projects.list("owner", 0, 9_999, 9)) == [ended(own, ending(report))]


def test_of_two_large_ends_one_is_kept_whole(projects: Projects, make: Make) -> None:
    ends = [ending({"report": noise(n, 500_000)}) for n in range(4)]
    own = replace(PROJECT, client_data=noise(9, 500_000))
    projects.add(own)
    keepers = [make() for _ in ends]
    with ThreadPoolExecutor(4) as pool:
        first = list(pool.map(lambda n: keepers[n].end("p1", ends[n]), range(4)))
    assert sum(first) == 1
    assert not projects.end("p1", ending({"report": noise(8, 500_000)}))
    assert projects.get("p1") == ended(own, ends[first.index(True)])


def test_an_id_is_taken_once(projects: Projects) -> None:
    projects.add(PROJECT)
    with pytest.raises(StorageError, match="p1"):
        projects.add(replace(PROJECT, owner="other"))
    assert projects.get("p1") == PROJECT


def test_an_id_is_taken_once_in_a_race(projects: Projects, make: Make) -> None:
    keepers = [make() for _ in range(8)]

    def add(n: int) -> bool:
        try:
            keepers[n].add(replace(PROJECT, document=f"document {n}"))
        except StorageError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(add, range(8)))
    assert sum(added) == 1
    assert projects.get("p1") == replace(PROJECT, document=f"document {added.index(True)}")


def test_a_project_moves_on_to_its_end(projects: Projects) -> None:
    projects.add(PROJECT)
    assert projects.advance("p1", "painting")
    assert projects.get("p1") == replace(PROJECT, status="running", message="painting")
    assert projects.end("p1", ending({"frames": 5}, "told"))
    assert projects.get("p1") == replace(
        PROJECT,
        status="done",
        message="told",
        ended_at_ms=2_000,
        movie=MOVIE,
        report={"frames": 5},
    )


@pytest.mark.parametrize("end", sorted(TERMINAL))
@pytest.mark.parametrize("then", ["running", *sorted(TERMINAL)])
@pytest.mark.parametrize("movie", [None, MOVIE])
def test_an_end_is_final(
    projects: Projects, end: ProjectStatus, then: ProjectStatus, movie: MovieFile | None
) -> None:
    first = Ending(end, "first", 2_000)
    projects.add(PROJECT)
    assert projects.end("p1", first)
    if then == "running":
        assert not projects.advance("p1", "second")
    else:
        assert not projects.end("p1", Ending(then, "second", 3_000, movie))
    assert projects.get("p1") == ended(PROJECT, first)


def test_what_is_unknown_neither_moves_nor_ends(projects: Projects) -> None:
    projects.add(PROJECT)
    assert not projects.advance("unknown", "m")
    assert not projects.end("unknown", ending())
    assert not projects.end("unknown", Ending("error", "m", 1))
    assert projects.get("unknown") is None and projects.get("p1") == PROJECT
    assert [project.id for project in projects.list("owner", 0, 9_999, 9)] == ["p1"]


def test_an_end_is_reached_once_in_a_race(projects: Projects, make: Make) -> None:
    projects.add(PROJECT)
    keepers = [make() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(lambda n: keepers[n % 8].end("p1", ending(message=str(n))), range(50)))
    project = projects.get("p1")
    assert sum(ends) == 1
    assert project and ends[int(project.message)]


def test_projects_of_an_owner_by_time(projects: Projects) -> None:
    for n in (1, 3, 2, 4):
        projects.add(replace(PROJECT, id=f"p{n}", created_at_ms=n))
    projects.add(replace(PROJECT, id="else", owner="else", created_at_ms=2))
    assert [project.id for project in projects.list("owner", 2, 4, 9)] == ["p3", "p2"]
    assert list(projects.list("nobody", 0, 10, 9)) == []


def test_times_at_the_ends_of_the_world(projects: Projects) -> None:
    projects.add(PROJECT)
    assert [project.id for project in projects.list("owner", -5, 10**15, 9)] == ["p1"]
    for since_ms, until_ms, limit in ((-9, -5, 9), (2_000, 1, 9), (0, 0, 9), (0, 9_999, 0)):
        assert list(projects.list("owner", since_ms, until_ms, limit)) == []
    assert list(projects.list("owner", 500, 9_999, 9, before=(400, "x"))) == []


def test_projects_page_by_page(projects: Projects) -> None:
    for name, created_at_ms in (("a", 1), ("b", 2), ("c", 2), ("d", 2), ("e", 3), ("f", 9)):
        projects.add(replace(PROJECT, id=name, created_at_ms=created_at_ms))

    def page(before: tuple[int, str] | None, until_ms: int = 9) -> str:
        found = projects.list("owner", 1, until_ms, 2, before)
        return "".join(project.id for project in found)

    assert [page(None), page((2, "d")), page((2, "b")), page((1, "a"))] == ["ed", "cb", "a", ""]
    assert page((2, "c"), until_ms=2) == "a" and page((99, "z")) == "ed"


@pytest.mark.parametrize("end", sorted(TERMINAL))
def test_what_is_deleted_stays_listed_and_says_since_when(
    projects: Projects, make: Make, end: ProjectStatus
) -> None:
    projects.add(PROJECT)
    assert not projects.delete("p1", 5) and not projects.delete("unknown", 5)
    assert projects.advance("p1", "m") and not projects.delete("p1", 5)
    assert projects.end("p1", Ending(end, "m", 2_000, MOVIE, {"a": 1}))
    assert projects.delete("p1", 3_000) and not make().delete("p1", 4_000)
    gone = replace(ended(PROJECT, Ending(end, "m", 2_000, MOVIE, {"a": 1})), deleted_at_ms=3_000)
    assert projects.get("p1") == gone and projects.peek("p1") == replace(gone, document="")
    assert list(projects.list("owner", 0, 9_999, 9)) == [gone]
    assert not projects.end("p1", Ending("done", "again", 5_000))
    assert projects.get("p1") == gone


def test_a_project_is_deleted_once_in_a_race(projects: Projects, make: Make) -> None:
    projects.add(PROJECT)
    projects.end("p1", ending())
    own = [make() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        deleted = list(pool.map(lambda n: own[n].delete("p1", n + 1), range(8)))
    assert sum(deleted) == 1
    project = projects.get("p1")
    assert project and project.deleted_at_ms == deleted.index(True) + 1


def test_what_is_unfinished(projects: Projects) -> None:
    for name, created_at_ms, status in (
        *(("late", 9, "pending"), ("begun", 5, "running"), ("early", 1, "pending")),
        *(("over", 2, "done"), ("failed", 3, "error"), ("slow", 4, "timeout")),
    ):
        projects.add(replace(PROJECT, id=name, created_at_ms=created_at_ms))
        if status == "running":
            assert projects.advance(name, "m")
        elif status != "pending":
            assert projects.end(name, Ending(status, "m", 10))  # type: ignore[arg-type]
    projects.add(replace(PROJECT, id="else", owner="else", created_at_ms=6))
    projects.add(replace(PROJECT, id="ended", status="done"))
    assert list(projects.unfinished()) == ["early", "begun", "else", "late"]
