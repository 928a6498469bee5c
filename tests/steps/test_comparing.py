"""With which earlier render a movie is compared, when comparing takes long."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from resplice.adapters.processes.elsewhere import Elsewhere
from resplice.ports import Ports
from resplice.ports.projects import Project
from resplice.steps.cache_report import explanation
from resplice.steps.comparing import nearest
from resplice.wiring.local import local


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


def test_it_is_compared_with_the_one_with_the_most_scenes_in_common(ports: Ports) -> None:
    assert explanation(f"{2:016d}", "self", ports).against == f"{0:016d}"


@pytest.mark.parametrize(("step_s", "index"), [(0.001, 1), (0.6, 0), (1.1, None)])
def test_what_takes_long_is_not_gone_on_with(step_s: float, index: int | None) -> None:
    said = ("red green white", "red blue", "red green")
    ours, *others = (rendered(0, colours.split()).document for colours in said)
    moments = itertools.count(0.0, step_s)
    found = nearest(ours, others, lambda: next(moments))
    assert (found and found.index) == index


def test_documents_go_to_where_they_hold_up_nobody(ports: Ports) -> None:
    with closing(Elsewhere()) as children:
        there = explanation(f"{2:016d}", "self", ports, children.call)
    assert there == explanation(f"{2:016d}", "self", ports)
