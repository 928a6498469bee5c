"""What a step reads is opened side by side, and closed whatever comes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from resplice.core.facts import content_key
from resplice.errors import NotFound
from resplice.steps.pipeline.scene import opened, stored

MISSING = "scenes/none"


class Together:
    """Objects of which each is there only once all of them are asked for."""

    def __init__(self, together: int) -> None:
        self._asked_for, self.still_open = threading.Barrier(together, timeout=10), set[str]()

    @contextmanager
    def open(self, key: str) -> Iterator[Path]:
        self._asked_for.wait()
        if key == MISSING:
            raise NotFound(f"there is no {key}")
        self.still_open.add(key)
        try:
            yield Path("/", key)
        finally:
            self.still_open.remove(key)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def ports_of(objects: Together, pool: ThreadPoolExecutor) -> Any:
    return SimpleNamespace(objects=objects, lookups=pool)


def test_objects_are_opened_side_by_side(pool: ThreadPoolExecutor) -> None:
    objects = Together(3)
    with stored(["scenes/a", "scenes/b", "scenes/c", "scenes/a"], ports_of(objects, pool)) as paths:
        assert paths == {f"scenes/{n}": f"/scenes/{n}" for n in "abc"}
        assert objects.still_open == paths.keys()
    assert objects.still_open == set()


def test_contents_are_found_by_their_digests(pool: ThreadPoolExecutor) -> None:
    with opened(["d1", "d2"], ports_of(Together(2), pool)) as paths:
        assert paths == {digest: f"/{content_key(digest)}" for digest in ("d1", "d2")}


def test_one_that_is_missing_leaves_none_open(pool: ThreadPoolExecutor) -> None:
    objects = Together(3)
    with (
        pytest.raises(NotFound, match=MISSING),
        stored(["scenes/a", MISSING, "scenes/c"], ports_of(objects, pool)),
    ):
        pass
    assert objects.still_open == set()
