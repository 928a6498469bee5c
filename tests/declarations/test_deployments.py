"""Two deployments of different code, by their templates: who calls is led to the new code without
being changed, what runs keeps the old, and a version is never in the way of the next.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import synthesized
from lazy import lazy

from infra.layers import ROOT
from infra.rows import CALLED, ROWS
from infra.runtime import runtime_version
from infra.settings import parsed

cdk = lazy("declared")

FUNCTIONS = ROOT / "functions"
CALLERS = (
    "AWS::Lambda::Permission",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Events::Rule",
    "AWS::ApiGatewayV2::Integration",
    "AWS::IAM::Role",
)
Resources = dict[str, dict[str, Any]]


def deployed(code: Path = FUNCTIONS, **said: Any) -> Resources:
    """All resources of a stage with this code."""
    app = cdk.App(context={"@aws-cdk/aws-lambda:recognizeLayerVersion": True})
    row = {"alarm_email": "on-call@example.com", **said}
    stack = cdk.RespliceStack(app, parsed("full", runtime_version(), row), code=code)
    found: Resources = cdk.Template.from_stack(stack).to_json()["Resources"]
    return found


def changed(folder: Path) -> Path:
    """The functions' own code, each with one line more."""
    code = folder / "functions"
    shutil.copytree(FUNCTIONS, code, ignore=shutil.ignore_patterns("__pycache__"))
    for handler in code.glob("*/handler.py"):
        handler.write_text(handler.read_text() + "\nANOTHER = True\n")
    return code


@pytest.fixture(scope="module")
def before() -> Resources:
    return deployed()


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Resources:
    return deployed(changed(tmp_path_factory.mktemp("code")))


def of(kind: str, resources: Resources) -> Resources:
    return {name: each for name, each in resources.items() if each["Type"] == kind}


def functions_of(resources: Resources) -> Iterator[tuple[str, str]]:
    """Logical ids of versions, and the functions that they are of."""
    for name, each in of("AWS::Lambda::Version", resources).items():
        yield name, each["Properties"]["FunctionName"]["Ref"]


@pytest.mark.parametrize("kind", CALLERS)
def test_callers_and_their_permissions_stay_as_they_are(
    kind: str, before: Resources, after: Resources
) -> None:
    assert of(kind, before) == of(kind, after) != {}


def test_callers_are_led_to_the_new_versions(before: Resources, after: Resources) -> None:
    """By the alias alone, which each has that is called by others than an execution."""
    old, new = (of("AWS::Lambda::Alias", each) for each in (before, after))
    assert old.keys() == new.keys() and len(new) == len(CALLED)
    for name, alias in new.items():
        said = alias["Properties"]
        assert said["Name"] == "live"
        version, attribute = said["FunctionVersion"]["Fn::GetAtt"]
        assert dict(functions_of(after))[version] == said["FunctionName"]["Ref"]
        assert attribute == "Version"
        assert old[name]["Properties"]["FunctionVersion"] != said["FunctionVersion"]


def test_only_the_state_machine_names_versions(before: Resources, after: Resources) -> None:
    """And aliases. An execution ends with the definition that it began with."""
    versions = dict(functions_of(after))
    naming = {
        each["Type"]
        for each in after.values()
        if any(version in str(each.get("Properties")) for version in versions)
    }
    assert naming == {"AWS::Lambda::Alias", "AWS::StepFunctions::StateMachine"}
    kind = "AWS::StepFunctions::StateMachine"
    (old,), (new,) = of(kind, before).values(), of(kind, after).values()
    assert old["Properties"]["DefinitionString"] != new["Properties"]["DefinitionString"]


def test_the_same_code_is_the_same_deployment(before: Resources) -> None:
    assert deployed() == before


def test_a_version_outlives_the_next_one_but_not_a_deployment_that_failed(
    before: Resources, after: Resources
) -> None:
    """What stayed of one that is rolled back would be what the next try cannot publish again."""
    assert len(dict(functions_of(before))) == len(ROWS)
    assert not dict(functions_of(before)).keys() & dict(functions_of(after)).keys()
    for version in of("AWS::Lambda::Version", after).values():
        assert version["DeletionPolicy"] == "RetainExceptOnCreate"
        assert version["UpdateReplacePolicy"] == "Retain"


def test_a_word_makes_every_version_anew(before: Resources) -> None:
    """For whom Lambda tells that a version exists: the function is another one then, too."""
    again = deployed(deployment="again")
    assert not dict(functions_of(before)).keys() & dict(functions_of(again)).keys()
    said = [each["Properties"] for each in of("AWS::Lambda::Function", again).values()]
    assert {each["Description"] for each in said} == {"again"}
    quiet = [each["Properties"] for each in of("AWS::Lambda::Function", before).values()]
    assert not any("Description" in each for each in quiet)


def test_a_stage_may_be_in_two_regions_of_an_account(before: Resources) -> None:
    """CloudFront's and dashboards' names are of the account, in whatever region they are made."""
    (access,) = of("AWS::CloudFront::OriginAccessControl", before).values()
    (dashboard,) = of("AWS::CloudWatch::Dashboard", before).values()
    named = access["Properties"]["OriginAccessControlConfig"]["Name"]
    assert synthesized.text(named) == "Resplice-full-<AWS::Region>"
    shown = dashboard["Properties"]["DashboardName"]
    assert synthesized.text(shown) == "resplice-full-<AWS::Region>"
    globals_ = ("AWS::CloudFront::CachePolicy", "AWS::CloudFront::ResponseHeadersPolicy")
    assert not any(of(kind, before) for kind in globals_)
    assert not any(
        "RoleName" in each["Properties"] for each in of("AWS::IAM::Role", before).values()
    )


def test_a_first_deployment_that_failed_leaves_the_second_its_names(before: Resources) -> None:
    """What has a name of its own goes with the stack. The bucket is empty then and goes as well;
    the table would not, as it is protected: it stays, under a name that nobody else gets.
    """
    named = ("FunctionName", "StateMachineName", "LogGroupName", "DashboardName", "BucketName")
    for name, each in before.items():
        if any(word in each.get("Properties", {}) for word in named):
            leaves = each.get("DeletionPolicy", "Delete") != "Delete"
            assert not leaves or each["Type"] == "AWS::Lambda::Version", name
    (bucket,) = of("AWS::S3::Bucket", before).values()
    (policy,) = of("AWS::S3::BucketPolicy", before).values()
    assert bucket["DeletionPolicy"] == "RetainExceptOnCreate"
    assert bucket["UpdateReplacePolicy"] == "Retain"
    assert policy.get("DeletionPolicy", "Delete") in ("Delete", "RetainExceptOnCreate")
    (table,) = of("AWS::DynamoDB::Table", before).values()
    assert table["DeletionPolicy"] == "Retain" and "TableName" not in table["Properties"]
