"""`resplice schema`: what it prints is a JSON Schema that checks movies, with own components."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from resplice.cli.main import main

OWN = str(Path(__file__).resolve().parents[2] / "examples/components")


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> Draft202012Validator:
    assert main(["schema", *words]) == 0
    return Draft202012Validator(json.loads(capsys.readouterr().out))


def of(name: str, **settings: Any) -> dict[str, Any]:
    element = {"type": "component", "component": name, "settings": settings}
    return {"$schema": "movie.schema.json", "scenes": [{"elements": [element]}]}


def test_it_checks_movies_with_the_catalog(capsys: pytest.CaptureFixture[str]) -> None:
    schema = printed(capsys)
    assert schema.is_valid(of("advanced/060", counter={"to": 5}))
    assert not schema.is_valid(of("advanced/060", counter={"decimals": 50}))
    assert not schema.is_valid(of("mine/quote"))


def test_own_components_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    schema = printed(capsys, "--components", OWN)
    assert schema.is_valid(of("mine/quote", quote="So it goes.", author={"text": "K. V."}))
    assert not schema.is_valid(of("mine/quote", quote={"pace": "fast"}))
    assert not schema.is_valid(of("mine/qoute"))


def test_one_that_is_not_well_is_left_out_and_said_to_be(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/component.json").write_text("{")
    assert main(["schema", "--components", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert not Draft202012Validator(json.loads(said.out)).is_valid(of("a/b"))
    assert "resplice: a/b is left out: component.json is no JSON" in said.err
    assert main(["schema", "--components", "/nowhere/at/all"]) == 1
