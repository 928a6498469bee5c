"""What one step leaves for the next is, when it is read, what it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from far_apart import emptied
from pydantic import TypeAdapter
from resplice.core.document.paths import DocumentPath as Place
from resplice.core.document.paths import json_path
from resplice.core.facts import Facts
from resplice.core.keys import mix_key, row_key, segment_key, sound_key
from resplice.core.pieces import MixTask, RowTask, SegmentTask, Stretch
from resplice.core.report import ElementReport
from resplice.core.schema.elements import TextElement
from resplice.core.sources import element_tasks, elements, urls
from resplice.core.tasks import FetchTask
from resplice.errors import Problem
from resplice.ports import Ports
from resplice.ports.objects import StoredObject
from resplice.steps.element import Batch, TaskOutcome, TaskResult, TaskResults
from resplice.steps.execution import checkpoint as handover
from resplice.steps.execution.dispatch import Round
from resplice.steps.execution.run import Outcome, reported
from resplice.steps.execution.stages import Blueprint
from resplice.steps.pipeline.accept import Accepted, accept
from resplice.steps.pipeline.movie import Joining, joining
from resplice.steps.pipeline.plan import Planned, Work, plan_movie
from resplice.steps.pipeline.prepare import Prepared
from studio import studio
from unit.test_golden_cases import CASES, LIBRARY, TEXT


@dataclass(frozen=True)
class Case:
    accepted: Accepted
    prepared: Prepared
    planned: Planned


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    folder = tmp_path_factory.mktemp("values")
    with studio(folder / "data") as lab:
        yield emptied(lab.ports, folder / "empty")


def case_of(folder: Path, ports: Ports) -> Case:
    accepted = accept(json.loads((folder / "movie.json").read_text()), ports.tools)
    facts: dict[Place, Facts] = {}
    for path, element in elements(accepted.movie):
        if isinstance(element, TextElement):
            facts[path] = TEXT
        for place, url in urls(element):
            facts[(*path, *place)] = LIBRARY[url.rpartition("/")[2]]
    told = tuple(ElementReport(json_path(path), "image", "miss", "elements/x") for path in facts)
    prepared = Prepared(tuple(facts.items()), told, ("'größe' is unknown", "\u2028 \U0001f600"))
    return Case(accepted, prepared, plan_movie(accepted.movie, facts, ports, "run"))


def again(value: Any, kind: Any) -> Any:
    """The value when it was read; it is the same to the last type, but for whole numbers."""
    adapter = TypeAdapter(kind)
    read = adapter.validate_json(adapter.dump_json(value))
    assert read == value
    assert written(read) == written(value)
    return read


def written(value: Any) -> str:
    return re.sub(r"\.0\b", "", repr(value))


CASE = pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)


@CASE
def test_work_is_the_same_work_under_the_same_key(folder: Path, ports: Ports) -> None:
    case = case_of(folder, ports)
    assert case.planned.work
    for work in case.planned.work:
        task = again(work, Work).task
        own_key = segment_key if isinstance(task, SegmentTask) else sound_key
        assert own_key(task, ports.tools) == work.key


@CASE
def test_what_joins_the_movie_is_the_same(folder: Path, ports: Ports) -> None:
    planned = case_of(folder, ports).planned
    read = again(joining(planned), Joining)
    if planned.mix:
        assert mix_key(read.mix, ports.tools) == planned.mix_key
    for row in read.rows:
        assert row_key(row, ports.tools)


@CASE
def test_reports_and_facts_are_the_same(folder: Path, ports: Ports) -> None:
    case = case_of(folder, ports)
    assert again(case.prepared, Prepared).facts == case.prepared.facts
    report = reported(case.accepted, case.prepared, case.planned)
    again(Blueprint(joining(case.planned), report, 1_700_000_000_123), Blueprint)
    stored = StoredObject("movies/x.mp4", 1 << 40, "ab", {"duration": 0.1, "frames": 3, "fps": 25})
    again(Outcome(stored, report), Outcome)


@CASE
def test_what_is_handed_out_is_the_same(folder: Path, ports: Ports) -> None:
    movie = case_of(folder, ports).accepted.movie
    fonts = {(*path, "settings", "font-url"): TEXT for path, _ in elements(movie)}
    wants = tuple(element_tasks(movie, fonts))
    read = again(Batch(wants, revalidate=True), Batch)
    assert [type(want.task) for want in read.wants] == [type(want.task) for want in wants]
    assert any(isinstance(want.task, FetchTask) for want in read.wants)
    problem = Problem("scenes[0].elements[1].src", "Scene #1: 'ü' \\ \"\n")
    made = TaskOutcome(TEXT, "elements/paint/a", "bypass", ("'größe' is unknown",))
    answers = (
        *(TaskResult(want.path, want.type, made) for want in wants),
        *(TaskResult(want.path, want.type, problem=problem, again=True) for want in wants),
    )
    again(answers, TaskResults)
    again(Round(answers, tuple(want.path for want in wants), 3), Round)


def test_a_long_movies_rows_are_the_same(ports: Ports) -> None:
    stretches = tuple(Stretch(f"scenes/sound/{n}" if n % 3 else None, n, n // 2) for n in range(99))
    row = again(RowTask(stretches), RowTask)
    assert row_key(row, ports.tools) == row_key(RowTask(stretches), ports.tools)
    again(MixTask(stretches, (), 123, 192_000), MixTask)


@pytest.mark.parametrize(
    "document", ['{"a": "\\ud83d\\ude00"}', '{"a": "\\u0000\\u2028"}', "{}\n", "\ufeff"]
)
def test_a_document_is_left_as_it_was_written(ports: Ports, document: str) -> None:
    handover.leave("run", "document", document, str, ports)
    assert handover.left("run", "document", str, ports) == document


def test_a_run_has_a_place_of_its_own_whatever_it_is_called(ports: Ports) -> None:
    names = ["a", "A", "../a", "a/b", "x" * 900, "ключ"]
    keys = {handover.leave(name, "plan", index, int, ports) for index, name in enumerate(names)}
    assert len(keys) == len(names)
    assert [handover.left(name, "plan", int, ports) for name in names] == list(range(len(names)))
    assert not handover.has("b", "plan", ports)
