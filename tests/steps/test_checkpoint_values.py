"""What one step leaves for the next is, when it is read, what it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from far_apart import emptied
from pydantic import TypeAdapter
from resplice.core.composition import Canvas
from resplice.core.document.paths import json_path
from resplice.core.keys import movie_key
from resplice.core.piece_keys import piece_key
from resplice.core.pieces import MixTask, RowTask, SheetTask, Stretch
from resplice.core.report import ElementReport
from resplice.core.sources import element_tasks
from resplice.core.stills import still_of
from resplice.core.tasks import FetchTask
from resplice.errors import Problem
from resplice.ports import Ports
from resplice.ports.objects import StoredObject
from resplice.steps.element_cache import TaskOutcome
from resplice.steps.execution.dispatch import Round
from resplice.steps.execution.progress import SegmentState
from resplice.steps.execution.stages import PlannedRun, planned_report
from resplice.steps.movie_cache import Outcome
from resplice.steps.pipeline.accept import Accepted, accept
from resplice.steps.pipeline.element import Batch, TaskResult, TaskResults
from resplice.steps.pipeline.movie import Joining, joining
from resplice.steps.pipeline.plan import Planned, Work, plan_movie
from resplice.steps.pipeline.prepare import Prepared
from resplice.steps.pipeline.stills import Pictures
from studio import studio
from unit.test_golden_cases import CASES, TEXT, library_facts


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
    facts = library_facts(accepted.movie)
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
        assert piece_key(task, ports.tools) == work.key
    for segment in case.planned.plan.segments:
        still = still_of(segment.task, segment.task.frames // 2)
        place = (segment.scene, segment.part)
        looked_at = Work(still, "scenes/still/a", still.frames, *place, "hit", there=True)
        assert again(looked_at, Work).task == still


@CASE
def test_what_joins_the_movie_is_the_same(folder: Path, ports: Ports) -> None:
    planned = case_of(folder, ports).planned
    read = again(joining(planned), Joining)
    if planned.mix:
        assert piece_key(read.mix, ports.tools) == planned.mix_key
    for row in read.rows:
        assert piece_key(row, ports.tools)


@CASE
def test_reports_and_facts_are_the_same(folder: Path, ports: Ports) -> None:
    case = case_of(folder, ports)
    assert again(case.prepared, Prepared).facts == case.prepared.facts
    report = planned_report(case.accepted, case.prepared, case.planned)
    segments = (SegmentState("scenes/segment/a", 25, "hit"),)
    record = PlannedRun(joining(case.planned), report, segments, 1_700_000_000_123)
    again(record, PlannedRun)
    canvas, keys = Canvas(64, 50, 25), ("scenes/still/a", "scenes/still/b")
    pictures = Pictures(canvas, keys, (3, 9), SheetTask(keys, 2, (64, 50)), fresh=True)
    again(replace(record, joining=None, pictures=pictures), PlannedRun)
    stored = StoredObject("movies/x.mp4", 1 << 40, "ab", {"duration": 0.1, "frames": 3, "fps": 25})
    again(Outcome(stored, report), Outcome)


@CASE
def test_what_is_dispatched_is_the_same(folder: Path, ports: Ports) -> None:
    movie = case_of(folder, ports).accepted.movie
    fonts = {(*path, "settings", "font-url"): TEXT for path, _ in movie.each_element()}
    tasks = tuple(element_tasks(movie, fonts))
    read = again(Batch(tasks, revalidate=True), Batch)
    assert [type(each.task) for each in read.tasks] == [type(each.task) for each in tasks]
    assert any(isinstance(each.task, FetchTask) for each in read.tasks)
    problem = Problem("scenes[0].elements[1].src", "Scene #1: 'ü' \\ \"\n")
    made = TaskOutcome(TEXT, "elements/paint/a", "bypass", ("'größe' is unknown",))
    results = (
        *(TaskResult(each.path, each.type, made) for each in tasks),
        *(TaskResult(each.path, each.type, problem=problem, again=True) for each in tasks),
    )
    again(results, TaskResults)
    again(Round(results, tuple(each.path for each in tasks), 3), Round)


def test_a_long_movies_rows_are_the_same(ports: Ports) -> None:
    stretches = tuple(Stretch(f"scenes/sound/{n}" if n % 3 else None, n, n // 2) for n in range(99))
    row = again(RowTask(stretches), RowTask)
    assert piece_key(row, ports.tools) == piece_key(RowTask(stretches), ports.tools)
    again(MixTask(stretches, (), 123, 192_000), MixTask)


@CASE
def test_what_was_accepted_is_loaded_as_it_was_saved(folder: Path, ports: Ports) -> None:
    """Also which names were written and which are defaults: the plan asks that of `cache`."""
    accepted = case_of(folder, ports).accepted
    ports.checkpoints.save("run", "accepted", accepted, Accepted)
    loaded = ports.checkpoints.load("run", "accepted", Accepted)
    assert loaded == accepted
    assert loaded.movie.model_fields_set == accepted.movie.model_fields_set
    for own, original in zip(loaded.movie.scenes, accepted.movie.scenes, strict=True):
        assert own.model_fields_set == original.model_fields_set
    assert movie_key(loaded.movie, ports.tools) == accepted.key


def test_a_run_has_a_place_of_its_own_whatever_it_is_called(ports: Ports) -> None:
    names = ["a", "A", "../a", "a/b", "x" * 900, "ключ"]
    checkpoints = ports.checkpoints
    keys = {checkpoints.save(name, "plan", index, int) for index, name in enumerate(names)}
    assert len(keys) == len(names)
    assert [checkpoints.load(name, "plan", int) for name in names] == list(range(len(names)))
    assert not checkpoints.has("b", "plan")
