"""`resplice templates`: of a data folder, of a stage; and `resplice render` of a call."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cloud import REGION, client, endpoint, new_log_group, new_table
from resplice.adapters.disk.template_files import library
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.adapters.dynamodb.templates import DynamoTemplates
from resplice.cli.main import main

CARD = {
    "width": 64,
    "height": 64,
    "variables": {"seconds": 1},
    "scenes": [{"duration": "{{seconds}}", "background-color": "#102030"}],
}


Say = Callable[..., str]


@pytest.fixture
def resplice(capsys: pytest.CaptureFixture[str]) -> Say:
    def run(*words: Any, code: int = 0) -> str:
        """What it prints; or says, when it fails."""
        assert main([str(word) for word in words]) == code
        printed = capsys.readouterr()
        return printed.err if code else printed.out

    return run


def test_a_template_is_kept_listed_rendered_and_forgotten(tmp_path: Path, resplice: Say) -> None:
    place, movie = ("--data", tmp_path / "data"), tmp_path / "card.json"
    text = json.dumps(CARD, indent=1)
    movie.write_text(text)
    made = resplice("templates", "create", movie, "--tag", "a", "--tag", "b", *place).strip()
    assert len(made) == 20
    assert resplice("templates", "get", made, *place) == text + "\n"
    rows = [line.split() for line in resplice("templates", "list", *place).splitlines()]
    assert rows[0] == ["ID", "CHANGED", "NAME", "TAGS"]
    assert [rows[1][0], *rows[1][2:]] == [made, "card", "a,", "b"] and len(rows) == 2
    listed = resplice("templates", "list", "--library", *place)
    assert all(template_id in listed for template_id in library())
    nobodys = resplice("templates", "list", "--owner", "other", *place)
    assert len(nobodys.splitlines()) == 1

    called = tmp_path / "call.json"
    called.write_text(json.dumps({"template": made, "variables": {"seconds": 2}}))
    out = tmp_path / "out.mp4"
    resplice("render", called, "-o", out, "--quiet", *place)
    assert "2.0 s" in resplice("render", called, "-o", out, *place)

    resplice("templates", "delete", made, *place)
    assert f"Template {made} not found" in resplice("templates", "get", made, *place, code=1)
    assert f"Template {made} not found" in resplice("render", called, *place, code=1)


@pytest.mark.parametrize(
    ("text", "said"),
    [("[1]", "Payload movie must be a JSON"), ("{", "line 1, column 2"), (None, "No such file")],
)
def test_what_is_no_movie_is_not_kept(
    tmp_path: Path, resplice: Say, text: str | None, said: str
) -> None:
    movie = tmp_path / "movie.json"
    if text:
        movie.write_text(text)
    place = ("--data", tmp_path / "data")
    assert said in resplice("templates", "create", movie, *place, code=2)
    assert len(resplice("templates", "list", *place).splitlines()) == 1


def test_templates_of_a_stage_are_in_its_table(
    tmp_path: Path, resplice: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, table = f"t{uuid.uuid4().hex[:8]}", new_table()
    topic = {"Type": "AWS::SNS::Topic"}
    outputs = {"TableName": {"Value": table}, "AuditLogGroup": {"Value": new_log_group()}}
    stack = {"Resources": {"T": topic}, "Outputs": outputs}
    named = {"StackName": f"Resplice-{name}", "TemplateBody": json.dumps(stack)}
    client("cloudformation").create_stack(**named)
    for variable, value in (
        *(("AWS_ENDPOINT_URL", endpoint()), ("AWS_DEFAULT_REGION", REGION)),
        *(("AWS_ACCESS_KEY_ID", "local"), ("AWS_SECRET_ACCESS_KEY", "local")),
    ):
        monkeypatch.setenv(variable, value)
    movie, place = tmp_path / "card.json", ("--owner", "acme", "--stage", name)
    movie.write_text(json.dumps(CARD))
    made = resplice("templates", "create", movie, "--name", "A\x1b[2Jcard", *place).strip()
    [kept] = DynamoTemplates(DynamoTable(client("dynamodb"), table)).list("acme")
    assert (kept.id, kept.name) == (made, "A\x1b[2Jcard")
    listed = resplice("templates", "list", *place)
    assert made in listed and "A[2Jcard" in listed
    assert json.loads(resplice("templates", "get", made, *place)) == CARD
    resplice("templates", "delete", made, *place)
    assert made not in resplice("templates", "list", *place)
