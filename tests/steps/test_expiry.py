"""Until when files are surely kept: told with the movie, and no longer than is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from coalescing import Desk, desk_in, moved
from far_apart import FarApart
from resplice.core.time_units import DAY_MS


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_in(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def kept(far: FarApart, project: str) -> timedelta:
    """From its end on."""
    told = far.told(project)
    return datetime.fromisoformat(told["expires_at"]) - datetime.fromisoformat(told["ended_at"])


def test_where_age_removes_nothing_nothing_expires(desk: Desk) -> None:
    assert desk.far().made(desk.document)["expires_at"] is None


def test_a_new_file_is_kept_whole_and_a_used_one_for_half_of_it_at_least(desk: Desk) -> None:
    far = desk.far()
    far.ports = replace(far.ports, movies_kept_ms=30 * DAY_MS)
    first = str(far.made(desk.document)["project"])
    assert timedelta(days=29, hours=23) < kept(far, first) <= timedelta(days=30)
    moved(far, 10 * DAY_MS)
    assert timedelta(days=19, hours=23) < kept(far, far.post(desk.document)) <= timedelta(days=20)
    moved(far, 15 * DAY_MS)
    assert timedelta(days=14, hours=23) < kept(far, far.post(desk.document)) <= timedelta(days=15)
