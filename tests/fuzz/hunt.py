"""A hunt: inputs of one target until its time is over, or so many. What breaks a law is made as
small as Hypothesis can, and written where it can be tried again.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from fuzz.laws import (
    Counts,
    TookTooLong,
    held_by_the_kernel,
    peak_mib,
    peak_of_others_mib,
    tried,
    where,
)
from fuzz.placed import placed
from fuzz.target import Target

BATCH = 200
SHRINKING_S = 20.0
"""Of one fault."""


class TimeIsUp(KeyboardInterrupt):
    """Hypothesis lets it through, as it does what a person presses."""


@dataclass
class Found:
    """What a hunt saw. faults: by what tells them apart, each the smallest input and its traceback.

    mib, others_mib: the most that this process, and one that it started, ever had.
    """

    name: str
    counts: Counts = field(default_factory=Counts)
    faults: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    seconds: float = 0.0
    mib: int = 0
    others_mib: int = 0


@dataclass
class _Hunter:
    """Called with each input. failing: the fault that is being made smaller."""

    test: Callable[[bytes], None]
    ends: float
    running: Path
    known: dict[str, tuple[bytes, str]]
    failing: str = ""
    shrunk_by: float = 0.0
    failed: dict[bytes, Exception] = field(default_factory=dict)

    def __call__(self, data: bytes) -> None:
        """Raises what the input broke, if that is new."""
        if data in self.failed:
            raise self.failed[data]
        if time.monotonic() > (self.shrunk_by if self.failing else self.ends):
            if not self.failing:
                raise TimeIsUp
            return
        self.running.write_bytes(data)
        try:
            self.test(data)
        except Exception as error:
            self._fails(data, error)

    def _fails(self, data: bytes, error: Exception) -> None:
        name = where(error)
        if name in self.known and name != self.failing:
            return
        if not self.failing:
            self.failing, self.shrunk_by = name, time.monotonic() + SHRINKING_S
        if name == self.failing:
            told = "".join(traceback.format_exception(error))
            smaller = name not in self.known or len(data) <= len(self.known[name][0])
            if smaller:
                self.known[name] = (data, told)
            self.failed[data] = error
            raise error


def hunted(
    target: Target,
    seconds: float,
    number: int,
    most: int | None = None,
    *,
    alone: bool = False,
    few: bool = False,
) -> Found:
    """Inputs for so long, or so many. number: two hunts with the same one make the same inputs.

    alone: whether the process has nothing else to do, so that its memory may be limited. few: see
    Place.
    """
    found = Found(target.name)
    with (
        tempfile.TemporaryDirectory(prefix=f"fuzz-{target.name}-") as folder,
        placed(Path(folder), few=few) as place,
        target.opened(place) as (inputs, check),
    ):
        if alone:
            held_by_the_kernel(target)

        def test(data: bytes) -> None:
            tried(data, target, check, place, found.counts)

        began = time.monotonic()
        ends, running, batch = began + seconds, running_input(target.name), 0
        while time.monotonic() < ends and (most is None or batch * BATCH < most):
            left = BATCH if most is None else min(BATCH, most - batch * BATCH)
            _hunt(_Hunter(test, ends, running, found.faults), inputs, number + 1000 * batch, left)
            batch += 1
        running.unlink(missing_ok=True)
        found.seconds = time.monotonic() - began
    found.mib, found.others_mib = peak_mib(), peak_of_others_mib()
    return found


def _hunt(hunter: _Hunter, inputs: object, number: int, most: int) -> None:
    @seed(number)
    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    @given(inputs)
    def run(data: bytes) -> None:
        hunter(data)

    try:
        run()
    except (TimeIsUp, TookTooLong):
        return
    except Exception:
        if not hunter.failing:
            raise


def running_input(name: str) -> Path:
    """The input that is being tried: what ended the process is found there."""
    return Path(tempfile.gettempdir()) / f"fuzz-{name}.running"


def file_name(name: str, data: bytes) -> str:
    return f"{name}-{hashlib.sha256(data).hexdigest()[:8]}.input"
