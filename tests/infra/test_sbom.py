"""The bill of materials is whole and valid, and nothing that is installed has a licence that it may
not have.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infra import sbom
from infra.licences import Licensed, faults, listed
from layers.hashed import digests, hashed, normal


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    into = tmp_path_factory.mktemp("sbom") / "bom.json"
    sbom.main(into)
    told: dict[str, Any] = json.loads(into.read_text())
    return told


def licences(component: dict[str, Any]) -> str:
    [told] = component["licenses"]
    return str(told.get("expression") or told["license"]["id"])


def test_nothing_that_is_installed_has_an_unknown_or_a_forbidden_licence() -> None:
    installed = [*sbom.installed()]
    assert len(installed) > 250
    assert [*faults(installed)] == []


@pytest.mark.parametrize(
    ("licence", "is_program", "fault"),
    [
        ("AGPL-3.0-only", True, "is not in the list"),
        ("SSPL-1.0", True, "is not in the list"),
        ("GPL-3.0-or-later", False, "is not in the list"),
        ("GPL-3.0-or-later", True, None),
        ("MIT AND GPL-3.0-or-later", False, "is not in the list"),
        ("EPL-2.0 OR GPL-2.0-or-later", False, None),
        ("MIT AND (AGPL-3.0-only OR SSPL-1.0)", False, "is not in the list"),
        ("", False, "does not say its licence"),
        ("Proprietary", False, "is not in the list"),
        ("MIT AND", False, "no SPDX expression"),
    ],
)
def test_what_may_not_be_there_is_told(licence: str, is_program: bool, fault: str | None) -> None:
    told = [*faults([Licensed("thing", "1.0", licence, is_program)])]
    assert len(told) == bool(fault) and all(str(fault) in each for each in told)


def test_no_licence_that_spreads_over_a_network_is_in_the_list() -> None:
    every = [*listed()["allowed"], *listed()["of_programs"]]
    assert not [each for each in every if each.startswith(("AGPL", "SSPL"))]
    assert not [each for each in listed()["allowed"] if "GPL" in each]


def test_the_bill_is_valid_and_the_same_again(bill: dict[str, Any], tmp_path: Path) -> None:
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert sbom.valid(json.dumps(bill)) is None
    assert sbom.valid(json.dumps({**bill, "components": [{"type": "nothing"}]}))
    sbom.main(tmp_path / "again.json")
    assert json.loads((tmp_path / "again.json").read_text()) == bill


def test_it_has_all_that_the_locks_name_with_digests(bill: dict[str, Any]) -> None:
    by_purl = {each["purl"]: each for each in bill["components"] if "purl" in each}
    assert all(each["hashes"] for each in by_purl.values())
    known = digests((sbom.ROOT / "hashes.txt").read_text())
    for line in hashed(sbom.ROOT / "constraints.txt"):
        name, version = normal(line.split("==")[0]), line.split("==")[1].split()[0]
        if ";" not in line:
            told = by_purl[f"pkg:pypi/{name}@{version}"]
            assert {each["content"] for each in told["hashes"]} == {*known[name, version]}
    assert by_purl["pkg:npm/aws-cdk@" + by_name(bill, "aws-cdk")["version"]]["hashes"]


def by_name(bill: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [each for each in bill["components"] if each["name"] == name and "group" not in each]
    return dict(found)


def test_programs_and_models_and_fonts_are_told(bill: dict[str, Any]) -> None:
    for row in listed()["programs"]:
        told = by_name(bill, row["name"])
        assert licences(told) == row["licence"] and told["version"]
        assert "hashes" in told or "file" not in row, row["name"]
    assert by_name(bill, "FFmpeg")["version"].count(".") == 2
    fonts = [each for each in bill["components"] if "fontsource" in each["name"]]
    assert len(fonts) > 80 and {licences(each) for each in fonts} == {"OFL-1.1", "Apache-2.0"}
    gpl = {each["name"] for each in bill["components"] if licences(each).startswith("GPL")}
    assert gpl == {"FFmpeg", "eSpeak NG, with its data", "espeakng-loader"}
