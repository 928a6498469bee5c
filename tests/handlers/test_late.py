"""wiring/late.py: made by whoever uses it first, once; and what a movie from the cache loads."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from pathlib import Path
from threading import Barrier
from typing import Any, ClassVar

import pytest
from resplice.wiring.late import late

MOVIE = {"width": 64, "height": 50, "fps": 10, "scenes": [{"duration": 0.2}]}
RENDERS = {
    "resplice.adapters.ffmpeg.renderer",
    "resplice.core.filtergraph",
    "resplice.core.mp4",
    "resplice.steps.execution.executor",
    "resplice.steps.makers",
}
MAX_MODULES = 315
"""Of this package: each takes a quarter of a millisecond of every start. Raise it with a reason."""
PAINTS = "resplice.adapters.chromium.browser"
SAID = """
import json, sys
from resplice.cli.main import main
code = main(sys.argv[1:])
print(json.dumps([name for name in sys.modules if name.startswith("resplice.")]), file=sys.stderr)
sys.exit(code)
"""


class Counted:
    made: ClassVar[list[Counted]] = []

    def __init__(self) -> None:
        self.closed = False
        self.made.append(self)

    def work(self) -> int:
        return id(self)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def counted() -> Callable[[], Any]:
    Counted.made = []
    return Counted


def test_it_is_made_once_by_whoever_is_first(counted: Callable[[], Any]) -> None:
    port, together = late(counted), Barrier(8)

    def used(_: int) -> int:
        together.wait()
        return int(port.work())

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(used, range(8)))) == 1
    assert len(Counted.made) == 1
    port.close()
    assert Counted.made[0].closed


def test_what_was_never_used_is_not_made_to_be_closed(counted: Callable[[], Any]) -> None:
    late(counted).close()
    assert Counted.made == []


def test_what_was_closed_is_not_made_any_more(counted: Callable[[], Any]) -> None:
    port = late(counted)
    port.close()
    with pytest.raises(RuntimeError):
        port.work()


def test_it_can_be_copied_before_it_is_made(counted: Callable[[], Any]) -> None:
    assert copy(late(counted)).work() and len(Counted.made) == 1


def test_a_movie_from_the_cache_loads_nothing_that_makes_one(tmp_path: Path) -> None:
    """And one without words nothing that paints."""
    first, again = _loaded(tmp_path), _loaded(tmp_path)
    assert first >= RENDERS and PAINTS not in first
    assert not again & RENDERS
    assert len(again) <= MAX_MODULES


def _loaded(folder: Path) -> set[str]:
    movie = folder / "movie.json"
    movie.write_text(json.dumps(MOVIE))
    argv = ["render", str(movie), "-o", str(folder / "out.mp4"), "--data", str(folder / "data")]
    run = subprocess.run(
        [sys.executable, "-c", SAID, *argv, "--quiet"], capture_output=True, text=True, check=True
    )
    return set(json.loads(run.stderr.splitlines()[-1]))
