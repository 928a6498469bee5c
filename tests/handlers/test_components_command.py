"""`resplice components`: the catalog by sections, and what one component may be told."""

from __future__ import annotations

from pathlib import Path

import pytest
from resplice.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
OWN = str(ROOT / "examples/components")


def test_the_catalog_is_listed_by_sections(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["components"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Text Cards" and "  basic/000          Text card" in lines
    assert "Your own" not in lines


def test_own_ones_come_last_and_one_that_is_not_well_is_said_to_be(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["components", "--components", OWN]) == 0
    said = capsys.readouterr().out
    assert said.index("Your own") > said.index("Text Cards")
    assert "  mine/quote         Quote" in said
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/component.json").write_text("{")
    monkeypatch.setenv("RESPLICE_COMPONENTS", str(tmp_path))
    assert main(["components"]) == 0
    assert "  a/b                cannot be used: component.json is no" in capsys.readouterr().out
    assert main(["components", "a/b"]) == 2
    assert "a/b: component.json is no JSON" in capsys.readouterr().err


def test_a_component_says_its_groups_and_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["components", "mine/quote", "--components", OWN]) == 0
    said = capsys.readouterr().out
    assert said.startswith("mine/quote: Quote (intro 4 s)\nA quotation beside")
    for line in (
        "quote: What was said.",
        "  font-size              auto",
        "  pace                   120   [milliseconds] at least 0; at most 2000; From one word",
        "  src                    -   [image] The URL of a picture.",
        "author: another name of by",
    ):
        assert line in said


def test_an_unknown_one_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["components", "basic/00"]) == 2
    assert "there is no component 'basic/00'; did you mean 'basic/000'?" in capsys.readouterr().err
    assert main(["components", "none/at-all"]) == 2
    assert "`resplice components` lists them" in capsys.readouterr().err
    assert main(["components", "--components", "/nowhere/at/all"]) == 1
    assert "There is no folder of components: /nowhere/at/all" in capsys.readouterr().err
