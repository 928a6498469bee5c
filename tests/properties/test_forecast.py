"""What a forecast tells of an edit is what the report of its render tells then."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

from drawn import Ranges
from edited import EDITING, Document, clean_studio, movies
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from resplice.core.document.paths import json_path
from resplice.core.facts import content_key
from resplice.core.report import Report
from resplice.ports.browser import Browser
from resplice.steps.execution.submit import Submission
from resplice.steps.forecast import Forecast, forecast_of
from studio import Studio

MOVIES = 3
EDITS = 2


def foretold(document: Document, lab: Studio) -> Forecast:
    accepted = lab.accepted(document)
    submission = Submission.of(accepted, json.dumps(document))
    return forecast_of(replace(submission, accepted=accepted), lab.ports)


def contents(lab: Studio) -> set[str]:
    return {each.key for each in lab.ports.objects.list("elements/content/")}


def pictures(lab: Studio) -> dict[str, tuple[str, int]]:
    """By key, who rendered the piece and how many frames it has."""
    found = lab.ports.objects.list("scenes/segment/")
    return {each.key: (each.facts["run"], each.facts["frames"]) for each in found}


def hits(report: Report, path: str) -> bool:
    """Whether all that is of the element is there."""
    own = (each for each in report.elements if (each.path + ".").startswith(path + "."))
    return all(each.result == "hit" for each in own)


def as_reported(told: Forecast, report: Report) -> tuple[list[bool], list[bool]]:
    """Of all scenes and transitions, whether they are reused: by the forecast, by the report."""
    joins = [scene.transition == "reused" for scene in told.scenes if scene.transition]
    scenes = [scene.state == "reused" for scene in told.scenes]
    return scenes + joins, [each.result == "hit" for each in (*report.scenes, *report.transitions)]


def check(told: Forecast, lab: Studio, document: Document) -> None:
    held, rendered_before = contents(lab), pictures(lab)
    report = lab.render(document).report
    assert told.hit == (report.result == "hit")
    if told.hit:
        assert told.rendered_s == 0 and told.rendered_scenes == 0
        assert set(told.elements.values()) <= {"reused"}
        return
    for path, state in told.elements.items():
        assert (state == "reused") == hits(report, json_path(path)), path
    if told.assumed:
        return
    foreseen, seen = as_reported(told, report)
    made = [each for each in report.elements if each.result == "miss"]
    rendered = [frames for key, (run, frames) in pictures(lab).items()
                if rendered_before.get(key, ("", 0))[0] != run]  # fmt: skip
    rendered_s = round(sum(rendered) / told.fps, 3)
    if any(content_key(each.content) in held for each in made):
        assert all(hit for reused, hit in zip(foreseen, seen, strict=True) if reused)
        assert told.rendered_s >= rendered_s
    else:
        assert foreseen == seen and told.rendered_s == rendered_s


@settings(
    max_examples=MOVIES,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_forecast_comes_true(data: st.DataObject, ranges: Ranges, painter: Browser) -> None:
    first = data.draw(movies(ranges, least=3), "movie")
    names = data.draw(st.permutations(sorted(EDITING)), "edits")
    with clean_studio(painter) as lab:
        check(foretold(first, lab), lab, first)
        for name in names[:EDITS]:
            document = copy.deepcopy(first)
            EDITING[name](document, data, ranges)
            check(foretold(document, lab), lab, document)
            assert foretold(document, lab).hit != lab.accepted(document).bypass
