"""What an edit will cost: the work that a later document needs and an earlier one does not.

Nothing is made and nobody is asked. The earlier movie is taken for rendered, and what the cache has
of the later one counts too; facts of elements are those of the cache, else assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from resplice.core.document.paths import json_path
from resplice.core.keys import element_key
from resplice.core.report import ElementReport, Report, Result
from resplice.core.sources import ElementTask
from resplice.core.tasks import kind_of
from resplice.core.why import Rendered, explained
from resplice.frozen import frozen
from resplice.ports import Ports
from resplice.steps.cached_elements import (
    NO_RUN,
    Cached,
    assumed_facts,
    assumed_lengths,
    cached_elements,
)
from resplice.steps.execution.stages import planned_report
from resplice.steps.movie_cache import look_up
from resplice.steps.pipeline.accept import Accepted
from resplice.steps.pipeline.plan import Planned, Work, plan_movie, rendered_frames
from resplice.steps.pipeline.prepare import Prepared


@frozen
class EditCost:
    """report: what a render of the later document would be served from, with reasons, as JSON.

    rendered_s   seconds of picture that are rendered again, of movie_s in all
    work_ms      what that takes, by what the other pieces took; None when none is in the cache
    unknown      what is assumed, in words, each with its path
    """

    report: Mapping[str, Any]
    rendered_s: float
    movie_s: float
    work_ms: int | None
    unknown: tuple[str, ...]


def edit_cost(earlier: Accepted, later: Accepted, ports: Ports) -> EditCost:
    """Raises DocumentError when a length cannot be known, StorageError."""
    before, after = _drawn_up(earlier, ports), _drawn_up(later, ports)
    there = before.made_keys()
    elements = tuple(_element(each, after, there, ports) for each in after.cached.tasks)
    planned = replace(after.planned, work=tuple(_kept(w, there) for w in after.planned.work))
    report = _report(later, after, planned, elements)
    if not later.bypass and (earlier.key == later.key or look_up(later.key, ports)):
        report = Report("hit", later.key)
    was = Rendered(earlier.movie, _report(earlier, before, before.planned, ()).as_json())
    again = {work.key: work for work in planned.work if not work.there}
    if report.result == "hit":
        again = {}
    fps = planned.plan.timeline.canvas.fps
    return EditCost(
        explained(Rendered(later.movie, report.as_json()), was),
        rendered_frames(again.values()) / fps,
        planned.plan.timeline.frames / fps,
        _work_ms(planned, again),
        assumed_lengths(after.cached),
    )


@frozen
class _DrawnUp:
    cached: Cached
    planned: Planned
    ports: Ports

    def made_keys(self) -> frozenset[str]:
        """Of everything that its render leaves in the cache."""
        elements = {element_key(each.task, self.ports.tools) for each in self.cached.tasks}
        return frozenset(elements | {work.key for work in self.planned.work})


def _drawn_up(accepted: Accepted, ports: Ports) -> _DrawnUp:
    cached = cached_elements(accepted, ports, assumed_facts(accepted.movie, ports))
    planned = plan_movie(accepted.movie, cached.facts, ports, NO_RUN, accepted.offers)
    return _DrawnUp(cached, planned, ports)


def _kept(work: Work, there: frozenset[str]) -> Work:
    """A piece that the earlier movie has too is in the cache, unless it is to be made again."""
    if work.result != "miss" or work.key not in there:
        return work
    return replace(work, result="hit", there=True)


def _element(
    wanted: ElementTask, after: _DrawnUp, there: frozenset[str], ports: Ports
) -> ElementReport:
    key = element_key(wanted.task, ports.tools)
    missing = wanted.path in after.cached.missing and key not in there
    result: Result = "bypass" if wanted.forced else "miss" if missing else "hit"
    bill = None if result == "hit" else kind_of(wanted.task).bill(wanted.task)
    content = after.cached.facts[wanted.path].digest
    return ElementReport(json_path(wanted.path), wanted.type, result, key, bill, content=content)


def _report(
    accepted: Accepted, drawn: _DrawnUp, planned: Planned, elements: tuple[ElementReport, ...]
) -> Report:
    prepared = Prepared(tuple(drawn.cached.facts.items()), elements, ())
    return replace(planned_report(accepted, prepared, planned), warnings=())


def _work_ms(planned: Planned, again: Mapping[str, Work]) -> int | None:
    known = [work for work in planned.done() if work.render_ms and work.task.frames]
    frames = sum(work.task.frames for work in known)
    if not frames:
        return None if again else 0
    each_ms = sum(work.render_ms for work in known) / frames
    return round(each_ms * sum(work.task.frames for work in again.values()))
