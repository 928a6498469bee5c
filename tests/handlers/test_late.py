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
from PIL import Image
from resplice.core import elements
from resplice.wiring.late import late

MOVIE = {"width": 64, "height": 50, "fps": 10, "scenes": [{"duration": 0.2}]}
RENDERS = {
    "resplice.adapters.ffmpeg.renderer",
    "resplice.core.filtergraph",
    "resplice.core.mp4",
    "resplice.steps.execution.executor",
    "resplice.steps.makers",
}
MAX_MODULES = 205
"""Of this package: each takes a quarter of a millisecond of every start. Raise it with a reason."""
HELPS = {"resplice", "resplice.cli", "resplice.cli.main"}
"""What `resplice --help` loads of this package, and there is no room for more."""
HEAVY = {"dataclasses", "pydantic", "subprocess", "urllib.parse"}
FOLDERS = {f"resplice.core.elements.{folder}" for folder in elements.FOLDERS.values()}
PAINTS = "resplice.adapters.chromium.browser"
SAID = """
import json, sys
from resplice.cli.main import main
try:
    code = main(sys.argv[1:])
except SystemExit as ended:
    code = ended.code
print(json.dumps(list(sys.modules)), file=sys.stderr)
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
    """And one without words nothing that paints; no FFmpeg is started, nor could it be."""
    first, again = _rendered(tmp_path, MOVIE), _rendered(tmp_path, MOVIE)
    assert first >= RENDERS and PAINTS not in first
    assert not again & {*RENDERS, *FOLDERS, "subprocess"}
    assert len({name for name in again if name.startswith("resplice.")}) <= MAX_MODULES


def test_it_loads_the_types_of_its_elements_and_no_other(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "black.png")
    shown = {**MOVIE, "elements": [{"type": "image", "src": "black.png"}]}
    for _ in range(2):
        assert _rendered(tmp_path, shown) & FOLDERS == {"resplice.core.elements.image"}


def test_help_loads_next_to_nothing() -> None:
    loaded = _loaded("--help")
    assert {name for name in loaded if name.partition(".")[0] == "resplice"} == HELPS
    assert not loaded & HEAVY


def _rendered(folder: Path, document: dict[str, Any]) -> set[str]:
    movie = folder / "movie.json"
    movie.write_text(json.dumps(document))
    made = ["-o", str(folder / "out.mp4"), "--data", str(folder / "data")]
    return _loaded("render", str(movie), *made, "--quiet")


def _loaded(*words: str) -> set[str]:
    """Every module that the command line has loaded at its end."""
    run = subprocess.run(
        [sys.executable, "-c", SAID, *words], capture_output=True, text=True, check=True
    )
    return set(json.loads(run.stderr.splitlines()[-1]))
