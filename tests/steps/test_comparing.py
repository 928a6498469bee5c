"""With which earlier render a movie is compared, when comparing takes long."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps.cache_report import explanation
from resplice.wiring.local import local


@dataclass
class Hurrying:
    """A clock that goes on by so much whenever somebody looks."""

    step_ms: int
    at_ms: int = 0

    def now_ms(self) -> int:
        self.at_ms += self.step_ms
        return self.at_ms


@pytest.fixture
def ports(tmp_path: Path) -> Iterator[Ports]:
    """With three renders: of the first the last one has two scenes, of the second one."""
    with local(tmp_path) as made:
        for number, colours in enumerate(("red green", "red blue", "red green white")):
            made.projects.add(rendered(number, colours.split()))
        yield made


def rendered(number: int, colours: list[str]) -> Project:
    scenes = [{"duration": 1, "background-color": colour} for colour in colours]
    report = {"movie": {"result": "miss", "key": f"movies/{number}"}}
    return Project(
        id=f"{number:016d}",
        owner="self",
        document=json.dumps({"scenes": scenes}),
        created_at_ms=1_000 + number,
        status="done",
        ended_at_ms=2_000,
        report=report,
    )


@pytest.mark.parametrize(("step_ms", "against"), [(1, 0), (600, 1)])
def test_what_takes_long_is_not_gone_on_with(ports: Ports, step_ms: int, against: int) -> None:
    hurried = replace(ports, clock=Hurrying(step_ms))
    assert explanation(f"{2:016d}", "self", hurried).against == f"{against:016d}"
