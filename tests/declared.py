"""What tests of the stack's declarations build stacks with. Loads CDK: see lazy."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from typing import Any

import aws_cdk
from aws_cdk import Stack, Validations
from aws_cdk.assertions import Annotations, Match, Template
from aws_cdk.aws_cloudfront import CachePolicy
from aws_cdk.aws_logs import RetentionDays
from aws_cdk.aws_s3 import Bucket
from cdk_nag import AwsSolutionsChecks

from infra import functions
from infra.stack import RespliceStack
from infra.storage import Storage
from infra.synthesis import NO_COPIES

MADE = tempfile.TemporaryDirectory(prefix="declared-")
"""What apps make is in it, layers and all, and goes with this process."""


class App(aws_cdk.App):
    """An app that leaves nothing behind, and copies no layer to where it would be sent from.

    asks: CDK's rules of CloudFormation; they take longer than all else, and raise.
    """

    def __init__(
        self, context: Mapping[str, Any] | None = None, *, asks: bool = False, **more: Any
    ) -> None:
        said = {NO_COPIES: True, **(context or {})}
        folder = tempfile.mkdtemp(dir=MADE.name)
        super().__init__(
            outdir=folder, context=said, builtin_cloud_formation_validation=asks, **more
        )


__all__ = [
    "Annotations",
    "App",
    "AwsSolutionsChecks",
    "Bucket",
    "CachePolicy",
    "Match",
    "RespliceStack",
    "RetentionDays",
    "Stack",
    "Storage",
    "Template",
    "Validations",
    "functions",
]
