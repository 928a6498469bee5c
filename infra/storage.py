"""Where things are kept on AWS: one bucket for bytes, one table for records.

The prefixes are the three layers of the cache; how long each lives is a row here.
"""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from constructs import Construct

DAYS_KEPT = {"elements/": 30, "scenes/": 14, "movies/": 7}


class Storage(Construct):
    """bucket: objects under elements/, scenes/ and movies/. table: projects and leases."""

    def __init__(self, scope: Construct, name: str, *, retain: bool) -> None:
        super().__init__(scope, name)
        removal = RemovalPolicy.RETAIN if retain else RemovalPolicy.DESTROY
        self.bucket = s3.Bucket(
            self,
            "Objects",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            removal_policy=removal,
            lifecycle_rules=[_orphans(), *(_rule(*row) for row in DAYS_KEPT.items())],
        )
        self.table = dynamodb.Table(
            self,
            "Records",
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute="expires_at",
            removal_policy=removal,
        )


def _rule(prefix: str, days: int) -> s3.LifecycleRule:
    return s3.LifecycleRule(prefix=prefix, expiration=Duration.days(days))


def _orphans() -> s3.LifecycleRule:
    return s3.LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(1))
