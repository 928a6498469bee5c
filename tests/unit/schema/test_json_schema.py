"""Every example of the project is a document by the JSON Schema, once it is expanded."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from resplice.core.document.expand import expand
from resplice.core.document.strict_json import parse
from resplice.core.schema.json_schema import json_schema

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([*ROOT.glob("examples/*.json"), *ROOT.glob("tests/cases/*/movie.json")])


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_examples_are_documents(path: Path) -> None:
    document = expand(parse(path.read_bytes()))
    assert list(Draft202012Validator(json_schema()).iter_errors(document)) == []


def test_there_are_examples() -> None:
    assert {path.parent.parent.name for path in DOCUMENTS} >= {"cases"}
    assert len(DOCUMENTS) >= 10
