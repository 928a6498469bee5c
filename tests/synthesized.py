"""The synthesized stack as tests read it: made once by the app, for the Python that runs them."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from infra.synthesis import cdk_out

STACK = "Resplice-dev"
UNASKED = {"CDK_VALIDATION": "false"}
"""For stacks beside it: CDK's rules of CloudFormation take longer than all else of a synthesis, and
are asked of this one, and in tests/declarations of one that has all that a stage may have.
"""


@cache
def folder() -> Path:
    return cdk_out()


def of_row(**row: Any) -> Path:
    """The folder of a stage with these settings."""
    with patch.dict(os.environ, UNASKED):
        return cdk_out(row=row)


@cache
def template() -> dict[str, Any]:
    return json.loads((folder() / f"{STACK}.template.json").read_text())


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Properties of all resources of a type, by logical id."""
    every = template()["Resources"].items()
    return {name: each.get("Properties", {}) for name, each in every if each["Type"] == kind}


def functions() -> dict[str, dict[str, Any]]:
    """Properties of the functions, by their own names."""
    found = resources("AWS::Lambda::Function").values()
    return {each["FunctionName"].removeprefix("resplice-dev-"): each for each in found}


def statements(name: str) -> list[dict[str, Any]]:
    """What the role of a function may do."""
    role = functions()[name]["Role"]["Fn::GetAtt"][0]
    (policy,) = resources("AWS::IAM::Role")[role]["Policies"]
    return policy["PolicyDocument"]["Statement"]


def text(value: Any) -> str:
    """A value of the template with what only AWS knows in brackets: `<Bucket.Arn>/runs/*`."""
    match value:
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case {"Fn::Join": [separator, parts]}:
            return separator.join(map(text, parts))
        case {"Fn::Sub": form}:
            return form
    return str(value)


def texts(value: Any) -> set[str]:
    """One value or a list of them."""
    return {text(each) for each in (value if isinstance(value, list) else [value])}


def logical_id(beginning: str, kind: str) -> str:
    (found,) = [name for name in resources(kind) if name.startswith(beginning)]
    return found


def asset(code: dict[str, Any]) -> Path:
    """The folder that a function's or a layer's code is made from."""
    return folder() / f"asset.{code['S3Key'].removesuffix('.zip')}"
