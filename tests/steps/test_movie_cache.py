"""A movie that comes from the cache is told of as when it was made: with its warnings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from far_apart import FarApart, emptied
from resplice.core.document.limits import MAX_WARNINGS
from resplice.core.report import Report
from resplice.core.warned import shortened, warned
from resplice.ports.objects import StoredObject
from resplice.steps.movie_cache import MAX_WARNING_CHARS, Outcome, look_up, publish
from studio import Studio, movie, studio

ODD = movie({"duration": 0.1, "colour": "red"})
WARNING = warned("unknown-key", "scenes[0].colour is not known and does nothing")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


def told(far: FarApart, project: str) -> tuple[str, list[Any]]:
    cache = far.told(project)["cache"]
    return cache["movie"]["result"], cache.get("warnings", [])


def test_a_hit_repeats_the_warnings_of_its_movie(lab: Studio, tmp_path: Path) -> None:
    far = FarApart(emptied(lab.ports, tmp_path))
    made, joined = far.post(ODD), far.post(ODD)
    far.play_all()
    found = [told(far, project) for project in (made, joined, far.post(ODD))]
    assert found == [("miss", [WARNING]), ("joined", [WARNING]), ("hit", [WARNING])]


def test_the_command_line_tells_them_too(lab: Studio) -> None:
    outcomes = [lab.render(ODD) for _ in range(2)]
    reports = [outcome.report for outcome in outcomes]
    assert [report.result for report in reports] == ["miss", "hit"]
    assert [report.warnings for report in reports] == [(WARNING,)] * 2


def test_a_movie_without_warnings_has_none(lab: Studio) -> None:
    sound = movie({"duration": 0.1})
    assert [lab.render(sound).report.warnings for _ in range(2)] == [()] * 2


def stored_movie(lab: Studio, tmp_path: Path) -> StoredObject:
    (tmp_path / "movie").write_bytes(b"movie")
    return lab.ports.objects.put("movies/made", tmp_path / "movie", {"render_ms": 3})


def test_what_is_kept_of_them_is_bounded(lab: Studio, tmp_path: Path) -> None:
    said = tuple(f"{n} {'é' * 10_000}" for n in range(1_000))
    report = Report("miss", "movies/many", warnings=said)
    publish(Outcome(stored_movie(lab, tmp_path), report), lab.ports)
    hit = look_up("movies/many", lab.ports)
    assert hit and hit.report.saved_ms == 3
    *kept, last = hit.report.warnings
    assert kept == [shortened(w, MAX_WARNING_CHARS) for w in said[: MAX_WARNINGS - 1]]
    assert last.startswith(f"the movie has {len(said) - len(kept)} more warnings")


def test_a_pointer_of_before_has_no_warnings(lab: Studio, tmp_path: Path) -> None:
    stored = stored_movie(lab, tmp_path)
    lab.ports.cache_index.point("movies/old", {"object": stored.key, "as_of_ms": 1})
    hit = look_up("movies/old", lab.ports)
    assert hit == Outcome(stored, Report("hit", "movies/old", saved_ms=3), new_at_ms=1)
    lab.ports.objects.delete(stored.key)
    assert look_up("movies/old", lab.ports) is None
