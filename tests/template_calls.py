"""Calls about templates as tests make them, on both keepers of records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import cloud
from api_calls import call
from resplice.adapters.dynamodb.table import DynamoTable
from resplice.adapters.dynamodb.templates import DynamoTemplates
from resplice.ports import Ports
from resplice.wiring.library import with_library
from resplice.wiring.local import local

KEEPERS = ("sqlite", "dynamodb")
VARIABLES = {"colour": "#102030", "seconds": 1, "@seconds": "1=One|2=Two", "?colour": "Any"}
CARD = {
    "width": 64,
    "height": 64,
    "variables": VARIABLES,
    "scenes": [{"duration": "{{seconds}}", "background-color": "{{colour}}"}],
}
ABSENT = "a" * 20


@contextmanager
def ports_with(keeper: str, folder: Path) -> Iterator[Ports]:
    """Ports of this machine, with templates where KEEPERS says."""
    with local(folder) as made:
        if keeper == "dynamodb":
            table = DynamoTable(cloud.client("dynamodb"), cloud.new_table())
            made = replace(made, templates=with_library(DynamoTemplates(table)))
        yield made


def good(method: str, path: str, body: Any = None) -> dict[str, Any]:
    """What an answer holds beside success and timestamp."""
    status, answer = call(method, f"/v2/templates{path}", body)
    assert status == 200 and answer.pop("success") is True, answer
    return answer


def created(movie: Any = CARD, **more: Any) -> str:
    """The id of a new template."""
    answer = good("POST", "", {"name": "Card", "movie": movie, **more})
    assert answer.keys() <= {"templateId", "warnings"}
    assert len(answer["templateId"]) == 20 and answer["templateId"].isalnum()
    return str(answer["templateId"])


def one(template: str, more: str = "") -> dict[str, Any]:
    return dict(good("GET", f"?id={template}{more}")["template"])


def refused(method: str, path: str, body: Any = None) -> tuple[int, str]:
    status, answer = call(method, f"/v2/templates{path}", body)
    assert answer["success"] is False
    return status, answer["message"]
