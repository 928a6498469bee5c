"""What tests of the stack's declarations build stacks with. Loads CDK: see lazy."""

from __future__ import annotations

from aws_cdk import App, Stack, Validations
from aws_cdk.assertions import Annotations, Match, Template
from aws_cdk.aws_cloudfront import CachePolicy
from aws_cdk.aws_logs import RetentionDays
from aws_cdk.aws_s3 import Bucket
from cdk_nag import AwsSolutionsChecks

from infra import functions
from infra.stack import RespliceStack
from infra.storage import Storage

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
