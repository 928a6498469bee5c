"""Aliases of functions as CloudFormation makes them: moto's knows none."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from moto.awslambda.utils import get_backend
from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel


class Alias(CloudFormationModel):
    """An alias of an account. Its Ref is its ARN."""

    def __init__(self, arn: str) -> None:
        self.arn = arn

    @property
    def physical_resource_id(self) -> str:
        return self.arn

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::Lambda::Alias"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **rest: Any,
    ) -> Alias:
        said = cloudformation_json["Properties"]
        named = said["Name"], said["FunctionName"], said["FunctionVersion"]
        return cls(get_backend(account_id, region_name).create_alias(*named, "", "").arn)


def creatable() -> Container[str]:
    """The types that moto can create, aliases too: also when it was asked before it knew them."""
    for asked in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
        asked.cache_clear()
    return parsing.get_model_map()
